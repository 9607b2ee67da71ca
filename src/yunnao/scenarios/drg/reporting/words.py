"""Numbers of a settlement as people read them: yuan and points from whole units, periods, pools, levels."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language, Text

POOLS: Mapping[str, Text] = {
    "employee": Text("职工", "Employees"),
    "resident": Text("居民", "Residents"),
    "all": Text("不分险种", "All together"),
}
LEVELS: Mapping[str, Text] = {
    "tertiary": Text("三级", "Tertiary"),
    "secondary": Text("二级", "Secondary"),
    "primary": Text("一级", "Primary"),
}
CLASS_TITLES: Mapping[str, Text] = {
    "normal": Text("正常", "normal"),
    "high": Text("高倍率", "high multiple"),
    "low": Text("低倍率", "low multiple"),
    "very_low": Text("极低费用", "very low cost"),
    "bed_day": Text("床日", "bed-days"),
    "unstable": Text("不稳定病组", "unstable group"),
    "ungrouped": Text("未入组", "no group"),
    "ambiguous": Text("歧义病案", "ambiguous"),
    "outside": Text("不按病组付费", "outside of DRG"),
    "reviewed": Text("特病单议", "special-case review"),
    "excluded": Text("不计点", "excluded"),
}
"""Classes of stays; Chinese as `settlement.pricing.CLASSES` has it (a test holds them together)."""
OUTCOMES: Mapping[str, Text] = {
    "grouped": Text("已入组", "grouped"),
    "ambiguous": Text("歧义", "ambiguous"),
    "ungroupable": Text("不能入组", "no group"),
    "invalid": Text("不是一份病案", "no stay"),
}
"""Outcomes of grouping."""
_DASH = "—"
_UNITS = 10_000
_SHARE = Decimal(10) ** 10


def money(fen: int | None) -> str:
    """Fen -> yuan with separators: ``1,234.56``; a dash where it is not known."""
    if fen is None:
        return _DASH
    whole, _, rest = yuan_text(abs(fen)).partition(".")
    return f"{'-' if fen < 0 else ''}{int(whole):,}.{rest}"


def points(units: int | None) -> str:
    """1/10000 points, coefficients, multiples, CMI -> ``1,234.5678``."""
    if units is None:
        return _DASH
    whole, rest = divmod(abs(units), _UNITS)
    return f"{'-' if units < 0 else ''}{whole:,}.{rest:04d}"


def score(share: int | None) -> str:
    """A quality score over 10^12 -> per cent with two decimals."""
    if share is None:
        return _DASH
    return f"{(Decimal(share) / _SHARE).quantize(Decimal('0.01'), ROUND_HALF_UP)}%"


def share_of(part: int, whole: int) -> str:
    """Per cent with one decimal, half up; a dash of none."""
    return f"{(Decimal(100 * part) / whole).quantize(Decimal('0.1'), ROUND_HALF_UP)}%" if whole else _DASH


def period_words(kind: str, period: str, language: Language = "zh") -> str:
    """``2023 年`` or ``2023 年 5 月``."""
    if language == "en":
        return period
    year, _, month = period.partition("-")
    return f"{year} 年" if kind == "year" else f"{year} 年 {int(month)} 月"


def title_of(titles: Mapping[str, Text], id_: str | None, language: Language = "zh") -> str:
    """The title of an id; the id itself where it has none, a dash where there is no id."""
    if id_ is None:
        return _DASH
    return titles[id_].in_(language) if id_ in titles else id_
