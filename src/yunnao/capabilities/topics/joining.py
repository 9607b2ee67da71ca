"""Joining groups that speak of one named place in different words: its smell, its noise, its owners' petition."""

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from yunnao.capabilities.topics.places import is_generic

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

_SHORTEST = 3
_MOST_OF_IT = 0.5
"""Share of the messages holding a name that two groups must have between them: a name all over town joins nothing."""


def join_by_place(
    groups: Sequence[NDArray[np.int64]],
    names: Sequence[str],
    texts: Sequence[str],
    vectors: "csr_matrix",
    *,
    least: float,
) -> list[NDArray[np.int64]]:
    """``groups``, those joined that share a name which hardly any other message mentions.

    Args:
        groups: rows of each.
        names: the place of each group, or ``""``.
        texts: (n,) of every row.
        vectors: (n, any) of every row.
        least: groups with a lower mean dot product between their rows stay apart.
    """
    sums = _sums(groups, vectors)
    products = np.asarray((sums @ sums.T).toarray(), dtype=np.float64)
    members = [set(group.tolist()) for group in groups]
    at = list(range(len(groups)))
    for core, named in _shared_cores(names).items():
        holding: set[int] | None = None
        for number in named[1:]:
            one, other = at[named[0]], at[number]
            pairs = len(members[one]) * len(members[other])
            if one == other or products[one, other] < least * pairs:
                continue
            if holding is None:
                holding = {row for row, text in enumerate(texts) if core in text}
            if len(holding & (members[one] | members[other])) < _MOST_OF_IT * len(holding):
                continue
            members[one] |= members[other]
            products[one] += products[other]
            products[:, one] += products[:, other]
            at = [one if place == other else place for place in at]
    return [np.array(sorted(members[number]), dtype=np.int64) for number in sorted(set(at))]


def _sums(groups: Sequence[NDArray[np.int64]], vectors: "csr_matrix") -> "csr_matrix":
    """(groups, any) sum of each group's rows."""
    from scipy.sparse import csr_matrix

    rows = np.concatenate([np.full(len(group), number) for number, group in enumerate(groups)])
    columns = np.concatenate(groups)
    shape = (len(groups), vectors.shape[0])
    return csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape) @ vectors


def _shared_cores(names: Sequence[str]) -> dict[str, list[int]]:
    """Stretches that the names of two or more groups hold, longest first -> positions in ``names``."""
    holders: dict[str, list[int]] = defaultdict(list)
    for number, name in enumerate(names):
        lengths = range(_SHORTEST, len(name) + 1)
        for core in {name[start : start + length] for length in lengths for start in range(len(name) - length + 1)}:
            holders[core].append(number)
    found = [core for core, groups in holders.items() if len(groups) > 1 and not is_generic(core)]
    return {core: holders[core] for core in sorted(found, key=lambda core: (-len(core), core))}
