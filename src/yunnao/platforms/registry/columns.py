"""Whole columns of cells -> stored values: a fast path for plain spellings, `cells` for every other one."""

from dataclasses import dataclass

import polars as pl

from yunnao.capabilities.credit_code import valid_column
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.platforms.registry import cells
from yunnao.platforms.registry.header import Column
from yunnao.platforms.registry.spelling import INVISIBLE, WHITE_SPACE
from yunnao.storage.tables import STORED

_PLAIN = r"^([+-]?)0*([0-9]*)(?:\.([0-9]*))?$"
_FIGURE = r"^[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+|[0-9]+)(?:\.[0-9]+)?$"
_DAY = (
    r"^([0-9]{4})(?:-([0-9]{1,2})-|/([0-9]{1,2})/|\.([0-9]{1,2})\.|年([0-9]{1,2})月|([0-9]{2}))([0-9]{1,2})日?"
    r"(?:[ T][0-9]{2}:[0-9]{2}:[0-9]{2})?$"
)


@dataclass(frozen=True)
class ReadColumn:
    """A column read.

    Attributes:
        values: stored type; null where unknown or unreadable.
        reasons: String; null where readable.
        unknown: Boolean; whether the cell says nothing.
        rounded: how many figures had more digits than are stored.
    """

    values: pl.Series
    reasons: pl.Series
    unknown: pl.Series
    rounded: int


def clean_column(texts: pl.Series) -> pl.Series:
    """`clean` for a String column without nulls."""
    if (texts.str.len_bytes() != texts.str.len_chars()).any():
        texts = texts.str.normalize("NFKC").str.replace_all(INVISIBLE, "")
    return texts.str.strip_chars(WHITE_SPACE)


def read_column(
    texts: pl.Series, column: Column, *, numeric: pl.Series | None = None, percent: pl.Series | None = None
) -> ReadColumn:
    """Read the cells of one column.

    Args:
        texts: String without nulls.
        column: which fact, and the power of ten of its figures.
        numeric: Boolean; cells that are numbers of a workbook.
        percent: Boolean; numeric cells that are shown with a percent sign, whose figure is a share as it is.
    """
    fact = column.fact
    if fact.type is FactType.DATE and numeric is not None and numeric.any():
        return _mixed(texts, column, numeric, numeric_flag=True)
    if fact.type is FactType.SHARE and column.in_percent and percent is not None and percent.any():
        own_unit = Column(column.index, column.header, fact, 12)
        return _mixed(texts, column, percent, other=own_unit)
    return _read(texts, column, numeric=False)


def _mixed(
    texts: pl.Series, column: Column, chosen: pl.Series, *, numeric_flag: bool = False, other: Column | None = None
) -> ReadColumn:
    """Read the ``chosen`` cells one way and the rest another, and put them back in place."""
    places = pl.Series("place", range(len(texts)), dtype=pl.UInt32)
    parts = [
        (places.filter(chosen), _read(texts.filter(chosen), other or column, numeric=numeric_flag)),
        (places.filter(~chosen), _read(texts.filter(~chosen), column, numeric=False)),
    ]
    order = pl.concat([place for place, _ in parts]).arg_sort()
    return ReadColumn(
        values=pl.concat([part.values for _, part in parts]).gather(order),
        reasons=pl.concat([part.reasons for _, part in parts]).gather(order),
        unknown=pl.concat([part.unknown for _, part in parts]).gather(order),
        rounded=sum(part.rounded for _, part in parts),
    )


def _read(texts: pl.Series, column: Column, *, numeric: bool) -> ReadColumn:
    fact = column.fact
    stored = STORED[fact.type]
    cleaned = clean_column(texts)
    lower = cleaned.str.to_lowercase()
    unknown = lower.is_in(sorted(cells.UNKNOWN))
    if fact.type is FactType.CODE and fact.values is not None:
        unknown &= ~lower.is_in([word for word in cells.listed_codes(fact) if word])
    values, rounded = _fast(texts, cleaned, unknown, column, numeric=numeric)
    values = values.cast(stored)
    values = pl.select(pl.when(unknown).then(None).otherwise(values)).to_series() if unknown.any() else values
    left = values.is_null() & ~unknown
    reasons = pl.Series("reason", [None], dtype=pl.String).new_from_index(0, len(texts))
    if left.any():
        source = texts if fact.type is FactType.TEXT else cleaned
        distinct = source.filter(left).unique(maintain_order=True)
        readings = [
            cells.read_cell(text, fact, column.exponent, unit=column.unit, numeric=numeric)
            for text in distinct.to_list()
        ]
        answers = pl.DataFrame(
            {
                "text": distinct,
                "value": pl.Series([reading.value for reading in readings], dtype=stored),
                "reason": pl.Series([reading.reason for reading in readings], dtype=pl.String),
                "rounded": pl.Series([reading.rounded for reading in readings], dtype=pl.Boolean),
            }
        )
        asked = source.filter(left).alias("text").to_frame()
        given = asked.join(answers, on="text", how="left", maintain_order="left")
        values = _scatter(values, left, given["value"])
        reasons = _scatter(reasons, left, given["reason"])
        rounded += int(given["rounded"].sum())
    return ReadColumn(values.rename(fact.id), reasons, unknown, rounded)


