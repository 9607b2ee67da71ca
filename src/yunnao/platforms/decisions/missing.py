"""Why a value is unknown: for a plain tree and a fact, a test (never itself unknown) whether that fact is to blame.

A fact is to blame where it is unknown and the tree really needed it: an unknown under an `or` that is met anyway, or in the
branch of a `case` not taken, is no reason. What a derived fact lacks is itself a named test (`Blames.tests`), computed once
and referred to, so that trees stay small however facts are built on one another.
"""

from collections.abc import Iterable, Mapping

from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.traversal import children, row_facts, walk

_NO = m.Constant(False)
_YES = m.Constant(True)


class Blames:
    """Finds what plain trees lack.

    Args:
        derived: plain trees of the derived facts; may grow while this is in use.
    """

    def __init__(self, derived: Mapping[str, m.Expression]) -> None:
        self._derived = derived
        self._blameable: dict[str, list[str]] = {}
        self.tests: dict[str, m.Expression] = {}
        """Name -> plain test that a derived fact is unknown for want of a fact; each after those it refers to."""

    def of(self, tree: m.Expression) -> dict[str, m.Expression]:
        """Fact -> test that it is to blame, for every fact that may be, sorted by fact."""
        tests = {fact: self._blame(tree, fact) for fact in self._facts(tree)}
        return {fact: test for fact, test in sorted(tests.items()) if test != _NO}

    def _facts(self, tree: m.Expression) -> list[str]:
        """Facts that a tree may lack: observed ones (derived facts are looked through, rows' facts included), and derived
        ones that can be unknown although nothing observed is (an industry that no size standard covers)."""
        found: set[str] = set()
        for e in walk(tree):
            if isinstance(e, m.Fact):
                found.update(self._facts_of_derived(e.id) if e.id in self._derived else [e.id])
            elif isinstance(e, m.Related):
                found.update(row_facts(e))
            elif isinstance(e, m.Undelivered):
                found.update(e.facts)
        return sorted(found)

    def _facts_of_derived(self, name: str) -> list[str]:
        if name not in self._blameable:
            tree = self._derived[name]
            by_itself = [name] if any(_unknown_by_itself(part) for part in walk(tree)) else []
            self._blameable[name] = self._facts(tree) + by_itself
        return self._blameable[name]

    def _lacks(self, name: str, fact: str) -> m.Expression:
        """The test that derived fact ``name`` is unknown for want of ``fact``, by reference."""
        reference = f"{name}__lacks__{fact}"
        if reference not in self.tests:
            tree = self._derived[name]
            test: m.Expression
            if name == fact:
                others = [other for other in self._facts_of_derived(name) if other != name]
                test = m.Not(_any(self._lacks(name, other) for other in others))
            else:
                test = self._blame(tree, fact)
            self.tests[reference] = _both(_unknown(m.Fact(name)), test)
        return _NO if self.tests[reference] == _NO else m.Fact(reference)

    def _blame(self, e: m.Expression, fact: str) -> m.Expression:
        match e:
            case m.Fact(id=name):
                if name in self._derived:
                    return self._lacks(name, fact) if fact in self._facts_of_derived(name) else _NO
                return _unknown(e) if name == fact else _NO
            case m.Undelivered(facts=facts):
                return _YES if fact in facts else _NO
            case m.Related():
                return self._related(e, fact)
            case m.And() | m.Or() | m.AtLeast() | m.Not():
                items = [(item, self._blame(item, fact)) for item in children(e)]
                return _both(_unknown(e), _any(_both(_unknown(item), test) for item, test in items if test != _NO))
            case m.Case(branches=branches, otherwise=otherwise):
                result = self._blame(otherwise, fact)
                for test, value in reversed(branches):
                    test_blame, value_blame = self._blame(test, fact), self._blame(value, fact)
                    if test_blame == value_blame == result:
                        continue
                    known = m.Case(((test, value_blame),), result) if value_blame != result else result
                    result = m.Case(((m.IsKnown(test), known),), test_blame)
                return _both(_unknown(e), result)
            case m.FirstClaim(person=person, order=order, where=where):
                named = _unknown(m.Fact(fact)) if fact in (person, order) else _NO
                return _either(named, _both(_unknown(where), self._blame(where, fact)))
            case m.IsKnown() | m.Constant() | m.Unknown():
                return _NO
            case _:
                return _any(self._blame(child, fact) for child in children(e))

    def _related(self, e: m.Related, fact: str) -> m.Expression:
        here = _both(_unknown(e.where), self._blame(e.where, fact))
        if e.value is not None:
            counted = m.Case(((m.IsKnown(e.where), e.where),), _NO)
            here = _either(here, _both(counted, self._blame(e.value, fact)))
        return _NO if here == _NO else _both(_unknown(e), m.Related(e.register, "any", here))


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
    return b if a in (_YES, b) else a if b == _YES else m.And((a, b))


def _either(a: m.Expression, b: m.Expression) -> m.Expression:
    if _YES in (a, b):
        return _YES
    return b if a in (_NO, b) else a if b == _NO else m.Or((a, b))


def _any(tests: Iterable[m.Expression]) -> m.Expression:
    result: m.Expression = _NO
    for test in tests:
        result = _either(result, test)
    return result
