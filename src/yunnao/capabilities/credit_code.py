"""The unified social credit code (统一社会信用代码) and its check digit.

Source: GB 32100-2015: table 1 (31 characters: digits and capitals without I, O, S, V, Z, worth 0 to 30), table 2
(weights 3^(i-1) mod 31), and the 18th character, worth 31 - (sum of Ci x Wi mod 31), where 31 stands for 0.
"""

import numpy as np
import polars as pl

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
"""The characters of a code; the place of each is its value."""

LENGTH = 18
WEIGHTS = tuple(pow(3, i, 31) for i in range(LENGTH - 1))
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_SHAPE = f"^[{ALPHABET}]{{{LENGTH}}}$"


def check_digit(first17: str) -> str:
    """The 18th character that belongs to the first seventeen.

    Raises:
        ValueError: there are not seventeen characters of `ALPHABET`.
    """
    if len(first17) != LENGTH - 1 or not set(first17) <= _VALUES.keys():
        raise ValueError(f"not the first 17 characters of a credit code: {first17!r}")
    total = sum(_VALUES[character] * weight for character, weight in zip(first17, WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def is_valid(code: str) -> bool:
    """Whether ``code`` has 18 characters of `ALPHABET` and the right check digit."""
    return len(code) == LENGTH and set(code) <= _VALUES.keys() and check_digit(code[:-1]) == code[-1]


def valid_column(codes: pl.Series) -> pl.Series:
    """`is_valid` for a String column: Boolean of the same length, false for null."""
    shaped = codes.str.contains(_SHAPE).fill_null(False)
    wanted = codes.filter(shaped)
    if wanted.is_empty():
        return shaped.rename(codes.name)
    table = np.zeros(128, dtype=np.int64)
    for character, value in _VALUES.items():
        table[ord(character)] = value
    figures = table[np.frombuffer("".join(wanted.to_list()).encode("ascii"), dtype=np.uint8)].reshape(-1, LENGTH)
    right = (31 - figures[:, :-1] @ np.array(WEIGHTS) % 31) % 31 == figures[:, -1]
    result = shaped.to_numpy().copy()
    result[result] = right
    return pl.Series(codes.name, result, dtype=pl.Boolean)