def _scatter(into: pl.Series, places: pl.Series, values: pl.Series) -> pl.Series:
    return into.scatter(places.arg_true(), values)


def _fast(
    texts: pl.Series, cleaned: pl.Series, unknown: pl.Series, column: Column, *, numeric: bool
) -> tuple[pl.Series, int]:
    """Values of the plainly written cells (null for the rest), and how many were rounded."""
    fact = column.fact
    nothing = pl.Series(fact.id, [None], dtype=STORED[fact.type]).new_from_index(0, len(cleaned))
    match fact.type:
        case FactType.MONEY | FactType.SHARE | FactType.INTEGER:
            return _fast_numbers(cleaned, fact, column.exponent)
        case FactType.DATE:
            return (nothing, 0) if numeric else (_fast_dates(cleaned), 0)
        case FactType.BOOLEAN:
            lower = cleaned.str.to_lowercase()
            yes, no = lower.is_in(sorted(cells.TRUE)), lower.is_in(sorted(cells.FALSE))
            return pl.select(pl.when(yes).then(True).when(no).then(False).otherwise(None)).to_series(), 0
        case FactType.KEY if fact.id == "credit_code":
            code = cleaned.str.to_uppercase()
            return _keep(code, valid_column(code)), 0
        case FactType.CODE if not (fact.values or fact.value_aliases or fact.form):
            return _keep(cleaned, cleaned.str.len_chars() <= cells.CODE_LIMIT), 0
        case FactType.TEXT:
            trimmed = texts.str.strip_chars(WHITE_SPACE)
            return _keep(trimmed, trimmed.str.len_chars() <= cells.TEXT_LIMIT), 0
        case FactType.KEY:
            return _keep(
                cleaned, (cleaned.str.len_chars() <= cells.KEY_LIMIT) & ~cleaned.str.contains(r"e\+\d+$|E\+\d+$")
            ), 0
    return nothing, 0


def _keep(values: pl.Series, good: pl.Series) -> pl.Series:
    return pl.select(pl.when(good & ~values.str.contains("\x00", literal=True)).then(values)).to_series()


def _fast_numbers(cleaned: pl.Series, fact: FactDefinition, exponent: int) -> tuple[pl.Series, int]:
    """Plain decimals of at most 18 stored digits, scaled and rounded half away from zero by splitting their digits."""
    if exponent < 0:
        return pl.Series(fact.id, [None], dtype=pl.Int64).new_from_index(0, len(cleaned)), 0
    low, high = fact.bounds
    text = pl.col("text")
    frame = cleaned.alias("text").to_frame().lazy()
    figures = pl.when(text.str.contains(_FIGURE)).then(text.str.replace_all(",", "", literal=True))
    parts = frame.select(figures.str.extract_groups(_PLAIN).alias("part")).unnest("part")
    sign, whole, fraction = pl.col("1"), pl.col("2"), pl.col("3").fill_null("")
    kept = fraction.str.slice(0, exponent).str.pad_end(exponent, "0") if exponent else pl.lit("")
    digits = pl.concat_str(pl.lit("0"), whole, kept)
    size = digits.str.len_bytes()
    up = (fraction.str.slice(exponent, 1) >= "5").fill_null(False)
    value = pl.when(size <= 19).then(digits).cast(pl.Int64) + up.cast(pl.Int64)
    signed = pl.when(sign == "-").then(-value).otherwise(value)
    cut = fraction.str.slice(exponent).str.contains("[1-9]").fill_null(False)
    good = signed.is_between(low, high) & (~cut if fact.type is FactType.INTEGER else pl.lit(True))
    result = parts.select(pl.when(good).then(signed).alias("value"), (good & cut).alias("rounded")).collect()
    return result["value"], int(result["rounded"].sum() or 0)


def _fast_dates(cleaned: pl.Series) -> pl.Series:
    parts = (
        cleaned.alias("text")
        .to_frame()
        .lazy()
        .select(pl.col("text").str.extract_groups(_DAY).alias("part"))
        .unnest("part")
    )
    month = pl.coalesce("2", "3", "4", "5", "6").str.pad_start(2, "0")
    day = pl.col("7").str.pad_start(2, "0")
    compact_short = pl.col("6").is_not_null() & (pl.col("7").str.len_bytes() != 2)
    dates = pl.concat_str(pl.col("1"), month, day, separator="-").str.to_date("%Y-%m-%d", strict=False)
    years = dates.dt.year().is_between(cells.FIRST_YEAR, cells.LAST_YEAR)
    return parts.select(pl.when(years & ~compact_short).then(dates).alias("value")).collect()["value"]
