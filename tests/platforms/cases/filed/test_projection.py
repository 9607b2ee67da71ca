"""Whatever happens to cases, in whatever order: the rows of inboxes are what the events say, on both databases."""

import datetime as dt
import itertools
from typing import Any

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, CITIZEN, DEPARTMENTS, Desk, handler
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledStep, GivenField
from yunnao.platforms.cases.filed.events import fold
from yunnao.platforms.cases.filed.workflow import Asked

numbers = itertools.count()
OFFICER_ROLES = frozenset({Role.HANDLER, Role.OPERATOR, Role.CENTRE})
FIRST_DAY = dt.date(2026, 8, 3)


def values(name: str, field: GivenField) -> st.SearchStrategy[Any]:
    """What may be given as a field."""
    match field.kind:
        case "department":
            return st.sampled_from(sorted(DEPARTMENTS))
        case "choice":
            return st.sampled_from(sorted(field.values))
        case "truth":
            return st.booleans()
        case "number":
            return st.integers(1, field.at_most or 10)
        case "money":
            return st.integers(0, 10**9)
        case "date":
            return st.just("2026-01-31")
    return st.sampled_from(["已到现场", "环境保护"])


def fields(step: FiledStep) -> st.SearchStrategy[dict[str, Any]]:
    """What may be given with a step: all that is required, and some of the rest."""
    required = {name: values(name, field) for name, field in step.gives.items() if field.required}
    more = {name: values(name, field) for name, field in step.gives.items() if not field.required}
    return st.fixed_dictionaries(required, optional=more)


class History:
    """Cases of one example, on a desk that other examples have used before."""

    def __init__(self, desk: Desk, data: st.DataObject) -> None:
        self.desk, self.data = desk, data
        self.desk.on(FIRST_DAY.isoformat())
        kinds = sorted(desk.cases.flows["appeal"].attributes["kind"].values)
        self.ids = [
            desk.file(f"web:{next(numbers)}", attributes={"kind": kind})
            for kind in data.draw(st.lists(st.sampled_from(kinds), min_size=1, max_size=3))
        ]

    def go_on(self) -> None:
        """Some steps on some cases, one at a time or many together, some of them refused."""
        for _ in range(self.data.draw(st.integers(1, 12), "turns")):
            self.desk.now += dt.timedelta(hours=self.data.draw(st.sampled_from([0, 1, 26, 24 * 7]), "hours"))
            if self.data.draw(st.booleans(), "together"):
                self.desk.cases.take_many([self._wanted() for _ in range(self.data.draw(st.integers(1, 4), "many"))])
            else:
                case_id, asked = self._wanted()
                try:
                    self.desk.cases.take(case_id, asked)
                except StepRefused:
                    continue

    def _wanted(self) -> tuple[str, Asked]:
        case_id = self.data.draw(st.sampled_from(self.ids), "case")
        view = self.desk.cases.get(case_id)
        step = self.data.draw(st.sampled_from(view.flow.steps_from(view.standing.state)), "step")
        everybody = Actor("everybody", "示例", OFFICER_ROLES, view.standing.department)
        actors = [everybody, CITIZEN, CENTRE, handler("health"), *([None] if step.automatic else [])]
        actor = self.data.draw(
            st.sampled_from(actors) if self.data.draw(st.booleans()) else st.just(everybody), "actor"
        )
        reason = "理由" if step.needs_reason else None
        return case_id, Asked(
            step=step.id, actor=actor, at=self.desk.now, reason=reason, given=self.data.draw(fields(step))
        )


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_rows_are_what_the_events_say(desk: Desk, data: st.DataObject) -> None:
    history = History(desk, data)
    history.go_on()
    assert desk.upkeep.differing() == []
    assert desk.audit.verify().broken is None
    for case_id in history.ids:
        view = desk.cases.get(case_id)
        (row,) = [each for each in desk.cases.inbox(closed=None, limit=10_000) if each["case_id"] == case_id]
        standing = fold(view.events)
        assert (row["state"], row["department"], row["seq"]) == (standing.state, standing.department, standing.seq)


def test_rows_that_were_lost_or_changed_are_named_and_made_anew(desk: Desk) -> None:
    ids = [desk.handled("web:a"), desk.file("web:b"), desk.file("web:c")]
    rows = desk.cases.inbox()
    with desk.records.write() as connection:
        connection.execute(sa.update(store.NOW).where(store.NOW.c.case_id == ids[0]).values(department="health"))
        connection.execute(sa.delete(store.NOW).where(store.NOW.c.case_id == ids[1]))
    assert desk.upkeep.differing() == ids[:2]
    assert desk.upkeep.rebuild() == 2
    assert (desk.upkeep.differing(), desk.cases.inbox()) == ([], rows)


def test_inboxes_are_in_order_of_urgency(desk: Desk) -> None:
    """The latest deadline last, and after it what has none."""
    later = desk.file("web:1", attributes={"kind": "suggestion"})
    sooner = desk.file("web:2", attributes={"kind": "emergency"})
    for case_id in (later, sooner):
        desk.take(case_id, "dispatch", CENTRE, department="ecology")
        desk.take(case_id, "sign_in", handler("ecology"))
        desk.take(case_id, "contact", handler("ecology"), note="已联系")
    paused = desk.handled("web:3")
    desk.take(paused, "contact", handler("ecology"), note="已联系")
    desk.take(paused, "pause", handler("ecology"), reason="等材料", ground="awaiting_citizen")
    rows = desk.cases.inbox(department="ecology")
    assert [row["case_id"] for row in rows] == [sooner, later, paused]
    assert [row["due_on"] is None for row in rows] == [False, False, True]
    assert [row["case_id"] for row in desk.cases.inbox(department="ecology", limit=2)] == [sooner, later]
    assert desk.now.astimezone(CHINA).date().isoformat() <= str(rows[0]["due_on"])
