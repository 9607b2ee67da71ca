"""Exact arithmetic of points: fractions for groups and hospitals, and one linear form of whole numbers for every stay.

What a stay earns is ``a + b x``, where ``a`` and ``b`` are fractions that its hospital and group fix, and ``x`` is a whole number (fen,
days). So a hundred thousand stays are three gathered columns of integers and one division. The columns are numpy's object arrays:
integers of any size, so that nothing has to be proved to fit, and no result ever passes through a binary float.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from math import lcm

import numpy as np
import numpy.typing as npt

POINT = 10_000
"""Points are kept as integers of 1/10000 point."""

CV = 1_000_000
"""Coefficients of variation are kept as integers of 1/1000000."""

_CONTEXT = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Linear:
    """``constant + slope x`` for a whole x >= 0; not negative wherever it is used."""

    constant: Fraction = Fraction(0)
    slope: Fraction = Fraction(0)

    def at(self, x: int) -> Fraction:
        """Its value at ``x``."""
        return self.constant + self.slope * x


def half_up(value: Fraction) -> int:
    """The nearest whole number, halves away from zero."""
    twice = 2 * abs(value.numerator) + value.denominator
    return (1 if value >= 0 else -1) * (twice // (2 * value.denominator))


def rounded(value: Fraction, decimals: int | None) -> Fraction:
    """``value`` half up to so many decimals; as it is for None."""
    return value if decimals is None else Fraction(half_up(value * 10**decimals), 10**decimals)


def in_points(value: Fraction) -> int:
    """Points as they are kept: 1/10000, half up."""
    return half_up(value * POINT)


def root(square: Fraction, scale: int) -> int:
    """The square root of ``square`` x ``scale``, half up; 60 digits are far more than any tie needs."""
    quotient = _CONTEXT.divide(Decimal(square.numerator), Decimal(square.denominator))
    product = _CONTEXT.multiply(_CONTEXT.sqrt(quotient), Decimal(scale))
    return int(product.to_integral_value(rounding=ROUND_HALF_UP, context=_CONTEXT))


def decimal_text(value: Fraction, decimals: int) -> str:
    """``value`` half up with exactly so many decimals: ``68.306011``."""
    whole, rest = divmod(half_up(abs(value) * 10**decimals), 10**decimals)
    sign = "-" if value < 0 and (whole or rest) else ""
    return f"{sign}{whole}.{rest:0{decimals}d}" if decimals else f"{sign}{whole}"


def exact_text(value: Fraction) -> str:
    """``num/den``; what `Fraction` reads back."""
    return f"{value.numerator}/{value.denominator}"


def evaluated(
    forms: Sequence[Linear],
    of: npt.NDArray[np.int64],
    x: npt.NDArray[np.int64],
    factor: Fraction = Fraction(1),
    reduced: npt.NDArray[np.bool_] | None = None,
) -> npt.NDArray[np.int64]:
    """Every row's form at its x, in 1/10000, rounded half up once.

    Args:
        forms: the forms there are.
        of: each row's form, as an index.
        x: each row's x, >= 0.
        factor: on rows that are ``reduced`` (readmissions), before the rounding.

    Raises:
        OverflowError: a result does not fit int64.
    """
    constants, slopes, denominators = [], [], []
    for form in forms:
        common = lcm(form.constant.denominator, form.slope.denominator)
        constants.append(form.constant.numerator * (common // form.constant.denominator))
        slopes.append(form.slope.numerator * (common // form.slope.denominator))
        denominators.append(common)
    numerator = _gathered(constants, of) + _gathered(slopes, of) * x.astype(object)
    denominator = _gathered(denominators, of)
    if reduced is not None:
        numerator[reduced] *= factor.numerator
        denominator[reduced] *= factor.denominator
    result: npt.NDArray[np.int64] = ((2 * POINT * numerator + denominator) // (2 * denominator)).astype(np.int64)
    return result


def _gathered(numbers: Sequence[int], of: npt.NDArray[np.int64]) -> npt.NDArray[np.object_]:
    column = np.empty(len(numbers), dtype=object)
    column[:] = numbers
    gathered: npt.NDArray[np.object_] = column[of]
    return gathered
