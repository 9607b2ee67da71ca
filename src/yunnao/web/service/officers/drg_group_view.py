"""A group's page: how its costs are spread, where trimming cuts, and what each hospital's stays cost."""

from collections.abc import Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import polars as pl

from yunnao.kernel.numbers import divide_half_up
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.distribution import FEN_PER_THOUSAND, bins
from yunnao.scenarios.drg.reporting.words import POINTS_FROM, POOLS, money, points, title_of
from yunnao.scenarios.drg.settlement.stored_words import stored
from yunnao.web.charts.trends import Period, trend_chart
from yunnao.web.service.officers.drg_views import HOSPITAL, Cell, Charted, Grid, Tile, path, row

_DASH = "—"


def tiles(
    groups: Sequence[Mapping[str, Any]], say: SimpleNamespace, language: Language
) -> list[tuple[str, list[Tile]]]:
    """Reference and its figures."""
    found = []
    for each in groups:
        stable = say.stable if each["stable"] else say.unstable.format(why=stored(each["why"], language))
        bounds = say.bounds.format(low=money(each["low_bound"]), high=money(each["high_bound"]))
        cv = _DASH if each["cv"] is None else points(divide_half_up(each["cv"], 100))
        found.append(
            (
                title_of(POOLS, each["reference"], language),
                [
                    Tile(say.basis_stays, f"{each['stays']:,} ({each['kept']:,})", stable),
                    Tile(say.mean_cost, money(each["mean_cost"]), bounds),
                    Tile(
                        say.base_points,
                        points(each["base_points"]),
                        title_of(POINTS_FROM, each["points_from"], language),
                    ),
                    Tile(say.cv, cv),
                ],
            )
        )
    return found


def distribution(stays: pl.DataFrame, say: SimpleNamespace) -> Charted | None:
    """Stays (with ``trimmed``) by cost; the last bar holds the tail."""
    found = bins(stays)
    if not found:
        return None
    periods = [
        Period(
            name=f"{each.low / FEN_PER_THOUSAND:g}",
            value=float(each.kept + each.trimmed),
            text="",
            parts=((each.kept, "plain"), (each.trimmed, "attention")),
        )
        for each in found
    ]
    rows = [(each.name, f"{each.kept:,}", f"{each.trimmed:,}") for each in found]
    trimmed = sum(each.trimmed for each in found)
    count = trimmed + sum(each.kept for each in found)
    description = say.distribution_description.format(n=f"{count:,}", trimmed=f"{trimmed:,}")
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
