"""When the present state of a case is due: computed from its events and the calendar, never stored."""

import datetime as dt

from yunnao.kernel.working_days import Deadline, WorkingCalendar
from yunnao.platforms.cases.definitions import Flow, Step


def deadline(flow: Flow, state: str, since: dt.date, amount: int | None, calendar: WorkingCalendar) -> Deadline | None:
    """The earliest day on which a step out of ``state`` is due; none in an end.

    Args:
        since: the day the case entered the state; the day itself is not counted.
        amount: in fen; a step that is for other amounts does not count. With an unknown amount all do.

    Raises:
        YunnaoError: it lies in a year that the calendar does not have.
    """
    due = [
        step.within.end(since, calendar)
        for step in flow.steps_from(state)
        if step.within and suits(flow, step, amount, since) is not False
    ]
    return min(due, key=lambda each: (each.day, each.provisional), default=None)


def suits(flow: Flow, step: Step, amount: int | None, day: dt.date) -> bool | None:
    """Whether ``step`` is for a case of ``amount`` fen by the parameters of ``day``; none if the amount is unknown."""
    if step.when is None:
        return True
    if amount is None:
        return None
    return step.when.amount.holds(amount, flow.parameter(step.when.amount.parameter, day))


def is_overdue(due: Deadline | None, today: dt.date) -> bool:
    """Whether the last day in time has passed."""
    return due is not None and today > due.day
