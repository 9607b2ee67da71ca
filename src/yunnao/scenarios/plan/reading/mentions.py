"""Numerals with their units: every place in a text that states a quantity, and none that only looks like one."""

import re
from bisect import bisect_left
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import either, table, words
from yunnao.scenarios.plan.reading.numerals import CANDIDATE, Numeral, numeral
from yunnao.scenarios.plan.reading.units import Unit, unit_at

_NO_UNIT = Unit("", "", Decimal(1), 0, "", True)
_RANGE = re.compile(r"\s*(?:-|--|—|——|至|到)\s*")
_JOINED = re.compile(r"[、，]|和|及|与|以及|或|，?以及")
_JOINED_BY_NAME = re.compile(r"(?:[、，]|和|及|与|，?以及)[\u4e00-\u9fff]{1,6}")
_BEFORE_WORDS = re.compile(r"[第初其唯统逐某周]$|星期$|礼拜$|[a-z]$")
_MEASURES = ("gdp", "cpi", "ppi", "pmi")
_NTH = re.compile(r"[家座所艘例](?!五年)")
_BARE_RATIO = re.compile(r"(?<![\d:：])(\d+(?:\.\d+)?)[:：](\d+(?:\.\d+)?)[:：](\d+(?:\.\d+)?)(?![:：\d])")
_INDEX = re.compile(
    r"(?:[^，。；]{2}率|收入比|(?:指数|系数|[^，。；]比|强度|密度)[由从]|缩小至|扩大到|缩小到|为|达到?|至|到|突破|超过|是|指数|系数|强度|得分|评分|降为|升至|降至|增至|提高到|降到)(?:约|近|超)?$"
)
_OUTLINED = frozenset({"个", "条", "项", "点", "种", "类", ""})
_SHARED = frozenset({"个百分点", "个工作日", "个月", "个基点", "个位次"})
_ROUNDED = Decimal("0.5")
"""How far three shares of a whole may be from 100, each rounded."""
_NEAR = 40
"""How far before 5所 a school or another institution may be named."""
_LIST_END = re.compile(r"[\d.、]$")
_PLACES = frozenset("省市县区镇乡村")
_AMONG = re.compile(r"(?:覆盖|涉及|辐射|共|惠及|包括|新增|达|到)$")
_PHRASE_ENDS = re.compile(r"$|[，。；、！？）：”\n\r和及与]|以上|左右|的?(?:大关|台阶|门槛|关口)|规模")
_BOUNDARY = re.compile(
    r"$|[，。；、！？（）\n\r]|:1(?!\d)|以上|以内|以下|左右|和|缩小|扩大|上升|下降|提高|降低|降至|升至|增至|提升|增加|减少"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """One stated quantity.

    Attributes:
        start, end: its numeral (of a range: from the first to the last numeral).
        stop: where its unit ends.
        unit: as printed and scaled.
        hedge: 余, 多, 来 at the numeral.
        chinese: the numeral is written in Chinese characters.
        rank: it states a place in an order.
        sure: 0 to 1, how sure it is that a quantity is stated.
        part: of a ratio 7:42:51 which of its numbers, from 1; 0 of all else.
    """

    start: int
    end: int
    stop: int
    value: Decimal
    high: Decimal | None
    unit: Unit
    hedge: str
    chinese: bool
    rank: bool
    sure: float
    part: int = 0


@cache
def _slogans() -> re.Pattern[str]:
    return re.compile(f"[“‘]?(?:{either(table('slogans')['heads'])})")


@cache
def _after(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{either(table('slogans')[name])})$")


@cache
def _institutions() -> re.Pattern[str]:
    return re.compile(either(words(table("slogans")["institutions"])))


@cache
def _institutions_end() -> re.Pattern[str]:
    return re.compile(f"(?:{either(words(table('slogans')['institutions']))})$")


def mentions(text: str, names: bytearray) -> list[Mention]:
    """Every quantity of ``text`` but ranks, in order; ``names`` marks characters that stand in names."""
    found: list[Mention] = []
    waiting: list[Mention] = []
    here = 0
    while match := CANDIDATE.search(text, here):
        here = match.end() if match.end() > match.start() else match.end() + 1
        read = None if names[match.start()] or (names[match.end() - 1]) else numeral(match)
        if read is None:
            continue
        mention = _mention(text, read, names)
        if mention is None:
            continue
        here = max(here, mention.end, mention.stop)
        if mention.unit is _NO_UNIT:
            waiting.append(mention)
            continue
        if waiting:
            found += _lent(text, waiting, mention)
            waiting = []
        found.append(mention)
    found += _alone(text, waiting)
    found += _ratios(text, names, found)
    found = _one_unit(text, sorted(found, key=lambda one: (one.start, one.end)))
    return sorted(found, key=lambda one: (one.start, one.end))


def _mention(text: str, read: Numeral, names: bytearray) -> Mention | None:
    before = text[max(0, read.start - 6) : read.start]
    ordinal = before.endswith("第")
    if _BEFORE_WORDS.search(before) and not before.endswith(_MEASURES) and not (ordinal and _NTH.match(text, read.end)):
        return None
    if read.unit:
        said = Unit(read.unit, read.unit, Decimal(1), read.end, "", True)
        return Mention(read.start, read.end, read.end, read.value, None, said, "", True, False, 0.9)
    unit: Unit | None = unit_at(text, read.end, chinese=read.chinese)
    if unit is not None and (rest := _smaller_part(text, read, unit, names)) is not None:
        smaller, unit = rest
        read = replace(read, end=smaller.end, value=read.value + smaller.value)
    end, value, high = read.end, read.value, None
    if (second := _second(text, read, unit, names)) is not None:
        last, unit_of_last = second
        end, unit = last.end, unit_of_last
        value, high = (value, last.value) if value < last.value else (last.value, value)
    if unit is None:
        if read.chinese:
            return None
        return Mention(read.start, end, end, value, high, _NO_UNIT, "", False, False, 0.0)
    if read.bare and not unit.hedge and not (_after("bare_after").search(before) and _stands(text, unit)):
        return None
    if read.start == read.end:  # 万, 亿 alone: the scale itself is the numeral
        end = read.start + 1
    if not _is_quantity(text, read, unit, before, ranged=high is not None):
        return None
    sure = 0.95 if unit.known else 0.5
    if read.chinese and not unit.scale > 1:
        sure = min(sure, 0.8 if read.value > 2 else 0.7)
    return Mention(read.start, end, unit.end, value, high, unit, unit.hedge, read.chinese, False, sure)


def _stands(text: str, unit: Unit) -> bool:
    """Whether 百亿, 千亿元 ends its phrase: before a noun it only says of what size that is (过亿元项目)."""
    counted = bool(unit.base) or unit.scale == 10_000  # 近千万家庭
    return (counted and not unit.base.endswith(("元", "吨"))) or bool(_PHRASE_ENDS.match(text, unit.end))


def _smaller_part(text: str, first: Numeral, unit: Unit, names: bytearray) -> tuple[Numeral, Unit] | None:
    """Of 1亿2000万元, 12万3千人 the second numeral, its value in the scale of the first, and the unit of both."""
    if unit.base or unit.scale == 1 or unit.hedge or first.start == first.end:
        return None
    match = CANDIDATE.match(text, unit.end)
    smaller = numeral(match) if match is not None and not names[match.start()] else None
    if smaller is None or smaller.unit or smaller.chinese != first.chinese or smaller.start == smaller.end:
        return None
    counted = unit_at(text, smaller.end, chinese=smaller.chinese)
    if (
        counted is None
        or not counted.known
        or not (counted.base or counted.scale > 1)
        or smaller.value * counted.scale >= unit.scale
    ):
        return None
    if counted.base in table("units")["ratio"] or counted.base in table("units")["time"]:
        return None
    both = replace(counted, text=unit.text + counted.base, scale=unit.scale)
    return replace(smaller, value=smaller.value * counted.scale / unit.scale), both


def _second(text: str, first: Numeral, unit: Unit | None, names: bytearray) -> tuple[Numeral, Unit] | None:
    """The upper numeral of a range that begins with ``first``, and the unit of both."""
    place = unit.end if unit is not None else first.end
    dash = _RANGE.match(text, place)
    if dash is None:
        return None
    match = CANDIDATE.match(text, dash.end())
    if match is None or names[match.start()] or (match["chinese"] is not None) != first.chinese:
        return None
    last = numeral(match)
    if last is None or last.unit:
        return None
    last_unit = unit_at(text, last.end, chinese=last.chinese)
    if last_unit is None:
        return None
    if unit is not None and (unit.base not in ("", last_unit.base) or unit.scale != last_unit.scale):
        return None
    if dash.group().strip() in ("至", "到") and re.search(r"[从由自]$", text[max(0, first.start - 1) : first.start]):
        return None
    if dash.group().strip() in ("至", "到") and last.value <= first.value:
        return None
    return last, last_unit


def _is_quantity(text: str, read: Numeral, unit: Unit, before: str, *, ranged: bool) -> bool:
    """Whether number and unit state something; the rules that no list of names can hold."""
    after = text[unit.end : unit.end + 24]
    plain = unit.scale == 1 and not unit.hedge
    slogan = (
        unit.base in _OUTLINED
        and plain
        and (read.chinese or after.startswith(("方面", "层面")))
        and _slogans().match(after.lstrip("“‘的"))
    )
    article = read.chinese and read.value == 1 and unit.scale == 1 and unit.base not in ("倍", "番")
    passing_time = (
        unit.base in table("slogans")["time_units"]
        and not ranged
        and unit.scale == 1
        and (not _after("time_after").search(before) or (before.endswith("近") and unit.base == "年"))
    )
    around = after if read.value >= 100 else text[max(0, read.start - _NEAR) : unit.end + 16]
    counted = bool(_institutions_end().search(before))  # 幼儿园213所
    institute = unit.base == "所" and not unit.hedge and not counted and not _institutions().search(around)
    places = unit.base in _PLACES and not read.chinese and unit.scale == 1 and not _AMONG.search(before)
    return not (
        places or slogan or article or passing_time or institute or (unit.base == "倍" and after.startswith("增"))
    )


def _lent(text: str, waiting: list[Mention], owner: Mention) -> list[Mention]:
    """Numerals without a unit in a list that ends with one: 18、15和12个工作日."""
    lent: list[Mention] = []
    after = owner
    for one in reversed(waiting):
        if not _JOINED.fullmatch(text[one.end : after.start].strip()):
            break
        unit = replace(owner.unit, hedge="")
        after = replace(one, unit=unit, stop=one.end, sure=0.85)
        lent.append(after)
    rest = waiting[: len(waiting) - len(lent)]
    return _alone(text, rest) + lent[::-1]


def _one_unit(text: str, found: list[Mention]) -> list[Mention]:
    """0.6个和0.3个百分点, 全国0.9个、全省0.4个百分点: the first shares the unit of the second."""
    for index in range(len(found) - 2, -1, -1):
        one, after = found[index], found[index + 1]
        between = text[one.stop : after.start].strip()
        joined = _JOINED.fullmatch(between) or ("." in text[one.start : one.end] and _JOINED_BY_NAME.fullmatch(between))
        shares = one.unit.text == "个" and after.unit.text in _SHARED and joined
        if shares:
            found[index] = replace(one, unit=after.unit, sure=0.85)
    return found


def _alone(text: str, waiting: list[Mention]) -> list[Mention]:
    return [
        replace(one, unit=Unit("", "", Decimal(1), one.end, "", True), sure=0.6)
        for one in waiting
        if _stands_alone(text, one)
    ]


def _stands_alone(text: str, one: Mention) -> bool:
    """A number without a unit that is a quantity: an index, a coefficient, a score."""
    before = text[max(0, one.start - 6) : one.start]
    if "." in text[one.start : one.end] and re.match(r"[，。；、]|$", text[one.end : one.end + 1]):
        sentence = text[max(0, one.start - 90, text.rfind("\n", 0, one.start)) : one.start]
        if "指数" in sentence and not _LIST_END.search(before):
            return True
    decimal = "." in text[one.start : one.end]
    return (
        bool(_INDEX.search(before))
        and bool(_BOUNDARY.match(text, one.end))
        and (decimal or len(text[one.start : one.end]) < 6)
    )


def _ratios(text: str, names: bytearray, found: list[Mention]) -> list[Mention]:
    """三次产业结构 1.97:35.89:62.14: three shares."""
    taken = [one.start for one in found]
    rows = []
    for match in _BARE_RATIO.finditer(text):
        if abs(sum(map(Decimal, match.groups()), Decimal(0)) - 100) > _ROUNDED:
            continue  # 粮经饲比6:3:1, a time of day
        for group in (1, 2, 3):
            start, end = match.span(group)
            at = bisect_left(taken, start)
            if names[start] or (at < len(taken) and taken[at] == start):
                continue
            share = Unit("%", "%", Decimal(1), end, "", True)
            rows.append(
                Mention(start, end, end, Decimal(match.group(group)), None, share, "", False, False, 0.7, group)
            )
    return rows
