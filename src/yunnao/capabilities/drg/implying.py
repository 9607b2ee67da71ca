"""Whether every stay that passes one test passes another: what an earlier rule swallows of a later one.

It answers yes only where that follows from the words; a no may be a yes that nobody can see from the tables.
"""

from yunnao.capabilities.drg.scheme import Bound, Test
from yunnao.capabilities.drg.vocabulary import Word

_LOWER, _UPPER = ("min", "above"), ("below", "max")


def implies(narrow: Test, wide: Test, valid: frozenset[str]) -> bool:
    """Whether passing ``narrow`` is passing ``wide``; ``valid`` are the valid procedures."""
    return all(_covered(word, wide, narrow, valid) for word in wide.words)


def _covered(word: Word, wide: Test, narrow: Test, valid: frozenset[str]) -> bool:
    return word.kind == "always" or any(_follows(own, narrow, word, wide, valid) for own in narrow.words)


def _follows(own: Word, narrow: Test, word: Word, wide: Test, valid: frozenset[str]) -> bool:
    """Whether ``word`` of ``wide`` is true wherever ``own`` of ``narrow`` is."""
    if own.negated != word.negated:
        return False
    match own.kind, word.kind:
        case "listed", "listed":
            return _same_side(own, word) and _contains(own, narrow.listed(own.what), wide.listed(word.what))
        case "listed", "valid":
            return (
                own.what.startswith("procedure")
                and _same_side(own, word)
                and _contains(own, narrow.listed(own.what), valid)
            )
        case "valid", "listed":
            return (
                word.what.startswith("procedure")
                and _same_side(own, word)
                and _contains(own, valid, wide.listed(word.what))
            )
        case "valid", "valid":
            return _same_side(own, word)
        case "parts", "parts":
            return own == word and narrow.parts == wide.parts
        case "sites", "sites":
            return narrow.sites == wide.sites
        case "complication", "complication":
            return word.where in (own.where, "MCC or CC")
        case "bounded", "bounded":
            return own.what == word.what and all(
                any(_within(each, limit) for each in narrow.bounds)
                for limit in wide.bounds
                if limit.column == word.what
            )
        case "named", "named":
            return own.what == word.what and narrow.names[own.what] <= wide.names[word.what]
    return own == word


def _same_side(own: Word, word: Word) -> bool:
    """Whether the code that ``own`` finds is one that ``word`` looks at (of a negated one: the other way round)."""
    if own.kind == word.kind == "listed" and own.what.split("_")[0] != word.what.split("_")[0]:
        return False
    return own.where == word.where or ((word.where == "any") is not own.negated and (own.where == "any") is own.negated)


def _contains(own: Word, narrow: frozenset[str], wide: frozenset[str]) -> bool:
    return wide <= narrow if own.negated else narrow <= wide


def _within(own: Bound, limit: Bound) -> bool:
    if own.column != limit.column:
        return False
    if own.side in _LOWER and limit.side in _LOWER:
        return own.limit > limit.limit or (own.limit == limit.limit and (own.side == "above" or limit.side == "min"))
    if own.side in _UPPER and limit.side in _UPPER:
        return own.limit < limit.limit or (own.limit == limit.limit and (own.side == "below" or limit.side == "max"))
    return False
