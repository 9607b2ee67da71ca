"""The whole way from a document to its rows and defects."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from yunnao.scenarios.plan.document import Cell, Document, Table
from yunnao.scenarios.plan.quantities import Quantity, Reading
from yunnao.scenarios.plan.reading import periods
from yunnao.scenarios.plan.reading.areas import area_of
from yunnao.scenarios.plan.reading.clean import CleanText, Span, cleaned
from yunnao.scenarios.plan.reading.counting import event_in, noun_of, term_of
from yunnao.scenarios.plan.reading.course import Course
from yunnao.scenarios.plan.reading.defects import defects
from yunnao.scenarios.plan.reading.hedges import is_estimate
from yunnao.scenarios.plan.reading.injected import injections
from yunnao.scenarios.plan.reading.mentions import Mention, mentions
from yunnao.scenarios.plan.reading.names import covered
from yunnao.scenarios.plan.reading.phrases import starts_with_verb
from yunnao.scenarios.plan.reading.ranks import ranks
from yunnao.scenarios.plan.reading.statements import Statement, statements
from yunnao.scenarios.plan.reading.structure import Part, clauses, parts, sentences
from yunnao.scenarios.plan.reading.tables import Cells, entries, plain_tables
from yunnao.scenarios.plan.reading.topics import Topic
from yunnao.scenarios.plan.reading.units import money_where_unsaid
from yunnao.scenarios.plan.reading.years import Years, years_of

_SURE_INJECTION = 0.6
_DOUBTED = 0.6
"""Confidence at most, where words were put into the clause."""
_NAMELESS = 0.4
_REACH = 600
"""How many characters before a number can say something of it."""
_LATIN = re.compile(r"[a-zμ][a-zμ/0-9²³]*")
_LONGEST_QUOTE = 400
_LONGEST_SENTENCE = 2000


@dataclass(frozen=True, slots=True)
class _Report:
    """A text, as it is and cleaned, with what its headings say of its years."""

    text: str
    clean: CleanText
    lines: Sequence[int]
    years: Years
    doubtful: Sequence[Span]

    def confidence(self, start: int, end: int, sure: float) -> float:
        """``sure``, or less where words were put into the clause that these cleaned characters are."""
        first, stop = self.clean.original(start, end)
        at = bisect_left(self.doubtful, (first, first))
        return min(sure, _DOUBTED) if at < len(self.doubtful) and self.doubtful[at][0] < stop else sure

    def printed(self, start: int, end: int) -> str:
        """Cleaned characters as they are printed, without space around them."""
        words = self.clean.text
        while start < end and words[start].isspace():
            start += 1
        while end > start and words[end - 1].isspace():
            end -= 1
        if start == end:
            return ""
        first, stop = self.clean.original(start, end)
        return self.text[first:stop]

    def unit(self, one: Mention, *where: Span) -> str:
        """The unit in the case in which it is printed in the first of the spans that has it (Mbps, GW)."""
        match = _LATIN.search(one.unit.text)
        if match is None:
            return one.unit.text
        printed = re.compile(f"(?<![a-zμ]){re.escape(match.group())}(?![a-z])")
        place = next((found for span in where if (found := printed.search(self.clean.text, *span))), None)
        if place is None:
            return one.unit.text
        first, stop = self.clean.original(*place.span())
        return one.unit.text[: match.start()] + self.text[first:stop] + one.unit.text[match.end() :]


def read(document: Document) -> Reading:
    """Every quantity that the document states, in the order of the text, and the defects of the text.

    No number is changed. Words that were put into the text are passed over by the grammar; offsets are those of the text as it is.
    """
    text = document.text
    whole = cleaned(text)
    injected = injections(whole.text)
    gaps = [whole.original(one.start, one.end) for one in injected if one.confidence >= _SURE_INJECTION]
    clean = cleaned(text, gaps) if gaps else whole
    lines = [0, *(match.end() for match in re.finditer(r"\r\n|\n|\r", text))]
    return Reading(
        rows=tuple(_rows(text, clean, lines, gaps, document.tables)),
        defects=tuple(defects(text, whole, injected, lines)),
    )


def _rows(
    text: str, clean: CleanText, lines: Sequence[int], gaps: Sequence[Span], tables: Sequence[Table]
) -> Iterator[Quantity]:
    words = clean.text
    names = covered(words)
    places = ranks(words, names)
    taken = {one.start for one in places}
    counted = [one for one in mentions(words, names) if one.start not in taken]
    found = sorted([*places, *counted], key=lambda one: (one.start, one.end))
    all_parts = list(parts(words))
    report = _Report(text, clean, lines, years_of(all_parts, words), gaps)
    marked = [[_cells(clean, row) for row in grid.rows] for grid in tables]
    grids = marked or [[list(row) for row in rows] for rows in plain_tables(words)]
    if grids:
        spans = [(row[0][0], row[-1][1]) for rows in grids for row in rows if row]
        outside = [one for one in found if not any(start <= one.start < end for start, end in spans)]
        tabled = [row for rows in grids for row in _table_rows(report, all_parts, rows)]
        yield from sorted([*tabled, *_text_rows(report, all_parts, outside)], key=lambda row: (row.start, row.end))
    else:
        yield from _text_rows(report, all_parts, found)


def _cells(clean: CleanText, row: Sequence[Cell]) -> list[Span]:
    return [(clean.at(cell.start), clean.at(cell.end)) for cell in row]


def _table_rows(report: _Report, all_parts: Sequence[Part], rows: Sequence[Cells]) -> Iterator[Quantity]:
    """The numbers of one table, under the headings that stand above it."""
    rows = [row for row in rows if row]
    if not rows:
        return
    starts = [part.start for part in all_parts]
    part = all_parts[max(0, bisect_right(starts, rows[0][0][0]) - 1)]
    standing = periods.standing(part, report.years)
    seen: set[int] = set()
    for one in entries(report.clean.text, rows, report.years):
        first, stop = report.clean.original(one.mention.start, one.mention.end)
        if first in seen:
            continue
        seen.add(first)
        printed = report.printed(one.row[0], min(one.row[1], one.row[0] + _LONGEST_QUOTE))
        yield Quantity(
            start=first,
            end=stop,
            line=bisect_right(report.lines, first),
            quote=printed,
            sentence=printed,
            section=_section(part),
            indicator=one.name,
            value=one.mention.value,
            value_high=one.mention.high,
            unit=report.unit(one.mention, one.row, (rows[0][0][0], rows[0][-1][1])),
            base_value=one.mention.value * one.mention.unit.scale,
            base_unit=one.mention.unit.base,
            comparator=one.comparator,
            kind=one.kind,
            direction=one.direction,
            period=one.period or standing.period,
            status=one.status or standing.status,
            confidence=one.mention.sure,
        )


def _section(part: Part) -> str:
    return " > ".join(heading.title for heading in part.headings)


def _text_rows(report: _Report, all_parts: Sequence[Part], found: Sequence[Mention]) -> Iterator[Quantity]:
    at, course = 0, Course(report.years)
    for part in all_parts:
        while at < len(found) and found[at].start < part.start:
            at += 1
        end = at
        while end < len(found) and found[end].start < part.end:
            end += 1
        yield from _part_rows(report, part, found[at:end], course)
        at = end


def _part_rows(report: _Report, part: Part, found: Sequence[Mention], course: Course) -> Iterator[Quantity]:
    words = report.clean.text
    course.enter(part)
    topic = Topic()
    at = 0
    for start, end in sentences(words, part.start, part.end):
        first_inside = at
        while at < len(found) and found[at].start < end:
            at += 1
        inside = found[first_inside:at]
        here = course.at(words[start:end], words[start : part.end] if start == part.start else "")
        if not inside:
            continue
        area = area_of(words[start:end])
        topic = Topic(
            owner=area or (term_of(words[start:end]) if part.footnote else ""), noun=topic.noun, subject=topic.subject
        )
        said = _statements(words, start, end, inside, topic)
        sentence = report.printed(start, min(end, start + _LONGEST_SENTENCE))
        for one, value in zip(said, _aspirations(said), strict=True):
            mention = one.mention
            first, stop = report.clean.original(mention.start, mention.end)
            holds = periods.said(
                sentence, words[max(start, mention.start - _REACH) : mention.start], here, report.years
            )
            yield Quantity(
                start=first,
                end=stop,
                line=bisect_right(report.lines, first),
                quote=report.printed(one.clause[0], min(one.clause[1], one.clause[0] + _LONGEST_QUOTE)),
                sentence=sentence,
                section=_section(part),
                indicator=one.name,
                value=mention.value,
                value_high=mention.high,
                unit=report.unit(mention, (mention.end, mention.end + _LONGEST_QUOTE)),
                base_value=mention.value * mention.unit.scale,
                base_unit=money_where_unsaid(
                    mention.unit, words[max(one.clause[0], mention.start - _REACH) : mention.start]
                ),
                comparator=one.comparator,
                kind=one.kind,
                direction=one.direction,
                period=periods.of_kind(
                    holds,
                    one.kind,
                    words[max(one.clause[0], mention.start - _REACH) : mention.start],
                    report.years,
                    here,
                    stock=not starts_with_verb(one.name),
                ),
                status=holds.status,
                estimate=is_estimate(words, max(start, mention.start - _REACH), mention.start),
                aspirational=value if holds.status == "target" else None,
                area=area,
                confidence=report.confidence(*one.clause, mention.sure if one.name else _NAMELESS),
            )


def _statements(words: str, start: int, end: int, inside: Sequence[Mention], topic: Topic) -> list[Statement]:
    """What the numbers of one sentence state."""
    said: list[Statement] = []
    at = 0
    for clause in clauses(words, start, end):
        while at < len(inside) and inside[at].start < clause[0]:
            at += 1
        first = at
        while at < len(inside) and inside[at].start < clause[1]:
            at += 1
        members = inside[first:at]
        if members:
            said += statements(words, clause, members, topic, said[-1] if said else None)
        else:
            topic.passed = noun_of(words[clause[0] : clause[1]])
            topic.owner = event_in(words[clause[0] : clause[1]]) or topic.owner
        if words.startswith("；", clause[1]):
            topic.owner = ""
    return said


def _aspirations(said: Sequence[Statement]) -> list[Decimal | None]:
    """For every statement the value that is striven for: its own, or the one that the next states of the same thing."""
    values = [one.mention.value if one.aspired else None for one in said]
    for index, one in enumerate(said[1:]):
        if one.again and values[index] is None and one.mention.unit.text == said[index].mention.unit.text:
            values[index] = one.mention.value
    return values
