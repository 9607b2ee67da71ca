"""Many stays at once, column by column. The same stay gets from `one` the same group, outcome and reason."""

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from yunnao.capabilities.drg import reasons
from yunnao.capabilities.drg.bits import Bits, first
from yunnao.capabilities.drg.codes import tidy_cells
from yunnao.capabilities.drg.compiled import CC, MCC, Codes, Compiled, Fact, Stage, compiled
from yunnao.capabilities.drg.scheme import UNGROUPED, Scheme
from yunnao.capabilities.drg.stay import ADDED, REQUIRED, invalid_reasons, typed
from yunnao.capabilities.drg.vocabulary import NEWBORN_DAYS

BATCH = 100_000
"""Rows grouped at a time; bounds memory."""

Booleans = NDArray[np.bool_]
Word64 = NDArray[np.uint64]


def group(frame: pl.DataFrame, scheme: Scheme, *, repeated: pl.Series | None = None) -> pl.DataFrame:
    """Group every row.

    Args:
        frame: columns `stay.REQUIRED` and any of `stay.OPTIONAL` (numbers may be texts); all columns are kept.
        scheme: by which.
        repeated: Boolean, whether a row's id stands in an earlier row; found within ``frame`` by default.

    Returns:
        ``frame`` with `stay.ADDED`, rows in the same order; columns of these names are replaced. ``outcome`` is ``grouped``;
        ``ambiguous`` (ADRG and DRG ``BQY``); ``ungroupable`` (DRG ``0000``; MDC and ADRG are kept where an ADRG has no DRG that
        fits); or ``invalid`` (no stay at all). ``reason`` says why in Chinese, empty for grouped stays. ``unknown_codes``
        lists the codes that are in no table, ``|`` between them.

    Raises:
        ValueError: a required column is missing; the argument names it.
    """
    if missing := [column for column in REQUIRED if column not in frame.columns]:
        raise ValueError("、".join(missing))
    if repeated is None:
        ids = frame["case_id"].cast(pl.String).str.strip_chars()
        repeated = ~ids.is_first_distinct()
    parts = [
        _group(frame.slice(start, BATCH), scheme, repeated.slice(start, BATCH))
        for start in range(0, max(frame.height, 1), BATCH)
    ]
    return frame.with_columns(pl.concat(parts).get_columns())


@dataclass(frozen=True, slots=True)
class _Entries:
    """The codes of all rows, one after the other.

    Attributes:
        texts: as written.
        numbers: places in the table of codes; the greatest for a code that is not in it.
        starts: (rows,) where a row's codes begin; every row has at least one entry.
        lengths: (rows,)
    """

    texts: pl.Series
    numbers: NDArray[np.int64]
    starts: NDArray[np.int64]
    lengths: NDArray[np.int64]

    @property
    def first(self) -> NDArray[np.int64]:
        """(rows,) numbers of the first entries."""
        return self.numbers[self.starts]

    @property
    def rows(self) -> NDArray[np.int64]:
        """(entries,) whose each is."""
        return np.repeat(np.arange(len(self.starts)), self.lengths)


def _entries(cells: pl.Series, codes: Codes) -> _Entries:
    lists = tidy_cells(cells).str.split("|")
    lengths = lists.list.len().to_numpy().astype(np.int64)
    texts = lists.explode()
    numbers = texts.cast(codes.written, strict=False).to_physical()
    left = numbers.is_null().arg_true()
    found = numbers.fill_null(codes.other).to_numpy().astype(np.int64)
    if left.len():  # written otherwise, or in no table
        others = texts.gather(left).str.to_uppercase().cast(codes.kinds, strict=False).to_physical()
        found[left.to_numpy()] = others.fill_null(codes.other).to_numpy()
    return _Entries(texts, found, np.cumsum(lengths) - lengths, lengths)


