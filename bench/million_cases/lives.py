"""Lives of appeals, lived step by step under the flow that ships: what a department's desk does with them, at random.

Steps are taken with the product's own `take`, so that every history is a possible one; its rows are the product's own, too.
"""

import datetime as dt
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep, GivenField
from yunnao.platforms.cases.filed.events import MACHINE, FiledEvent, fold, opening
from yunnao.platforms.cases.filed.workflow import Asked, Surroundings, take

KINDS = ("consultation", "help", "complaint", "report", "suggestion", "emergency")
_KIND_WEIGHTS = (20, 40, 28, 6, 4, 2)
_WAYS: Mapping[str, Mapping[str, int]] = {
    "received": {"dispatch": 1},
    "dispatched": {"sign_in": 94, "send_back": 6},
    "handling": {"contact": 30, "answer": 60, "ask_extension": 6, "pause": 2, "send_back": 2},
    "returned": {"redispatch": 9, "adjudicate": 1},
    "extension_asked": {"approve_extension": 8, "refuse_extension": 2},
    "paused": {"resume": 1},
    "answered": {"call_back": 90, "not_reached": 6, "close_unreached": 4},
    "redoing": {"contact": 30, "answer": 70},
    "supervised": {"answer": 50, "settle": 50},
}
"""State -> step -> how often the desk chooses it."""
_LEFT_LYING = 0.042
"""Share of appeals with which nothing more happens at some point: they stay open, and most are overdue."""
_REOPENED = 0.01
_AT_ONCE = frozenset({"classify", "dispatch"})
CASE_ID = "{case}"
"""Stands for the number in what a life says."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """One appeal's history; instants are whole hours, so that everything may be moved by some minutes of an hour."""

    events: tuple[FiledEvent, ...]


class Desk:
    """The flow, who works with it, and what is judged by."""

    def __init__(self, flow: FiledFlow, around: Surroundings, departments: Sequence[str], seed: int) -> None:
        self.flow = flow
        self.around = around
        self.departments = departments
        self.chance = random.Random(seed)

    def life(self, day: dt.date, now: dt.datetime) -> Life:
        """A life that begins on ``day``; nothing happens after ``now``."""
        chance = self.chance
        opened = dt.datetime.combine(day, dt.time(chance.choice((8, 9, 9, 10, 10, 11, 14, 15, 15, 16, 19, 20))), CHINA)
        attributes: dict[str, Any] = {"place": f"示例街道{chance.randint(1, 900)}号"}
        if chance.random() < 0.8:
            attributes["kind"] = chance.choices(KINDS, _KIND_WEIGHTS)[0]
        if chance.random() < 0.5:
            attributes["coordinates"] = f"{35.6 + chance.random() / 2:.6f},{119.8 + chance.random() / 2:.6f}"
        events = [opening(self.flow.starts, opened, MACHINE, attributes)]
        left = chance.randint(2, 7) if chance.random() < _LEFT_LYING else 1000
        for step in self._wanted(events):
            at = events[-1].at if step in _AT_ONCE else self._later(events[-1].at)
            if at > now or len(events) >= left:
                break
            event = self._take(events, step, at)
            if event is not None:
                events.append(event)
        return Life(events=tuple(events))

    def _wanted(self, events: Sequence[FiledEvent]) -> Iterator[str]:
        """Which step is tried next, seen from the events so far."""
        yield "classify"
        for _ in range(40):
            state = events[-1].to_state
            if state in self.flow.closed:
                if self.chance.random() > _REOPENED:
                    return
                yield "reopen"
            else:
                ways = _WAYS[state]
                yield self.chance.choices(list(ways), list(ways.values()))[0]

    def _later(self, at: dt.datetime) -> dt.datetime:
        """The same or a following working day, in office hours."""
        day, hour = at.date(), at.hour + self.chance.choice((1, 2, 3))
        for _ in range(self.chance.choice((0, 0, 0, 1, 1, 2)) if hour <= 17 else 1):
            day, hour = day + dt.timedelta(days=1), self.chance.randint(9, 16)
        while not self.around.calendar.is_working_day(day):
            day, hour = day + dt.timedelta(days=1), self.chance.randint(9, 16)
        return dt.datetime.combine(day, dt.time(hour), CHINA)

    def _take(self, events: Sequence[FiledEvent], step: str, at: dt.datetime) -> FiledEvent | None:
        found = self.flow.step(step)
        assert found is not None, step
        reason = "情况说明：已按规定核实" if found.needs_reason else None
        asked = Asked(step=step, actor=self._actor(found, events), at=at, reason=reason, given=self._given(found))
        try:
            return take(self.flow, CASE_ID, events, asked, self.around)
        except StepRefused:
            return None

    def _actor(self, step: FiledStep, events: Sequence[FiledEvent]) -> Actor | None:
        if step.automatic and self.chance.random() < 0.8:
            return None
        role = self.chance.choice(step.by)
        department = fold(events).department if role == Role.HANDLER else "appeals_centre"
        return Actor(f"{department}.{role}", "示例", frozenset({role}), department)

    def _given(self, step: FiledStep) -> dict[str, Any]:
        return {name: self._value(name, field) for name, field in step.gives.items() if self._is_given(field)}

    def _is_given(self, field: GivenField) -> bool:
        return field.required or self.chance.random() < 0.3

    def _value(self, name: str, field: GivenField) -> Any:
        chance = self.chance
        match field.kind:
            case "department":
                return chance.choice(self.departments)
            case "choice":
                return chance.choice(list(field.values))
            case "truth":
                return chance.random() < 0.93
            case "number":
                return chance.randint(1, field.at_most or 100)
            case "date":
                return "2026-01-31"
        if name == "category":
            return chance.choice(
                ("城乡建设", "交通运输", "环境保护", "卫生计生", "教育文体", "商贸旅游", "劳动和社会保障")
            )
        return f"经核实，已由第 {chance.randint(1, 9999)} 组到现场办理，情况属实，正在整改，感谢您的监督。"[
            : field.at_most or 2000
        ]
