"""企业划型: large, medium, small or micro, by the national standard 工信部联企业〔2011〕300号.

An enterprise has the lowest of the levels that its applicable indicators reach. Where an applicable indicator is
unknown, so is the size: never micro by default. The tax and statistics bureaus' notions of "small" are other rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Text

Size = Literal["micro", "small", "medium", "large"]
SIZES: tuple[Size, ...] = ("micro", "small", "medium", "large")
TITLES = {
    "micro": Text("微型", "Micro"),
    "small": Text("小型", "Small"),
    "medium": Text("中型", "Medium"),
    "large": Text("大型", "Large"),
}
CITES = "工信部联企业〔2011〕300号"

_TABLE = Path(__file__).with_name("enterprise_size.yaml")
_FEN_PER_TEN_THOUSAND_YUAN = 1_000_000

Bounds = tuple[int, int, int]
"""Lowest values, inclusive, of small, medium and large."""


@dataclass(frozen=True, slots=True)
class Industry:
    """A row of the standard.

    Attributes:
        codes: headings of GB/T 4754-2017 that belong to it; no heading lies under another industry's.
        employees: bounds in persons, if the indicator applies.
        revenue, assets: bounds in fen, if the indicator applies.
        covered: whether the standard gives it any size.
    """

    id: str
    title: Text
    codes: tuple[str, ...]
    employees: Bounds | None = None
    revenue: Bounds | None = None
    assets: Bounds | None = None
    covered: bool = True


@cache
def industries() -> tuple[Industry, ...]:
    """The sixteen rows of the standard, then the industries that it does not cover.

    Raises:
        DefinitionError: the shipped table is damaged.
    """
    table = strict_yaml.read(_TABLE)
    try:
        rows = (*_rows(table["industries"], covered=True), *_rows(table["not_covered"], covered=False))
    except (KeyError, TypeError, ValueError) as error:
        raise DefinitionError(f"{_TABLE.name}：划型表缺少或写错了 {error}；请恢复原文件") from None
    codes = [code for row in rows for code in row.codes]
    overlapping = [(a, b) for a in codes for b in codes if a != b and b.startswith(a)]
    if overlapping or len(set(codes)) != len(codes):
        raise DefinitionError(f"{_TABLE.name}：行业代码重叠 {overlapping}；每个代码只能属于一个行业")
    return rows


def _rows(table: list[dict[str, Any]], *, covered: bool) -> Iterator[Industry]:
    for row in table:
        yield Industry(
            id=row["id"],
            title=Text(**row["title"]),
            codes=tuple(row["codes"]),
            employees=_bounds(row.get("employees"), 1),
            revenue=_bounds(row.get("revenue"), _FEN_PER_TEN_THOUSAND_YUAN),
            assets=_bounds(row.get("assets"), _FEN_PER_TEN_THOUSAND_YUAN),
            covered=covered,
        )


def _bounds(values: list[int] | None, factor: int) -> Bounds | None:
    if values is None:
        return None
    small, medium, large = (int(value) * factor for value in values)
    return small, medium, large


def industry_of(industry_code: str) -> Industry | None:
    """The standard's row for a code of GB/T 4754-2017 (``"C3511"``, ``"F51"``); none if too short to tell."""
    return next((row for row in industries() if industry_code.startswith(row.codes)), None)


def enterprise_size(
    industry: str, *, employees: int | None = None, revenue: int | None = None, assets: int | None = None
) -> Size | None:
    """The size of an enterprise; `None` is unknown.

    Args:
        industry: id of a row of the standard, as in `Industry.id`.
        employees: persons at year end.
        revenue: of last year, in fen.
        assets: at the end of last year, in fen.

    Raises:
        KeyError: there is no such row.
    """
    row = {row.id: row for row in industries()}[industry]
    if not row.covered:
        return None
    given = ((row.employees, employees), (row.revenue, revenue), (row.assets, assets))
    applicable = [(bounds, value) for bounds, value in given if bounds is not None]
    if any(value is None for _, value in applicable):
        return None
    levels = [sum(value >= bound for bound in bounds) for bounds, value in applicable if value is not None]
    return SIZES[min(levels)]
