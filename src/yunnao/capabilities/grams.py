"""Character n-grams of Chinese text: no dictionary and no word segmenter, the same on raw text and on blank-joined words.

A text is folded first: full-width forms become half-width, capitals small, and everything that is not a letter, digit or
ideograph is dropped, so that ``"市 西湖 建筑"`` and ``"市西湖，建筑"`` are one text. An n-gram is then one integer: the
code points of its characters, 21 bits each.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

LONGEST = 3
"""Three characters of 21 bits are the most that one signed 64-bit integer holds."""

Keys = NDArray[np.int64]

_BITS = 21
_CODES = 0x110000
_DROPPED = (
    (0x00, 0x30), (0x3A, 0x61), (0x7B, 0xC0), (0xD7, 0xD8), (0xF7, 0xF8), (0x2000, 0x2E80), (0x3000, 0x3040),
    (0xD800, 0xF900), (0xFE00, 0xFE70), (0xFF00, 0xFF66), (0xFFE0, 0x10000), (0x1F000, 0x20000), (0xE0000, _CODES),
)  # fmt: skip
"""Half-open ranges of code points that are punctuation, blanks, symbols, private or no characters."""


@dataclass(frozen=True, slots=True)
class Grams:
    """The n-grams of some texts, shorter ones first, within each length in the order of the text.

    Attributes:
        texts: how many texts there were.
        rows: (m,) which text an n-gram is in.
        keys: (m,) the n-gram.
        starts: (m,) position of its first character among all the texts' characters laid end to end.
        ends: (m,) one past the position of its last character, likewise.
    """

    texts: int
    rows: Keys
    keys: Keys
    starts: Keys
    ends: Keys


@cache
def _folding() -> NDArray[np.int32]:
    """Code point -> what it is folded to; 0 where it is dropped."""
    table = np.arange(_CODES, dtype=np.int32)
    for first, beyond in _DROPPED:
        table[first:beyond] = 0
    table[0x41:0x5B] = np.arange(0x61, 0x7B)
    table[0xFF01:0xFF5F] = table[0x21:0x7F]
    return table


def grams(texts: Sequence[str], *, shortest: int = 1, longest: int = 2) -> Grams:
    """Every n-gram of every text, as often as it occurs; none reaches from one text into the next.

    Raises:
        ValueError: not ``1 <= shortest <= longest <= LONGEST``.
    """
    if not 1 <= shortest <= longest <= LONGEST:
        raise ValueError(f"n-grams of {shortest} to {longest} characters")
    raw = np.frombuffer("".join(texts).encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    folded = _folding()[raw]
    places = np.flatnonzero(folded)
    codes = folded[places].astype(np.int64)
    rows = np.repeat(np.arange(len(texts)), [len(text) for text in texts])[places]
    parts = []
    keys = codes
    for length in range(1, longest + 1):
        count = max(len(codes) - length + 1, 0)
        if length > 1:
            keys = (keys[:count] << _BITS) | codes[length - 1 :]
        if length >= shortest:
            whole = rows[:count] == rows[length - 1 :]
            parts.append((rows[:count][whole], keys[whole], places[:count][whole], places[length - 1 :][whole] + 1))
    return Grams(len(texts), *(np.concatenate(column) for column in zip(*parts, strict=True)))


def written(key: int) -> str:
    """The characters of an n-gram."""
    characters = ""
    while key:
        characters = chr(key & ((1 << _BITS) - 1)) + characters
        key >>= _BITS
    return characters
