"""Codes of GB/T 4754-2017 in the ways that they are written."""

import pytest

from yunnao.capabilities.industry_code import SECTIONS, industry_code, section_of


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("C3511", "C3511"),
        ("c398", "C398"),
        ("C 39", "C39"),
        ("c-3511", "C3511"),
        ("F", "F"),
        ("3511", "C3511"),
        ("0111", "A0111"),
        ("011", "A011"),
        ("06", "B06"),
        ("9700", "T9700"),
    ],
)
def test_what_is_a_code(written: str, code: str) -> None:
    assert industry_code(written) == code


@pytest.mark.parametrize(
    "written", ["", "C3", "C35111", "U351", "制造业", "CC35", "9811", "0011", "00", "398", "39", "7", "٣٥١١", "C３５"]
)
def test_what_is_none(written: str) -> None:
    assert industry_code(written) is None


def test_every_division_is_in_one_section() -> None:
    assert [section_of(division) for division in (0, 98)] == [None, None]
    held = [section_of(division) for division in range(1, 98)]
    assert list(dict.fromkeys(held)) == list(SECTIONS)
    borders = {"A": (1, 5), "C": (13, 43), "G": (53, 60), "K": (70, 70), "N": (76, 79), "S": (91, 96)}
    for letter, (first, last) in borders.items():
        assert (held.index(letter) + 1, len(held) - held[::-1].index(letter)) == (first, last)
