"""Numbers of a settlement as people read them: yuan and points from whole units, periods, pools, levels."""

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.settlement.pricing import CLASS_TITLES as CLASS_TITLES
from yunnao.scenarios.drg.settlement.reference import NONE, STAYS, TABLE
from yunnao.scenarios.drg.settlement.terms import PublishedPoints

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
POINTS_FROM: Mapping[str, Text] = {
    STAYS: Text("由病案推算", "from stays"),
    TABLE: Text("公布的表", "published table"),
    NONE: Text("没有（表里没有）", "none: not in the table"),
}
"""Where base points come from."""
OUTCOMES: Mapping[str, Text] = {
    "grouped": Text("已入组", "grouped"),
    "ambiguous": Text("歧义", "ambiguous"),
    "ungroupable": Text("不能入组", "no group"),
    "invalid": Text("不是一份病案", "no stay"),
}
"""Outcomes of grouping."""
_DASH = "—"
_SHOWN = 5
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


def unpublished_words(missing: Sequence[str], table: PublishedPoints, language: Language = "zh") -> str:
    """What becomes of the groups that a published table leaves out."""
    names = "、".join(missing[:_SHOWN]) + ("等" if len(missing) > _SHOWN else "")
    if language == "en":
        how = (
            "their points are derived from stays"
            if table.others == "derived"
            else "their stays count as unstable groups"
        )
        return f"{table.file} leaves out {len(missing):,} groups of the scheme: {how}"
    how = "基准点数由病案推算" if table.others == "derived" else "病案按不稳定病组付费"
    return f"{table.file} 没有分组方案里的 {len(missing):,} 个病组（{names}）：{how}"
