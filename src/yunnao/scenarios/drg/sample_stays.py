"""Synthetic stays for a scheme: for each adjacent group, stays that ask for it, with other diagnoses and some mistakes. Seeded.

They are made to reach every rule, not to look like any district's: what is common and what is rare is set, not measured.
"""

from collections.abc import Iterable, Sequence

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray

from yunnao.capabilities.drg.scheme import Adrg, Bound, Mdc, Scheme, Test
from yunnao.capabilities.drg.vocabulary import PROCEDURE_LISTS, Word

_MOST_OTHERS = 8
_UNLISTED = ("Z99.999x999", "R99.x99", "X00.000")
"""Codes of real shape that no published table has."""

_MISTAKES = 0.02
_NO_PROCEDURE = 0.02
_WEIGHT_GIVEN = 0.8
_Texts = NDArray[np.object_]


def sample_stays(
    scheme: Scheme, count: int, random: Generator, *, shares: Sequence[float] | None = None
) -> pl.DataFrame:
    """``count`` stays in random order, columns as `capabilities.drg.stay.COLUMNS`; ids are left to the caller.

    Args:
        scheme: whose rules they ask for.
        count: how many.
        random: makes the same stays again from the same seed.
        shares: how common each adjacent group is, in the tables' order; all alike by default.
    """
    targets = [(mdc, adrg) for mdc in scheme.mdcs for adrg in mdc.adrgs]
    weights = np.ones(len(targets)) if shares is None else np.asarray(shares, dtype=np.float64)
    counts = random.multinomial(count, weights / weights.sum())
    pools = _Pools(scheme)
    made = [_stays(mdc, adrg, int(n), pools, random) for (mdc, adrg), n in zip(targets, counts, strict=True) if n]
    stays = pl.concat(made)
    return stays[random.permutation(stays.height)]


class _Pools:
    """Codes to draw from."""

    def __init__(self, scheme: Scheme) -> None:
        self.spelling = scheme.spelling
        self.principal = self.drawn(scheme.principal_diagnoses)
        self.complications = self.drawn(scheme.complications)
        self.valid = self.drawn(scheme.valid_procedures)
        self.procedures = self.drawn(scheme.procedures)

    def drawn(self, codes: Iterable[str]) -> _Texts:
        """Codes as the tables write them, sorted."""
        return np.array(sorted(self.spelling[code] for code in codes), dtype=object)


def _pick(pool: _Texts, n: int, random: Generator) -> _Texts:
    return pool[random.integers(len(pool), size=n)] if len(pool) else np.full(n, "", dtype=object)


def _stays(mdc: Mdc, adrg: Adrg, n: int, pools: _Pools, random: Generator) -> pl.DataFrame:
    drg = adrg.drgs[int(random.integers(len(adrg.drgs)))].test if adrg.drgs else adrg.test
    tests = (mdc.test, adrg.test, drg)
    words = [(word, test) for test in tests for word in test.words if not word.negated]
    principal = _principal(mdc, adrg, n, pools, random)
    others = _others(words, principal, n, pools, random)
    procedures = _procedures(words, n, pools, random)
    kinds = {word.kind for word, _ in words}
    years = random.integers(18, 92, size=n)
    if kinds & {"age_zero", "newborn"}:
        years[:] = 0
    elif mdc.test.listed("diagnosis"):
        years[random.random(n) < 0.08] = 0
    days = np.where(years == 0, random.integers(0, 60 if "newborn" not in kinds else 34, size=n), years * 365 + 100)
    sexes = [word.where for word, _ in words if word.kind == "sex"]
    sex = np.where(random.random(n) < 0.5, "male", "female").astype(object)
    if sexes:
        sex[random.random(n) < 1 - _MISTAKES] = sexes[0]
    bounds = [bound for _, test in words for bound in test.bounds]
    numbers = {
        "age_years": years,
        "age_days": days,
        "birth_weight_g": random.integers(900, 4200, size=n),
        "length_of_stay_days": np.maximum(1, np.round(random.lognormal(2.0, 0.6, size=n))).astype(np.int64),
        "icu_hours": np.where(random.random(n) < 0.08, random.integers(1, 240, size=n), 0),
    }
    for column, values in numbers.items():
        numbers[column] = _within(values, [bound for bound in bounds if bound.column == column], random)
    weight_known = (numbers["age_years"] == 0) & (random.random(n) < _WEIGHT_GIVEN)
    names = {name: sorted(test.names[name]) for _, test in words for name in test.names}
    return pl.DataFrame(
        {
            "sex": sex.tolist(),
            "age_years": numbers["age_years"],
            "age_days": numbers["age_days"],
            "birth_weight_g": pl.Series(numbers["birth_weight_g"]).set(pl.Series(~weight_known), None),
            "department": _named("department", names, [f"{number:02d}00" for number in range(1, 21)], n, random),
            "length_of_stay_days": numbers["length_of_stay_days"],
            "discharge_type": _named("discharge_type", names, ["1", "1", "1", "1", "1", "2", "4", "5", "9"], n, random),
            "icu_hours": numbers["icu_hours"],
            "diagnoses": _joined([principal, *others]),
            "procedures": _joined(procedures),
        }
    )


