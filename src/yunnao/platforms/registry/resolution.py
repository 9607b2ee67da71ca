"""Which delivered row is in force: docs/architecture.md, "Time"."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

import polars as pl

from yunnao.platforms.registry.deliveries import Delivery


def effective(deliveries: Iterable[Delivery], as_of: dt.date, known_at: str) -> Mapping[str, tuple[Delivery, ...]]:
    """Register -> deliveries that count at (``as_of``, ``known_at``), the one that wins last.

    Args:
        deliveries: any.
        as_of: only deliveries valid from this day or earlier count.
        known_at: an `instant_text`; only deliveries recorded then or earlier count.
    """
    counting: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        if delivery.valid_from <= as_of and delivery.known_at <= known_at:
            counting.setdefault(delivery.register, []).append(delivery)
    return {
        register: tuple(sorted(counting[register], key=lambda each: (each.valid_from, each.number)))
        for register in sorted(counting)
    }


def overlay(tables: Sequence[pl.DataFrame], key: Sequence[str]) -> pl.DataFrame:
    """Rows in force, sorted by key: a row of a later table replaces the whole row of that key in earlier ones."""
    result = tables[0]
    for table in tables[1:]:
        result = pl.concat([result.join(table, on=list(key), how="anti"), table])
    return result.sort(key, maintain_order=True)
