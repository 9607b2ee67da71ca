"""From reviewed rows to promises that a home keeps, and to the series that results are wanted of."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError, FileRefused
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.targets.comparing import Sign
from yunnao.platforms.indicators.targets.target import LAST_MONTH, Actual, Promised
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.linking.names import Name, better_of, nature_of, own_scope
from yunnao.scenarios.plan.linking.statements import Statement, statement
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.tracking.actual_files import CHANGES, Series, Skipped

OWNERS_FILE = "plan/owners.yaml"
"""Where a district's table of departments is, in its home; without one, officers say who answers for a target."""


class OwnerLine(Strict):
    """A department and the words in an indicator's name by which it answers for it."""

    department: Id
    names: Annotated[list[Words], Field(min_length=1)]


_OWNERS: TypeAdapter[list[OwnerLine]] = TypeAdapter(list[OwnerLine])


@dataclass(frozen=True, slots=True)
class Owners:
    """What the table of departments says about the series of a file.

    Attributes:
        by_series: series -> the one department.
        ambiguous: series -> departments, where several lines fit; nobody is chosen.
    """

    by_series: dict[str, str]
    ambiguous: dict[str, tuple[str, ...]]


def promises(rows: Sequence[Quantity]) -> list[Promised]:
    """What the reviewed rows of one report promise."""
    own = own_scope(row.sentence for row in rows)
    return [_promised(row, statement(row, "", own)) for row in rows if row.status == "target"]


def _promised(row: Quantity, stated: Statement) -> Promised:
    return Promised(
        period=row.period,
        area=stated.area,
        indicator=row.indicator,
        series=stated.series,
        kind=row.kind,
        unit=row.unit,
        value=row.value,
        value_high=row.value_high,
        base_unit=stated.base_unit,
        base_value=stated.base_value,
        base_high=stated.base_high,
        sign=stated.sign,
        direction=row.direction,
        better=better_of(stated.series, row.kind, row.direction),
        nature=nature_of(stated.series, row.kind),
        aspirational=stated.aspirational,
        base_stretch=stated.base_stretch,
        begins=row.start,
        ends=row.end,
        text_line=row.line,
        section=row.section,
        sentence=row.sentence,
        quote=row.quote,
    )


def plan_of(promised: Sequence[Promised]) -> str:
    """The plan that a file belongs to, if nobody says it: the period that most of its promises have.

    Raises:
        FileRefused: it promises nothing.
    """
    if not promised:
        raise FileRefused("文件里没有一行是目标（性质为 target）；请先核对 yunnao plan read 写的表")
    counts = Counter(each.period for each in promised if each.period != "other")
    return counts.most_common(1)[0][0] if counts else "other"


def check_words(rows: Sequence[Quantity], document: Document) -> None:
    """Make sure that the rows are of this report: every numeral's sentence stands where the row says.

    Raises:
        FileRefused: one does not.
    """
    for row in rows:
        found = document.text[row.start : row.end]
        if found not in row.quote or not _says(found, row):
            raise FileRefused(
                f"{document.source}：第 {row.line} 行“{row.quote}”的位置（{row.start}—{row.end}）上写的是 {found!r}；"
                "这些行不是从这份报告读出来的，请换成对应的报告"
            )


def _says(numeral: str, row: Quantity) -> bool:
    """Whether a numeral may be the number of a row; of words and compound numerals nothing is known."""
    try:
        return Decimal(unicodedata.normalize("NFKC", numeral).replace(",", "")) in (row.value, row.value_high)
    except InvalidOperation:
        return bool(numeral)


def owners_of(series: Iterable[str], table: Sequence[OwnerLine]) -> Owners:
    """Who answers for each series by the table; where several departments fit, nobody."""
    sure: dict[str, str] = {}
    ambiguous: dict[str, tuple[str, ...]] = {}
    for each in dict.fromkeys(series):
        fitting = tuple(line.department for line in table if any(word in each for word in line.names))
        if len(set(fitting)) == 1:
            sure[each] = fitting[0]
        elif fitting:
            ambiguous[each] = tuple(dict.fromkeys(fitting))
    return Owners(sure, ambiguous)


