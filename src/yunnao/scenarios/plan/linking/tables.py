"""Pairs, verdicts and questions as tables for officers."""

from collections.abc import Mapping, Sequence

from yunnao.scenarios.plan.linking.assessing import Assessed
from yunnao.scenarios.plan.linking.pairs import RELATIONS, STRENGTHS, VERDICTS, Pair
from yunnao.scenarios.plan.linking.sense import Question
from yunnao.scenarios.plan.linking.statements import Statement
from yunnao.scenarios.plan.sheets import Cell, Table

_SIDE = {"indicator": "指标", "area": "区域", "period": "时期", "shown": "数", "source": "出处", "quote": "原文"}


def pair_table(pairs: Sequence[Pair]) -> Table:
    """One row a pair."""
    columns = {
        "relation": "关系",
        "strength": "关联强度",
        "verdict": "判断",
        **{f"target_{name}": f"目标{title}" for name, title in _SIDE.items()},
        **{f"outcome_{name}": f"完成{title}" for name, title in _SIDE.items()},
        "arithmetic": "换算",
        "reason": "理由",
    }
    return Table("目标与完成", columns, [_pair(pair) for pair in pairs])


def _pair(pair: Pair) -> dict[str, Cell]:
    return {
        "relation": RELATIONS[pair.relation],
        "strength": STRENGTHS[pair.strength],
        "verdict": VERDICTS[pair.verdict] if pair.verdict else "",
        **_side("target", pair.target),
        **_side("outcome", pair.outcome),
        "arithmetic": pair.arithmetic,
        "reason": pair.reason,
    }


def pair_document(pair: Pair) -> Mapping[str, object]:
    """A pair for programs: ids instead of titles."""
    return {
        "relation": pair.relation,
        "strength": pair.strength,
        "verdict": pair.verdict,
        "target": _document(pair.target),
        "outcome": _document(pair.outcome),
        "arithmetic": pair.arithmetic,
        "reason": pair.reason,
    }


def verdict_table(assessed: Sequence[Assessed]) -> Table:
    """One row a target."""
    columns = {
        "verdict": "判断",
        **{f"target_{name}": f"目标{title}" for name, title in _SIDE.items()},
        "wanted": "目标（文字）",
        "outcome_shown": "完成数",
        "outcome_source": "完成数出处",
        "strength": "关联强度",
        "arithmetic": "换算",
        "reason": "理由",
    }
    return Table("考核", columns, [_verdict(each) for each in assessed])


def verdict_words(each: Assessed) -> str:
    """The verdict in Chinese; of an aspiration that it is none."""
    return VERDICTS[each.verdict] if each.verdict else "力争，另列"


def _verdict(each: Assessed) -> dict[str, Cell]:
    pair = each.pair
    return {
        "verdict": verdict_words(each),
        **_side("target", each.target),
        "wanted": each.wanted,
        "outcome_shown": pair.outcome.shown if pair else "",
        "outcome_source": pair.outcome.source if pair else "",
        "strength": STRENGTHS[pair.strength] if pair else "",
        "arithmetic": pair.arithmetic if pair else "",
        "reason": each.reason,
    }


def verdict_document(each: Assessed) -> Mapping[str, object]:
    """A verdict for programs; ``verdict`` is null of an aspiration."""
    return {
        "verdict": each.verdict,
        "target": _document(each.target),
        "wanted": each.wanted,
        "outcome": _document(each.pair.outcome) if each.pair else None,
        "strength": each.pair.strength if each.pair else None,
        "arithmetic": each.pair.arithmetic if each.pair else "",
        "reason": each.reason,
        "related": [pair_document(pair) for pair in each.related],
    }


def question_document(question: Question) -> Mapping[str, object]:
    """A question for programs."""
    return {"kind": question.kind, "words": question.words, "places": list(question.places)}


def _side(side: str, statement: Statement) -> dict[str, Cell]:
    return {f"{side}_{name}": getattr(statement, name) for name in _SIDE}


def _document(statement: Statement) -> dict[str, object]:
    return {
        "indicator": statement.indicator,
        "series": statement.series,
        "area": statement.area,
        "kind": statement.kind,
        "period": statement.period,
        "value": statement.value,
        "value_high": statement.value_high,
        "unit": statement.unit,
        "base_value": statement.base_value,
        "base_unit": statement.base_unit,
        "comparator": statement.sign,
        "direction": statement.direction,
        "aspirational": statement.aspirational,
        "estimate": statement.estimate,
        "source": statement.source,
        "quote": statement.quote,
    }
