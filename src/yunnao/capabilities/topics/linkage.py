"""Groups by average linkage inside connected components: chains of neighbours do not run together into one group."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse import csr_matrix

LARGEST = 3_000
"""A component with more members is taken apart by a higher threshold, so that memory stays bounded."""

_STEP = 0.05
_STRIPE = 2_000


def average_groups(
    vectors: "csr_matrix", days: NDArray[np.int64], *, edge: float, average: float, half_life: float
) -> list[NDArray[np.int64]]:
    """Rows that belong together, each in exactly one group, groups in the order of their first rows.

    The likeness of two rows is their dot product, halved every ``half_life`` days between them.

    Args:
        vectors: (n, any) of length at most 1.
        days: (n,) ordinal day of each row.
        edge: a group is connected by likenesses of at least this.
        average: two groups are joined while the mean likeness between their rows is at least this.
        half_life: in days.
    """
    groups: list[NDArray[np.int64]] = []
    for members in _components(_narrow(vectors), np.arange(vectors.shape[0]), edge):
        groups.extend(_average(vectors, days, members, average, half_life) if len(members) > 1 else [members])
    return sorted(groups, key=lambda group: int(group[0]))


def likeness(vectors: "csr_matrix", days: NDArray[np.int64], half_life: float) -> NDArray[np.float64]:
    """(n, n) likeness of rows among one another, 1 on the diagonal."""
    narrow = _narrow(vectors)
    found = np.asarray((narrow @ narrow.T).toarray(), dtype=np.float64)
    found *= np.exp2(-np.abs(days[:, None] - days[None, :]) / half_life)
    np.fill_diagonal(found, 1)
    return np.clip(found, 0, 1)


def _components(vectors: "csr_matrix", rows: NDArray[np.int64], edge: float) -> list[NDArray[np.int64]]:
    from scipy.sparse.csgraph import connected_components

    part = vectors[rows]
    _, labels = connected_components(_edges(part, edge), directed=False)
    found: list[NDArray[np.int64]] = []
    for members in _by_label(labels):
        if len(members) > LARGEST and edge + _STEP <= 1:
            found.extend(_components(vectors, rows[members], edge + _STEP))
        else:
            found.append(rows[members])
    return found


def _edges(vectors: "csr_matrix", edge: float) -> "csr_matrix":
    """(n, n) likenesses of at least ``edge``, found a stripe of rows at a time."""
    from scipy.sparse import vstack

    turned = vectors.T.tocsr()
    stripes = []
    for start in range(0, vectors.shape[0], _STRIPE):
        products = vectors[start : start + _STRIPE] @ turned
        products.data[products.data < edge] = 0
        products.eliminate_zeros()
        stripes.append(products)
    return vstack(stripes, format="csr")


def _narrow(vectors: "csr_matrix") -> "csr_matrix":
    """The same rows without the columns that none of them uses."""
    from scipy.sparse import csr_matrix

    used, columns = np.unique(vectors.indices, return_inverse=True)
    return csr_matrix((vectors.data, columns, vectors.indptr), shape=(vectors.shape[0], len(used)))


def _average(
    vectors: "csr_matrix", days: NDArray[np.int64], members: NDArray[np.int64], average: float, half_life: float
) -> list[NDArray[np.int64]]:
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    distance = 1 - likeness(vectors[members], days[members], half_life)
    tree = linkage(squareform(distance, checks=False), "average")
    return [members[group] for group in _by_label(fcluster(tree, 1 - average, "distance"))]


def _by_label(labels: Sequence[int] | NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Positions of each label, in order."""
    order = np.argsort(labels, kind="stable")
    borders = np.flatnonzero(np.diff(np.asarray(labels)[order])) + 1
    return [part for part in np.split(order, borders) if len(part)]
