"""Lights, progress and bands: with a reason, never green for want of data."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE, promise, result
from yunnao.platforms.indicators.targets.conventions import load_conventions
from yunnao.platforms.indicators.targets.forecast import Band, forecast
from yunnao.platforms.indicators.targets.target import Actual, Promised, Target
from yunnao.platforms.indicators.targets.tracking import STATES, Tracked, track

CONVENTIONS = load_conventions()
YI = 10**8
JUNE = dt.date(2023, 7, 10)


def tracked(promised: Promised, *actuals: Actual, as_of: dt.date = JUNE) -> Tracked:
    target = Target(target_id="T1", revision=1, file=1, plan="2023", withdrawn=False, promised=promised)
    (found,) = track([target], actuals, as_of, CONVENTIONS)
    return found


def test_without_data_nothing_is_green() -> None:
    for promised in (GROWTH, REVENUE):
        found = tracked(promised)
        assert (found.state, found.light, found.words.zh) == ("no_data", "grey", "缺数据")
        assert "2023" in found.reason


def test_old_data_is_missing_data() -> None:
    found = tracked(REVENUE, result(REVENUE, 1, 10**12), as_of=dt.date(2023, 9, 1))
    assert (found.state, found.light) == ("stale", "grey")
    assert found.reason == "最新数据停在2023年1月，距今超过 3 个月"


def test_months_that_have_not_ended_are_not_known_yet() -> None:
    assert tracked(GROWTH, result(GROWTH, 7, "9")).state == "no_data"


def test_data_of_another_unit_or_kind_is_never_compared() -> None:
    found = tracked(REVENUE, result(GROWTH, 6, "9", series=REVENUE.series, area=""))
    assert found.state == "no_data"
    assert "单位或性质不同" in found.reason


def test_the_pace_of_earlier_years_goes_before_the_pace_of_this_one() -> None:
    earlier = [
        result(REVENUE, month, value, year=year)
        for year, parts in ((2021, (100, 200)), (2022, (96, 240)))
        for month, value in zip((6, 12), parts, strict=True)
    ]
    found = tracked(REVENUE, *earlier, result(REVENUE, 6, 12_000_000_000))
    assert found.band == Band(
        Decimal(240),
        Decimal(270),
        Decimal(300),
        "按以往年份的进度：2021、2022年前6个月占全年的 40.0—50.0 %",
    )
    assert (found.state, found.light, found.progress) == ("likely", "green", Decimal(50))


def test_a_linear_pace_has_the_spread_of_its_months() -> None:
    found = tracked(
        REVENUE, *(result(REVENUE, month, value) for month, value in ((2, 20 * YI), (4, 60 * YI), (6, 90 * YI)))
    )
    assert isinstance(found.band, Band)
    assert [int(each) for each in (found.band.low, found.band.middle, found.band.high)] == [150, 180, 210]
    assert found.state == "unlikely"
    assert "按今年月均推算" in found.reason


def test_months_are_added_up_as_long_as_none_is_lacking() -> None:
    months = [result(REVENUE, month, 10 * YI, covers="month") for month in (1, 2, 3, 5)]
    assert tracked(REVENUE, *months).points == tuple((month, Decimal(10 * month)) for month in (1, 2, 3))


def test_a_target_that_is_reached_before_the_year_ends_is_met() -> None:
    found = tracked(REVENUE, result(REVENUE, 6, 24_000_000_000))
    assert (found.state, found.light) == ("met", "green")
    assert "提前完成" in found.reason


def test_a_limit_that_is_passed_is_missed_at_once() -> None:
    limit = promise(REVENUE, sign="≤", better="down")
    assert tracked(limit, result(REVENUE, 6, 24_000_000_001)).state == "missed"
    assert tracked(limit, result(REVENUE, 6, 24_000_000_000)).light == "yellow"


def test_the_whole_year_is_judged_and_not_foretold() -> None:
    year = dt.date(2024, 2, 1)
    assert tracked(GROWTH, result(GROWTH, 12, "8"), as_of=year).state == "met"
    found = tracked(GROWTH, result(GROWTH, 12, "7.9"), as_of=year)
    assert (found.state, found.light, found.reason) == ("missed", "red", "全年完成 7.9 %，目标 不低于 8 %")


def test_one_rate_alone_is_no_reason_for_green() -> None:
    found = tracked(GROWTH, result(GROWTH, 6, "20"))
    assert (found.state, found.light) == ("unclear", "yellow")
    assert "不能给出区间" in found.reason


def test_an_aspiration_is_said_separately() -> None:
    found = tracked(promise(aspirational=True), result(GROWTH, 12, "7"), as_of=dt.date(2024, 2, 1))
    assert (found.light, found.words.zh) == ("aside", "力争值，不作底线")
    assert "7 %" in found.reason


def test_an_unknown_nature_is_taken_from_what_the_officer_says_it_covers() -> None:
    unknown = promise(REVENUE, nature="unknown")
    steps = [result(unknown, month, month * 4 * 10**9) for month in (2, 4, 6)]
    assert tracked(unknown, *steps).state == "met"
    points = [replace(step, covers="point") for step in steps]
    assert tracked(unknown, *points).state != "no_data"
    assert tracked(unknown, steps[0], points[2]).state != "met"


def test_only_the_december_before_is_where_this_year_began() -> None:
    stock = promise(REVENUE, nature="stock")
    this_year = [result(stock, month, value * YI, covers="point") for month, value in ((3, 220), (6, 230))]
    old = result(stock, 12, 100 * YI, year=2020, covers="point")
    found = tracked(stock, old, *this_year)
    assert (found.band, found.state) == (None, "unclear")
    before = result(stock, 12, 210 * YI, year=2022, covers="point")
    band = tracked(stock, before, *this_year).band
    assert band is not None
    assert band.low == band.high == 250


@pytest.mark.parametrize("short", ["7.9999999999999", "7." + "9" * 40])
def test_a_number_is_never_rounded_across_the_limit(short: str) -> None:
    found = tracked(GROWTH, result(GROWTH, 12, short), as_of=dt.date(2024, 2, 1))
    assert found.state == "missed"
    assert "完成 8 %" not in found.reason
    assert "完成 7.9" in found.reason
    near = [result(GROWTH, month, value) for month, value in ((4, "7.9985"), (5, "7.998"), (6, "7.9985"))]
    assert "年底预计 7.998—7.999 %，都达不到目标 不低于 8 %" in tracked(GROWTH, *near).reason


def test_targets_of_one_name_that_differ_are_grey() -> None:
    hoped = promise(aspirational=True, value=Decimal(12), base_value=Decimal(12))
    strict = promise(value=Decimal(10), base_value=Decimal(10), text_line=9)
    lights = []
    for others in ([strict, hoped], [promise(text_line=9, sign="=")], [promise(strict, period="2024")]):
        held = [
            Target(target_id=f"T{place}", revision=1, file=1, plan="2023", withdrawn=False, promised=each)
            for place, each in enumerate([GROWTH, *others])
        ]
        found = track(held, [result(GROWTH, 12, "9")], dt.date(2024, 2, 1), CONVENTIONS)
        lights.append([each.light for each in found])
        if len(others) == 2:
            assert found[0].state == found[1].state == "conflict"
            assert found[0].reason == "同名目标有两个，请核对范围：不低于 8 %（第 2 行）；不低于 10 %（第 9 行）"
    assert lights == [["grey", "grey", "aside"], ["green", "green"], ["green", "grey"]]


numbers = st.integers(0, 10**6).map(Decimal)
series = st.dictionaries(st.integers(1, 12), numbers, min_size=1)
natures = st.sampled_from(["flow", "stock", "rate", "unknown"])


@given(natures, series, st.dictionaries(st.integers(2018, 2022), series, max_size=3))
def test_a_band_is_in_order_and_says_its_method(nature: str, points: dict[int, Decimal], earlier: dict) -> None:  # type: ignore[type-arg]
    found = forecast(nature, 2023, points, earlier)  # type: ignore[arg-type]
    if isinstance(found, str):
        assert found
    else:
        assert found.low <= found.middle <= found.high
        assert found.method


@given(
    st.sampled_from([GROWTH, REVENUE, promise(nature="stock"), promise(sign="≤"), promise(aspirational=True)]),
    st.lists(
        st.tuples(st.integers(2021, 2023), st.integers(1, 12), st.sampled_from(["month", "to_date", "point"]), numbers)
    ),
    st.dates(dt.date(2022, 1, 1), dt.date(2025, 1, 1)),
)
def test_green_rests_on_data_of_the_year(
    promised: Promised, said: list[tuple[int, int, str, Decimal]], as_of: dt.date
) -> None:
    actuals = {
        (year, month, covers): result(promised, month, str(value), year=year, covers=covers)
        for year, month, covers, value in said
    }
    found = tracked(promised, *actuals.values(), as_of=as_of)
    assert found.words == STATES[found.state][1]
    assert found.reason
    if found.light == "green":
        assert found.points
        assert found.value is not None
    if not any(each.year == 2023 for each in actuals.values()):
        assert found.light == ("aside" if promised.aspirational else "grey")


@pytest.mark.parametrize("state", STATES)
def test_every_light_has_words(state: str) -> None:
    _, words = STATES[state]
    assert words.zh
    assert words.en
