"""The check digit of GB 32100-2015, on codes that exist and against a plain definition."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.credit_code import ALPHABET, check_digit, is_valid, valid_column

PUBLISHED = (
    "91350100M000100Y43",  # the standard's own example
    "9144030071526726XG",
    "914403001922038216",
    "91330100799655058B",
    "91330100716105852F",
    "91440300708461136T",
    "91110000802100433B",
    "91110108551385082Q",
)


@pytest.mark.parametrize("code", PUBLISHED)
def test_published_codes_are_valid(code: str) -> None:
    assert is_valid(code)
    assert check_digit(code[:17]) == code[17]


@given(st.text(ALPHABET, min_size=17, max_size=17), st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_noticed(first17: str, place: int, other: str) -> None:
    code = first17 + check_digit(first17)
    assert is_valid(code)
    changed = code[:place] + other + code[place + 1 :]
    assert is_valid(changed) == (changed == code)


@given(st.text(ALPHABET, min_size=17, max_size=17))
def test_the_weighted_sum_with_the_check_digit_vanishes(first17: str) -> None:
    code = first17 + check_digit(first17)
    assert (
        sum(ALPHABET.index(each) * 3**place for place, each in enumerate(first17)) + ALPHABET.index(code[17])
    ) % 31 == 0


@given(
    st.lists(
        st.none()
        | st.text(ALPHABET, min_size=17, max_size=18)
        | st.text(max_size=19)
        | st.text(ALPHABET, min_size=17, max_size=17).map(lambda text: text + check_digit(text))
    )
)
def test_a_column_agrees_with_single_codes(codes: list[str | None]) -> None:
    column = pl.Series("code", codes, dtype=pl.String)
    assert valid_column(column).to_list() == [code is not None and is_valid(code) for code in codes]


@pytest.mark.parametrize("text", ["", "9135010", "91350100M000100Y4I", "9135010OM000100Y4", "91350100m000100y4"])
def test_what_is_no_code_has_no_check_digit(text: str) -> None:
    with pytest.raises(ValueError, match="not the first 17"):
        check_digit(text)
    assert not is_valid(text)
