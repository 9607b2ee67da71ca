"""A settlement as the desk's pages show it: grids of words and links, tiles and charts, made from a run's frames. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from types import SimpleNamespace
from typing import Any
from urllib.parse import quote

import polars as pl
from markupsafe import Markup

from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.forecast import Forecast, forecast, month_value
from yunnao.scenarios.drg.reporting.statement import account_lines
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, LEVELS, POOLS, money, points, share_of, title_of
from yunnao.scenarios.drg.settlement.runs import Manifest
from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.charts.trends import Period, trend_chart

HOSPITAL, GROUP, STAY = "/desk/drg/hospital", "/desk/drg/group", "/desk/drg/stay"
_DASH = "—"
_THOUSAND = 10_000_000
"""Units of 1/10000 in a thousand points."""


@dataclass(frozen=True, slots=True)
class Cell:
    """Words in a grid, and the page they lead to."""

    text: str
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; the first cell of a row is its head, as many cells as heads.

    Attributes:
        figures: whether the other cells are figures, which are set to the right on a wide screen.
    """

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    figures: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Charted:
    """A chart with the same figures in a table, as `figures_parts.html` wants them."""

    title: str
    picture: Markup
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tile:
    """A figure with its name, and words below it."""

    title: str
    value: str
    note: str = ""


def row(*texts: str | Cell) -> tuple[Cell, ...]:
    """Cells of words or links."""
    return tuple(each if isinstance(each, Cell) else Cell(each) for each in texts)


def path(page: str, id_: str | None) -> str:
    """The address of one hospital's, group's or stay's page; none for none."""
    return f"{page}/{quote(id_, safe='')}" if id_ else ""


def pool_tiles(manifest: Manifest, say: SimpleNamespace, language: Language) -> list[tuple[str, list[Tile]]]:
    """Pool and what it comes to."""
    return [
        (
            title_of(POOLS, pool, language),
            [
                Tile(say.budget, money(each.budget)),
                Tile(say.adjustment, money(each.adjustment)),
                Tile(say.shared, money(each.shared)),
                Tile(say.points, points(each.points)),
                Tile(say.point_value, each.point_value or _DASH),
                Tile(say.payable, money(each.payable)),
            ],
        )
        for pool, each in sorted(manifest.pools.items())
    ]


def value_chart(
    pool: str, by_month: Mapping[int, int], shared: int, year: str, say: SimpleNamespace, language: Language
) -> Charted | None:
    """Point values by month; none without points."""
    values = {month: month_value(each, shared) for month, each in sorted(by_month.items())}
    known = {month: value for month, value in values.items() if value is not None}
    if not known:
        return None
    named = [(f"{year}-{month:02d}", value) for month, value in known.items()]
    title = say.value_by_month.format(pool=title_of(POOLS, pool, language))
    description = say.value_description.format(
        first=named[0][0], last=named[-1][0], low=rounded(min(known.values())), high=rounded(max(known.values()))
    )
    periods = [Period(name=name[5:], value=float(value), text=str(round(value))) for name, value in named]
    return Charted(
        title=title,
        picture=trend_chart(f"value-{pool}", title, description, periods, unit=say.value_unit),
        heads=(say.month_name, say.points, say.point_value),
        rows=tuple(
            (name, points(by_month[month]), rounded(value)) for (name, value), month in zip(named, known, strict=True)
        ),
    )


def forecasts(
    found: Mapping[str, tuple[Mapping[int, int], int]], say: SimpleNamespace, language: Language
) -> list[tuple[str, str]]:
    """What the year may end at, pool by pool, and the method of each."""
    said = []
    for pool, (by_month, shared) in sorted(found.items()):
        each: Forecast = forecast(by_month, shared)
        title = title_of(POOLS, pool, language)
        words = say.forecast_none.format(pool=title)
        if each.low is not None and each.middle is not None and each.high is not None:
            template = say.forecast_known if each.low == each.high else say.forecast_words
            words = template.format(
                pool=title, low=rounded(each.low), middle=rounded(each.middle), high=rounded(each.high)
            )
        said.append((words, each.method.in_(language)))
    return said


def hospital_rows(accounts: pl.DataFrame, run: int, say: SimpleNamespace, language: Language) -> Grid:
    """Every hospital and pool, by code."""
    heads = (say.hospital, say.level, say.pool, say.stays, say.cmi, say.points, say.payable, say.own_share, say.cost)
    rows = []
    for each in accounts.sort("hospital_id", "pool").iter_rows(named=True):
        rows.append(
            row(
                Cell(str(each["name"] or each["hospital_id"]), path(HOSPITAL, each["hospital_id"])),
                title_of(LEVELS, each["level"], language),
                title_of(POOLS, each["pool"], language),
                f"{each['stays']:,}",
                points(each["cmi"]),
                points(each["points"]),
                money(each["payable"]),
                money(each["own_share"]),
                money(each["cost"]),
                money(each["difference"]),
            )
        )
    return Grid(heads=(*heads, say.difference), rows=tuple(rows))


