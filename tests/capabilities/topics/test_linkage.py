"""Average linkage: no chains, bounded components, every row once."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix

from yunnao.capabilities.topics import linkage
from yunnao.capabilities.topics.linkage import average_groups, likeness


def chain(length: int) -> csr_matrix:
    """Each row shares half of itself with the next, and nothing with those beyond."""
    rows = np.zeros((length, length + 1), dtype=np.float32)
    for row in range(length):
        rows[row, row : row + 2] = np.sqrt(0.5)
    return csr_matrix(rows)


def groups_of(vectors: csr_matrix, days: list[int], average: float = 0.3, half_life: float = 1e9) -> list[list[int]]:
    found = average_groups(vectors, np.array(days, dtype=np.int64), edge=0.2, average=average, half_life=half_life)
    return [group.tolist() for group in found]


def test_a_chain_does_not_run_together() -> None:
    found = groups_of(chain(20), [0] * 20)
    assert max(map(len, found)) <= 3
    assert sorted(row for group in found for row in group) == list(range(20))


def test_equal_rows_are_one_group_and_others_stay_apart() -> None:
    vectors = csr_matrix(np.eye(3, dtype=np.float32)[[0, 1, 0, 1, 2]])
    assert groups_of(vectors, [0] * 5) == [[0, 2], [1, 3], [4]]


def test_time_keeps_apart() -> None:
    vectors = csr_matrix(np.ones((2, 1), dtype=np.float32))
    assert groups_of(vectors, [0, 10], half_life=10) == [[0, 1]]
    assert groups_of(vectors, [0, 40], half_life=10) == [[0], [1]]
    assert likeness(vectors, np.array([0, 10]), 10)[0, 1] == pytest.approx(0.5)


def test_a_giant_component_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linkage, "LARGEST", 10)
    found = groups_of(chain(50), [0] * 50)
    assert sorted(row for group in found for row in group) == list(range(50))
