"""What a settlement policy may say: one small typed vocabulary, closed; nothing in it is parsed as a formula.

Numbers are exact decimals here and fractions where they are computed with.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import Field, model_validator

from yunnao.kernel.declaration import Strict

Level = Literal["tertiary", "secondary", "primary"]
"""Level of a hospital, as in the register `hospitals`."""

ALL = "all"
"""The pool of a policy that settles everybody together."""

Pool = Literal["employee", "resident", "all"]
Multiple = Annotated[Decimal, Field(gt=0, le=1000, allow_inf_nan=False, max_digits=20)]
Share = Annotated[Decimal, Field(ge=0, le=1, allow_inf_nan=False, max_digits=20)]
Decimals = Annotated[int, Field(ge=0, le=12)]


class NoTrimming(Strict):
    """Every stay of the basis counts."""

    method: Literal["none"]


class Interquartile(Strict):
    """中段区间法: a stay counts if its cost is within Q1 - below x IQR .. Q3 + above x IQR of its group, ends included.

    Quartiles are interpolated linearly between order statistics: position (n - 1) x p, counted from 0.
    """

    method: Literal["interquartile"]
    below: Annotated[Decimal, Field(ge=0, le=100)]
    above: Annotated[Decimal, Field(ge=0, le=100)]


class Winsorise(Strict):
    """缩尾法: costs beyond the quantiles low and high of their group count as these; quantiles as for `Interquartile`."""

    method: Literal["winsorise"]
    low: Share
    high: Share

    @model_validator(mode="after")
    def _in_order(self) -> "Winsorise":
        if self.low >= self.high:
            raise ValueError("缩尾的 low 要小于 high")
        return self


class Multiples(Strict):
    """裁剪倍率: stays below / above so many times their group's mean are left out, again with the new mean, until none is.

    Attributes:
        rounds: at most so many times.
    """

    method: Literal["multiples"]
    below: Annotated[Decimal, Field(ge=0, lt=1)]
    above: Annotated[Decimal, Field(gt=1, le=1000)]
    rounds: Annotated[int, Field(ge=1, le=100)] = 20


Trimming = Annotated[NoTrimming | Interquartile | Winsorise | Multiples, Field(discriminator="method")]


FileName = Annotated[str, Field(pattern=r"^[^/\\\\:]{1,200}\.(csv|xlsx|xls)$")]
"""A file beside the policy."""


def _is_none(value: object) -> bool:
    return value is None


class PublishedPoints(Strict):
    """A published table of base points, used instead of those derived from stays (基准点数表).

    Attributes:
        file: the table.
        others: groups that it leaves out have the points derived from stays, or none: their stays are then paid as ``unstable`` says.
        overall_mean: mean cost of all groups as published, in yuan; absent: of the stays of the basis.
    """

    file: FileName
    others: Literal["derived", "none"]
    overall_mean: Annotated[Decimal, Field(gt=0, le=10**9, decimal_places=2, allow_inf_nan=False)] | None = None


class BasePoints(Strict):
    """B = mean cost of the group / mean cost of all groups x scale, or as published.

    Attributes:
        basis: stays of the settled year itself, or of so many years before it.
        years: how many years before.
        by_pool: every pool has base points of its own.
        overall_mean: the mean of all is taken over stays that trimming kept, or over all.
        decimals: base points are rounded half up to so many; absent: they stay exact. What is published is not rounded.
        table: published base points; left out of what is written down where there are none, as before there could be any.
    """

    basis: Literal["year", "previous_years"]
    years: Annotated[int, Field(ge=1, le=5)] = 1
    by_pool: bool = False
    overall_mean: Literal["kept", "all"] = "kept"
    decimals: Decimals | None = None
    table: PublishedPoints | None = Field(default=None, exclude_if=_is_none)


class CoefficientPart(Strict):
    """One family of coefficients and its weight in the mix.

    Attributes:
        of: mean cost of the group in the ``hospital`` or in its ``level``, over the group's mean; ``given`` by level; or as
            ``published`` in a table.
    """

    of: Literal["hospital", "level", "given", "published"]
    weight: Annotated[Decimal, Field(gt=0, le=1)] = Decimal(1)
    by_level: dict[Level, Multiple] | None = None

    @model_validator(mode="after")
    def _given(self) -> "CoefficientPart":
        if (self.of == "given") != (self.by_level is not None):
            raise ValueError("of: given 要写 by_level（各等级的系数），别的不写")
        return self


class Coefficients(Strict):
    """k of a hospital and group: the weighted mix of its parts; 1 without parts.

    Attributes:
        at_least_stays: a part whose own mean rests on fewer stays of the basis counts as 1 (a new group).
        least, most: bounds of the mix.
        incentives: hospital -> yearly factor on its mix, after the bounds.
        decimals: rounded half up to so many; absent: exact.
        table: published coefficients of hospitals or levels; left out of what is written down where there are none.
    """

    parts: list[CoefficientPart] = Field(default_factory=list)
    at_least_stays: Annotated[int, Field(ge=1)] = 1
    least: Multiple | None = None
    most: Multiple | None = None
    incentives: dict[str, Multiple] = Field(default_factory=dict)
    decimals: Decimals | None = None
    table: FileName | None = Field(default=None, exclude_if=_is_none)

    @model_validator(mode="after")
    def _whole(self) -> "Coefficients":
        if self.parts and sum(part.weight for part in self.parts) != 1:
            raise ValueError("parts 的 weight 之和要等于 1")
        if self.least is not None and self.most is not None and self.least > self.most:
            raise ValueError("least 不能大于 most")
        if self.table is not None and all(part.of != "published" for part in self.parts):
            raise ValueError("写了 table（系数表），parts 里也要有一项 of: published，否则表没有用到")
        return self


class Stability(Strict):
    """A group is stable with at least so many stays in the basis and a coefficient of variation of at most so much.

    Attributes:
        counts: stays are counted before trimming (``all``) or after (``kept``); the variation is always of what was kept.
        deviation: the standard deviation divides by n (``population``) or by n - 1 (``sample``).
    """

    at_least: Annotated[int, Field(ge=1)]
    counts: Literal["all", "kept"] = "all"
    cv_at_most: Multiple
    deviation: Literal["population", "sample"] = "population"


class Tier(Strict):
    """Groups with base points up to so many (the last tier: all further ones) and their high-multiple threshold."""

    up_to: Multiple | None = None
    multiple: Multiple


class High(Strict):
    """高倍率: cost over the group's mean above the threshold: P = B x k + share x B x (reasonable cost / mean - threshold).

    Attributes:
        tiers: thresholds by base points; or
        by_level: thresholds by level of the hospital.
        share: of the add-on that is paid.
        needs_review: the add-on is paid only after a special-case review supported it (特病单议).
    """

    tiers: list[Tier] | None = None
    by_level: dict[Level, Multiple] | None = None
    share: Share = Decimal(1)
    needs_review: bool = False

    @model_validator(mode="after")
    def _one_way(self) -> "High":
        if (self.tiers is None) == (self.by_level is None):
            raise ValueError("高倍率的界限必须且只能写一种：tiers（按基准点数）或 by_level（按医院等级）")
        if self.by_level is not None and len(self.by_level) != 3:
            raise ValueError("by_level 要写全三个等级：tertiary、secondary、primary")
        ends = [tier.up_to for tier in self.tiers or []]
        inner = [end for end in ends[:-1] if end is not None]
        if ends and (ends[-1] is not None or len(inner) < len(ends) - 1):
            raise ValueError("tiers 的最后一档不写 up_to，其余都要写")
        if any(one >= other for one, other in pairwise(inner)) or self.tiers == []:
            raise ValueError("tiers 至少一档，up_to 从小到大")
        return self


class Low(Strict):
    """低倍率: cost below so many times the group's mean: P = B (x k) x cost / mean.

    Attributes:
        with_coefficient: whether k counts.
        at_most_base: never more than B.
        very_low_below: cost below so many times the mean is paid as an item: P = cost / mean of all x scale.
    """

    below: Share
    with_coefficient: bool = True
    at_most_base: bool = True
    very_low_below: Share | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Low":
        if self.very_low_below is not None and self.very_low_below > self.below:
            raise ValueError("very_low_below 不能大于 below")
        return self


class BedDays(Strict):
    """Stays paid by bed-days: P = days x the hospital's tariff / mean of all x scale; or left out."""

    rule: Literal["tariff", "none"]