def _group(frame: pl.DataFrame, scheme: Scheme, repeated: pl.Series) -> pl.DataFrame:
    if frame.is_empty():
        return pl.DataFrame(schema=dict.fromkeys(ADDED, pl.String))
    tables = compiled(scheme)
    stays = typed(frame, tables.asked_columns)
    diagnoses = _entries(stays["diagnoses"], tables.diagnoses)
    procedures = _entries(stays["procedures"], tables.procedures)
    written = diagnoses.texts != ""
    has_diagnosis = np.logical_or.reduceat(written.to_numpy(), diagnoses.starts)
    invalid = invalid_reasons(stays, repeated, pl.Series(has_diagnosis))
    true = _facts(tables, stays, diagnoses, procedures)

    def standing(stage: Stage) -> Bits:
        return _standing(stage, diagnoses.first, procedures.first, true)

    step = first(standing(tables.groups))
    step[(invalid != "").to_numpy()] = -1
    splits = standing(tables.splits)
    splits &= tables.split_of[step]
    drg = first(splits)
    result = _named(tables, step, drg).with_columns(invalid.alias("invalid"))
    result = result.with_columns(
        pl.when(pl.col("invalid") != "")
        .then(pl.lit("invalid"))
        .when(pl.Series(drg) >= 0)
        .then(pl.lit("grouped"))
        .when(pl.col("drg") != UNGROUPED)
        .then(pl.lit("ambiguous"))
        .otherwise(pl.lit("ungroupable"))
        .alias("outcome"),
        pl.col("invalid").alias("reason"),
    )
    unexplained = ((result["outcome"] != "grouped") & (result["outcome"] != "invalid")).arg_true()
    if unexplained.len():
        entered = standing(tables.gates)[unexplained.to_numpy()]
        said = _reasons(tables, result[unexplained], entered, diagnoses, unexplained.to_numpy())
        result = result.with_columns(result["reason"].scatter(unexplained, said))
    return result.with_columns(_unknown(diagnoses, procedures, tables).alias("unknown_codes")).select(ADDED)


