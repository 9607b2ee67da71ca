"""What stands after a numeral: its unit, from the lexicon first, by its shape otherwise."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from itertools import chain

from yunnao.scenarios.plan.reading.lexicon import either, table

_SHAPE = re.compile(r"[^\W\d_a-z](?=[，。；、）！？\n\r]|以上|左右|$)")
_PER = re.compile(
    r"/(?:平方公里|平方千米|平方米|立方米|公顷|亩|人|万人|千人|户|万元|元|年|月|日|天|小时|公里|吨|千瓦时|次|家|辆|个|台|件|床日|学年|学期)"
    r"|每(?:平方公里|平方米|立方米|公顷)(?=[，。；、）]|以|左)"
)
"""What a rate is per: 亿元/平方公里."""
_MONEY = re.compile(
    r"规模|产值|收入|投资|总额|营收|市值|贷款|存款|基金|资金|生产总值|交易额|成交额|销售|增加值|产业|经济"
    r"|税收|融资|信贷|授信|债券|资产|余额|额(?:突破|超过?|达到?|近|约|为)?$"
)


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as printed.

    Attributes:
        text: with its scale (万家), without words of approximation between them.
        base: without its scale (家).
        scale: how many of the base it is.
        end: where it ends.
        hedge: 余, 多, 来 before or inside of it.
        known: it stands in the lexicon.
    """

    text: str
    base: str
    scale: Decimal
    end: int
    hedge: str
    known: bool


@cache
def _pattern() -> re.Pattern[str]:
    units = table("units")
    lists = [
        *units["measure"],
        units["time"],
        units["people"],
        *units["count"],
        units["ratio"],
        units["ratio_like"],
        units["money"],
    ]
    listed = set(chain.from_iterable(lists))
    latin = {unit for unit in listed if re.fullmatch(r"[a-zμ/0-9²³]+", unit)}
    one = rf"{either(listed - latin)}|(?:{either(latin)})(?![a-z0-9])"
    return re.compile(
        rf" ?(?P<before>余|多|来)?(?P<whole>{one})"
        rf"| ?(?P<early>余|多|来)?(?P<scale>{either(units['scales'])})(?P<inside>余|多|来)?(?P<unit>{one})?"
    )


@cache
def _arabic_only() -> frozenset[str]:
    return frozenset(table("units")["arabic_only"])


@cache
def _never() -> tuple[str, ...]:
    return tuple(table("units")["never"])


@cache
def _begins_a_noun() -> dict[str, str]:
    return dict(table("units")["not_before"])


def _counted_by(text: str, unit: str, end: int) -> bool:
    """Whether the measure word ``unit`` that ends at ``end`` is one, and not the beginning of a noun (家 in 家庭)."""
    return end >= len(text) or text.startswith(("乡镇", "乡级"), end) or text[end] not in _begins_a_noun().get(unit, "")


def unit_at(text: str, place: int, *, chinese: bool) -> Unit | None:
    """The unit that stands at ``place``, right after a numeral; ``None`` where none does."""
    match = _pattern().match(text, place)
    if text.startswith(_never(), place) and not (match and match["whole"] and len(match["whole"]) > 1):
        return None
    if match is None:
        shape = None if chinese else _SHAPE.match(text, place)
        return Unit(shape.group(), shape.group(), Decimal(1), shape.end(), "", False) if shape else None
    if match["whole"] is not None:
        unit = match["whole"]
        if (chinese and unit in _arabic_only()) or not _counted_by(text, unit, match.end()):
            return None
        end = match.end()
        if (per := _PER.match(text, end)) is not None:
            unit, end = unit + per.group(), per.end()
        return Unit(unit, unit, Decimal(1), end, match["before"] or "", True)
    scale, unit = match["scale"], match["unit"] or ""
    hedge = match["early"] or match["inside"] or ""
    end = match.end()
    if not unit and scale in ("百", "千") and not hedge:
        return None
    if unit and (text.startswith(_never(), end - len(unit)) or not _counted_by(text, unit, end)):
        unit, end = "", end - len(unit)
    if not unit and text.startswith(_never(), end):
        return None
    if unit and (per := _PER.match(text, end)) is not None:
        unit, end = unit + per.group(), per.end()
    return Unit(scale + unit, unit, Decimal(table("units")["scales"][scale]), end, hedge, True)


def is_counted(unit: str) -> bool:
    """Whether the unit is one of things that are counted one by one (家, 人), and not measured."""
    units = table("units")
    return unit in units["people"] or any(unit in each for each in units["count"])


def money_where_unsaid(unit: Unit, words: str) -> str:
    """The base unit: of 百亿 without a unit, 元 where ``words`` before it name an amount of money."""
    return "元" if unit.text and not unit.base and _MONEY.search(words) else unit.base
