"""A scenario's indicators, ready to be measured after a run."""

from collections.abc import Mapping, Sequence
from functools import cache

import polars as pl

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.indicators.definitions import Indicator
from yunnao.platforms.indicators.measure import Made, Measured, measure
from yunnao.platforms.indicators.rows import rows_behind
from yunnao.platforms.indicators.sources import Sources


class _AskedOnce:
    """The same sources, each asked once for all indicators: the cases of a run come from a database."""

    def __init__(self, sources: Sources) -> None:
        self.as_of = sources.as_of
        self.policies = cache(sources.policies)
        self.decisions = cache(sources.decisions)
        self.missing = cache(sources.missing)
        self.conditions = cache(sources.conditions)
        self.subjects = cache(sources.subjects)
        self.cases = cache(sources.cases)


class Indicators:
    """Measures the indicators of one scenario.

    Args:
        definitions: in the order in which they are printed.
        scenario: whose they are.
        calendar: for durations in working days; the shipped one if none is given.
    """

    def __init__(
        self, definitions: Sequence[Indicator], scenario: str = "", calendar: WorkingCalendar | None = None
    ) -> None:
        self.definitions = tuple(definitions)
        self._scenario = scenario
        self._calendar = calendar

    def measure(self, sources: Sources, run: int, snapshot: str, versions: Mapping[str, str]) -> list[Measured]:
        """Every indicator's total and breakdown, in the order of the definitions; ``versions`` is policy -> version."""
        made, asked = Made(self._scenario, run, snapshot, versions), _AskedOnce(sources)
        return [row for indicator in self.definitions for row in measure(indicator, asked, made, self._calendar)]

    def rows_behind(self, indicator_id: str, sources: Sources, *, broken_down: bool = False) -> pl.LazyFrame:
        """The decisions, cases, subjects or policies behind an indicator; see `rows.rows_behind`.

        Raises:
            DefinitionError: there is no such indicator.
        """
        for indicator in self.definitions:
            if indicator.id == indicator_id:
                return rows_behind(indicator, sources, broken_down=broken_down, calendar=self._calendar)
        known = "、".join(indicator.id for indicator in self.definitions)
        raise DefinitionError(f"没有叫 {indicator_id} 的指标；现有：{known}")
