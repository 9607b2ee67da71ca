"""Results that the district measures itself: indicators of its runs (registers, decisions, cases) that a table names for a target."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Strict, Words, validated
from yunnao.platforms.indicators.measure import Measured
from yunnao.platforms.indicators.table import in_unit, unit_text
from yunnao.platforms.indicators.targets.target import Actual, Covers
from yunnao.scenarios.plan.linking.names import Name, name_of, scaled
from yunnao.scenarios.plan.tracking.actual_files import Series

FILE = "plan/measured.yaml"
"""Where the table is, in a home: which measured indicator is the result of which target."""


class MeasuredLine(Strict):
    """A target's indicator and the measured one that is its result.

    Attributes:
        indicator, area: as the plan names it.
        scenario, measure: the scenario and the id of its indicator.
        covers: what the measured number covers.
        unit: what it is counted in, if the target says it otherwise (家 for 个).
    """

    indicator: Words
    area: str = ""
    scenario: Id
    measure: Id
    covers: Covers
    unit: str | None = None


_LINES: TypeAdapter[list[MeasuredLine]] = TypeAdapter(list[MeasuredLine])


def load_measured(home: Path) -> list[MeasuredLine]:
    """The table of the district in ``home``; an empty one where it has none.

    Raises:
        DefinitionError: it is not as declared.
    """
    path = home / FILE
    found: list[MeasuredLine] = validated(_LINES, strict_yaml.read(path), path.name) if path.exists() else []
    return found


def measured_actuals(
    lines: Sequence[MeasuredLine], measured: Iterable[Measured], wanted: Sequence[Series]
) -> list[Actual]:
    """The results that runs have measured; of several in a month the latest run's."""
    totals = [each for each in measured if not each.by and each.value is not None]
    kinds = {(each.name, each.base_unit): each.kind for each in wanted}
    found: dict[tuple[str, ...], tuple[tuple[str, int], Actual]] = {}
    for line in lines:
        name = name_of(line.indicator, line.area)
        for each in totals:
            if (each.scenario, each.indicator) == (line.scenario, line.measure):
                actual = _actual(line, name, each, kinds)
                order = (each.as_of.isoformat(), each.run)
                if actual.key not in found or found[actual.key][0] < order:
                    found[actual.key] = (order, actual)
    return [actual for _, actual in found.values()]


def _actual(line: MeasuredLine, name: Name, each: Measured, kinds: dict[tuple[Name, str], str]) -> Actual:
    value = in_unit(str(each.value), each.unit)
    unit = line.unit or unit_text(each.unit)
    base_value, base_unit = scaled(Decimal(value), unit)
    return Actual(
        area=name.area,
        indicator=line.indicator,
        series=name.series,
        kind=kinds.get((name, base_unit), "level"),
        period=f"{each.as_of:%Y-%m}",
        covers=line.covers,
        unit=unit,
        value=value,
        base_unit=base_unit,
        base_value=base_value,
        source=f"第 {each.run} 次运行的指标 {each.scenario}.{each.indicator}（{each.as_of}，定义 {each.definition}）",
    )
