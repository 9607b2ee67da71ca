"""Tables of indicators: one row for every number of a cell, named by its row, dated by its head."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from yunnao.scenarios.plan.quantities import Comparator, Direction, Kind, Status
from yunnao.scenarios.plan.reading.clean import Span
from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.mentions import Mention
from yunnao.scenarios.plan.reading.units import Unit, unit_at
from yunnao.scenarios.plan.reading.years import Years

Cells = Sequence[Span]

_BORDER = re.compile(r"\t|[ ]{3,}|[|｜]")
_COMMA, _ANY_COMMA = re.compile("，"), re.compile("[，,]")
_PROSE = re.compile("[。；：！？]")
_FEWEST_COMMA_ROWS, _LONGEST_CELL = 3, 24
_UNIT_LINE = re.compile(r"^[（(]?(?:计量)?单位：\s*([^）)]{1,30})[）)]?$")
_RULE = re.compile(r"^[\s|｜:：+—-]*$")
_CELL = re.compile(
    r"^[〔（\[]?(?P<sign>≥|>|＞|≤|<|＜|﹥|﹤)?(?P<said>增长|下降|降低|提高|减少|约|不低于|不高于|不超过|超过|控制在|力争)?"
    r"(?P<minus>-)?(?P<low>\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)(?P<mark>%|‰)?"
    r"(?:(?:-|至|~|—)(?P<high>\d+(?:\.\d+)?)(?P<mark2>%|‰)?)?"
)
_AFTER = re.compile(r"\s*[〕）\]]?\s*(?P<tail>及?以上|左右|以内|以下|上下)?\s*[〕）\]]?\s*$")
_YEAR = re.compile(r"((?:19|20)\d{2})")
_BRACKET = re.compile(r"[（(]([^（）()]{1,12})[）)]")
_LAST_BRACKET = re.compile(r"[（(]([^（）()]{1,12})[）)]$")
_SIGNS: dict[str, Comparator] = {
    "≥": "≥", ">": ">", "＞": ">", "﹥": ">", "≤": "≤", "<": "<", "＜": "<", "﹤": "<", "约": "≈", "不低于": "≥", "不高于": "≤",
    "不超过": "≤", "超过": ">", "控制在": "≤", "以上": "≥", "及以上": "≥", "左右": "≈", "上下": "≈", "以内": "≤", "以下": "≤",
}  # fmt: skip
_RATE = re.compile(r"率|比重|占比|比例|覆盖面|程度|达标")
_CUMULATIVE = re.compile(r"累计")


@dataclass(frozen=True, slots=True)
class Entry:
    """A number of a table.

    Attributes:
        row: its whole line.
        period, status: said by its head; ``None`` where it says nothing.
    """

    mention: Mention
    row: Span
    name: str
    kind: Kind
    direction: Direction
    comparator: Comparator
    period: str | None
    status: Status | None


@cache
def _re(name: str) -> re.Pattern[str]:
    return re.compile(table("tables")[name])


def plain_tables(words: str) -> Iterator[list[Cells]]:
    """Tables that a text has as lines with tab, | or wide space between at least three cells, two lines or more; or with commas,
    where the lines cannot be sentences."""
    yield from _bordered_tables(words)
    yield from _comma_tables(words)


def _bordered_tables(words: str) -> Iterator[list[Cells]]:
    rows: list[Cells] = []
    for match in re.finditer(r"[^\n\r]+", words):
        cells = list(_cells(words, *match.span(), _BORDER))
        if rows and len(cells) > len(rows[0]):
            cells = [cell for cell in cells if cell[0] < cell[1]]  # several tabs between two cells
        if len(cells) >= 3:
            rows.append(cells)
        elif rows and not _RULE.match(match.group()):
            if len(rows) > 1:
                yield rows
            rows = []
    if len(rows) > 1:
        yield rows


def _comma_tables(words: str) -> Iterator[list[Cells]]:
    """Lines of as many short cells as the first, which holds no number, each with a cell that is a number alone."""
    rows: list[Cells] = []
    for match in [*re.finditer(r"[^\n\r]+", words), None]:
        cells = _comma_cells(words, *match.span(), len(rows[0]) if rows else 0) if match else []
        if cells and _holds_values(words, cells) == bool(rows):
            rows.append(cells)
            continue
        if len(rows) >= _FEWEST_COMMA_ROWS:
            yield rows
        rows = [cells] if cells and not _holds_values(words, cells) else []


def _comma_cells(words: str, start: int, end: int, count: int) -> Cells:
    """The cells between the commas of a line, ``count`` of them (0: three or more); none where it cannot be a row."""
    if end - start > _LONGEST_CELL * 12 or _BORDER.search(words, start, end) or _PROSE.search(words, start, end):
        return []
    for comma in (_COMMA, _ANY_COMMA):  # 120，150 is no 120,150 where the first line has that many cells
        cells = list(_cells(words, start, end, comma))
        if (len(cells) == count if count else len(cells) >= 3) and all(b - a <= _LONGEST_CELL for a, b in cells):
            return cells
    return []


def _cells(words: str, start: int, end: int, between: re.Pattern[str]) -> Iterator[Span]:
    here = start
    for border in [*between.finditer(words, start, end), None]:
        stop = border.start() if border else end
        first, last = here, stop
        while first < last and words[first].isspace():
            first += 1
        while last > first and words[last - 1].isspace():
            last -= 1
        outer = stop in (start, end) and words[start] in "|｜"
        if not (outer and first == last):
            yield first, last
        here = border.end() if border else end


def entries(words: str, rows: Sequence[Cells], years: Years) -> Iterator[Entry]:
    """Every number of the cells of a table whose first row holds the heads."""
    heads = ["".join(words[start:end].split()) for start, end in rows[0]]
    if _holds_values(words, rows[0]):
        heads = [""] * len(heads)
        body = rows
    else:
        body = rows[1:]
    usual = _unit_above(words, rows[0][0][0])
    for cells in body:
        yield from _row(words, heads, cells, years, usual)


def _unit_above(words: str, start: int) -> str:
    """The unit that a line 单位：亿元、% above a table names for its columns of amounts; empty where none does, or several."""
    above = [line.strip() for line in words[max(0, start - 120) : start].splitlines() if line.strip()][-2:]
    line = next((found for line in reversed(above) if (found := _UNIT_LINE.match(line))), None)
    units = [unit for unit in re.split("[、，,/ ]+", line.group(1).strip()) if unit] if line else []
    amounts = [unit for unit in units if unit not in ("%", "‰")]
    return amounts[0] if len(amounts) == 1 else units[0] if len(units) == 1 else ""


def _holds_values(words: str, cells: Cells) -> bool:
    """Whether a cell is a number, and not a year as a head has it."""
    printed = ("".join(words[start:end].split()) for start, end in cells)
    return any(_is_value(cell) and not _YEAR.match(cell) for cell in printed)


def _is_value(cell: str) -> bool:
    """Whether the whole cell is a number with its unit; 5g基站数, 4a级景区 only begin with one."""
    match = _CELL.match(cell)
    if match is None:
        return False
    unit = unit_at(cell, match.end(), chinese=False) if not match["mark"] else None
    return _AFTER.match(cell, unit.end if unit else match.end()) is not None


def _bracketed_unit(name: str) -> re.Match[str] | None:
    """The last bracket of a name that holds a unit: 地区生产总值（亿元）增速."""
    return next((one for one in [*_BRACKET.finditer(name)][::-1] if _unit(one.group(1)).end), None)


def _row(words: str, heads: Sequence[str], cells: Cells, years: Years, usual: str) -> Iterator[Entry]:
    printed = [words[start:end] for start, end in cells]
    column_of_unit = next((i for i, head in enumerate(heads) if _re("unit").match(head)), None)
    named = [
        i
        for i, text in enumerate(printed)
        if i != column_of_unit and re.search(r"[\u4e00-\u9fff]", text) and not _is_value(text)
    ]
    if not named:
        return
    by_head = [i for i in named if i < len(heads) and _re("name").match(heads[i])]
    name_at = (by_head or named)[0]
    name = "".join(printed[name_at].split())
    unit_text = printed[column_of_unit] if column_of_unit is not None and column_of_unit < len(printed) else ""
    if bracket := _LAST_BRACKET.search(name) or _bracketed_unit(name):
        unit_text = unit_text.strip() or bracket.group(1)
        name = name[: bracket.start()] + name[bracket.end() :]
    name = re.sub(r"^(?:\d+[.、]|[一二三四五六七八九十]+、|（[一二三四五六七八九十\d]+）|其中：?|#)", "", name)
    row = (cells[0][0], cells[-1][1])
    for index, (start, end) in enumerate(cells):
        head = heads[index] if index < len(heads) else ""
        if index in (name_at, column_of_unit) or _re("passed_over").match(head):
            continue
        if (entry := _entry(words, start, end, name, head, unit_text.strip() or usual, row, years)) is not None:
            yield entry


def _entry(
    words: str, start: int, end: int, name: str, head: str, unit_text: str, row: Span, years: Years
) -> Entry | None:
    match = _CELL.match(words[start:end])
    if match is None:
        return None
    number_end = start + match.end()
    unit = unit_at(words, number_end, chinese=False) if not match["mark"] else None
    stop = unit.end if unit else number_end
    tail = _AFTER.match(words[stop:end])
    if tail is None:
        return None
    growth = bool(_re("growth").search(head)) or bool(_re("growth").search(name))
    said_unit = match["mark"] or match["mark2"] or (unit.text if unit else "")
    if not said_unit:
        bracket = _BRACKET.search(head)
        summed = words[start] in "〔[（"  # the sum over the years of the plan, in the unit of the row
        said_unit = (
            unit_text if summed else bracket.group(1) if bracket else "%" if _re("growth").search(head) else unit_text
        )
    found_unit = _unit(said_unit)
    low = Decimal(match["low"].replace(",", "").replace(" ", ""))
    high = Decimal(match["high"]) if match["high"] else None
    if high is not None and high < low:
        low, high = high, low
    first = start + match.start("low")
    last = start + (match.end("high") if match["high"] else match.end("low"))
    down = (
        bool(match["minus"])
        or match["said"] in ("下降", "降低", "减少")
        or bool(re.search(r"下降|降低|减少|削减", name))
    )
    mention = Mention(first, last, end, low, high, found_unit, "", False, False, 0.85)
    kind = _kind(name, head, found_unit.base, growth)
    if words[start] in "〔[（":
        rate = bool(_RATE.search(name)) or found_unit.base in ("年", "岁")
        kind = "rate_change" if rate else "cumulative"
        name = f"{name}提高幅度" if rate else name
    changes = kind in ("growth_yoy", "rate_change")
    status, period = _when(head, years)
    sign = match["sign"] or (match["said"] if match["said"] in _SIGNS else None) or tail["tail"]
    return Entry(
        mention=mention,
        row=row,
        name=(name if kind != "growth_yoy" or re.search(r"增速|增长|降低|下降|涨幅", name) else f"{name}增速").upper(),
        kind=kind,
        direction="down" if down else "up" if changes else "none",
        comparator=_SIGNS[sign] if sign else "=",
        period=period,
        status=status,
    )


def _unit(text: str) -> Unit:
    text = text.strip().lower()
    found = unit_at(f"1{text}", 1, chinese=False) if text else None
    if found is not None and found.end == len(text) + 1:
        return found
    return Unit(text, text, Decimal(1), 0, "", bool(text))


def _kind(name: str, head: str, unit: str, growth: bool) -> Kind:
    if unit in ("个百分点", "百分点"):
        return "rate_change"
    if unit in ("%", "‰"):
        if growth:
            return "growth_yoy"
        return "share" if _RATE.search(name) else "growth_yoy"
    if _CUMULATIVE.search(name) or _CUMULATIVE.search(head):
        return "cumulative"
    return "increment" if re.search(r"新增|新建", name) else "level"


def _when(head: str, years: Years) -> tuple[Status | None, str | None]:
    found = _YEAR.findall(head)
    if not found and years.outcome is not None and years.target is not None:
        found = (
            [str(years.outcome)]
            if re.search("上年|去年", head)
            else [str(years.target)]
            if re.search("本年|今年", head)
            else []
        )
    period = f"{found[0]}-{found[-1]}" if len(found) > 1 else found[0] if found else None
    if "年均" in head and years.plan is not None:
        return "target", f"{years.plan[0]}-{years.plan[1]}"
    if _re("target").search(head):
        return "target", period
    if _re("outcome").search(head):
        return "outcome", period
    if period is not None and years.outcome is not None:
        return ("outcome" if int(period[:4]) <= years.outcome else "target"), period
    return None, period
