"""Officers' sheets of results: CSV or Excel with indicator, period, value, unit; what cannot be used is refused, with the reason."""

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from pathlib import Path

from yunnao.kernel.errors import FileRefused
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.targets.target import LAST_MONTH, Actual, Covers, Nature
from yunnao.platforms.registry.formats import check_readable, open_sheets
from yunnao.platforms.registry.header import find_header
from yunnao.platforms.registry.sheets import Sheet
from yunnao.scenarios.plan.linking.arithmetic import KIND_WORDS
from yunnao.scenarios.plan.linking.names import Name, name_of, nature_of, scaled, tells_a_fall
from yunnao.scenarios.plan.tracking.periods import COVERS, Written, read_period

_TEXT, _KEY = FactType.TEXT, FactType.KEY
_COLUMNS = (
    FactDefinition(id="indicator", type=_KEY, title=Text("指标", "Indicator"), aliases=("指标名称", "项目", "名称")),
    FactDefinition(id="period", type=_KEY, title=Text("时期", "Period"), aliases=("月份", "期别", "时间", "年月", "日期")),
    FactDefinition(id="value", type=_TEXT, title=Text("数值", "Value"), aliases=("完成数", "实际", "完成", "本期", "值")),
    FactDefinition(id="unit", type=_TEXT, title=Text("计量单位", "Unit"), aliases=("单位",)),
    FactDefinition(id="covers", type=_TEXT, title=Text("口径", "Covers"), aliases=("统计口径",)),
    FactDefinition(id="area", type=_TEXT, title=Text("区域", "Area"), aliases=("范围", "功能区")),
    FactDefinition(id="kind", type=_TEXT, title=Text("性质", "Kind"), aliases=("类别",)),
)  # fmt: skip
SHEET = Register(
    id="plan_actuals",
    title=Text("指标完成情况", "Results of indicators"),
    department="",
    subject="indicator",
    subject_key="indicator",
    key=("indicator", "period"),
    facts=_COLUMNS,
    optional=frozenset(fact.id for fact in _COLUMNS),
)
"""The columns that are looked for; 口径, 区域 and 性质 may be absent."""

