"""Going through expression trees: what is beneath a node, and copies with something changed."""

from collections.abc import Container, Iterable, Iterator
from dataclasses import fields
from typing import Any

from yunnao.platforms.decisions import model as m

_FIELD_NAMES: dict[type[m.Expression], tuple[str, ...]] = {}


def field_names(cls: type[m.Expression]) -> tuple[str, ...]:
    """Names of a node's parts, in order."""
    if cls not in _FIELD_NAMES:
        _FIELD_NAMES[cls] = tuple(field.name for field in fields(cls))  # type: ignore[arg-type]  # a dataclass
    return _FIELD_NAMES[cls]


def children(expression: m.Expression) -> list[m.Expression]:
    """The expressions directly beneath this one, in order."""
    found: list[m.Expression] = []
    for name in field_names(type(expression)):
        _gather(getattr(expression, name), found)
    return found


def _gather(value: Any, found: list[m.Expression]) -> None:
    if isinstance(value, m.Expression):
        found.append(value)
    elif isinstance(value, tuple):
        for item in value:
            _gather(item, found)


def walk(expression: m.Expression) -> Iterator[m.Expression]:
    """The expression and everything beneath it, parents first."""
    return walk_all([expression])


def walk_all(expressions: Iterable[m.Expression]) -> Iterator[m.Expression]:
    """The expressions and everything beneath them, parents first; a part that several hold in common comes once."""
    seen: set[int] = set()
    pending = list(expressions)[::-1]
    while pending:
        expression = pending.pop()
        if id(expression) not in seen:
            seen.add(id(expression))
            yield expression
            pending += reversed(children(expression))


def parameters_in(expression: m.Expression) -> frozenset[m.Parameter]:
    """The parameters that the expression reads."""
    return frozenset(e for e in walk(expression) if isinstance(e, m.Parameter))


def is_definite(expression: m.Expression, definite_facts: Container[str] = ()) -> bool:
    """Whether a plain tree is a truth that is never unknown, as all tests of what is missing are.

    ``definite_facts`` are facts that are such truths themselves.
    """
    match expression:
        case m.IsKnown() | m.Constant(value=bool()):
            return True
        case m.And(items=items) | m.Or(items=items):
            return all(is_definite(item, definite_facts) for item in items)
        case m.Not(item=item):
            return is_definite(item, definite_facts)
        case m.Case(branches=branches, otherwise=otherwise):
            parts = [part for branch in branches for part in branch]
            return all(is_definite(part, definite_facts) for part in (*parts, otherwise))
        case m.Related(how="any", where=where):
            return is_definite(where)
        case m.Fact(id=name):
            return name in definite_facts
    return False


def replace_children(expression: m.Expression, change: Any) -> m.Expression:
    """A copy with ``change(child)`` in place of every direct child."""
    values = [_replaced(getattr(expression, name), change) for name in field_names(type(expression))]
    return type(expression)(*values)


def _replaced(value: Any, change: Any) -> Any:
    if isinstance(value, m.Expression):
        return change(value)
    if isinstance(value, tuple):
        return tuple(_replaced(item, change) for item in value)
    return value


def row_facts(related: m.Related) -> frozenset[str]:
    """Facts of the rows that a summary reads."""
    parts = [related.where, *([related.value] if related.value is not None else [])]
    return frozenset(
        fact
        for part in parts
        for e in walk(part)
        for fact in ([e.id] if isinstance(e, m.Fact) else [e.person, e.order] if isinstance(e, m.FirstClaim) else [])
    )
