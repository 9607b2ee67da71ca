"""Stored values -> the cells and headers that an office's own export would show. Set-wise; the inverse of intake.

Every function takes and gives whole Polars columns. Variety (thousands separators, full-width digits, five ways to
write a date, three ways to say "unknown") is chosen per cell by a column of random bytes: a seed fixes all of it.
"""

import polars as pl

from yunnao.kernel.fact import FactDefinition, FactType

UNKNOWN_WORDS = ("", "-", "无")
"""What offices write in a cell whose value they do not know."""

_FULL_WIDTH = {str(digit): chr(ord("０") + digit) for digit in range(10)}
_DATE_STYLES = ("%Y-%m-%d", "%Y/%-m/%-d", "%Y年%-m月%-d日", "%Y.%m.%d", "%Y%m%d")
_LARGE_MONEY = ("revenue", "assets", "turnover", "sales_year", "invest", "loan_amount", "balance", "financing", "over")
_WITH_SEPARATORS = 40  # of 256: the share of cells written with thousands separators
_WITH_FULL_WIDTH = 46  # ... up to here, with full-width digits
_SYMBOL = {"元": "元", "CNY": "元", "person": "人", "人": "人", "month": "月", "月": "月"}


def in_ten_thousands(fact: FactDefinition) -> bool:
    """Whether the office reports this amount of money in 万元."""
    return fact.type is FactType.MONEY and any(word in fact.id for word in _LARGE_MONEY)


def in_percent(fact: FactDefinition) -> bool:
    """Whether the header carries the percent sign; other shares carry it in the cell, or are plain decimals."""
    return fact.type is FactType.SHARE and fact.id.endswith("share")


def header(fact: FactDefinition) -> str:
    """The Chinese title with the unit that the cells are in."""
    title = fact.title.zh
    if fact.type is FactType.MONEY:
        return f"{title}（{'万元' if in_ten_thousands(fact) else '元'}）"
    if in_percent(fact):
        return f"{title}（%）"
    symbol = _SYMBOL.get(fact.unit) if fact.type is FactType.INTEGER else None
    return f"{title}（{symbol}）" if symbol else title


def cells(fact: FactDefinition, value: pl.Expr, die: pl.Expr) -> pl.Expr:
    """The column as text, no cell null.

    Args:
        fact: what the column holds.
        value: stored units (fen, 10^-12 shares, dates ...), null where unknown.
        die: random bytes (UInt8), one a row; they choose the spelling and nothing else.
    """
    known = _spelled(fact, value, die)
    taken = {
        word for code, text in (fact.values or {}).items() for word in (code, text.zh)
    }  # there, the word is a value
    unknown = _one_of([pl.lit(word) for word in UNKNOWN_WORDS if word not in taken], die)
    return pl.when(value.is_null()).then(unknown).otherwise(known)


def _spelled(fact: FactDefinition, value: pl.Expr, die: pl.Expr) -> pl.Expr:
    match fact.type:
        case FactType.BOOLEAN:
            return pl.when(value).then(pl.lit("是")).otherwise(pl.lit("否"))
        case FactType.DATE:
            return _one_of([value.dt.to_string(style) for style in _DATE_STYLES], die)
        case FactType.INTEGER if fact.unit == "year":
            return value.cast(pl.String)
        case FactType.INTEGER:
            return _varied(value, 0, die, pad=False)
        case FactType.MONEY:
            return _varied(value, 6, die, pad=False) if in_ten_thousands(fact) else _varied(value, 2, die, pad=True)
        case FactType.SHARE:
            percent = decimal_text(value, 10)
            if in_percent(fact):
                return percent
            return _one_of([percent + "%", decimal_text(value, 12)], die)
        case FactType.CODE if fact.values and not fact.unit:  # else its unit is a standard, whose code offices write
            return value.replace({code: text.zh for code, text in fact.values.items()})
        case _:
            return value


def decimal_text(value: pl.Expr, decimals: int, *, pad: bool = False, separators: bool = False) -> pl.Expr:
    """Whole numbers over 10^``decimals`` as decimal text; trailing zeros are dropped unless ``pad``."""
    size = value.abs()
    base = 10**decimals
    text = _with_separators(size // base) if separators else (size // base).cast(pl.String)
    if decimals:
        text = text + "." + (size % base).cast(pl.String).str.zfill(decimals)
        if not pad:
            text = text.str.strip_chars_end("0").str.strip_chars_end(".")
    return pl.when(value < 0).then("-" + text).otherwise(text)


def _varied(value: pl.Expr, decimals: int, die: pl.Expr, *, pad: bool) -> pl.Expr:
    plain = decimal_text(value, decimals, pad=pad)
    separated = decimal_text(value, decimals, pad=pad, separators=True)
    wide = plain.str.replace_many(list(_FULL_WIDTH), list(_FULL_WIDTH.values()))
    return pl.when(die < _WITH_SEPARATORS).then(separated).when(die < _WITH_FULL_WIDTH).then(wide).otherwise(plain)


def _with_separators(whole: pl.Expr) -> pl.Expr:
    """12345 -> ``12,345``, for 0 to 10^15."""
    text = whole.cast(pl.String)
    grouped = text
    for power in (3, 6, 9, 12):
        tail = pl.concat_str(
            [(whole // 10**place % 1000).cast(pl.String).str.zfill(3) for place in range(power - 3, -1, -3)],
            separator=",",
        )
        grouped = pl.when(whole >= 10**power).then((whole // 10**power).cast(pl.String) + "," + tail).otherwise(grouped)
    return grouped


def _one_of(choices: list[pl.Expr], die: pl.Expr) -> pl.Expr:
    chosen = choices[-1]
    for number, choice in enumerate(choices[:-1]):
        chosen = pl.when(die % len(choices) == number).then(choice).otherwise(chosen)
    return chosen