_NEEDED = ("indicator", "period", "value", "unit")
_KINDS = {words: kind for kind, words in KIND_WORDS.items()}
CHANGES = frozenset({"growth_yoy", "rate_change"})
"""Kinds whose number has a direction."""
_NEW, _TOTAL = re.compile("新增|净增"), re.compile("累计")
_NEAR = 3
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class Series:
    """A series that results are wanted of; `direction` is down where the target tells a fall as a positive number."""

    name: Name
    indicator: str
    kind: str
    base_unit: str
    nature: Nature
    direction: str = "up"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that could not be used: file, row as the spreadsheet numbers it, column, and why."""

    file: str
    row: int
    column: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Wrong(Exception):
    column: str
    reason: str


def read_actuals(
    path: Path, wanted: Iterable[Series], today: dt.date, own: frozenset[str] = frozenset()
) -> tuple[list[Actual], list[Skipped]]:
    """The results in a sheet, and the rows that cannot be used.

    Args:
        wanted: the series of the targets; a result of none of them is refused, as nobody asked for it.
        today: periods that have not ended are refused.
        own: scope words that mean the place itself.

    Raises:
        FileRefused: it cannot be read, or lacks a column.
    """
    check_readable(path)
    by_name: dict[Name, list[Series]] = {}
    for series in wanted:
        by_name.setdefault(series.name, []).append(series)
    actuals: dict[tuple[str, ...], Actual] = {}
    skipped: list[Skipped] = []
    sheets = [sheet for sheet in open_sheets(path, path.name, SHEET) if not sheet.hidden]
    for sheet in sheets:
        file = f"{path.name}「{sheet.name}」" if len(sheets) > 1 else path.name
        for row, cells in _rows(sheet, file):
            try:
                found = _actual(cells, by_name, today, f"{file} 第 {row} 行", own)
            except _Wrong as wrong:
                skipped.append(Skipped(file, row, wrong.column, wrong.reason))
                continue
            before = actuals.setdefault(found.key, found)
            if before.base_value != found.base_value:
                reason = f"与{before.source}说的是同一件事，数却不同（{before.value} 与 {found.value}）；两行都请核对，先用前一行"
                skipped.append(Skipped(file, row, "value", reason))
    if not actuals and not skipped:
        raise FileRefused(f"{path.name}：没有数据行；请检查是不是只有表头")
    return list(actuals.values()), skipped


def _rows(sheet: Sheet, file: str) -> Iterable[tuple[int, Mapping[str, str]]]:
    header = find_header(sheet.head(), SHEET)
    places = {column.fact.id: column.index for column in header.columns}
    if header.twice:
        raise FileRefused(f"{file}：{header.twice[0]}；请只留一列后重试")
    titles = {fact.id: fact.title.zh for fact in _COLUMNS}
    missing = [titles[name] for name in _NEEDED if name not in places]
    if missing:
        raise FileRefused(
            f"{file}：没有{'、'.join(missing)}列；表头要有 指标、时期、数值、计量单位（另可有 口径、区域、性质）"
        )
    percent = {row for row, column, mark in sheet.marks.iter_rows() if mark == "percent" and column == places["value"]}
    for position, cells in enumerate(sheet.rows.iter_rows()):
        if position <= header.last_row:
            continue
        row = position + 1
        found = {name: cells[place].strip() for name, place in places.items()}
        if any(found.values()):
            yield row, found | ({"percent": "yes"} if row in percent else {})


def _actual(
    cells: Mapping[str, str], by_name: Mapping[Name, Sequence[Series]], today: dt.date, source: str, own: frozenset[str]
) -> Actual:
    if not cells["indicator"]:
        raise _Wrong("indicator", "没有写指标")
    name = name_of(cells["indicator"], cells.get("area", ""), own)
    series = by_name.get(name)
    if series is None:
        raise _Wrong("indicator", _unknown(cells["indicator"], name, by_name))
    period = read_period(cells["period"])
    if period is None:
        raise _Wrong("period", f"{cells['period']!r} 看不懂；请写成 2023-04、2023年1-4月 或 2023")
    if (period.year, period.month) >= (today.year, today.month):
        raise _Wrong("period", f"{period.text} 还没有过完")
    value = _number(cells["value"])
    unit = cells["unit"]
    if "percent" in cells or cells["value"].rstrip().endswith(("%", "％")):
        if unit and scaled(value, unit)[1] != "%":
            raise _Wrong("unit", f"数值是百分数，计量单位却写了 {unit}；请只留一样")
        value, unit = value * 100 if "percent" in cells else value, "%"
    if not unit:
        raise _Wrong("unit", "没有写计量单位；比率写 %，位次写 名，没有单位的写 1")
    base_value, base_unit = scaled(value, unit)
    kind, nature = _kind(cells, series, name, base_unit)
    falls = any(each.direction == "down" for each in series if (each.kind, each.base_unit) == (kind, base_unit))
    if kind in CHANGES and falls != tells_a_fall(cells["indicator"]):
        base_value = -base_value  # a change is kept in the direction in which the target tells it
    return Actual(
        area=name.area,
        indicator=cells["indicator"],
        series=name.series,
        kind=kind,
        period=period.text,
        covers=_covers(cells.get("covers", ""), period, nature, kind),
        unit=unit,
        value=value,
        base_unit=base_unit,
        base_value=base_value,
        source=source,
    )


def _number(text: str) -> Decimal:
    plain = text.replace(",", "").replace("，", "").replace(" ", "").removesuffix("%").removesuffix("％")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or len(plain) > _MOST_DIGITS:
        raise _Wrong("value", f"{text!r} 不是数" if text else "没有写数值；没有数就删去这一行，不要写 0")
    return value


def _kind(cells: Mapping[str, str], series: Sequence[Series], name: Name, base_unit: str) -> tuple[str, Nature]:
    written = cells.get("kind", "")
    if written and written not in _KINDS:
        raise _Wrong("kind", f"{written!r} 不认识；只能是 {'、'.join(_KINDS)}")
    fitting = [each for each in series if each.base_unit == base_unit]
    said = _KINDS.get(written) or _kind_of_words(cells["indicator"], name, {each.kind for each in fitting})
    kinds = sorted({each.kind for each in fitting if not said or each.kind == said})
    if len(kinds) > 1:
        both = "、".join(KIND_WORDS[kind] for kind in kinds)
        raise _Wrong("kind", f"有几个同名、同单位的目标（{both}）；请在“性质”列写明是哪一个")
    if kinds == ["increment"] and not said and not _NEW.search(name.series):
        raise _Wrong("kind", "目标是当年新增，看不出这一行是新增数还是总数；请在“性质”列写 当年新增 或 总量")
    if kinds:
        return kinds[0], next(each.nature for each in fitting if each.kind == kinds[0])
    kind = said or ("growth_yoy" if base_unit == "%" else "level")
    if units := sorted({each.base_unit for each in series if each.kind == kind}):
        raise _Wrong(
            "unit", f"单位与目标不同：目标用的是 {'、'.join(unit or '（无单位）' for unit in units)}；请按目标的单位填"
        )
    natures: set[Nature] = {each.nature for each in series if each.kind == "level"} if kind == "level" else set()
    nature = natures.pop() if len(natures) == 1 else nature_of(name.series, kind)
    return kind, nature


def _kind_of_words(indicator: str, name: Name, kinds: Set[str]) -> str | None:
    """What 新增 or 累计 before a name says, unless the word is a part of the name (城镇新增就业)."""
    if _NEW.search(indicator) and not _NEW.search(name.series):
        return "increment"
    if _TOTAL.search(indicator) and not _TOTAL.search(name.series) and kinds & {"cumulative", "increment"}:
        return "cumulative" if "cumulative" in kinds or "level" not in kinds else "level"
    return None


def _covers(written: str, period: Written, nature: Nature, kind: str) -> Covers:
    said = COVERS.get(written)
    if written and said is None:
        raise _Wrong("covers", f"{written!r} 不认识；只能是 当月、累计、时点")
    if said and period.covers and said != period.covers:
        raise _Wrong("covers", f"口径写了{written}，时期却是累计的")
    covers = said or period.covers
    if nature == "stock":
        if covers in ("month", "to_date"):
            raise _Wrong("covers", "这个指标是时点数，不能写当月或累计")
        return "point"
    if nature == "flow" and covers == "point":
        raise _Wrong("covers", "这个指标逐月累加，不能写时点")
    if covers is None and kind in CHANGES and period.month == LAST_MONTH and not period.whole_year:
        raise _Wrong(
            "covers",
            "看不出是12月当月的增速还是全年的；请在“口径”列写 当月 或 累计，或把时期写成 2023年 或 2023年1-12月",
        )
    if covers is None and (nature == "rate" or period.whole_year):
        return "to_date"
    if covers is None:
        raise _Wrong("covers", "看不出是当月数还是累计数；请在“口径”列写 当月、累计 或 时点，或把时期写成 2023年1-4月")
    return covers


def _unknown(written: str, name: Name, by_name: Mapping[Name, Sequence[Series]]) -> str:
    if elsewhere := [each for each in by_name if each.series == name.series]:
        areas = "、".join(each.area or "全区" for each in elsewhere)
        return f"目标里的“{written}”是{areas}的，这一行是{name.area or '全区'}的；范围不同不能混用"
    names = {each.series: series[0].indicator for each, series in by_name.items()}
    near = get_close_matches(name.series, names, n=_NEAR, cutoff=0.5)
    like = f"；相近的有：{'、'.join(names[each] for each in near)}" if near else ""
    return f"没有“{written}”这个指标的目标{like}"
