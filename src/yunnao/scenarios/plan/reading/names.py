"""Where numerals are parts of names: titles, quotations, dates, plans, ordinals, sizes of things. None of them is a stated quantity."""

import re
from collections.abc import Iterator
from functools import cache

from yunnao.scenarios.plan.reading.clean import Span
from yunnao.scenarios.plan.reading.lexicon import DIGITS, either, table, words

_TITLE = re.compile(r"《[^》\n]{1,120}》")
_QUOTED = re.compile(
    r"“[^”“\n]{1,24}”|‘[^’‘\n]{1,24}’|「[^」\n]{1,24}」|『[^』\n]{1,24}』|\"[^\"\n]{1,24}\"|'[^'\n]{1,16}'"
)
_SAYS_MORE = re.compile(r"[，。；：！？%]|(?:新增|完成|达到?|突破|增长|超过)[^”]*\d|连冠|连增")
_REFERENCE = re.compile(r"\[\d{1,3}\]|〔\d{1,4}〕|［\d{1,3}］|【\d{1,3}】|[①-⑳]")
_MARKER = re.compile(
    rf"(?:(?<=[\n\r。；：])|^)[ \t]*(?:[{DIGITS}]{{1,3}}[、.是]|（[{DIGITS}\d]{{1,3}}）|\d{{1,2}}(?:[、）]|\.(?!\d))[ ]*)"
    rf"|(?:(?<=[\n\r])|^)[ \t]*\d{{1,2}}(?:\.\d{{1,2}}){{1,3}}(?=[ \u4e00-\u9fff])(?![万亿个家项元%])"
    rf"|(?<=[，；。：])[{DIGITS}]{{1,2}}是|（[{DIGITS}]{{1,3}}）"
)


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    names = table("names")
    listed = words(names["words"])
    plain = either(word for word in listed if word[0] not in DIGITS)
    numbered = either(word for word in listed if word[0] in DIGITS)
    shapes = tuple(
        re.compile("|".join(f"(?:{_bounded(source)})" for source in group)) for group in names["patterns"].values()
    )
    return (*shapes, re.compile(f"{plain}|(?<![{DIGITS}])(?:{numbered})"), _REFERENCE, _MARKER, _TITLE)


def _bounded(source: str) -> str:
    """The pattern with limits to its repetitions, so that a text made to do so cannot keep it busy."""
    return source.replace("\\d+", "\\d{1,12}").replace("]+", "]{1,9}").replace("]*", "]{0,12}")


def name_spans(text: str) -> Iterator[Span]:
    """Spans of ``text`` in which no numeral is a quantity; they may overlap."""
    for pattern in _patterns():
        for match in pattern.finditer(text):
            yield match.span()
    for match in _QUOTED.finditer(text):
        if not _SAYS_MORE.search(match.group()):
            yield match.span()


def covered(text: str) -> bytearray:
    """For every character of ``text`` whether it stands in a name."""
    marks = bytearray(len(text))
    for start, end in name_spans(text):
        marks[start:end] = b"\x01" * (end - start)
    return marks
