"""Measures as tables that people read: rows in the order that the district chose, every rate with its numerator, denominator and band."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.scenarios.appeals.measure_settings import Band, MeasureSettings, ranked
from yunnao.scenarios.appeals.rates import (
    EVERYBODY,
    EXCLUDED,
    REASONS,
    UNNAMED,
    Dimension,
    Rate,
    ordered,
    rates,
)

ALL = Text("全区", "All together")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A rate as it is shown; ``left_out``: why and how many, the most first."""

    rate: Rate
    band: Band | None
    left_out: tuple[tuple[Text, int], ...]

    @property
    def left(self) -> int:
        """How many are left out."""
        return sum(count for _, count in self.left_out)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A group as it is shown; rank and score only where the district asks for them."""

    group: str | None
    title: Text
    cells: tuple[Cell, ...]
    score: int | None
    rank: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Excluded:
    """A case that is left out of every measure (不计入考核)."""

    case_id: str
    department: Text
    ground: Text
    opened: dt.date


@dataclass(frozen=True, kw_only=True)
class Wording:
    """What groups and grounds are called.

    Attributes:
        departments: id -> title, in the order of the catalogue.
        grounds: of excluding a case, id -> title.
    """

    departments: Mapping[str, Text]
    grounds: Mapping[str, Text]

    @classmethod
    def of(cls, flow: FiledFlow, departments: Mapping[str, Text]) -> "Wording":
        """What a flow and its departments say."""
        step = flow.step("exclude")
        field = step.gives.get("ground") if step else None
        grounds = {id_: Text(label.zh, label.en) for id_, label in field.values.items()} if field else {}
        return cls(departments=departments, grounds=grounds)

    def group(self, by: Dimension, group: str | None) -> Text:
        """The title of a group."""
        if group == EVERYBODY:
            return ALL
        if group is None:
            return UNNAMED[by]
        return self.departments.get(group, Text(group, group)) if by == "department" else Text(group, group)

    def reason(self, reason: str) -> Text:
        """Why something is left out."""
        if not reason.startswith(EXCLUDED):
            return REASONS[reason]
        ground = self.ground(reason.removeprefix(EXCLUDED))
        return Text(f"不计入考核：{ground.zh}", f"excluded: {ground.en}")

    def ground(self, id_: str) -> Text:
        """A ground of excluding."""
        return self.grounds.get(id_, Text(id_ or "没有写明", id_ or "not named"))


def rows(
    table: pl.DataFrame,
    by: Dimension,
    today: dt.date,
    settings: MeasureSettings,
    wording: Wording,
    rank_by: str | None = None,
) -> list[Row]:
    """The groups of a table of cases, all together first.

    Args:
        table: as `case_table`, made for ``today``.
        rank_by: a measure or ``score``, to rank by it; otherwise there are no ranks.

    Raises:
        YunnaoError: there is nothing of that name to rank by.
    """
    found = rates(table, by, today)
    if rank_by is None:
        order = list(wording.departments) if by == "department" and settings.order == "catalogue" else None
        places: list[tuple[int | None, str | None]] = [
            (None, each) for each in ordered(found, lambda group: wording.group(by, group).zh, order)
        ]
    else:
        places = ranked(found, settings, rank_by)
    return [row(found[group], by, group, settings, wording, rank) for rank, group in places]


def row(
    found: Sequence[Rate],
    by: Dimension,
    group: str | None,
    settings: MeasureSettings,
    wording: Wording,
    rank: int | None = None,
) -> Row:
    """One group with the rates found of it."""
    cells = tuple(
        Cell(
            rate=rate,
            band=settings.band(rate),
            left_out=tuple(
                (wording.reason(reason), count)
                for reason, count in sorted(rate.left_out.items(), key=lambda item: (-item[1], item[0]))
            ),
        )
        for rate in found
    )
    return Row(group=group, title=wording.group(by, group), cells=cells, score=settings.score(found), rank=rank)


def excluded(table: pl.DataFrame, wording: Wording) -> list[Excluded]:
    """Every case that is left out of all measures, by number: it stays visible."""
    left = table.drop_nulls("excluded").sort("case_id").select("case_id", "department", "excluded", "opened")
    return [
        Excluded(
            case_id=case_id,
            department=wording.group("department", department),
            ground=wording.ground(ground),
            opened=opened,
        )
        for case_id, department, ground, opened in left.iter_rows()
    ]
