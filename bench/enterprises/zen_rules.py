"""GoRules' zen-engine: every condition of every policy as one of its expressions, in one decision graph.

Zen has no unknown (an expression that meets null raises), no rows of related registers and no exclusions between persons, so it
is given derived facts ready-made, and only enterprises about which everything is known; it computes no amounts.
"""

import datetime as dt
import json
from typing import Any

import zen  # type: ignore[import-not-found]

from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import RuleSet

_SIGNS = {"eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">="}


def decision(rules: RuleSet) -> Any:
    """A zen decision whose result has a truth for every ``POLICY/CONDITION`` and for every ``POLICY``."""
    expressions = []
    for policy in rules.policies:
        texts = [_text(condition) for condition in policy.conditions]
        for test, text in zip(policy.tests, texts, strict=True):
            expressions.append((f"{policy.id}/{test.id}", text))
        expressions.append((policy.id, _over(policy.tree, texts)))
    nodes: list[dict[str, Any]] = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "rules", "type": "expressionNode", "name": "rules", "content": {"expressions": _keyed(expressions)}},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [_edge("in", "rules"), _edge("rules", "out")]
    content = {"contentType": "application/vnd.gorules.decision", "nodes": [_placed(n) for n in nodes], "edges": edges}
    return zen.ZenEngine().create_decision(json.dumps(content))


def _keyed(expressions: list[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"id": str(k), "key": key, "value": text} for k, (key, text) in enumerate(expressions)]


def _edge(source: str, target: str) -> dict[str, str]:
    return {"id": f"{source}-{target}", "sourceId": source, "targetId": target, "type": "edge"}


def _placed(node: dict[str, Any]) -> dict[str, Any]:
    return {**node, "position": {"x": 0, "y": 0}}


def _over(tree: m.Expression, texts: list[str]) -> str:
    match tree:
        case m.Fact(id=position):
            return f"({texts[int(position)]})"
        case m.And(items=items):
            return f"({' and '.join(_over(item, texts) for item in items)})"
        case m.Or(items=items):
            return f"({' or '.join(_over(item, texts) for item in items)})"
    raise TypeError(f"no such tree here: {tree}")


def _text(e: m.Expression) -> str:
    match e:
        case m.Fact(id=name):
            return name
        case m.Constant(value=dt.date() as day):
            return f"date('{day}')"
        case m.Constant(value=value):
            return json.dumps(value, ensure_ascii=False)
        case m.Compare(how=how, left=left, right=right):
            dated = isinstance(right, m.Constant) and isinstance(right.value, dt.date)
            return f"{f'date({_text(left)})' if dated else _text(left)} {_SIGNS[how]} {_text(right)}"
        case m.In(item=item, values=values):
            return f"{_text(item)} in {json.dumps(list(values), ensure_ascii=False)}"
        case m.Not(item=item):
            return f"not ({_text(item)})"
        case m.And(items=items):
            return " and ".join(f"({_text(item)})" for item in items)
    raise TypeError(f"no such condition here: {e}")
