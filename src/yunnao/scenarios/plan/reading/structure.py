"""The parts of a report: lines, headings above them, items, footnotes, sentences and clauses."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import table

_TITLE_LINES = 6
_LONGEST_HEADING = 45
_LONGEST_LEAD = 36
_LONGEST_UNNUMBERED = 26
_TWO_YEARS = re.compile(r"(?:19|20)\d{2}年.*[及和与暨、].*(?:19|20)\d{2}年")
_STOPS = re.compile(r"[。，；：！？\t|]")
_QUANTITY = re.compile(r"\d(?!\d{0,3}年)[\d.]*(?:%|万|亿|个|家|项|元|人|公里|亩|平方)")
_ENDS = re.compile(r"[。！？\n\r]+[”’」』）]?")
_CLAUSE_ENDS = re.compile(r"[，；：。！？\n\r\t|]+")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; ``level`` counts from 0, the outermost."""

    level: int
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """One line of the report and where it stands.

    Attributes:
        start, end: its characters in the cleaned text, without the line's end.
        headings: those above it, outermost first, with the lead of an item that begins in it.
        footnote: it explains words of the report.
        heading: it is a heading itself.
        title: it stands among the first lines and is short.
    """

    start: int
    end: int
    headings: tuple[Heading, ...]
    footnote: bool
    heading: bool
    title: bool


@cache
def _headings() -> list[re.Pattern[str]]:
    return [re.compile(source) for source in table("sections")["headings"]]


@cache
def _footnote() -> re.Pattern[str]:
    return re.compile(table("sections")["footnote"])


def _unnumbered(line: str) -> bool:
    bare = line.strip("#* ")
    sections = table("sections")
    return (
        len(bare) <= _LONGEST_UNNUMBERED
        and not _STOPS.search(bare)
        and re.search(sections["unnumbered"], bare) is not None
        and re.search(sections["title"], bare) is None
        and not _TWO_YEARS.search(bare)  # the title of the whole: 2022年工作情况及2023年工作打算
    )


@cache
def _notes_title() -> re.Pattern[str]:
    return re.compile(f"^[（【]?(?:附[件录：]?|{table('sections')['description']}).{{0,12}}$")


def parts(text: str) -> Iterator[Part]:
    """Every line of ``text`` that holds anything, in order."""
    above: list[Heading] = []
    notes = False
    seen = 0
    for match in re.finditer(r"[^\n\r]+", text):
        line = match.group().strip()
        if not line:
            continue
        seen += 1
        start = match.start() + match.group().index(line[0])
        level = next((level for level, head in enumerate(_headings()) if head.match(line)), None)
        if level is None and _unnumbered(line):
            level = 0
        heading = False
        if level is not None and not (notes and level > 0):
            alone = len(line) <= _LONGEST_HEADING and "。" not in line[:-1] and not _QUANTITY.search(line)
            lead = line if alone else line[: _lead(line)]
            heading = alone
            if lead:
                above = [*(head for head in above if head.level < level), Heading(level, lead.rstrip("。，；："))]
            elif level == 0:
                above = []
            else:
                above = [head for head in above if head.level < level]
        if _notes_title().match(line):
            notes = "解释" in line or "注释" in line
        title = seen <= _TITLE_LINES and len(line) <= _LONGEST_HEADING and "。" not in line
        footnote = notes or bool(_footnote().match(line))
        yield Part(start, match.end(), tuple(above), footnote, heading, title and not heading)


def _lead(line: str) -> int:
    """Where the title that an item begins with ends; 0 where it has none."""
    end = line.find("。", 0, _LONGEST_LEAD)
    return end if end > 0 and not _QUANTITY.search(line, 0, end) else 0


def sentences(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans of the sentences of ``text[start:end]``."""
    here = start
    for match in _ENDS.finditer(text, start, end):
        yield here, match.end()
        here = match.end()
    if here < end:
        yield here, end


def clauses(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Spans between commas, semicolons, colons and stops of ``text[start:end]``; what stands in brackets is never cut off inside.

    A comma within a bracket or a quotation does not end a clause, unless the bracket is never closed.
    """
    here = start
    for match in _CLAUSE_ENDS.finditer(text, start, end):
        if _within(text, here, match.start(), end):
            continue
        if match.start() > here:
            yield here, match.start()
        here = match.end()
    if here < end:
        yield here, end


_PAIRS = {"（": "）", "“": "”", "《": "》", "‘": "’", "「": "」"}
_LONGEST_BRACKET = 60


def _within(text: str, start: int, at: int, end: int) -> bool:
    for opening, closing in _PAIRS.items():
        place = text.rfind(opening, start, at)
        if (
            place >= 0
            and text.find(closing, place, at) < 0
            and text.find(closing, at, min(end, at + _LONGEST_BRACKET)) >= 0
        ):
            return True
    return False
