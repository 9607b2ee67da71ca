"""Base points and coefficients that an office has published (公布的基准点数表), as they are used instead of those derived from stays.

Pure: `published_files` reads the tables. A group of the table is worth what is published; its mean cost is published, too, or follows
from the definition B = m / M x scale (see `reference`), so that multiples are of what the hospitals were told.
"""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from yunnao.kernel.errors import YunnaoError

ANY = ""
"""Stands for every group in a row of coefficients."""

_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedGroup:
    """A row of a table of base points.

    Attributes:
        row: in the file, for messages.
        base: base points, > 0.
        mean: mean cost in fen; None where the table does not say.
        stable: whether stays of it are paid by the group.
        since: the first day it is in force, a 1 January; None: always.
        coefficients: level -> coefficient, where the table has such columns.
    """

    row: int
    drg: str
    base: Fraction
    mean: Fraction | None = None
    stable: bool = True
    since: dt.date | None = None
    coefficients: Mapping[str, Fraction] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """What may stand once for each day."""
        return self.drg


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedCoefficient:
    """A row of a table of coefficients: of a hospital or a level, for a group or for all (`ANY`)."""

    row: int
    whose: str
    drg: str
    coefficient: Fraction
    since: dt.date | None = None

    @property
    def key(self) -> str:
        """What may stand once for each day."""
        return f"{self.whose} {self.drg}".strip()


@dataclass(frozen=True, kw_only=True)
class Published:
    """The tables of a year.

    Attributes:
        groups: DRG -> its row in force; empty without a table of base points.
        coefficients: (hospital or level, DRG or `ANY`) -> coefficient.
        missing: groups of the scheme that the table of base points leaves out, sorted.
        contents: file -> its bytes, as a run keeps them.
        hashes: file -> SHA-256.
    """

    groups: Mapping[str, PublishedGroup] = field(default_factory=dict)
    coefficients: Mapping[tuple[str, str], Fraction] = field(default_factory=dict)
    missing: Sequence[str] = ()
    contents: Mapping[str, bytes] = field(default_factory=dict)
    hashes: Mapping[str, str] = field(default_factory=dict)

    def coefficient(self, hospital: str, level: str | None, drg: str) -> Fraction:
        """The nearest that is published: the hospital's for the group, for all, the level's for the group, for all; else 1."""
        for key in ((hospital, drg), (hospital, ANY), (level or "", drg), (level or "", ANY)):
            if key in self.coefficients:
                return self.coefficients[key]
        return Fraction(1)


NOTHING = Published()
"""No table."""

_Row = TypeVar("_Row", PublishedGroup, PublishedCoefficient)


def in_force(rows: Iterable[_Row], year: int, name: str) -> list[_Row]:
    """The rows of a table in force in ``year``: of one key the latest that began by then.

    Raises:
        YunnaoError: a key stands twice for the same day; the message names the rows.
    """
    found: dict[str, _Row] = {}
    first: dict[tuple[str, dt.date | None], int] = {}
    repeated = []
    for row in rows:
        if (row.key, row.since) in first:
            repeated.append(f"第 {row.row} 行的 {row.key} 与第 {first[row.key, row.since]} 行重复")
        first.setdefault((row.key, row.since), row.row)
        if row.since is not None and row.since > dt.date(year, 1, 1):
            continue
        before = found.get(row.key)
        if before is None or (before.since or dt.date.min) <= (row.since or dt.date.min):
            found[row.key] = row
    if repeated:
        raise YunnaoError(f"{name}：{told(repeated)}；同一项同一执行日期只能有一行，请删去多余的")
    return [found[key] for key in sorted(found)]


def told(reasons: Sequence[str]) -> str:
    """The first few reasons and how many there are."""
    more = f"等 {len(reasons)} 处" if len(reasons) > _SHOWN else ""
    return "；".join(reasons[:_SHOWN]) + more
