"""How the dictionary writes values."""

import datetime as dt
from decimal import Decimal

import pytest

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.text import Language, Text
from yunnao.platforms.decisions.definitions import Exact
from yunnao.web.dictionary_words import fact_value, money, quantity


@pytest.mark.parametrize(
    ("yuan", "zh", "en"),
    [
        ("3000000", "300 万元", "CNY 3,000,000"),
        ("12345600", "1,234.56 万元", "CNY 12,345,600"),
        ("12345678", "12,345,678 元", "CNY 12,345,678"),
        ("9999", "9,999 元", "CNY 9,999"),
        ("1234.5", "1,234.50 元", "CNY 1,234.50"),
        ("4000.00", "4,000 元", "CNY 4,000"),
        ("-0.01", "-0.01 元", "CNY -0.01"),
        ("0", "0 元", "CNY 0"),
        ("50000000000", "500 亿元", "CNY 50,000,000,000"),
        ("400000000", "4 亿元", "CNY 400,000,000"),
        ("123450000", "12,345 万元", "CNY 123,450,000"),
    ],
)
def test_money(yuan: str, zh: str, en: str) -> None:
    assert money(Decimal(yuan), "zh") == zh
    assert money(Decimal(yuan), "en") == en


@pytest.mark.parametrize(
    ("value", "unit", "language", "words"),
    [
        (None, "CNY", "zh", "未知"),
        (True, "", "zh", "是"),
        (False, "", "en", "no"),
        (dt.date(2023, 6, 30), "date", "zh", "2023-06-30"),
        ("0.055", "share", "zh", "5.5%"),
        (Decimal("0.20"), "share", "en", "20%"),
        (12, "month", "zh", "12 个月"),
        (1000, "person", "en", "1,000 persons"),
        (3, "count", "zh", "3"),
        (2022, "year", "zh", "2022 年"),
        (2, "year", "zh", "2 年"),
        ("A", "code", "zh", "A"),
        ("about fifty", "person", "zh", "about fifty"),
        ("1e400", "share", "zh", "1" + "0" * 402 + "%"),
        ("NaN", "CNY", "zh", "NaN"),
    ],
)
def test_quantity(value: Exact | None, unit: str, language: Language, words: str) -> None:
    assert quantity(value, unit, language) == words


def test_a_coded_value_is_shown_by_its_label() -> None:
    fact = FactDefinition(
        id="payer", type=FactType.CODE, title=Text("纳税人", "Payer"), values={"small": Text("小规模", "Small-scale")}
    )
    assert fact_value("small", fact, "zh") == "小规模"
    assert fact_value("small", fact, "en") == "Small-scale"
    assert fact_value("other", fact, "zh") == "other"