class Readmission(Strict):
    """The same person with the same group again within so many days, without a supported reason: the earlier stay's points x factor.

    Attributes:
        days: from discharge to the next admission, both ends' difference, at most.
        same: what must be equal, the DRG or its ADRG.
        same_hospital: whether both stays must be in one hospital.
        exempt_adrgs: ADRGs of planned courses (chemotherapy, radiotherapy).
    """

    days: Annotated[int, Field(ge=0, le=365)]
    factor: Share
    same: Literal["drg", "adrg"] = "drg"
    same_hospital: bool = True
    exempt_adrgs: list[str] = Field(default_factory=list)


class ByCost(Strict):
    """Stays without a usable group: P = share x reasonable cost / mean of all x scale (``cost``), or no points (``none``).

    Attributes:
        needs_review: no points until a special-case review supported it.
    """

    rule: Literal["cost", "none"]
    share: Share = Decimal(1)
    needs_review: bool = False


class Outside(ByCost):
    """Stays that are too short or too long for groups.

    Attributes:
        days_at_most, days_at_least: so short, so long.
    """

    days_at_most: Annotated[int, Field(ge=0)] | None = None
    days_at_least: Annotated[int, Field(ge=1)] | None = None


class Prepayment(Strict):
    """Monthly prepayment: a share of what was claimed from the fund, or of a twelfth of the budget by the month's points."""

    share: Share
    mode: Literal["claimed", "points"]


class Bond(Strict):
    """Quality bond (质量保证金): a share of each prepayment is withheld, and returned x quality score at the year's end.

    Attributes:
        full_from: scores from here on return all of it.
        missing: what a hospital without a score gets back.
    """

    share: Share
    full_from: Share | None = None
    missing: Literal["full", "none"] = "full"


class Questions(Strict):
    """What raises a question to a reviewer, and never changes a payment.

    Attributes:
        high_share: of a hospital's stays that are high multiples.
    """

    high_share: Share


@lru_cache(maxsize=1024)
def fraction(number: Decimal | int) -> Fraction:
    """The exact value of a number as written."""
    return Fraction(number)
