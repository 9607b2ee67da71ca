"""Numerals as they are printed: digits with separators and decimals, Chinese numerals, fractions in words."""

import re
from dataclasses import dataclass
from decimal import Decimal

_DIGIT = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_CHINESE = "零一二三四五六七八九十百千两"
_LONGEST = 20
"""Characters of the longest numeral; what is longer is a code."""
ASCII = (
    r"\d{1,3}(?:,\d{3})+(?:\.\d+)?(?![\d,])|(?<![第图表\d.])\d{1,3}(?:[ \u00a0]\d{3})+(?:\.\d+)?(?![\d,])|\d+(?:\.\d+)?"
)
_SEPARATOR = re.compile(r"[, \u00a0]")
CANDIDATE = re.compile(
    rf"(?P<of>百分之|千分之)(?P<rate>{ASCII}|[{_CHINESE}]+(?:点[{_CHINESE}]+)?)"
    r"|(?P<lower>[二三四五六七八九十])分之(?P<upper>[一二三四五六七八九])(?P<strong>强|以上)?"
    r"|(?P<tenths>[一二两三四五六七八九1-9])成(?P<half>[半一二三四五六七八九](?![个家项名人万亿]))?(?![员为立功果本套品效长熟绩就都群片型交林活事份因全才建])"
    r"|(?P<halfway>半数|一半)"
    rf"|(?P<ascii>{ASCII})"
    rf"|(?P<chinese>[{_CHINESE}]+(?:点[{_CHINESE}]+)?|[万亿](?=[余多家名人元户吨亩个台辆]))"
)
"""Everything that may be a numeral; which of them is one, its surroundings decide."""


@dataclass(frozen=True, slots=True)
class Numeral:
    """A numeral.

    Attributes:
        value: its magnitude.
        unit: of words that say their unit themselves (七成, 百分之五, 三分之一), else empty.
        chinese: it is written in Chinese characters.
        bare: it begins with 百, 千, 万, 亿: a number only beside 近, 超, 突破, 余.
    """

    start: int
    end: int
    value: Decimal
    unit: str
    chinese: bool
    bare: bool


def numeral(match: re.Match[str]) -> Numeral | None:
    """What a match of `CANDIDATE` says; ``None`` where it is no well formed numeral."""
    start, end = match.span()
    if end - start > _LONGEST:
        return None
    if match["of"]:
        rate = _plain(match["rate"])
        unit = "%" if match["of"] == "百分之" else "‰"
        return None if rate is None else Numeral(start, end, rate, unit, True, False)
    if match["lower"]:
        lower, upper = chinese_value(match["lower"]), chinese_value(match["upper"])
        if lower is None or upper is None:
            return None
        share = (upper * 100 / lower).quantize(Decimal("0.01"))
        return Numeral(start, match.end("upper"), share, "%", True, False)
    if match["tenths"]:
        tenths = _plain(match["tenths"])
        if tenths is None:
            return None
        return Numeral(start, end, tenths * 10 + _DIGIT.get(match["half"], 5 if match["half"] else 0), "%", True, False)
    if match["halfway"]:
        return Numeral(start, end, Decimal(50), "%", True, False)
    if match["ascii"]:
        return Numeral(start, end, Decimal(_SEPARATOR.sub("", match["ascii"])), "", False, False)
    words = match["chinese"]
    if words in "万亿":
        return Numeral(start, start, Decimal(1), "", True, True)  # the word is the scale of its unit
    value = chinese_value(words)
    return None if value is None else Numeral(start, end, value, "", True, words[0] in "百千")


def _plain(words: str) -> Decimal | None:
    return Decimal(_SEPARATOR.sub("", words)) if words[0].isascii() else chinese_value(words)


def chinese_value(words: str) -> Decimal | None:
    """A numeral below ten thousand in Chinese characters, with 点 before decimals; ``None`` where the order makes no number.

    一百二十三 → 123; 两千五 → 2500; 二零二二 → 2022; 三点五 → 3.5; 百 → 100.
    """
    whole, _, decimals = words.partition("点")
    if any(character not in _DIGIT for character in decimals):
        return None
    value = _whole(whole)
    if value is None:
        return None
    tail = "".join(str(_DIGIT[character]) for character in decimals)
    return Decimal(f"{value}.{tail}") if tail else Decimal(value)


def _whole(words: str) -> int | None:
    if len(words) > 1 and all(word in _DIGIT for word in words):
        return int("".join(str(_DIGIT[word]) for word in words)) if len(words) > 2 or words[0] == "零" else None
    total, pending, last = 0, None, 10_000
    zero = False
    for word in words:
        if word in _TENS:
            tens = _TENS[word]
            if tens >= last or pending == 0:
                return None
            total += (1 if pending is None else pending) * tens
            pending, last, zero = None, tens, False
        elif word == "零":
            if pending is not None:
                return None
            zero = True
        elif pending is not None:
            return None
        else:
            pending = _DIGIT[word]
    if pending is not None:
        shorthand = last > 10 and last < 10_000 and not zero
        total += pending * (last // 10 if shorthand else 1)
    return total
