"""Finding the header of a sheet among title rows, and which column holds which fact in which unit."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from yunnao.kernel.fact import NUMBERS, FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.platforms.registry.units import UNITS, exponent_of, header_name, split_remark, split_unit, title_unit

SEARCHED_ROWS = 40
_DEEPEST_HEADER = 3
_LONGEST_HEADER = 200
_HARMLESS_REMARKS = frozenset({"必填", "选填", "可选", "*", "数字", "数值", "整数", "阿拉伯数字"})
_MOJIBAKE = re.compile("\ufffd|锟斤拷|烫烫|[\u0080-\u00ff]{3,}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a sheet that holds a fact.

    Attributes:
        index: position in the sheet, from 0.
        header: as written, for messages.
        fact: what it holds.
        exponent: power of ten from a figure to the stored integer (numbers only).
        unit: that the header, or what stands above it, names for a number; "" if none.
    """

    index: int
    header: str
    fact: FactDefinition
    exponent: int = 0
    unit: str = ""

    @property
    def in_percent(self) -> bool:
        """Whether the header itself names % or ‰."""
        return self.fact.type is FactType.SHARE and bool(self.unit) and UNITS[self.unit].exponent < 0


@dataclass(frozen=True)
class Header:
    """What the header of a sheet says.

    Attributes:
        first_row, last_row: positions of the header's rows in the sheet, from 0; -1 when there is none.
        columns: those that hold facts, in the order of the register's facts.
        ignored: headers of the others.
        missing: required facts without a column.
        twice: sentences about facts that two columns claim.
        strange_units: sentences about units that do not fit.
        seen: every header as written.
        notes: sentences about units taken from above the header.
    """

    first_row: int
    last_row: int
    columns: tuple[Column, ...]
    ignored: tuple[str, ...]
    missing: tuple[FactDefinition, ...]
    twice: tuple[str, ...]
    strange_units: tuple[str, ...]
    seen: tuple[str, ...]
    notes: tuple[str, ...]

    @property
    def complete(self) -> bool:
        """Whether the sheet can be read."""
        return not (self.missing or self.twice or self.strange_units)

    @property
    def looks_mojibake(self) -> bool:
        """Whether the headers look like text decoded with the wrong encoding."""
        return any(_MOJIBAKE.search(text) for text in self.seen)


def find_header(rows: Sequence[Sequence[str]], register: Register) -> Header:
    """The best header among the first rows: most facts named, then fewest rows, then the topmost.

    Args:
        rows: cells as text; more than `SEARCHED_ROWS` are not looked at.
        register: whose facts to look for.
    """
    names = _names(register)
    best = _absent(rows, register)
    for depth in range(1, _DEEPEST_HEADER + 1):
        for first in range(min(len(rows), SEARCHED_ROWS) - depth + 1):
            candidate = _read(rows[:first], rows[first : first + depth], first, register, names)
            if len(candidate.columns) > len(best.columns):
                best = candidate
    return best


def _names(register: Register) -> Mapping[str, FactDefinition]:
    names: dict[str, FactDefinition] = {}
    spellings = (
        lambda fact: (fact.id,),
        lambda fact: (fact.title.zh, fact.title.en),
        lambda fact: fact.aliases,
    )
    for spelling in spellings:
        for fact in register.facts:
            for text in spelling(fact):
                name = header_name(text)
                names.setdefault(name, fact)
                if text != fact.id:  # in an id such as revenue_year the last word is no unit
                    names.setdefault(split_unit(name)[0], fact)
    names.pop("", None)
    return names


def _read(
    above: Sequence[Sequence[str]],
    rows: Sequence[Sequence[str]],
    first: int,
    register: Register,
    names: Mapping[str, FactDefinition],
) -> Header:
    table_unit = next(
        (unit for row in above for cell in row if len(cell) < _LONGEST_HEADER and (unit := title_unit(cell))), ""
    )
    money_unit = table_unit if table_unit and UNITS[table_unit].dimension == "money" else ""
    found: dict[str, list[Column]] = {}
    ignored, strange, seen, adopted = [], [], [], []
    for index in range(max(map(len, rows), default=0)):
        cells = [row[index].strip() for row in rows if index < len(row) and row[index].strip()]
        if not cells:
            continue
        written = " ".join("".join(cell[:_LONGEST_HEADER].split()) for cell in cells)
        seen.append(written)
        match = next((m for text in (cells[-1], "".join(cells), cells[0]) if (m := _match(text, names))), None)
        if match is None:
            ignored.append(written)
            continue
        fact, unit, remark = match
        if remark or (unit and fact.type in NUMBERS and exponent_of(fact, unit) is None):
            strange.append(f"「{written}」里的单位「{remark or unit}」不是「{fact.title.zh}」能用的单位")
            continue
        if fact.type is FactType.MONEY and not unit and money_unit:
            unit = money_unit
            adopted.append(written)
        column = Column(index, written, fact)
        if fact.type in NUMBERS:
            column = Column(index, written, fact, exponent_of(fact, unit) or 0, unit)
        found.setdefault(fact.id, []).append(column)
    return Header(
        first_row=first,
        last_row=first + len(rows) - 1,
        columns=tuple(found[fact.id][0] for fact in register.facts if fact.id in found),
        ignored=tuple(ignored),
        missing=tuple(f for f in register.facts if f.id not in found and f.id not in register.optional),
        twice=tuple(
            f"「{columns[0].fact.title.zh}」有 {len(columns)} 列：{'、'.join(column.header for column in columns)}"
            for columns in found.values()
            if len(columns) > 1
        ),
        strange_units=tuple(strange),
        seen=tuple(seen),
        notes=(f"表头上方写着单位{money_unit}，用于没有写单位的金额列：{'、'.join(adopted)}",) if adopted else (),
    )


def _match(text: str, names: Mapping[str, FactDefinition]) -> tuple[FactDefinition, str, str] | None:
    """(fact, unit as named or "", a remark in brackets that is no unit and stands behind a number or "")."""
    if len(text) > _LONGEST_HEADER:
        return None
    name = header_name(text)
    base, unit = split_unit(name)
    if name in names and (not unit or header_name(names[name].id) == name):
        return names[name], "", ""
    if base in names:
        return names[base], unit, ""
    if name in names:
        return names[name], "", ""
    base, remark = split_remark(name)
    if base in names:
        return names[base], "", remark if names[base].type in NUMBERS and remark not in _HARMLESS_REMARKS else ""
    return None


def _absent(rows: Sequence[Sequence[str]], register: Register) -> Header:
    first = next((row for row in rows if any(cell.strip() for cell in row)), ())
    seen = tuple(cell.strip() for cell in first if cell.strip())
    missing = tuple(fact for fact in register.facts if fact.id not in register.optional)
    return Header(-1, -1, (), (), missing, (), (), seen, ())
