"""The cases of one flow that are open: where each stands, what is due next, and its light with words."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from yunnao.kernel.text import Text
from yunnao.platforms.cases.filed.clocks import Light
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.inbox import Inbox, Waiting

MOST = 2000
LIGHTS: Mapping[Light | None, Text] = {
    "red": Text("已超期", "overdue"),
    "yellow": Text("快到期", "due soon"),
    "green": Text("期限内", "in time"),
    None: Text("不计时", "no clock"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """One case."""

    case_id: str
    title: str
    state: Text
    department: str | None
    due_on: dt.date | None
    clock: Text
    light: Light | None

    @property
    def words(self) -> Text:
        """What its light means."""
        return LIGHTS[self.light]


def pending(inbox: Inbox, flow: FiledFlow, *, department: str | None = None, closed: bool = False) -> list[Pending]:
    """The cases of an inbox of their ``flow``, by deadline."""
    rows = inbox.page(Waiting(department=department, closed=closed), limit=MOST)
    clocks = {clock.id: Text(clock.title.zh, clock.title.en) for clock in flow.clocks}
    states = {id_: Text(state.title.zh, state.title.en) for id_, state in flow.states.items()}
    return [
        Pending(
            case_id=row.case_id,
            title=row.title,
            state=states[row.state],
            department=row.department,
            due_on=row.due_on,
            clock=clocks.get(row.due_clock or "", Text("", "")),
            light=row.light,
        )
        for row in rows
    ]
