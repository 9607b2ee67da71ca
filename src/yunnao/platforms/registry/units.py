"""Units that headers name, and what a figure in that unit must be multiplied by to become the stored integer."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.platforms.registry.spelling import visible


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: what it measures and its power of ten over that dimension's own unit (yuan, 1, one person ...)."""

    dimension: str
    exponent: int


def _units(dimension: str, names: Mapping[str, int]) -> dict[str, Unit]:
    return {name: Unit(dimension, exponent) for name, exponent in names.items()}


UNITS: Mapping[str, Unit] = {
    **_units("money", {"元": 0, "人民币元": 0, "圆": 0, "cny": 0, "rmb": 0, "角": -1, "分": -2, "百元": 2, "千元": 3}),
    **_units("money", {"万元": 4, "人民币万元": 4, "十万元": 5, "百万元": 6, "千万元": 7, "亿元": 8}),
    **_units("share", {"%": -2, "百分比": -2, "百分点": -2, "‰": -3, "1": 0, "小数": 0}),
    **_units(
        "person", {"人": 0, "名": 0, "位": 0, "人数": 0, "百人": 2, "千人": 3, "万人": 4, "person": 0, "persons": 0}
    ),
    **_units("month", {"月": 0, "个月": 0, "month": 0, "months": 0}),
    **_units("day", {"天": 0, "日": 0, "day": 0, "days": 0, "工作日": 0, "个工作日": 0}),
    **_units("year", {"年": 0, "周岁": 0, "岁": 0, "year": 0, "years": 0}),
    **_units("hour", {"小时": 0, "时": 0, "hour": 0, "hours": 0}),
    **_units("area", {"平方米": 0, "m2": 0, "㎡": 0, "亩": 0, "公顷": 0}),
    **_units("count", dict.fromkeys("个家户件次项条笔宗台套份起辆张本处所", 0)),
    **_units("count", {"count": 0, "人次": 0, "户次": 0, "万个": 4, "万户": 4, "万件": 4, "千户": 3, "万次": 4}),
}
"""Unit as written in a header (NFKC, lower case) -> unit."""

_MARKED = (
    r"^(?P<base>.+?)(?:[(\[【〔{<,/_:;|-]|单位)[:,]?(?:单位)?:?(?P<unit>[^()\[\]【】〔〕{}<>,/_:;|单-]+)[)\]】〕}>]?$"
)
_UNMARKED = r"^(?P<base>.+?)(?P<unit>[十百千]?万元|百元|千元|亿元|%|‰)$"
_REMARK = r"^(?P<base>.+?)[(\[【〔{<](?P<remark>[^()\[\]【】〔〕{}<>]*)[)\]】〕}>]$"
_TITLE_UNIT = r"^[(\[【]?(?:金额|计量|货币)?单位:?(?P<unit>[^()\[\]【】:]+)[)\]】]?$"
# compiled, and kept, by `re` when a header is first read


def header_name(text: str) -> str:
    """A header for comparison: NFKC, no spaces or line breaks, lower case."""
    return "".join(visible(text).split()).lower().strip("*")


def split_unit(name: str) -> tuple[str, str]:
    """A `header_name` -> (name without its unit, the unit or "")."""
    for pattern in (_MARKED, _UNMARKED):
        if (found := re.match(pattern, name)) and found["unit"] in UNITS:
            return found["base"], found["unit"]
    return name, ""


def split_remark(name: str) -> tuple[str, str]:
    """A `header_name` -> (name without the brackets at its end, what they hold or "")."""
    found = re.match(_REMARK, name)
    return (found["base"], found["remark"]) if found else (name, "")


def title_unit(cell: str) -> str:
    """The unit that a cell above the header gives the whole table (单位：万元), or ""."""
    found = re.match(_TITLE_UNIT, header_name(cell))
    return found["unit"] if found and found["unit"] in UNITS else ""


_STORED_EXPONENT = {FactType.MONEY: 2, FactType.SHARE: 12, FactType.INTEGER: 0}
"""Power of ten from the dimension's own unit to the stored integer: fen, SHARE_BASE-ths, whole things."""


def dimension(fact: FactDefinition) -> str:
    """What a number of this fact measures; "" where its unit does not say."""
    own = UNITS.get(header_name(fact.unit))
    other = own.dimension if own and own.dimension not in ("money", "share") else ""
    return {FactType.MONEY: "money", FactType.SHARE: "share"}.get(fact.type, other)


def exponent_of(fact: FactDefinition, unit: str) -> int | None:
    """Power of ten by which a figure in ``unit`` ("" for the fact's own) becomes the stored integer.

    None when the unit does not measure what the fact is about.
    """
    own, measured = UNITS.get(header_name(fact.unit)), dimension(fact)
    chosen = UNITS[unit] if unit else own if own and own.dimension == measured else Unit(measured, 0)
    counted = fact.type is FactType.INTEGER and chosen.dimension not in ("money", "share")
    fits = chosen.dimension == measured or (counted and (not measured or "count" in (measured, chosen.dimension)))
    return _STORED_EXPONENT[fact.type] + chosen.exponent if fits else None
