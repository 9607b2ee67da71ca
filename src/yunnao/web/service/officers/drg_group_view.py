"""A group's page: how its costs are spread, where trimming cuts, and what each hospital's stays cost."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import polars as pl

from yunnao.kernel.numbers import divide_half_up
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.words import POOLS, money, points, title_of
from yunnao.web.charts.marks import round_up
from yunnao.web.charts.trends import Period, trend_chart
from yunnao.web.service.officers.drg_views import HOSPITAL, Cell, Charted, Grid, Tile, path, row

_BINS = 20
_TAIL = 0.98
"""The chart's last bar takes everything above this quantile."""
_FEN_PER_THOUSAND = 100_000
_DASH = "—"


def marked(stays: pl.DataFrame, groups: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Stays of a group with ``trimmed``: their cost lies beyond the bounds of their reference."""
    bounds = pl.DataFrame(
        [{name: each[name] for name in ("reference", "low_bound", "high_bound")} for each in groups],
        schema={"reference": pl.String, "low_bound": pl.Int64, "high_bound": pl.Int64},
    )
    cost = pl.col("total_cost")
    beyond = (cost < pl.col("low_bound")) | (cost > pl.col("high_bound"))
    joined = stays.join(bounds, on="reference", how="left", maintain_order="left")
    return joined.with_columns(trimmed=beyond.fill_null(value=False)).drop("low_bound", "high_bound")


def tiles(
    groups: Sequence[Mapping[str, Any]], say: SimpleNamespace, language: Language
) -> list[tuple[str, list[Tile]]]:
    """Reference and its figures."""
    found = []
    for each in groups:
        stable = say.stable if each["stable"] else say.unstable.format(why=each["why"])
        bounds = say.bounds.format(low=money(each["low_bound"]), high=money(each["high_bound"]))
        cv = _DASH if each["cv"] is None else points(divide_half_up(each["cv"], 100))
        found.append(
            (
                title_of(POOLS, each["reference"], language),
                [
                    Tile(say.basis_stays, f"{each['stays']:,} ({each['kept']:,})", stable),
                    Tile(say.mean_cost, money(each["mean_cost"]), bounds),
                    Tile(say.base_points, points(each["base_points"])),
                    Tile(say.cv, cv),
                ],
            )
        )
    return found


def distribution(stays: pl.DataFrame, say: SimpleNamespace) -> Charted | None:
    """Stays (with ``trimmed``) by cost; the last bar holds the tail."""
    costs = stays.filter(pl.col("total_cost") > 0)
    if costs.is_empty():
        return None
    top = float(costs["total_cost"].quantile(_TAIL) or 1)
    step = int(round_up(max(top, _FEN_PER_THOUSAND) / _BINS))
    last = max(int(top // step), 1)
    place = pl.min_horizontal(pl.col("total_cost") // step, pl.lit(last))
    counts = costs.group_by(place=place).agg(
        kept=(~pl.col("trimmed")).sum().cast(pl.Int64), trimmed=pl.col("trimmed").sum().cast(pl.Int64)
    )
    by_place = {each["place"]: (each["kept"], each["trimmed"]) for each in counts.iter_rows(named=True)}
    periods, rows = [], []
    for number in range(last + 1):
        kept, trimmed = by_place.get(number, (0, 0))
        low, high = _thousand(number * step), _thousand((number + 1) * step)
        name = f"{low}–{high}" if number < last else f"≥ {low}"
        periods.append(
            Period(name=low, value=float(kept + trimmed), text="", parts=((kept, "plain"), (trimmed, "attention")))
        )
        rows.append((name, f"{kept:,}", f"{trimmed:,}"))
    trimmed = int(costs["trimmed"].sum())
    description = say.distribution_description.format(n=f"{costs.height:,}", trimmed=f"{trimmed:,}")
    return Charted(
        title=say.distribution,
        picture=trend_chart("costs", say.distribution, description, periods, unit=say.distribution_unit),
        heads=(say.bin, say.kept, say.trimmed),
        rows=tuple(rows),
        notes=(description, say.basis_note),
    )


def by_hospital(stays: pl.DataFrame, names: Mapping[str, str], say: SimpleNamespace) -> Grid:
    """What each hospital's stays of the group come to, by code."""
    sums = figures.by_group(stays, "hospital_id")
    return Grid(
        heads=(say.hospital, say.stays, say.mean_cost, say.coefficient, say.points, say.payment, say.cost),
        rows=tuple(
            row(
                Cell(names.get(each["hospital_id"], each["hospital_id"]), path(HOSPITAL, each["hospital_id"])),
                f"{each['stays']:,}",
                money(divide_half_up(each["cost"], each["stays"])),
                points(each["coefficient"]),
                points(each["points"]),
                money(each["payment"]),
                money(each["cost"]),
            )
            for each in sums.iter_rows(named=True)
        ),
    )


def _thousand(fen: int) -> str:
    return f"{fen / _FEN_PER_THOUSAND:g}"
