"""A text as the grammar reads it, and the way back to the text as it is.

Widths, case, dashes and punctuation are made one; injected words and spaces between words and numbers are taken out, and so
are marks of Markdown. Nothing else changes, and every character knows the place it came from.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

Span = tuple[int, int]

_WIDE = {code: code - 0xFEE0 for code in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))}
_LIKE = {
    "％": "%", "﹪": "%", "．": ".", "＋": "+", "\u00a0": " ", "\u3000": " ", "∶": ":", "〇": "零", "兩": "两", "―": "—",
    "﹐": "，", "､": "、", "(": "（", ")": "）", ";": "；", "!": "！", "?": "？",
}  # fmt: skip
"""What is written in several ways -> the way in which the grammar reads it."""
_TRANSLATED = str.maketrans(
    _WIDE
    | {ord(upper): ord(upper) + 32 for upper in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
    | {code: ord(chr(code - 0xFEE0).lower()) for code in range(0xFF21, 0xFF3B)}
    | {ord(one): like for one, like in _LIKE.items()}
    | dict.fromkeys(map(ord, "－–‐‑‒−～~"), "-")
)
_SPACE = re.compile(
    r"(?<=[\u4e00-\u9fff，。；：、（）“”‘’《》%])[ \u00a0\u3000]{1,2}(?=[\dA-Za-z０-９])"
    r"|(?<=[\dA-Za-z０-９])[ \u00a0\u3000]{1,2}(?=[\u4e00-\u9fff%％，。；、（）])"
    r"|(?<=\d) (?=\. \d)|(?<=\d \.) (?=\d)"
)
"""Space that some programs put between Chinese characters and numbers."""
_FEWEST_LINES = 8
_NARROWEST, _WIDEST, _SLACK = 32, 140, 6
"""In cells: a Chinese character takes two."""
_BEGINS = re.compile(
    r"[\s\u3000]|[一二三四五六七八九十]+[、是]|[（(][一二三四五六七八九十\d]+[）)]|\d+[.、．]|第.{1,3}[章节篇]|[\[|①-⑳—-]"
)
_INVISIBLE = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e]")
_MARKED_UP = re.compile(r"\*\*|__|`|^[ \t]{0,6}[-*+] (?=[^\s|-])", re.MULTILINE)
"""Emphasis and list marks of Markdown."""
_NOT_THOUSANDS = re.compile(r",(?!\d{3}(?!\d))|(?<!\d),|(?<=\d),(?=\d{3}年)")
_LONG_DASH = re.compile(r"(?<=[\d%％‰人万亿元])—+(?=\d)")
_COLON = re.compile(r"(?<!\d):|:(?!\d)")
_CHINESE_YEAR = re.compile(r"(?<![一二三四五六七八九零])[一二][零九○][一二三四五六七八九零○]{2}(?=年)")
_DIGITS = str.maketrans("零○一二三四五六七八九", "00123456789")
_STOP = re.compile(r"(?<=[\u4e00-\u9fff%‰）”])\.(?=[\s\u4e00-\u9fff“（—]|$)")
"""A full stop written as a dot."""


@dataclass(frozen=True, slots=True)
class CleanText:
    """A cleaned text.

    Attributes:
        text: its words.
        places: of every character, where it stands in the text as it is; one more than there are characters.
    """

    text: str
    places: Sequence[int]

    def original(self, start: int, end: int) -> Span:
        """The span of the text as it is that ``text[start:end]`` came from; ``start < end``."""
        return self.places[start], self.places[end - 1] + 1

    def at(self, place: int) -> int:
        """The first character that stands at ``place`` of the text as it is, or after it."""
        return bisect_left(self.places, place)


def cleaned(text: str, without: Sequence[Span] = ()) -> CleanText:
    """``text`` for the grammar, without the spans ``without`` (sorted, apart from one another) what is invisible and marks of Markdown."""
    unread = (match.span() for pattern in (_INVISIBLE, _MARKED_UP, _SPACE) for match in pattern.finditer(text))
    gaps = sorted([*without, *unread, *_soft_ends(text)])
    kept: list[str] = []
    places: list[int] = []
    here = 0
    for start, end in gaps:
        if start > here:
            kept.append(text[here:start])
            places.extend(range(here, start))
        here = max(here, end)
    kept.append(text[here:])
    places.extend(range(here, len(text) + 1))
    return CleanText(_one_way_of_writing("".join(kept)), places)


def _soft_ends(text: str) -> Iterator[Span]:
    """Line ends in the middle of sentences, of a text whose lines were filled up to one width."""
    lines = [match.span() for match in re.finditer(r"[^\n]+", text)]
    wide = [2 * (end - start) - sum(map(str.isascii, text[start:end])) for start, end in lines]
    widths = sorted(wide)
    if len(widths) < _FEWEST_LINES:
        return
    width = widths[len(widths) * 3 // 4]
    full = sum(width - _SLACK <= each <= width + _SLACK for each in widths)
    long = sum(each * 3 > width * 2 for each in widths)  # the others are headings and ends of paragraphs
    if not _NARROWEST <= width <= _WIDEST or full * 2 < long or full * 3 < len(widths):
        return
    for each, ((_, end), (following, _)) in zip(wide, pairwise(lines), strict=False):
        filled = each >= width - _SLACK and text[end - 1] not in "。！？：；:;!?"
        if filled and following == end + 1 and not _BEGINS.match(text, following):
            yield end, following


def _one_way_of_writing(text: str) -> str:
    """The same number of characters, in one width, case and punctuation."""
    text = text.translate(_TRANSLATED).replace("，", ",")
    text = _NOT_THOUSANDS.sub("，", text)
    text = _LONG_DASH.sub(lambda match: "-" * len(match.group()), text)
    text = _CHINESE_YEAR.sub(lambda match: match.group().translate(_DIGITS), text)  # 二〇三五年
    return _STOP.sub("。", _COLON.sub("：", text))
