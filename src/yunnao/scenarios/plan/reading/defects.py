"""What is wrong with a text as a text. Nothing is changed here: defects are said, with what probably stood there."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from yunnao.scenarios.plan.quantities import Defect
from yunnao.scenarios.plan.reading.clean import CleanText
from yunnao.scenarios.plan.reading.injected import Injection

_PIECE = r"[^\s“”‘’，。；：、]{2,24}"
_LOST_PLUS = re.compile(rf"(?<=[“‘\"「])(?:\d+|{_PIECE})( )(?:\d+|[nNxX](?![a-zA-Z])|{_PIECE})(?=[”’\"」])")
_LOST_BEFORE_N = re.compile(r"(?<![\dA-Za-z.“‘\"「])\d{1,2}( )[nN](?![A-Za-z])")
_LATIN = re.compile(r"(?<![A-Za-z])[a-z][a-z]*(?:-[a-z]+)*(?![A-Za-z])")
_UNITS = frozenset({"km", "kg", "m", "cm", "mm", "kwh", "kw", "t", "nm", "l", "ml", "mg", "g", "tce", "app", "x", "n"})
_ASCII = re.compile(
    r"(?<=[\u4e00-\u9fff”’》）)%])[,;:!?](?!\d)|(?<=[\u4e00-\u9fff])[,;:](?=\d)|(?<=\d),(?=[\u4e00-\u9fff])"
    r"|\((?=[^()\n]*[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\)"
)
_WIDE = {",": "，", ";": "；", ":": "：", "!": "！", "?": "？", "(": "（", ")": "）"}
_CONTROL = re.compile("[\u200b-\u200f\u2060\ufeff\u00ad\u202a-\u202e\x00-\x08\x0b\x0c\x0e-\x1f\ufffd]+")
_MIDDLE_SPACE = re.compile(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])")
_FEW_SPACES = 0.002


def defects(text: str, clean: CleanText, injected: Sequence[Injection], lines: Sequence[int]) -> list[Defect]:
    """Every defect of ``text``, in order.

    Args:
        text: as it is.
        clean: the same, cleaned, with nothing taken out.
        injected: foreign words in it.
        lines: where the lines of ``text`` begin.
    """
    found = [
        *_injections(text, clean, injected),
        *_lost_plus(text),
        *_lowercased(text),
        *((m.start(), m.end(), "ascii_punctuation", _WIDE[m.group()], 0.9) for m in _ASCII.finditer(text)),
        *((m.start(), m.end(), "control", "", 0.9) for m in _CONTROL.finditer(text)),
    ]
    return [
        Defect(
            start=start,
            end=end,
            line=bisect_right(lines, start),
            kind=kind,
            text=text[start:end],
            likely=likely,
            confidence=sure,
        )
        for start, end, kind, likely, sure in sorted(found)
    ]


_Found = tuple[int, int, str, str, float]


def _injections(text: str, clean: CleanText, injected: Sequence[Injection]) -> Iterator[_Found]:
    for one in injected:
        start, end = clean.original(one.start, one.end)
        yield start, end, "injected", "", one.confidence


def _lost_plus(text: str) -> Iterator[_Found]:
    """A space where a name has a plus: “9 2”, “1 n”, “党建 物业”; only in texts that have no other spaces between words."""
    spaces = len(_MIDDLE_SPACE.findall(text))
    rare = spaces <= max(3, len(text) * _FEW_SPACES)
    for match in _LOST_BEFORE_N.finditer(text):
        yield match.start(1), match.end(1), "lost_plus", "+", 0.9
    for match in _LOST_PLUS.finditer(text):
        start, end = match.span(1)
        digits = text[start - 1].isdigit()
        if digits or rare:
            yield start, end, "lost_plus", "+", 0.9 if digits else 0.7


def _lowercased(text: str) -> Iterator[_Found]:
    """Latin words of a text that has no capital letter at all."""
    if re.search(r"[A-Z\uff21-\uff3a]", text):
        return
    for match in _LATIN.finditer(text):
        if match.group() not in _UNITS:
            yield match.start(), match.end(), "lowercased", match.group().upper(), 0.7