def _named(column: str, names: dict[str, list[str]], usual: list[str], n: int, random: Generator) -> list[str]:
    chosen = _pick(np.array(usual, dtype=object), n, random)
    if wanted := names.get(column):
        there = random.random(n) < 0.7
        chosen[there] = _pick(np.array(wanted, dtype=object), int(there.sum()), random)
    return [str(each) for each in chosen]


def _within(values: NDArray[np.int64], bounds: Sequence[Bound], random: Generator) -> NDArray[np.int64]:
    """Most values brought within bounds."""
    if not bounds:
        return values
    low = max((int(each.limit) + (each.side == "above") for each in bounds if each.side in ("min", "above")), default=0)
    tops = [int(each.limit) - (each.side == "below") for each in bounds if each.side in ("below", "max")]
    high = max(low, min(tops, default=low + max(low, 30)))
    return np.where(random.random(len(values)) < 0.8, random.integers(low, high + 1, size=len(values)), values)


def _principal(mdc: Mdc, adrg: Adrg, n: int, pools: _Pools, random: Generator) -> _Texts:
    gate = mdc.test.listed("diagnosis")
    own = frozenset().union(
        *(adrg.test.listed(word.what) for word in adrg.test.words if word.where == "principal" and not word.negated)
    )
    codes = (own & gate or own or gate) if gate else own
    principal = _pick(pools.drawn(codes) if codes else pools.principal, n, random)
    wrong = random.random(n) < _MISTAKES
    principal[wrong] = _pick(np.array([*_UNLISTED, *pools.principal[:50]], dtype=object), int(wrong.sum()), random)
    return principal


def _others(
    words: Sequence[tuple[Word, Test]], principal: _Texts, n: int, pools: _Pools, random: Generator
) -> list[_Texts]:
    """Columns of other diagnoses; empty where a stay has no more."""
    how_many = np.minimum(random.geometric(0.3, size=n) - 1, _MOST_OTHERS)
    columns = [_pick(pools.complications, n, random) for _ in range(_MOST_OTHERS)]
    for place, column in enumerate(columns):
        plain = random.random(n) < 0.6
        column[plain] = _pick(pools.principal, int(plain.sum()), random)
        column[how_many <= place] = ""
    columns[-1][random.random(n) < 0.01] = _UNLISTED[0]
    again = random.random(n) < 0.01
    columns[-2][again] = principal[again]
    for word, test in words:
        if word.kind == "listed" and word.where in ("any", "secondary") and word.what.startswith("diagnosis"):
            columns.append(_pick(pools.drawn(test.listed(word.what)), n, random))
        if word.kind == "sites":
            columns.append(_pick(pools.drawn(test.sites), n, random))
    order = [columns[place] for place in random.permutation(len(columns))]
    return order


def _procedures(words: Sequence[tuple[Word, Test]], n: int, pools: _Pools, random: Generator) -> list[_Texts]:
    columns: list[_Texts] = []
    for word, test in words:
        if word.kind == "listed" and word.what in PROCEDURE_LISTS:
            columns.append(_pick(pools.drawn(test.listed(word.what)), n, random))
        elif word.kind == "valid":
            columns.insert(0, _pick(pools.valid, n, random))
        elif word.kind == "parts":
            for part in sorted(word.alternatives[int(random.integers(len(word.alternatives)))]):
                codes = [code for code, parts in test.parts.items() if part in parts]
                columns.append(_pick(pools.drawn(codes), n, random))
    for chance, pool in ((0.25, pools.procedures), (0.1, pools.valid)):
        column = _pick(pool, n, random)
        column[random.random(n) >= chance] = ""
        columns.append(column)
    none = random.random(n) < _NO_PROCEDURE
    for column in columns:
        column[none] = ""
    return columns


def _joined(columns: Sequence[_Texts]) -> pl.Series:
    frame = pl.DataFrame({str(place): pl.Series(list(column), dtype=pl.String) for place, column in enumerate(columns)})
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)) for name in frame.columns]
    return frame.select(pl.concat_str(texts, separator="|", ignore_nulls=True).alias("codes")).to_series()
