"""Numbers as the report prints them: as they were said, with the words around them, and with their own value in the note."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE, promise, result
from yunnao.platforms.indicators.report.document import Number, Spans
from yunnao.platforms.indicators.targets.comparing import Sign
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.target import Actual, Promised, Target
from yunnao.platforms.indicators.targets.tracking import track
from yunnao.scenarios.plan.reporting.figures import Lineage, result_spans, stretch_spans

FIRMS = promise(
    REVENUE, series="市场主体", nature="stock", unit="万户", value=Decimal("2.50"), base_unit="户", base_value=Decimal("25000.00")
)  # fmt: skip


def target(promised: Promised) -> Target:
    return Target(target_id="T1", revision=1, file=1, plan="2023", withdrawn=False, promised=promised)


def printed(spans: Spans) -> str:
    return "".join(each.text if isinstance(each, Number) else str(each) for each in spans)


def reached(promised: Promised, *said: Actual) -> str:
    (tracked,) = track([target(promised)], said, dt.date(2024, 2, 1), load_conventions())
    return printed(result_spans(tracked, Lineage({}, said, {})))


def stated(sign: Sign = "=", source: str = "报告.txt 第 2 行") -> Actual:
    base = result(FIRMS, 12, "28000.000", covers="point", sign=sign, source=source)
    return replace(base, unit="万户", value=Decimal("2.8"))


@pytest.mark.parametrize(
    ("said", "words"),
    [
        (stated(), "2.8万户"),
        (stated("≈"), "2.8万户左右"),
        (stated(">"), "超过2.8万户"),
        (stated("≤"), "不高于2.8万户"),
        (stated("≥", "报告.txt 第 2 行（预计）"), "不低于2.8万户（预计）"),
    ],
)
def test_a_result_keeps_its_digits_and_the_words_around_it(said: Actual, words: str) -> None:
    assert reached(FIRMS, said) == words


def test_a_sum_of_months_is_not_the_last_month() -> None:
    months = [
        replace(result(REVENUE, month, 10**9, covers="month"), unit="亿元", value=Decimal(10)) for month in range(1, 13)
    ]
    assert Decimal(reached(REVENUE, *months).removesuffix("亿元")) == 120


def test_what_is_striven_for_has_its_own_value_in_the_note() -> None:
    aim = target(promise(GROWTH, base_stretch=Decimal("9.5")))
    number = next(each for each in stretch_spans(aim, Lineage({}, [], {})) if isinstance(each, Number))
    assert number.text == "9.5"
    assert "库中的力争值 9.5 %" in number.note
