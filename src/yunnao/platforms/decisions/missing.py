"""Why a value is unknown: for a plain tree and one observed fact, a test (never itself unknown) whether that fact is to blame.

A fact is to blame where it is unknown and the tree really needed it: an unknown under an `or` that is met anyway, or in the
branch of a `case` not taken, is no reason.
"""

from collections.abc import Iterable, Mapping

from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.lowering import row_facts

_NO = m.Constant(False)
_YES = m.Constant(True)


def blameable_facts(expression: m.Expression, derived: Mapping[str, m.Expression]) -> list[str]:
    """Facts that a plain tree may lack, sorted: observed ones (derived facts are looked through, rows' facts included), and
    derived ones that can be unknown although nothing observed is (an industry that no size standard covers)."""
    found: set[str] = set()
    for e in m.walk(expression):
        if isinstance(e, m.Fact):
            found.update(blameable_facts(derived[e.id], derived) if e.id in derived else [e.id])
            if e.id in derived and any(_unknown_by_itself(part) for part in m.walk(derived[e.id])):
                found.add(e.id)
        elif isinstance(e, m.Related):
            found.update(row_facts(e))
        elif isinstance(e, m.Undelivered):
            found.update(e.facts)
    return sorted(found)


def blame(e: m.Expression, fact: str, derived: Mapping[str, m.Expression]) -> m.Expression:
    """A plain test: does ``fact`` being unknown make ``e`` unknown?"""
    match e:
        case m.Fact(id=name):
            if name in derived:
                definition = derived[name]
                if name != fact:
                    return _both(_unknown(e), blame(definition, fact, derived))
                others = (blame(definition, other, derived) for other in blameable_facts(definition, derived))
                return _both(_unknown(e), m.Not(_any(others)))
            return _unknown(e) if name == fact else _NO
        case m.Undelivered(facts=facts):
            return _YES if fact in facts else _NO
        case m.Related(register=register, how=how, where=where, value=value):
            return _related_blame(register, how, where, value, fact)
        case m.And() | m.Or() | m.AtLeast() | m.Not():
            return _both(_unknown(e), _any(_both(_unknown(i), blame(i, fact, derived)) for i in m.children(e)))
        case m.Case(branches=branches, otherwise=otherwise):
            result = blame(otherwise, fact, derived)
            for test, value in reversed(branches):
                test_blame, value_blame = blame(test, fact, derived), blame(value, fact, derived)
                if test_blame == value_blame == result == _NO:
                    continue
                known = m.Case(((test, value_blame),), result) if value_blame != result else result
                result = m.Case(((m.IsKnown(test), known),), test_blame)
            return _both(_unknown(e), result)
        case m.FirstClaim(person=person, order=order, where=where):
            named = _unknown(m.Fact(fact)) if fact in (person, order) else _NO
            return _either(named, _both(_unknown(where), blame(where, fact, {})))
        case m.IsKnown() | m.Constant() | m.Unknown():
            return _NO
        case _:
            return _any(blame(child, fact, derived) for child in m.children(e))


def _related_blame(
    register: str, how: m.Summary, where: m.Expression, value: m.Expression | None, fact: str
) -> m.Expression:
    here = _both(_unknown(where), blame(where, fact, {}))
    if value is not None:
        counted = m.Case(((m.IsKnown(where), where),), _NO)
        here = _either(here, _both(counted, blame(value, fact, {})))
    if here == _NO:
        return _NO
    related = m.Related(register, "any", here)
    return _both(_unknown(m.Related(register, how, where, value)), related)


def _unknown_by_itself(e: m.Expression) -> bool:
    """Whether this node can be unknown with everything beneath it known."""
    return isinstance(e, m.Unknown | m.Quotient | m.WorkingDayNumber) or (
        isinstance(e, m.Related) and e.how in ("min", "max")
    )


def _unknown(e: m.Expression) -> m.Expression:
    return m.Not(m.IsKnown(e))


def _both(a: m.Expression, b: m.Expression) -> m.Expression:
    if _NO in (a, b):
        return _NO
    return b if a == _YES or a == b else a if b == _YES else m.And((a, b))


def _either(a: m.Expression, b: m.Expression) -> m.Expression:
    if _YES in (a, b):
        return _YES
    return b if a == _NO or a == b else a if b == _NO else m.Or((a, b))


def _any(tests: Iterable[m.Expression]) -> m.Expression:
    result: m.Expression = _NO
    for test in tests:
        result = _either(result, test)
    return result
