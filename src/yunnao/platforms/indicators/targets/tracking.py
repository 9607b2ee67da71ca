"""Where every target stands: the latest result, progress, a band to the end of the year, and a light with words and reason.

Nothing is green because data is missing: without a result, or with one that is too old, a target is grey (缺数据).
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.targets.comparing import (
    EXACT,
    Bound,
    Reached,
    conflict_words,
    demand,
    judge,
    reached,
    rounded_beside,
    said,
    stretch_words,
    threshold,
)
from yunnao.platforms.indicators.targets.conventions import Conventions, on
from yunnao.platforms.indicators.targets.forecast import Band, Points, forecast
from yunnao.platforms.indicators.targets.target import LAST_MONTH, Actual, Nature, Target

Light = Literal["green", "yellow", "red", "grey", "aside"]

STATES: Mapping[str, tuple[Light, Text]] = {
    "met": ("green", Text("已完成", "met")),
    "likely": ("green", Text("预计能完成", "likely to be met")),
    "at_risk": ("yellow", Text("有风险", "at risk")),
    "unclear": ("yellow", Text("看不出", "not clear yet")),
    "unlikely": ("red", Text("预计完不成", "unlikely to be met")),
    "missed": ("red", Text("未完成", "missed")),
    "no_data": ("grey", Text("缺数据", "data missing")),
    "stale": ("grey", Text("缺数据（过期）", "data missing (too old)")),
    "conflict": ("grey", Text("同名目标不一致", "targets of one name differ")),
    "no_year": ("grey", Text("不按年度考核", "not due at the end of a year")),
    "aside": ("aside", Text("力争值，不作底线", "aspiration, no base line")),
}
"""State -> its light and its words: a colour never stands alone."""

LIGHT_WORDS: Mapping[Light, Text] = {
    "green": Text("绿", "green"),
    "yellow": Text("黄", "yellow"),
    "red": Text("红", "red"),
    "grey": Text("灰", "grey"),
    "aside": Text("另列", "aside"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tracked:
    """One target on one day.

    Attributes:
        state: a key of `STATES`.
        reason: why, in a Chinese sentence.
        month: the month up to which there are results; none without any.
        value: the latest one, in the target's unit and direction.
        source: where it comes from.
        progress: of a target that adds up over the year, the share reached, in per cent.
        band: to the end of the year, in the same; none where none can be given.
        points: this year's results, month by month, for a small picture.
    """

    target: Target
    state: str
    reason: str
    month: int | None = None
    value: Decimal | None = None
    source: str = ""
    progress: Decimal | None = None
    band: Band | None = None
    points: tuple[tuple[int, Decimal], ...] = ()

    @property
    def light(self) -> Light:
        """Its colour; `words` goes with it, always."""
        return STATES[self.state][0]

    @property
    def words(self) -> Text:
        """What the light means."""
        return STATES[self.state][1]


@dataclass(frozen=True, slots=True)
class _Series:
    """The results of one target: nature, year -> points, what the latest rests on, and what is odd about them."""

    nature: Nature
    years: Mapping[int, Points]
    sources: Mapping[tuple[int, int], Actual]


def track(
    targets: Iterable[Target], actuals: Sequence[Actual], as_of: dt.date, conventions: Sequence[Conventions]
) -> list[Tracked]:
    """Every target on the day ``as_of``, by results of months that have ended by then."""
    by_series: dict[tuple[str, str], list[Actual]] = defaultdict(list)
    for actual in actuals:
        if _last_day(actual.year, actual.month) <= as_of:
            by_series[actual.series, actual.area].append(actual)
    every = list(targets)
    conflicts = _conflicts(every)
    found = []
    for target in every:
        tracked = _tracked(target, by_series[target.promised.series, target.promised.area], as_of, conventions)
        if tracked.value is not None and (conflict := conflicts.get(_thing(target))):
            tracked = replace(tracked, state="conflict", reason=conflict, progress=None, band=None)
        found.append(_aside(tracked))
    return found


def _thing(target: Target) -> tuple[object, ...]:
    """What a target is about; an aspiration stands beside the base line, so it is about something else."""
    promised = target.promised
    about = (promised.series, promised.area, promised.kind, promised.base_unit, promised.period)
    return (target.plan, *about, promised.aspirational)


def _conflicts(targets: Sequence[Target]) -> dict[tuple[object, ...], str]:
    """Where targets of one plan and one name ask for different things: which, in a sentence."""
    same: dict[tuple[object, ...], dict[tuple[object, ...], str]] = defaultdict(dict)
    for target in targets:
        promised = target.promised
        if not promised.aspirational:
            wanted = f"{said(promised.bound, promised.unit)}（第 {promised.text_line} 行）"
            same[_thing(target)].setdefault(
                (promised.direction == "down", *demand(promised.bound, promised.factor)), wanted
            )
    return {thing: conflict_words([*wanted.values()]) for thing, wanted in same.items() if len(wanted) > 1}


def _aside(tracked: Tracked) -> Tracked:
    """An aspiration is no base line, whatever came of it."""
    if not tracked.target.promised.aspirational:
        return tracked
    return replace(tracked, state="aside", reason=f"力争值只作参考：{tracked.reason}")


def _tracked(
    target: Target, actuals: Sequence[Actual], as_of: dt.date, all_conventions: Sequence[Conventions]
) -> Tracked:
    promised, year = target.promised, target.promised.last_year
    if year is None or promised.due_on is None:
        return Tracked(target=target, state="no_year", reason=f"期限是“{promised.period}”，没有年度可对照")
    conventions = on(all_conventions, promised.due_on)
    series = _series(target, actuals)
    points = series.years.get(year, {})
    if not points:
        return Tracked(target=target, state="no_data", reason=_lacking(target, actuals, year, as_of))
    month, bound = max(points), promised.bound
    value, source = points[month], series.sources[year, month].source
    earlier = {each: known for each, known in series.years.items() if each < year}
    found = forecast(series.nature, year, points, earlier)
    band = found if isinstance(found, Band) else None
    share = None
    if series.nature == "flow" and bound.wants == "up" and bound.low > 0 and bound.high is None:
        share = EXACT.divide(value * 100, bound.low)

    def answer(state: str, reason: str) -> Tracked:
        return Tracked(
            target=target,
            state=state,
            reason=reason,
            month=month,
            value=value,
            source=source,
            progress=share,
            band=band,
            points=tuple(sorted(points.items())),
        )

    behind = (as_of.year - year) * LAST_MONTH + as_of.month - month
    if month < LAST_MONTH and behind > conventions.stale_months:
        return answer("stale", f"最新数据停在{year}年{month}月，距今超过 {conventions.stale_months} 个月")
    said_sign = series.sources[year, month].sign
    now = reached(said_sign, value, None, conventions)
    stretch = None if promised.base_stretch is None else EXACT.divide(promised.base_stretch, promised.factor)
    aside = stretch_words(bound, stretch, now, conventions, promised.unit)
    judged = _judged(answer, month, bound, now, series.nature, found, conventions, promised.unit)
    return replace(
        judged, reason=f"{judged.reason}{aside.replace('没有达到', '尚未达到') if month < LAST_MONTH else aside}"
    )


def _judged(
    answer: Callable[[str, str], Tracked],
    month: int,
    bound: Bound,
    now: Reached,
    nature: Nature,
    found: Band | str,
    conventions: Conventions,
    unit: str,
) -> Tracked:
    today = judge(bound, now, conventions, unit)
    if month == LAST_MONTH:
        state = {"met": "met", "missed": "missed", "not_assessable": "unclear"}[today.verdict]
        return answer(state, f"全年{today.reason}")
    so_far = f"前{month}个月"
    if nature == "flow" and bound.wants == "up" and today.verdict == "met":
        return answer("met", f"{so_far}已{today.reason}，提前完成")
    if nature == "flow" and bound.wants == "down" and today.verdict == "missed":
        return answer("missed", f"{so_far}已{today.reason}，已经超过")
    if isinstance(found, str):
        return answer("unclear", f"{so_far}{today.reason}；{found}")
    ahead = judge(bound, Reached(low=found.low, high=found.high), conventions, unit)
    state = {"met": "likely", "missed": "unlikely", "not_assessable": "at_risk"}[ahead.verdict]
    limit, _ = threshold(bound, conventions)
    where = f"年底预计 {rounded(found.low, limit)}—{rounded(found.high, limit)} {unit}".strip()
    against = {"likely": "都达到", "unlikely": "都达不到", "at_risk": "跨过"}[state]
    return answer(state, f"{where}，{against}目标 {said(bound, unit)}；{found.method}")


def rounded(value: Decimal, limit: Decimal | None = None) -> str:
    """A number as people read it: two decimals, none where it is large, more where it would else cross ``limit``."""
    return plain(rounded_beside(value, limit, 0 if abs(value) >= 1000 else 2))


def _series(target: Target, actuals: Sequence[Actual]) -> _Series:
    promised = target.promised
    fitting = [each for each in actuals if (each.kind, each.base_unit) == (promised.kind, promised.base_unit)]
    nature = promised.nature
    if nature == "unknown":  # then the officer's own word for what a number covers says it
        covers = {each.covers for each in fitting}
        nature = "flow" if covers and covers <= {"month", "to_date"} else "stock" if covers == {"point"} else "unknown"
    years: dict[int, dict[int, Decimal]] = defaultdict(dict)
    sources: dict[tuple[int, int], Actual] = {}
    wanted = {"flow": ("to_date",), "stock": ("point",), "rate": ("point", "to_date"), "unknown": ("to_date", "point")}
    for covers_ in wanted[nature]:
        for each in fitting:
            if each.covers == covers_:
                years[each.year][each.month] = EXACT.divide(each.base_value, promised.factor)
                sources[each.year, each.month] = each
    if nature == "flow":
        _add_up(fitting, years, sources, promised.factor)
    return _Series(nature, years, sources)


def _add_up(
    fitting: Sequence[Actual],
    years: dict[int, dict[int, Decimal]],
    sources: dict[tuple[int, int], Actual],
    factor: Decimal,
) -> None:
    """Months summed, as long as none is lacking; what is stated as the sum goes before."""
    months: dict[int, dict[int, Actual]] = defaultdict(dict)
    for each in fitting:
        if each.covers == "month":
            months[each.year][each.month] = each
    for year, known in months.items():
        total = Decimal(0)
        for month in range(1, LAST_MONTH + 1):
            if month in years[year]:
                total = years[year][month]
            elif month in known:
                total = EXACT.add(total, EXACT.divide(known[month].base_value, factor))
                years[year][month] = total
                sources[year, month] = known[month]
            else:
                break


def _lacking(target: Target, actuals: Sequence[Actual], year: int, as_of: dt.date) -> str:
    if as_of.year < year:
        return f"到期年度 {year} 还没有开始"
    if not actuals:
        return f"没有 {year} 年的数据"
    units = "、".join(sorted({each.unit or "（无单位）" for each in actuals}))
    if all((each.kind, each.base_unit) != (target.promised.kind, target.promised.base_unit) for each in actuals):
        return f"有同名数据，但单位或性质不同（{units}，目标是 {target.promised.unit or '（无单位）'}），不能直接对照"
    return f"没有 {year} 年可用的数据（当月增速、缺月的当月数不能代替累计）"


def _last_day(year: int, month: int) -> dt.date:
    first = dt.date(year + month // LAST_MONTH, month % LAST_MONTH + 1, 1)
    return first - dt.timedelta(days=1)
