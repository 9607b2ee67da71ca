"""Tables of base points and coefficients as an office exports them (CSV or Excel), beside the policy that names them.

Their columns are closed: a column that is not known may be a rule that is not understood, so the table is refused.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

from yunnao.kernel.errors import FileRefused, YunnaoError
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.registry.cells import read_cell
from yunnao.platforms.registry.formats import check_readable, open_sheets
from yunnao.platforms.registry.header import Header, find_header
from yunnao.scenarios.drg.registers import hospitals
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.published import (
    ANY,
    Published,
    PublishedCoefficient,
    PublishedGroup,
    in_force,
    told,
)

_HOSPITAL, _LEVELS = hospitals.fact("hospital_id"), hospitals.fact("level")
_LARGEST = 10_000_000


def _text(id_: str, zh: str, en: str, *aliases: str) -> FactDefinition:
    return FactDefinition(id=id_, type=FactType.TEXT, title=Text(zh, en), aliases=aliases)


_GROUP = _text("drg", "病组编码", "DRG", "DRG编码", "DRG代码", "病组代码", "病组")
_SINCE = FactDefinition(
    id="since", type=FactType.DATE, title=Text("执行日期", "In force from"), aliases=("起始日期", "生效日期", "起")
)
_FOR_PEOPLE = (
    _text("title", "病组名称", "Group's name", "DRG名称", "名称"),
    _text("note", "备注", "Note", "说明"),
    _text("number", "序号", "Number"),
)
_LEVEL_COLUMNS = {
    "tertiary": _text("tertiary", "三级系数", "Coefficient of tertiary hospitals", "三级医院系数", "三级医疗机构系数"),
    "secondary": _text(
        "secondary", "二级系数", "Coefficient of secondary hospitals", "二级医院系数", "二级医疗机构系数"
    ),
    "primary": _text("primary", "一级系数", "Coefficient of primary hospitals", "一级医院系数", "一级医疗机构系数"),
}


def _table(
    id_: str, zh: str, en: str, required: tuple[FactDefinition, ...], more: tuple[FactDefinition, ...]
) -> Register:
    optional = (*more, _SINCE, *_FOR_PEOPLE)
    keyed = FactDefinition(
        id="key", type=FactType.KEY, title=Text("—", "—")
    )  # a table is told by its columns, not by a key
    return Register(
        id=id_,
        title=Text(zh, en),
        department="medical_insurance",
        subject="drg",
        subject_key="key",
        key=("key",),
        facts=(keyed, *required, *optional),
        optional=frozenset({"key", *(each.id for each in optional)}),
    )


POINTS_TABLE = _table(
    "published_base_points",
    "基准点数表",
    "Published base points",
    (_GROUP, _text("base_points", "基准点数", "Base points", "DRG基准点数", "病组基准点数", "点数")),
    (
        FactDefinition(
            id="mean_cost",
            type=FactType.MONEY,
            title=Text("例均费用", "Mean cost"),
            unit="元",
            aliases=("病组例均费用", "次均费用", "均次费用"),
        ),
        FactDefinition(
            id="stable", type=FactType.BOOLEAN, title=Text("是否稳定", "Stable"), aliases=("稳定", "稳定病组")
        ),
        *_LEVEL_COLUMNS.values(),
    ),
)
COEFFICIENTS_TABLE = _table(
    "published_coefficients",
    "系数表",
    "Published coefficients",
    (_text("coefficient", "系数", "Coefficient", "差异系数", "成本系数", "等级系数", "医院系数"),),
    (
        _HOSPITAL,
        _LEVELS,
        _GROUP,
        _text("name", "医疗机构名称", "Name", "医院名称"),
    ),
)
"""What the tables look like; they are no registers of a home, but their heads are found as those of registers are."""


@dataclass(frozen=True, slots=True)
class _Row:
    number: int
    cells: Mapping[str, str]
    header: Header
    problems: list[str]

    def text(self, name: str) -> str:
        return self.cells.get(name, "").strip()

    def number_of(self, name: str, title: str) -> Fraction | None:
        """A decimal above 0; None for an empty cell, or one that was complained of."""
        written = self.text(name)
        if not written:
            return None
        try:
            value = Decimal(written.replace(",", "").replace("，", ""))
        except InvalidOperation:
            value = Decimal("NaN")
        if not value.is_finite():
            self.problems.append(f"第 {self.number} 行的{title} {written!r} 不是数")
        elif not 0 < value <= _LARGEST:
            self.problems.append(f"第 {self.number} 行的{title} {written} 要大于 0，不超过 {_LARGEST:,}")
        elif value.as_tuple().exponent < -12:  # type: ignore[operator]  # of a finite number it is an int
            self.problems.append(f"第 {self.number} 行的{title} {written} 的小数超过十二位")
        else:
            return Fraction(value)
        return None

    def fact(self, definition: FactDefinition) -> object:
        """A cell read as registers read it; None for an empty one, or one that was complained of."""
        column = next((each for each in self.header.columns if each.fact.id == definition.id), None)
        written = self.text(definition.id)
        if column is None or not written:
            return None
        read = read_cell(written, definition, column.exponent, unit=column.unit, numeric=True)
        if read.reason:
            self.problems.append(f"第 {self.number} 行的{definition.title.zh} {written!r}：{read.reason}")
        return read.value

    def since(self) -> dt.date | None:
        day = self.fact(_SINCE)
        if isinstance(day, dt.date) and (day.month, day.day) != (1, 1):
            self.problems.append(f"第 {self.number} 行的执行日期 {day}：清算按自然年，要是某年 1 月 1 日")
        return day if isinstance(day, dt.date) else None


def load_published(folder: Path, rules: Rules, groups: Collection[str]) -> Published:
    """The tables that the rules name, as they are in force in their year.

    Args:
        folder: of the policy.
        groups: DRGs of the scheme; a table may name no other.

    Raises:
        YunnaoError: a table is missing, or something in it cannot be used; the message names file and rows.
    """
    table, own = rules.base_points.table, rules.coefficients.table
    contents: dict[str, bytes] = {}
    found: list[PublishedGroup] = []
    coefficients: dict[tuple[str, str], Fraction] = {}
    if table is not None:
        found = in_force(read_base_points(folder / table.file, groups), rules.year, table.file)
        if not found:
            raise YunnaoError(f"{table.file}：没有 {rules.year} 年执行的基准点数；请换成这一年的表，或改执行日期")
        if any(each.coefficients for each in found) and all(p.of != "published" for p in rules.coefficients.parts):
            raise YunnaoError(
                f"{table.file}：表里有系数列，政策的 coefficients 没有用它；请在 parts 里写 of: published，或从表里去掉这些列"
            )
        coefficients = {(level, each.drg): value for each in found for level, value in each.coefficients.items()}
        contents[table.file] = (folder / table.file).read_bytes()
    if own is not None:
        given = in_force(read_coefficients(folder / own, groups), rules.year, own)
        if not given:
            raise _no_coefficients(own, rules)
        for each in given:
            if (each.whose, each.drg) in coefficients:
                raise YunnaoError(f"{own} 第 {each.row} 行：{each.key} 的系数在基准点数表里也有；请只留一处")
            coefficients[each.whose, each.drg] = each.coefficient
        contents[own] = (folder / own).read_bytes()
    if table is not None and not coefficients and any(part.of == "published" for part in rules.coefficients.parts):
        raise _no_coefficients(table.file, rules)
    by_drg = {each.drg: each for each in found}
    return Published(
        groups=by_drg,
        coefficients=coefficients,
        missing=tuple(sorted(set(groups) - by_drg.keys())) if table is not None else (),
        contents=contents,
        hashes={name: hashlib.sha256(content).hexdigest() for name, content in contents.items()},
    )


def _no_coefficients(name: str, rules: Rules) -> YunnaoError:
    return YunnaoError(
        f"{name}：没有 {rules.year} 年执行的系数，政策的 coefficients 却写了 of: published；请换成这一年的表，或改政策"
    )


def read_base_points(path: Path, groups: Collection[str]) -> list[PublishedGroup]:
    """Every row of a table of base points.

    Raises:
        FileRefused: it is no such table, or a row is wrong: an unknown group, no points, points that are not above 0.
    """
    found, problems = [], list[str]()
    for row in _rows(path, POINTS_TABLE, problems):
        drg = row.text("drg")
        base = row.number_of("base_points", "基准点数")
        if not drg:
            problems.append(f"第 {row.number} 行没有病组编码")
        elif drg not in groups:
            problems.append(f"第 {row.number} 行的病组 {drg} 不在分组方案里")
        if base is None and not row.text("base_points"):
            problems.append(f"第 {row.number} 行没有基准点数")
        mean = row.fact(POINTS_TABLE.fact("mean_cost"))
        if mean == 0:
            problems.append(f"第 {row.number} 行的例均费用要大于 0")
        given = {level: row.number_of(level, fact.title.zh) for level, fact in _LEVEL_COLUMNS.items()}
        found.append(
            PublishedGroup(
                row=row.number,
                drg=drg,
                base=base or Fraction(1),
                mean=Fraction(mean) if isinstance(mean, int) and mean else None,
                stable=row.fact(POINTS_TABLE.fact("stable")) is not False,
                since=row.since(),
                coefficients={level: value for level, value in given.items() if value is not None},
            )
        )
    _refuse(path, problems)
    return found


def read_coefficients(path: Path, groups: Collection[str]) -> list[PublishedCoefficient]:
    """Every row of a table of coefficients.

    Raises:
        FileRefused: it is no such table, or a row is wrong: both a hospital and a level, or neither; an unknown group; no coefficient.
    """
    found, problems = [], list[str]()
    for row in _rows(path, COEFFICIENTS_TABLE, problems):
        hospital, level, drg = row.fact(_HOSPITAL), row.fact(_LEVELS), row.text("drg")
        value = row.number_of("coefficient", "系数")
        if (hospital is None) == (level is None):
            problems.append(f"第 {row.number} 行要写医疗机构编号或等级，并且只写一个")
        if drg and drg not in groups:
            problems.append(f"第 {row.number} 行的病组 {drg} 不在分组方案里")
        if value is None and not row.text("coefficient"):
            problems.append(f"第 {row.number} 行没有系数")
        found.append(
            PublishedCoefficient(
                row=row.number,
                whose=str(hospital or level or ""),
                drg=drg or ANY,
                coefficient=value or Fraction(1),
                since=row.since(),
            )
        )
    _refuse(path, problems)
    return found


def _refuse(path: Path, problems: list[str]) -> None:
    if problems:
        raise FileRefused(f"{path.name}：{told(problems)}。请改正后重试")


def _rows(path: Path, table: Register, problems: list[str]) -> Iterator[_Row]:
    """The rows below the head of the sheet that has the most of the table's columns."""
    check_readable(path)
    sheets = [(find_header(sheet.head(), table), sheet) for sheet in open_sheets(path, path.name, table)]
    if not sheets:
        raise FileRefused(f"{path.name}：没有内容；请重新导出")
    header, sheet = max(sheets, key=lambda pair: len(pair[0].columns))
    complaints = [
        *(f"缺少列 {fact.title.zh}（{fact.id}）" for fact in header.missing),
        *header.twice,
        *header.strange_units,
        *(f"不认识的列「{name}」" for name in header.ignored),
    ]
    if complaints:
        known = "、".join(fact.title.zh for fact in table.facts[1:])
        raise FileRefused(f"{path.name}：{told(complaints)}；{table.title.zh}可有的列：{known}")
    for place in range(header.last_row + 1, sheet.rows.height):
        cells = sheet.rows.row(place)
        named = {column.fact.id: cells[column.index] for column in header.columns}
        if any(text.strip() for text in named.values()):
            yield _Row(place + 1, named, header, problems)
