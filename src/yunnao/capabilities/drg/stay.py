"""What of a stay grouping looks at, how cells are understood, and which rows are no stay at all; one by one and by column alike."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import floor, isfinite
from types import MappingProxyType
from typing import Literal

import polars as pl

Sex = Literal["male", "female"]
Outcome = Literal["grouped", "ambiguous", "ungroupable", "invalid"]

REQUIRED = ("case_id", "sex", "age_years", "diagnoses", "procedures")
OPTIONAL = ("age_days", "birth_weight_g", "department", "length_of_stay_days", "discharge_type", "icu_hours")
COLUMNS = (*REQUIRED, *OPTIONAL)
"""Columns that grouping reads; any others are kept as they are."""

ADDED = ("mdc", "adrg", "drg", "outcome", "reason", "unknown_codes")
"""Columns that grouping adds, all String."""

SEXES: Mapping[str, Sex] = MappingProxyType(
    {
        **dict.fromkeys(("male", "m", "1", "1.0", "男", "男性"), "male"),
        **dict.fromkeys(("female", "f", "2", "2.0", "女", "女性"), "female"),
    }
)
"""How sex is written (GB/T 2261.1: 1 male, 2 female), in lower case."""

OLDEST = 130
"""An age beyond is a mistake."""

_DAYS_OF_A_YEAR = 366

NO_ID = "没有病案编号"
REPEATED_ID = "病案编号与前面的一行相同"
NO_SEX = "没有性别"
WRONG_SEX = "性别不是男或女"
NO_AGE = "没有年龄"
WRONG_AGE = f"年龄不是 0 到 {OLDEST} 的数"
WRONG_DAYS = "日龄不是合理的天数"
NO_DIAGNOSIS = "没有诊断"


@dataclass(frozen=True, slots=True)
class Stay:
    """One stay. Numbers may be texts; see `numbers_of` and the reasons above.

    Attributes:
        diagnoses, procedures: as in a cell: ``|`` between codes, the first is the principal diagnosis, the main procedure.
    """

    case_id: str
    sex: str | None
    age_years: float | str | None
    diagnoses: str | None
    procedures: str | None = ""
    age_days: float | str | None = None
    birth_weight_g: float | str | None = None
    department: str | None = None
    length_of_stay_days: float | str | None = None
    discharge_type: str | None = None
    icu_hours: float | str | None = None


def number_of(cell: float | str | None) -> float | None:
    """A number as written; none for what is no number."""
    if cell is None:
        return None
    try:
        value = float(cell)
    except (TypeError, ValueError):
        return None
    return value if isfinite(value) else None


def numbers_of(stay: Stay) -> dict[str, float | None]:
    """The numbers of a stay by column.

    Ages are in whole years and days. Where the years are not given, a child of up to 366 days is 0 years old (the settlement list of
    hospitals gives days alone for children under one). A weight of 0 is not known.
    """
    years, days = number_of(stay.age_years), number_of(stay.age_days)
    days = None if days is None else float(floor(days))
    if years is None and _is_empty(stay.age_years) and days is not None and 0 <= days <= _DAYS_OF_A_YEAR:
        years = 0.0
    return {
        "age_years": None if years is None else float(floor(years)),
        "age_days": days,
        "birth_weight_g": number_of(stay.birth_weight_g) or None,
        "length_of_stay_days": number_of(stay.length_of_stay_days),
        "icu_hours": number_of(stay.icu_hours),
    }


def why_invalid(stay: Stay, numbers: Mapping[str, float | None], codes: tuple[str, ...]) -> str:
    """Why a row is no stay; empty if it is one."""
    sex = (stay.sex or "").strip().lower()
    years, days = numbers["age_years"], numbers["age_days"]
    reasons = [
        NO_ID if not stay.case_id.strip() else "",
        NO_SEX if not sex else "" if sex in SEXES else WRONG_SEX,
        _why_age(stay.age_years, years),
        "" if days is None or 0 <= days <= (OLDEST + 1) * _DAYS_OF_A_YEAR else WRONG_DAYS,
        "" if any(codes) else NO_DIAGNOSIS,
    ]
    return "；".join(filter(None, reasons))


def _why_age(cell: float | str | None, years: float | None) -> str:
    if years is None:
        return NO_AGE if _is_empty(cell) else WRONG_AGE
    return "" if 0 <= years <= OLDEST else WRONG_AGE


def _is_empty(cell: float | str | None) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def typed(frame: pl.DataFrame, asked: frozenset[str] = frozenset(OPTIONAL)) -> pl.DataFrame:
    """`numbers_of` and sex by column: Float64 numbers, ``sex`` String (null where unknown), ``age_given`` Boolean, texts trimmed.

    Of the columns in `OPTIONAL` but for ``age_days``, only those in ``asked`` are read.
    """
    absent = [column for column in COLUMNS if column not in frame.columns]
    frame = frame.select(column for column in COLUMNS if column in frame.columns).with_columns(
        pl.lit(None, dtype=pl.String).alias(column) for column in absent
    )
    written = {column: _text(frame.schema[column], column) for column in COLUMNS}
    years, days = _number(frame, "age_years").floor(), _number(frame, "age_days").floor()
    age_given = written["age_years"] != ""
    weight = _number(frame, "birth_weight_g")
    optional = {
        "birth_weight_g": pl.when(weight != 0).then(weight),
        "length_of_stay_days": _number(frame, "length_of_stay_days"),
        "icu_hours": _number(frame, "icu_hours"),
        "department": written["department"],
        "discharge_type": written["discharge_type"],
    }
    columns = {
        "case_id": written["case_id"],
        "sex": written["sex"].str.to_lowercase().replace_strict(SEXES, default=None, return_dtype=pl.String),
        "sex_given": written["sex"] != "",
        "age_years": pl.when(~age_given & days.is_between(0, _DAYS_OF_A_YEAR)).then(0.0).otherwise(years),
        "age_given": age_given,
        "age_days": days,
        **{name: value for name, value in optional.items() if name in asked},
        "diagnoses": pl.col("diagnoses").cast(pl.String),
        "procedures": pl.col("procedures").cast(pl.String),
    }
    return frame.lazy().select(value.alias(name) for name, value in columns.items()).collect()


def _text(dtype: pl.DataType, column: str) -> pl.Expr:
    value = pl.col(column) if dtype == pl.String else pl.col(column).cast(pl.String)
    return value.fill_null("").str.strip_chars()


def _number(frame: pl.DataFrame, column: str) -> pl.Expr:
    value = pl.col(column)
    if frame.schema[column] == pl.String:
        value = value.str.strip_chars()
    number = value.cast(pl.Float64, strict=False)
    return pl.when(number.is_finite()).then(number)


def invalid_reasons(stays: pl.DataFrame, repeated: pl.Series, has_diagnosis: pl.Series) -> pl.Series:
    """`why_invalid` by column, and that an id was there before: String, empty for stays."""
    years, days = pl.col("age_years"), pl.col("age_days")

    def why(condition: pl.Expr, reason: str) -> pl.Expr:
        return pl.when(condition).then(pl.lit(reason))

    no_id = pl.col("case_id") == ""
    reasons = [
        why(no_id, NO_ID),
        why(repeated & ~no_id, REPEATED_ID),
        why(~pl.col("sex_given"), NO_SEX),
        why(pl.col("sex_given") & pl.col("sex").is_null(), WRONG_SEX),
        why(years.is_null() & ~pl.col("age_given"), NO_AGE),
        why((years.is_null() & pl.col("age_given")) | ~years.is_between(0, OLDEST), WRONG_AGE),
        why(~days.is_between(0, (OLDEST + 1) * _DAYS_OF_A_YEAR), WRONG_DAYS),
        why(~pl.lit(has_diagnosis), NO_DIAGNOSIS),
    ]
    return (
        stays.lazy()
        .select(pl.concat_str(reasons, separator="；", ignore_nulls=True).alias("reason"))
        .collect()
        .to_series()
    )