def load_owners(path: Path, departments: dict[str, Text] | None = None) -> list[OwnerLine]:
    """The table of departments in ``path``; an empty one where there is no such file.

    Raises:
        DefinitionError: it is not as declared, or names a department that the district does not have.
    """
    if not path.exists():
        return []
    lines: list[OwnerLine] = validated(_OWNERS, strict_yaml.read(path), path.name)
    for line in lines:
        if departments is not None and line.department not in departments:
            known = "、".join(sorted(departments))
            raise DefinitionError(
                f"{path.name}：没有部门 {line.department}；现有：{known}，其他的请先写进 district.yaml"
            )
    return lines


def series_of_promises(promised: Iterable[Promised]) -> list[Series]:
    """The series that results are wanted of."""
    return [
        Series(Name(each.area, each.series), each.indicator, each.kind, each.base_unit, each.nature, each.direction)
        for each in promised
    ]


def series_of_statements(targets: Iterable[Statement]) -> list[Series]:
    """The same of targets that are not kept in a home."""
    return [
        Series(
            Name(each.area, each.series),
            each.indicator,
            each.kind,
            each.base_unit,
            nature_of(each.series, each.kind),
            each.direction,
        )
        for each in targets
        if each.status == "target"
    ]


def statement_of_actual(actual: Actual, wanted: Iterable[Series] = ()) -> Statement:
    """A sheet's result as linking sees it; it is told in the direction of the series that is ``wanted``."""
    same = (actual.series, actual.area, actual.kind)
    falls = any(each.direction == "down" and (each.name.series, each.name.area, each.kind) == same for each in wanted)
    whole = actual.month == LAST_MONTH and actual.covers != "month"
    return Statement(
        area=actual.area,
        series=actual.series,
        indicator=actual.indicator,
        kinds=frozenset({actual.kind}),
        period=str(actual.year),
        value=actual.value,
        value_high=None,
        unit=actual.unit,
        base_value=actual.base_value,
        base_high=None,
        base_unit=actual.base_unit,
        sign=actual.sign,
        direction="down" if falls else "up",
        status="outcome",
        estimate=False,
        aspirational=False,
        base_stretch=None,
        source=actual.source if whole else f"{actual.period}（{actual.source}）",
        quote="",
        whole_year=whole,
    )


def actuals_of_rows(
    outcomes: Iterable[Statement], wanted: Sequence[Series], file: str
) -> tuple[list[Actual], list[Skipped]]:
    """What a later report says was reached in a year, of the series that are ``wanted``, in their kind and unit.

    A range says no one number and is left out, with the reason; so is what two places of the report tell differently.

    Args:
        file: name of the report.
    """
    by_key = {(each.name.area, each.name.series, each.kind, each.base_unit): each for each in wanted}
    found: dict[tuple[str, ...], list[tuple[Statement, Actual]]] = {}
    skipped = []
    for each in outcomes:
        series = by_key.get((each.area, each.series, each.kind, each.base_unit))
        if series is None or each.year is None or each.status != "outcome":
            continue
        if each.base_high is not None:
            reason = f"{each.indicator} {each.shown} 是一个区间，不是一个完成数；请核对后用数据表报数"
            skipped.append(Skipped(file, each.line, "value", reason))
            continue
        turned = each.kind in CHANGES and (series.direction == "down") != (each.direction == "down")
        actual = Actual(
            area=each.area,
            indicator=each.indicator,
            series=each.series,
            kind=each.kind,
            period=f"{each.year}-{LAST_MONTH}",
            covers="point" if series.nature == "stock" else "to_date",
            unit=each.unit,
            value=each.value,
            base_unit=each.base_unit,
            base_value=-each.base_value if turned else each.base_value,
            sign=_TURNED[each.sign] if turned else each.sign,
            source=f"{each.source}{'（预计）' if each.estimate else ''}",
        )
        found.setdefault(actual.key, []).append((each, actual))
    actuals = []
    for same in found.values():
        if len({(actual.base_value, actual.sign) for _, actual in same}) == 1:
            actuals.append(same[0][1])
            continue
        told = "、".join(f"{each.shown}（第 {each.line} 行）" for each, _ in same)
        reason = f"{same[0][0].indicator}在报告里有不同的完成数：{told}；都没有用，请核对后用数据表报数"
        skipped += [Skipped(file, each.line, "value", reason) for each, _ in same]
    return actuals, sorted(skipped, key=lambda each: each.row)


_TURNED: dict[Sign, Sign] = {"=": "=", "≈": "≈", "≥": "≤", ">": "<", "≤": "≥", "<": ">"}
