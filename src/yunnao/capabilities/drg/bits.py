"""Many tests on many stays as rows of bits: one bit a test, 64 a word, and a table look-up for each thing that tests ask.

A stay passes a test where every table leaves its bit standing: the table of its principal diagnosis, of its main procedure, and of
each eight further facts together. The first test in order is the lowest bit that stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Bits = NDArray[np.uint64]
"""(rows, words)"""

_WORD = 64


def words_for(tests: int) -> int:
    """How many words hold a bit for each test; at least one."""
    return max(1, -(-tests // _WORD))


def rows_of_ones(rows: int, tests: int) -> Bits:
    """Every bit of a test set, none beyond."""
    table = np.zeros((rows, words_for(tests)), dtype=np.uint64)
    table[:, : tests // _WORD] = ~np.uint64(0)
    if tests % _WORD:
        table[:, tests // _WORD] = np.uint64((1 << tests % _WORD) - 1)
    return table


def clear(table: Bits, rows: NDArray[np.bool_], test: int) -> None:
    """Take a test's bit from some rows."""
    mask = ~(np.uint64(1) << np.uint64(test % _WORD))
    table[rows, test // _WORD] &= mask


def stand(table: Bits, rows: NDArray[np.int64], test: int) -> None:
    """Give a test's bit to some rows."""
    table[rows, test // _WORD] |= np.uint64(1) << np.uint64(test % _WORD)


def only(tests: Iterable[int], among: int) -> Bits:
    """(1, words) the bits of some of ``among`` tests."""
    row = np.zeros((1, words_for(among)), dtype=np.uint64)
    for test in tests:
        row[0, test // _WORD] |= np.uint64(1) << np.uint64(test % _WORD)
    return row


def first(bits: Bits) -> NDArray[np.int64]:
    """(rows,) the lowest bit that is set, -1 where none is."""
    found = np.full(len(bits), -1, dtype=np.int64)
    for word in range(bits.shape[1] - 1, -1, -1):
        column = bits[:, word]
        rows = np.flatnonzero(column)
        values = column[rows]
        below = (values & (~values + np.uint64(1))) - np.uint64(1)  # as many ones as there are bits beneath the lowest
        found[rows] = np.bitwise_count(below).astype(np.int64) + word * _WORD
    return found


@dataclass(frozen=True, slots=True)
class Facts:
    """Tables of eight facts each: which tests stand, by which of the eight are true.

    Attributes:
        facts: how many there are.
        tables: one for each eight: (256, words).
    """

    facts: int
    tables: tuple[Bits, ...]

    def leave(self, bits: Bits, true: Sequence[NDArray[np.bool_]]) -> None:
        """Clear, in ``bits``, the tests that need a fact that is not true; ``true`` has (rows,) for each fact."""
        for place, table in enumerate(self.tables):
            byte = np.zeros(len(bits), dtype=np.uint8)
            for offset, values in enumerate(true[place * 8 : place * 8 + 8]):
                byte |= values.astype(np.uint8) << np.uint8(offset)
            bits &= table[byte]


def facts_of(needed: Sequence[Sequence[int]], tests: int) -> Facts:
    """The tables for facts, each given by the tests that need it."""
    tables = []
    for start in range(0, len(needed), 8):
        table = rows_of_ones(256, tests)
        for offset, users in enumerate(needed[start : start + 8]):
            without = (np.arange(256) >> offset) & 1 == 0
            for test in users:
                clear(table, without, test)
        tables.append(table)
    return Facts(len(needed), tuple(tables))
