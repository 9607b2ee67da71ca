"""The slow, obvious meaning of an indicator: one loop over the rows, exact fractions, no frames."""

import datetime as dt
import statistics
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.platforms.indicators.frames import Row, RowSources
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.indicators.definitions import ByFact, Duration, FactTest, Indicator, Source


@dataclass
class Expected:
    value: Fraction | None
    rows: int
    unknown: int


def _test(test: FactTest, row: Row) -> bool | None:
    fact = row[test.fact]
    if fact is None:
        return None
    first: Any = test.values[0]
    tests: dict[str, Callable[[], bool]] = {
        "is_": lambda: fact == first,
        "is_not": lambda: fact != first,
        "at_least": lambda: fact >= first,
        "at_most": lambda: fact <= first,
        "more_than": lambda: fact > first,
        "less_than": lambda: fact < first,
        "in_": lambda: fact in test.values,
    }
    return tests[test.comparison]()


def _belongs(source: Source, row: Row, sources: RowSources) -> bool | None:
    if source.policies is not None:
        return bool(row["in_force"])
    if source.decisions is not None:
        d = source.decisions
        return (d.policy is None or row["policy"] in d.policy) and (d.outcome is None or row["outcome"] in d.outcome)
    if source.cases is not None:
        c = source.cases
        current = {p["policy"]: p["period"] for p in sources.policy_rows}
        return (
            (c.flow is None or row["flow"] in c.flow)
            and (c.policy is None or row["policy"] in c.policy)
            and (c.state is None or row["state"] in c.state)
            and (c.reached is None or any(row.get(f"{state}_on") is not None for state in c.reached))
            and (c.period is None or (row["period"] is not None and current.get(row["policy"]) == row["period"]))
        )
    assert source.subjects is not None
    answers = [_test(test, row) for test in source.subjects.where]
    return False if False in answers else None if None in answers else True


def _value(indicator: Indicator, row: Row) -> int | None:
    assert indicator.quantity is not None
    of = indicator.quantity.of
    if not isinstance(of, Duration):
        value: int | None = row[of]
        return value
    start, end = row.get(f"{of.from_}_on"), row.get(f"{of.to}_on")
    if start is None or end is None:
        return None
    if indicator.unit == "day":
        return int((end - start) / dt.timedelta(days=1))
    calendar = shipped_calendar()
    return calendar.between(start, end) if calendar.covers(start) and calendar.covers(end) else None


def _keys(indicator: Indicator, row: Row, sources: RowSources) -> list[str | None]:
    by = indicator.by
    if by == "register":
        owed = [
            m["register"]
            for m in sources.missing_rows
            if (m["policy"], m["subject"]) == (row["policy"], row["subject"])
        ]
        return owed or [None]
    if isinstance(by, ByFact):
        fact = next((s[by.fact] for s in sources.subject_rows if s["subject"] == row["subject"]), None)
        return [None if fact is None else str(fact).lower() if isinstance(fact, bool) else str(fact)]
    return [row[str(by)]]


def expected(indicator: Indicator, sources: RowSources) -> dict[str | None, Expected]:
    """Key -> what it must come to; the total is under the key "total"."""
    source = indicator.rows_of
    rows = {
        "policies": sources.policy_rows,
        "decisions": sources.decision_rows,
        "subjects": sources.subject_rows,
        "cases": sources.case_rows,
    }[source.kind]
    if indicator.quantity is not None and indicator.quantity.of == "amount" and source.kind != "subjects":
        paying = {p["policy"] for p in sources.policy_rows if p["has_amount"]}
        rows = [row for row in rows if row["policy"] in paying]
    rows = [row for row in rows if _belongs(source, row, sources) is not False]
    groups: dict[str | None, list[Row]] = {"total": rows}
    if indicator.by is not None:
        for row in rows:
            for key in _keys(indicator, row, sources):
                groups.setdefault(key, []).append(row)
    return {key: _one(indicator, group, sources) for key, group in groups.items()}


def _one(indicator: Indicator, rows: list[Row], sources: RowSources) -> Expected:
    sure = [row for row in rows if _belongs(indicator.rows_of, row, sources)]
    if indicator.share is not None:
        counting = indicator.share.counting
        if counting.kind == indicator.share.of.kind:
            answers = [_belongs(counting, row, sources) for row in sure]
        else:
            having = {(c["policy"], c["subject"]) for c in sources.case_rows if _belongs(counting, c, sources)}
            answers = [(row["policy"], row["subject"]) in having for row in sure]
        known = [answer for answer in answers if answer is not None]
        value = Fraction(sum(known), len(known)) if known else None
        return Expected(value, len(known), len(rows) - len(known))
    if indicator.count is not None:
        if indicator.count.distinct:
            subjects = {row["subject"] for row in sure}
            return Expected(Fraction(len(subjects)), len(subjects), 0)
        return Expected(Fraction(len(sure)), len(sure), len(rows) - len(sure))
    values = [number for row in sure if (number := _value(indicator, row)) is not None]
    unknown = len(rows) - len(values)
    if indicator.how == "sum":
        return Expected(None if not values and unknown else Fraction(sum(values)), len(values), unknown)
    if not values:
        return Expected(None, 0, unknown)
    middle = statistics.median([Fraction(value) for value in values])
    return Expected(Fraction(sum(values), len(values)) if indicator.how == "mean" else middle, len(values), unknown)
