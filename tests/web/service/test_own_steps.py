"""Amounts on forms: typed in yuan, kept in fen, to the fen; what is no amount stays as written and the step refuses it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.kernel.numbers import MONEY_BOUND, yuan_text
from yunnao.platforms.cases.filed.definitions import GivenField
from yunnao.platforms.cases.filed.given import checked
from yunnao.web.service.own_steps import fen_of

FIELDS = {"cost": GivenField.model_validate({"title": {"zh": "费用", "en": "cost"}, "kind": "money"})}


@given(st.integers(0, MONEY_BOUND))
def test_what_is_shown_is_read_back(fen: int) -> None:
    assert fen_of(yuan_text(fen)) == fen
    assert fen_of(f" {fen // 100:,}.{fen % 100:02d} ") == fen
    assert checked(FIELDS, {"cost": fen}, {}) is None


@pytest.mark.parametrize(
    ("written", "fen"), [("0", 0), ("1234.5", 1_234_50), ("１，２３４．５０", 1_234_50), ("0.01", 1)]
)
def test_as_people_write_it(written: str, fen: int) -> None:
    assert fen_of(written) == fen


@pytest.mark.parametrize("written", ["", "-1", "1.234", "1e3", "一千", "12元", "1.2.3", ".5", "NaN", "9" * 40])
def test_what_is_no_amount_is_refused_by_the_step(written: str) -> None:
    assert fen_of(written) == written
    if written:
        assert "要是金额" in str(checked(FIELDS, {"cost": written}, {}))


@pytest.mark.parametrize("fen", [-1, MONEY_BOUND + 1, True, 1.5])
def test_what_is_no_amount_in_fen_is_refused(fen: object) -> None:
    assert "要是金额" in str(checked(FIELDS, {"cost": fen}, {}))
