"""Places in an order, with digits or without: 第四名, 前三强, 居首位, 入围全国十强."""

import re
from decimal import Decimal
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.mentions import Mention
from yunnao.scenarios.plan.reading.numerals import chinese_value
from yunnao.scenarios.plan.reading.units import Unit

_PLACE = Unit("名", "名", Decimal(1), 0, "", True)
_REACH = 14
_HERE = re.compile(r"^(?:[，。；、！？）”\n\r的和及与]|$)")
_NOT_A_PLACE = re.compile(r"^(?:季度|个月|年|天|半年|期|台阶|沿|列|梯队|方阵|产业|线|排|提|[一-鿿]*?产业)")
_ENTERED = re.compile(
    r"(?:入围|跻身|进入|挺进|迈入|闯入|闯进|冲入|重返|位列|位居|居|进位|稳居|迈进|冲刺|保持|进军|冲进)[^，。；、]{0,10}$"
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(source) for source in table("ranks")["patterns"])


@cache
def _verbs() -> re.Pattern[str]:
    verbs, scopes = table("ranks")["verbs"], table("ranks")["scopes"]
    return re.compile(rf"(?:{verbs})(?:了|在|到|至)?[^，。；]{{0,{_REACH}}}$|(?:{scopes})[^，。；]{{0,6}}$")


@cache
def _close() -> re.Pattern[str]:
    return re.compile(rf"(?:{table('ranks')['verbs']}|{table('ranks')['scopes']})(?:了|在|到|至)?$")


def ranks(text: str, names: bytearray) -> list[Mention]:
    """Every place in an order that ``text`` states, in order; ``names`` marks characters that stand in names."""
    found: dict[int, Mention] = {}
    first, placed, ordinal, front, strong = _patterns()
    for match in first.finditer(text):
        if not text.startswith("度", match.end()) and _said(text, match.start()) and not _in_quotation(names, match):
            _add(found, match.start(), match.end(), match.end(), Decimal(1), 0.9)
    for match in placed.finditer(text):
        if _said(text, match.start()) or match["unit"] == "名":
            _number(found, match, 0.95)
    for match in ordinal.finditer(text):
        if _close().search(text, max(0, match.start() - _REACH), match.start()):
            _number(found, match, 0.9)
    for match in front.finditer(text):
        bare = match["unit"] is None or match["unit"] == "家"
        if _NOT_A_PLACE.match(text[match.end() : match.end() + 6]):
            continue
        if not bare or (_HERE.match(text[match.end() : match.end() + 1]) and _said(text, match.start())):
            _number(found, match, 0.9)
    for match in strong.finditer(text):
        if _ENTERED.search(text, max(0, match.start() - _REACH), match.start()):
            _number(found, match, 0.8)
    return [found[start] for start in sorted(found)]


def _said(text: str, place: int) -> bool:
    start = max(0, place - _REACH - 6)
    return bool(_verbs().search(text[start:place]))


def _in_quotation(names: bytearray, match: re.Match[str]) -> bool:
    return bool(names[match.start()] and names[match.end() - 1] and names[max(0, match.start() - 1)])


def _number(found: dict[int, Mention], match: re.Match[str], sure: float) -> None:
    groups = match.groupdict()
    name = "number" if groups.get("number") else "last"
    word = groups[name]
    value = Decimal(word) if word.isascii() else chinese_value(word)
    if value is not None and 0 < value <= 1000:
        _add(found, *match.span(name), match.end(), value, sure)


def _add(found: dict[int, Mention], start: int, end: int, stop: int, value: Decimal, sure: float) -> None:
    if start not in found:
        found[start] = Mention(start, end, stop, value, None, _PLACE, "", True, True, sure)
