"""What an indicator is called, so that two reports that name it differently are found to mean the same; and what sort of series it is.

All words are in `series.yaml`. Scope words are kept apart from the name: the free-trade zone's figure is not the district's.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Strict, Words, validated
from yunnao.platforms.indicators.targets.comparing import EXACT, Better
from yunnao.platforms.indicators.targets.target import Nature

_FILE = Path(__file__).with_name("series.yaml")
_DROPPED = re.compile(r"[\s“”\"'‘’()（）、,，.。:：;；《》〈〉\[\]【】·—-]+")
_GROWTH = re.compile(r"(?:同比)?(?:年均|累计)?(?:增长速度|增长率|增速|增幅|增长|涨幅增速)$")
_FALL = re.compile(r"(?:同比)?(?:下降|降低|减少|压减)(?:率|幅度|幅)?$|降幅$")
_COUNT = re.compile(r"(?:总数量|总数|总量|数量|个数|家数|户数|件数|人数|总户数|数)$")
_VERB = re.compile(r"^(?:累计)?(?:实现|完成|达到|预计|力争|确保)(?=..)")
_NOT_PART = re.compile(r"^(?:全年|年度|年末|累计|预计)|(?<!城镇)新增|净增|累计")
_LEAST_HELD = 4
"""Characters of a name that says something where a longer one holds it."""
_MAGNITUDE = re.compile(r"^(十|百|千|万|十万|百万|千万|亿|十亿|百亿|千亿|万亿)(?=.)")
_POWERS = {
    "十": 1,
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
_NO_MAGNITUDE = re.compile(r"^(?:百分|千瓦|千米|千克|千伏|百家姓)")


class Scopes(Strict):
    """Words for whom a figure is about: the district itself, and others."""

    own: list[Words]
    other: list[Words]


class SeriesTable(Strict):
    """`series.yaml`; its comments say what each part is for."""

    synonyms: dict[Words, Words]
    whole: dict[Words, Words]
    scopes: Scopes
    generic: list[Words]
    constant_price: list[Words]
    flow: list[Words]
    stock: list[Words]
    lower_is_better: list[Words]
    units: dict[Words, Words]


@dataclass(frozen=True, slots=True)
class Name:
    """An indicator's name taken apart: whom it is about ("" for the district), and what it is."""

    area: str
    series: str


@cache
def table() -> SeriesTable:
    """The table that is shipped.

    Raises:
        DefinitionError: it is not as declared.
    """
    found: SeriesTable = validated(TypeAdapter(SeriesTable), strict_yaml.read(_FILE), _FILE.name)
    return found


def name_of(indicator: str, area: str = "", own: frozenset[str] = frozenset()) -> Name:
    """The normalised name of an indicator.

    Args:
        area: functional zone or department named beside it.
        own: further scope words that mean the place itself (全市 in a city's report).
    """
    text = _plain(indicator)
    scopes = table().scopes
    place = _plain(area)
    for word in sorted((*scopes.own, *scopes.other), key=len, reverse=True):
        if text.startswith(word) and len(text) > len(word) + 1:
            text = text[len(word) :].removeprefix("的")
            place = place or word
            break
    if place in scopes.own or place in own:
        place = ""
    text = _VERB.sub("", _FALL.sub("", text) or text)
    text = _synonymous(_GROWTH.sub("", text) or text)
    text = _NOT_PART.sub("", text) or text
    text = _COUNT.sub("", text) or text
    return Name(place, _synonymous(text))


def tells_a_fall(indicator: str) -> bool:
    """Whether a name says that its number is how much something fell: 能耗降低率."""
    return _FALL.search(_plain(indicator)) is not None


def own_scope(sentences: Iterable[str]) -> frozenset[str]:
    """Scope words that mean the place that a report is about: 全市 in a report that says 全市 more often than 全区."""
    counts: Counter[str] = Counter()
    for sentence in sentences:
        for level in ("区", "县", "市", "省"):
            counts[level] += sentence.count(f"全{level}") + sentence.count(f"我{level}")
    level, most = counts.most_common(1)[0] if counts else ("区", 0)
    return frozenset({f"全{level}", f"我{level}"}) if most else frozenset()


def scaled(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A printed number in its base unit: ``42.5, 万家`` -> ``425000, 家``."""
    text = _plain(unit)
    found = None if _NO_MAGNITUDE.match(text) else _MAGNITUDE.match(text)
    if found is None:
        return value, base_unit(text)
    longest = max((name for name in _POWERS if text.startswith(name) and len(text) > len(name)), key=len)
    return EXACT.multiply(value, Decimal(10) ** _POWERS[longest]), base_unit(text[len(longest) :])


def base_unit(unit: str) -> str:
    """A base unit in its one spelling."""
    text = _plain(unit)
    return table().units.get(text, text)


def is_generic(series: str) -> bool:
    """Whether a name is too general to say that two numbers are of the same thing."""
    return series in table().generic


def is_constant_price(series: str) -> bool:
    """Whether the growth of a series is told at constant prices, so that levels say nothing exact about it."""
    return _has(series, table().constant_price)


def nature_of(series: str, kind: str) -> Nature:
    """Whether a series adds up over the year; unknown where the table does not say."""
    if kind in ("growth_yoy", "share", "rank", "rate_change"):
        return "rate"
    if kind == "increment":
        return "flow"
    if kind == "cumulative":
        return "stock"
    if _has(series, table().stock):
        return "stock"
    return "flow" if _has(series, table().flow) else "unknown"


def better_of(series: str, kind: str, direction: str) -> Better:
    """Which way is better where the words around a number do not say: a rank and a series of the table go down.

    A promised fall is told as a positive number, of which more is better; the growth of what should be low is better low.
    """
    if kind == "rank":
        return "down"
    if direction == "down":
        return "up"
    return "down" if _has(series, table().lower_is_better) else "up"


def likeness(one: str, other: str) -> float:
    """How alike two normalised names are, 0 to 1: shared pairs of characters, or one holding the other."""
    if one == other:
        return 1.0
    first, second = _pairs(one), _pairs(other)
    if not first or not second:
        return 0.0
    shared = len(first & second)
    holds = 0.9 * shared / min(len(first), len(second)) if min(len(one), len(other)) >= _LEAST_HELD else 0.0
    return max(2 * shared / (len(first) + len(second)), holds)


@cache
def _pairs(text: str) -> frozenset[str]:
    return frozenset(text[place : place + 2] for place in range(len(text) - 1))


@cache
def _synonymous(text: str) -> str:
    synonyms = _replacements()
    if whole := {**synonyms, **table().whole}.get(text):
        return _plain(whole)
    for written, meant in synonyms.items():
        if written in text and meant not in text:
            text = text.replace(written, meant)
    return text


@cache
def _replacements() -> Mapping[str, str]:
    pairs = table().synonyms.items()
    return dict(sorted(((_plain(a), _plain(b)) for a, b in pairs), key=lambda pair: -len(pair[0])))


def _plain(text: str) -> str:
    return _DROPPED.sub("", unicodedata.normalize("NFKC", text)).lower()


def _has(series: str, words: Iterable[str]) -> bool:
    return any(_plain(word) in series for word in words)
