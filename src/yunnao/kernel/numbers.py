"""Exact numbers: money as integer fen, shares as integers over one base, decimal text outside.

Decimal arithmetic here runs in a context of its own, so no result depends on the caller's precision.
"""

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal

FEN_PER_YUAN = 100
SHARE_BASE = 10**12
"""A share of 1 (100 %) is stored as this integer: twelve decimals."""

MONEY_BOUND = 10**14
"""Largest amount of money, in fen, that a fact may hold (one trillion yuan); keeps products inside int64."""

_CONTEXT = Context(prec=80)


def scaled_integer(value: Decimal, factor: int, *, half_up: bool = True) -> int:
    """``value`` x ``factor`` as a whole number, half away from zero (or half even).

    Raises:
        ValueError: the value is not finite or has more than 60 digits before the point.
    """
    if not value.is_finite() or value.adjusted() > 60:
        raise ValueError(f"not a usable number: {value}")
    rounding = ROUND_HALF_UP if half_up else ROUND_HALF_EVEN
    product = _CONTEXT.multiply(value, Decimal(factor))
    return int(product.to_integral_value(rounding=rounding, context=_CONTEXT))


def fen_from_yuan(yuan: Decimal | str | int) -> int:
    """Yuan as decimal text or number -> fen, half up."""
    return scaled_integer(Decimal(yuan), FEN_PER_YUAN)


def yuan_text(fen: int) -> str:
    """Fen -> yuan as decimal text with two decimals: ``123456`` -> ``"1234.56"``."""
    sign = "-" if fen < 0 else ""
    yuan, rest = divmod(abs(fen), FEN_PER_YUAN)
    return f"{sign}{yuan}.{rest:02d}"


def share_text(share: int) -> str:
    """A stored share -> plain decimal text without trailing zeros: ``0.055``."""
    return plain(Decimal(share).scaleb(-12))


def plain(value: Decimal) -> str:
    """A decimal without exponent and without trailing zeros."""
    text = format(value.normalize(_CONTEXT), "f")
    return "0" if text == "-0" else text


def divide_half_up(numerator: int, denominator: int) -> int:
    """``numerator / denominator`` rounded half up, for a numerator >= 0 and a denominator > 0."""
    return (numerator + denominator // 2) // denominator
