"""What a report speaks of as it goes on: paragraphs that begin with 五年来 or with a year, and texts that turn to their plans."""

import re
from dataclasses import replace

from yunnao.scenarios.plan.reading import periods
from yunnao.scenarios.plan.reading.periods import Standing
from yunnao.scenarios.plan.reading.structure import Heading, Part
from yunnao.scenarios.plan.reading.years import Years, pattern

_LAST_YEAR = re.compile(r"\s*[—-]*(?:(?:过去的?)?一年来|过去一年|去年|上年)，")


class Course:
    """What holds at one sentence after the other."""

    def __init__(self, years: Years) -> None:
        self._years = years
        self._standing = Standing(years.default, periods.OTHER)
        self._headings: tuple[Heading, ...] = ()
        self._told = False
        self._ahead = False
        self._back = False
        self._opened: Standing | None = None

    def enter(self, part: Part) -> None:
        """Go on with the next line of the report."""
        self._told = periods.is_told(part.headings)
        if part.headings != self._headings:
            self._headings, self._back = part.headings, False
            self._opened = None if self._told else self._opened
        self._standing = periods.standing(part, self._years)
        if self._opened is not None and self._standing.status == "outcome":
            self._standing = self._opened

    def at(self, sentence: str, line: str) -> Standing:
        """What holds in the next sentence; ``line``: the one that begins with it, empty inside of a line."""
        if self._years.plan and (year := periods.governing(sentence)):
            self._standing = replace(self._standing, period=year)
        elif line and (begun := periods.opened(line, self._standing, self._years, told=self._told)) is not None:
            self._standing = begun
            self._opened = begun
        if self._told:
            return self._looking_back(sentence)
        if pattern("plan_begins").search(sentence):
            self._ahead = True
        elif pattern("sentence_outcome").search(sentence):
            self._ahead = False
        return periods.unheaded(sentence, self._standing, self._years, ahead=self._ahead)

    def _looking_back(self, sentence: str) -> Standing:
        """Below a heading of tasks a paragraph that begins with 一年来 speaks of what was, up to one that says what is to be done."""
        if self._standing.status != "target" or self._years.outcome is None:
            return self._standing
        if _LAST_YEAR.match(sentence):
            self._back = True
        elif pattern("sentence_target").search(sentence) or pattern("plan_begins").search(sentence):
            self._back = False
        return Standing("outcome", str(self._years.outcome)) if self._back else self._standing
