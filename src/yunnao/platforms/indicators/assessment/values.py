"""The values that units are assessed by: one a unit, indicator and period, exact, each with where it came from."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from yunnao.platforms.indicators.assessment.definition import Assessment
from yunnao.platforms.indicators.assessment.periods import Period

_DECIMAL = re.compile(r"^[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?$|^[+-]?\.\d+$", re.ASCII)
_MOST_DIGITS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One value.

    Attributes:
        value: in the indicator's unit; None where the office has none yet.
        target: of this unit and period, for completion over a given target.
        measured_in: the unit of measure that the row says, if it says one.
        source: where it stands: file and row, or delivery.
    """

    unit: str
    indicator: str
    period: Period
    value: Decimal | None
    target: Decimal | None = None
    measured_in: str | None = None
    source: str = ""


@dataclass(frozen=True)
class Values:
    """Values by unit, indicator and period, and those that nothing asks for.

    Attributes:
        unused: sentences about rows whose unit or indicator the assessment does not know.
    """

    by_place: Mapping[tuple[str, str, Period], Value]
    unused: tuple[str, ...] = field(default=())

    def find(self, unit: str, indicator: str, period: Period) -> Value | None:
        """The row of this place, if there is one."""
        return self.by_place.get((unit, indicator, period))

    def number(self, unit: str, indicator: str, period: Period) -> Fraction | None:
        """The exact number there; None where there is none."""
        row = self.find(unit, indicator, period)
        return None if row is None or row.value is None else Fraction(row.value)

    @property
    def periods(self) -> list[Period]:
        """Every period that some value is of, in order of time."""
        return sorted({period for _, _, period in self.by_place})


def decimal_of(text: str) -> Decimal | None:
    """A plain decimal number as offices write it (``1,234.5``); None if it is none, or has more than 24 signs."""
    written = text.strip().replace("\u2212", "-")
    if not _DECIMAL.match(written) or len(written) > _MOST_DIGITS:
        return None
    return Decimal(written.replace(",", ""))


def gathered(assessment: Assessment, rows: Iterable[Value]) -> Values:
    """Rows whose units and indicators are named by id or by title, by ids.

    Raises:
        ValueError: two rows give different values for one place; the message is a Chinese sentence.
    """
    units = _names({id_: (title.zh, title.en) for id_, title in assessment.units.items()})
    titles: dict[str, tuple[str, ...]] = {}
    measures: dict[str, set[str]] = {}
    for each in assessment.asked:  # one that was revised has several titles
        titles[each.id] = (*titles.get(each.id, ()), each.title.zh, each.title.en)
        measures.setdefault(each.id, set()).add(each.unit)
    indicators = _names(titles)
    found: dict[tuple[str, str, Period], Value] = {}
    unused = []
    for row in rows:
        unit, indicator = units.get(row.unit), indicators.get(row.indicator)
        if unit is None or indicator is None:
            what = f"没有叫“{row.unit}”的考核对象" if unit is None else f"没有叫“{row.indicator}”的指标"
            unused.append(f"{row.source}：{what}，这一行没有用上")
            continue
        if row.period.kind != assessment.period:
            unused.append(f"{row.source}：时期 {row.period} 不是本考核的周期，这一行没有用上")
            continue
        if row.measured_in and row.measured_in.strip() not in measures[indicator]:
            asked = "、".join(sorted(measures[indicator]))
            unused.append(
                f"{row.source}：{row.unit} 的 {row.indicator} 单位是“{row.measured_in}”，考核定义里是“{asked}”，这一行没有用上"
            )
            continue
        place = (unit, indicator, row.period)
        known = found.get(place)
        if known is not None and (known.value, known.target) != (row.value, row.target):
            raise ValueError(
                f"{row.unit} 的 {row.indicator} 在 {row.period} 有两个不同的值：{known.source} 与 {row.source}；请只留一个"
            )
        found[place] = Value(
            unit=unit,
            indicator=indicator,
            period=row.period,
            value=row.value,
            target=row.target,
            source=known.source if known else row.source,
        )
    return Values(found, tuple(unused))


def _names(titles: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    names: dict[str, str] = {}
    for id_, words in titles.items():
        for word in (id_, *words):
            if names.setdefault(word, id_) != id_:
                raise ValueError(f"“{word}”同时指 {names[word]} 和 {id_}；请在定义里改名")
    return names