def _facts(tables: Compiled, stays: pl.DataFrame, diagnoses: _Entries, procedures: _Entries) -> list[Booleans]:
    """(rows,) for each of `Compiled.facts`."""
    levels = _levels(tables, diagnoses)
    any_diagnosis = _together(tables.diagnoses.any_slots, diagnoses)
    any_procedure = _together(tables.procedures.any_slots, procedures)
    secondary = any_diagnosis
    if any(fact.word.where == "secondary" for fact in tables.facts):
        secondary = _together(tables.diagnoses.secondary_slots, diagnoses, without_first=True)

    def held(bits: list[Word64], slot: int) -> Booleans:
        return np.asarray((bits[slot // 64] & np.uint64(1 << slot % 64)) != 0)

    def truth(fact: Fact) -> Booleans:
        word = fact.word
        match word.kind:
            case "listed" if word.where == "secondary":
                return held(secondary, fact.slots[0][0])
            case "listed":
                return held(any_diagnosis if word.what.startswith("diagnosis") else any_procedure, fact.slots[0][0])
            case "valid":
                return held(any_procedure, fact.slots[0][0])
            case "parts":
                ways = [np.logical_and.reduce([held(any_procedure, slot) for slot in way]) for way in fact.slots]
                return np.asarray(np.logical_or.reduce(ways))
            case "sites":
                count = sum(held(any_diagnosis, slot).astype(np.uint8) for slot in fact.slots[0])
                return np.asarray(count >= np.uint8(2))
            case "complication":
                wanted = {"CC": CC, "MCC": MCC}.get(word.where, CC | MCC)
                return np.asarray((levels & wanted) != 0)
            case _:
                return _column_fact(fact, stays)

    return [truth(fact) for fact in tables.facts]


def _together(slots: Bits, entries: _Entries, *, without_first: bool = False) -> list[Word64]:
    """For each word, (rows,) the bits that any of a row's codes set."""
    found = []
    for word in slots:
        bits = word[entries.numbers]
        if without_first:
            bits[entries.starts] = 0
        found.append(np.bitwise_or.reduceat(bits, entries.starts))
    return found


def _column_fact(fact: Fact, stays: pl.DataFrame) -> Booleans:
    word, test = fact.word, fact.test
    match word.kind:
        case "sex":
            condition = pl.col("sex") == word.where
        case "age_zero":
            condition = pl.col("age_years") == 0
        case "newborn":
            condition = pl.col("age_days") <= NEWBORN_DAYS
        case "named":
            condition = pl.col(word.what).is_in(sorted(test.names[word.what]))
        case _:
            column, condition = pl.col(word.what), pl.lit(True)
            for bound in (bound for bound in test.bounds if bound.column == word.what):
                match bound.side:
                    case "min":
                        condition &= column >= bound.limit
                    case "above":
                        condition &= column > bound.limit
                    case "below":
                        condition &= column < bound.limit
                    case "max":
                        condition &= column <= bound.limit
    return stays.select(condition.fill_null(False).alias("true")).to_series().to_numpy()


def _levels(tables: Compiled, diagnoses: _Entries) -> NDArray[np.uint8]:
    """(rows,) `CC` and `MCC` among the diagnoses after the first that the principal one does not rule out."""
    levels = tables.level[diagnoses.numbers]
    own = tables.table[diagnoses.numbers]
    ruled_out = np.repeat(tables.excludes[diagnoses.first], diagnoses.lengths)
    levels[(own == ruled_out) & (own != 0)] = 0
    levels[diagnoses.starts] = 0
    return np.asarray(np.bitwise_or.reduceat(levels, diagnoses.starts))


def _standing(stage: Stage, principal: NDArray[np.int64], main: NDArray[np.int64], true: list[Booleans]) -> Bits:
    """(rows, words): the tests of a stage that each row passes."""
    if stage.principal is not None and stage.main is not None:
        bits = stage.principal[principal]
        bits &= stage.main[main]
    elif stage.principal is not None:
        bits = stage.principal[principal]
    elif stage.main is not None:
        bits = stage.main[main]
    else:
        bits = np.repeat(stage.all_tests, len(principal), axis=0)
    stage.facts.leave(bits, [~true[place] if negated else true[place] for place, negated in stage.asked])
    return bits


def _named(tables: Compiled, step: NDArray[np.int64], drg: NDArray[np.int64]) -> pl.DataFrame:
    """The names of steps and DRGs; the last of each list of names is that of none (place -1)."""

    def names(of: tuple[str, ...], none: str, places: NDArray[np.int64]) -> pl.Series:
        return pl.Series([*of, none]).gather(np.where(places < 0, len(of), places))

    qy = names(tables.drg_of, "", step)
    drgs = names(tables.drg_names, UNGROUPED, drg)
    return pl.DataFrame(
        {"mdc": names(tables.mdc_of, "", step), "adrg": names(tables.adrg_of, "", step), "drg": drgs, "qy": qy}
    ).select("mdc", "adrg", pl.when(pl.col("qy") != "").then("qy").otherwise("drg").alias("drg"))


def _reasons(
    tables: Compiled, result: pl.DataFrame, entered: Bits, diagnoses: _Entries, rows: NDArray[np.int64]
) -> pl.Series:
    """Why rows are ambiguous or ungroupable."""
    principal = diagnoses.texts.gather(diagnoses.starts[rows])
    listed = tables.in_gate[diagnoses.numbers[diagnoses.starts[rows]]]
    passed = [
        pl.when(pl.Series((entered[:, place // 64] >> np.uint64(place % 64) & np.uint64(1)).astype(np.bool_))).then(
            pl.lit(name)
        )
        for place, name in enumerate(tables.gate_names)
    ]
    return (
        result.with_columns(
            principal=principal,
            listed=pl.Series(listed),
            entered=pl.concat_str(passed, separator="、", ignore_nulls=True),
            split=pl.col("adrg").is_in(sorted(tables.adrgs_with_groups)),
        )
        .select(reasons.column())
        .to_series()
    )


def _unknown(diagnoses: _Entries, procedures: _Entries, tables: Compiled) -> pl.Series:
    """Codes in no table, of diagnoses and then of procedures, each once a row: String, empty where there are none."""
    rows, texts = [], []
    for entries, codes in ((diagnoses, tables.diagnoses), (procedures, tables.procedures)):
        unknown = np.flatnonzero(entries.numbers == codes.other)
        rows.append(np.searchsorted(entries.starts, unknown, side="right") - 1)
        texts.append(entries.texts.gather(unknown))
    found = pl.DataFrame({"row": np.concatenate(rows), "code": pl.concat(texts)}).filter(pl.col("code") != "")
    result = pl.Series("unknown_codes", [""], dtype=pl.String).new_from_index(0, len(diagnoses.starts))
    if found.is_empty():
        return result
    joined = (
        found.unique(["row", "code"], maintain_order=True).group_by("row").agg(pl.col("code").str.join("|")).sort("row")
    )
    return result.scatter(joined["row"], joined["code"])