def level_chart(accounts: pl.DataFrame, say: SimpleNamespace, language: Language) -> Charted | None:
    """Income over cost by level of hospitals; none where own shares are not known."""
    known = accounts.filter(pl.col("own_share").is_not_null() & (pl.col("cost") > 0))
    if known.is_empty():
        return None
    sums = known.group_by("level").agg(
        income=(pl.col("payable") + pl.col("own_share")).sum(), cost=pl.col("cost").sum()
    )
    order = {level: number for number, level in enumerate(LEVELS)}
    lines = sorted(sums.iter_rows(named=True), key=lambda each: order.get(each["level"], len(order)))
    most = max(Fraction(each["income"], each["cost"]) for each in lines) or Fraction(1)
    bars, rows = [], []
    for each in lines:
        name, share = title_of(LEVELS, each["level"], language), share_of(each["income"], each["cost"])
        text = say.level_bar.format(share=share, income=money(each["income"]), cost=money(each["cost"]))
        bars.append(Bar(name=name, share=float(Fraction(each["income"], each["cost"]) / most), text=text))
        rows.append((name, money(each["income"]), money(each["cost"]), share))
    description = "；".join(f"{bar.name} {bar.text}" for bar in bars)
    return Charted(
        title=say.levels,
        picture=bar_chart("levels", say.levels, description, bars),
        heads=(say.level, f"{say.payable} + {say.own_share}", say.cost, say.share),
        rows=tuple(rows),
    )


def class_rows(sums: pl.DataFrame, say: SimpleNamespace, language: Language) -> Grid:
    """Sums by class of stays, in the order of the classes."""
    order = {id_: number for number, id_ in enumerate(CLASS_TITLES)}
    stays = int(sums["stays"].sum())
    lines = sorted(sums.iter_rows(named=True), key=lambda each: order.get(each["class"], len(order)))
    return Grid(
        heads=(say.kind, say.stays, say.share, say.points, say.payment, say.cost),
        rows=tuple(
            row(
                title_of(CLASS_TITLES, each["class"], language),
                f"{each['stays']:,}",
                share_of(each["stays"], stays),
                points(each["points"]),
                money(each["payment"]),
                money(each["cost"]),
            )
            for each in lines
        ),
    )


def group_rows(sums: pl.DataFrame, say: SimpleNamespace) -> Grid:
    """Sums by DRG of one hospital, the most stays first."""
    heads = (say.group, say.stays, say.base_points, say.coefficient, say.points, say.payment, say.cost)
    ordered = sums.sort(["stays", "drg"], descending=[True, False])
    return Grid(
        heads=heads,
        rows=tuple(
            row(
                Cell(each["drg"] or _DASH, path(GROUP, each["drg"])),
                f"{each['stays']:,}",
                points(each["base_points"]),
                points(each["coefficient"]),
                points(each["points"]),
                money(each["payment"]),
                money(each["cost"]),
            )
            for each in ordered.iter_rows(named=True)
        ),
    )


def stay_rows(stays: pl.DataFrame, say: SimpleNamespace, language: Language) -> Grid:
    """Stays with their points and payment; the insured person is not among the columns."""
    heads = (say.stay, say.discharged, say.group, say.kind, say.multiple, say.points, say.payment, say.cost)
    return Grid(
        heads=heads,
        rows=tuple(
            row(
                Cell(each["case_id"], path(STAY, each["case_id"])),
                str(each["discharged_on"] or _DASH),
                Cell(each["drg"] or _DASH, path(GROUP, each["drg"])),
                title_of(CLASS_TITLES, each["class"], language),
                points(each["multiple"]),
                points(each["points"]),
                money(each["payment"]),
                money(each["total_cost"]),
            )
            for each in stays.iter_rows(named=True)
        ),
    )


def account_grid(accounts: Sequence[Mapping[str, Any]], say: SimpleNamespace, language: Language) -> Grid:
    """The accounts of one hospital, a column a pool."""
    several = len(accounts) > 1

    def line(title: str, texts: Sequence[str], total: str = _DASH) -> tuple[Cell, ...]:
        return row(title, *texts, *([total] if several else []))

    rows = [
        line(say.stays, [f"{each['stays']:,}" for each in accounts], f"{sum(each['stays'] for each in accounts):,}"),
        line(
            say.grouped, [f"{each['grouped']:,}" for each in accounts], f"{sum(each['grouped'] for each in accounts):,}"
        ),
        line(say.cmi, [points(each["cmi"]) for each in accounts]),
        line(
            say.points, [points(each["points"]) for each in accounts], points(sum(each["points"] for each in accounts))
        ),
        line(say.point_value, [each["point_value"] or _DASH for each in accounts]),
    ]
    for name in account_lines(accounts):
        values = [each[name] for each in accounts]
        total = None if None in values else sum(values)
        rows.append(line(getattr(say, name), [money(value) for value in values], money(total)))
    heads = (
        say.item,
        *(title_of(POOLS, each["pool"], language) for each in accounts),
        *([say.total] if several else []),
    )
    return Grid(heads=heads, rows=tuple(rows))


def points_chart(stays: pl.DataFrame, say: SimpleNamespace) -> Charted | None:
    """A hospital's points by month of discharge."""
    months = figures.monthly(stays.filter(pl.col("discharged_on").is_not_null()))
    if months.is_empty():
        return None
    lines = months.to_dicts()
    most = max(each["points"] for each in lines)
    description = say.points_description.format(first=lines[0]["month"], last=lines[-1]["month"], high=points(most))
    periods = [
        Period(name=each["month"][5:], value=each["points"] / _THOUSAND, text=f"{each['points'] / _THOUSAND:,.1f}")
        for each in lines
    ]
    return Charted(
        title=say.points_by_month,
        picture=trend_chart("points", say.points_by_month, description, periods, unit=say.points_unit),
        heads=(say.month_name, say.stays, say.points, say.payment),
        rows=tuple(
            (each["month"], f"{each['stays']:,}", points(each["points"]), money(each["payment"])) for each in lines
        ),
    )


def rounded(value: Fraction) -> str:
    """Four decimals, half up, with separators."""
    scaled = Decimal(value.numerator) / Decimal(value.denominator)
    return f"{scaled.quantize(Decimal('0.0001'), ROUND_HALF_UP):,}"


def cut(grid: Grid, most: int) -> Grid:
    """Its first rows."""
    return replace(grid, rows=grid.rows[:most])
