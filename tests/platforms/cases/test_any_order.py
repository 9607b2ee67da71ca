"""Whatever happens, in whatever order: a state machine over runs, persons, days and payment batches."""

import contextlib
import datetime as dt
import shutil
import tempfile
from pathlib import Path

import polars as pl
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.platforms.cases.world import World, subject, wanted_rows
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.definitions import MACHINE_STEPS
from yunnao.platforms.cases.store import case_ids
from yunnao.platforms.cases.workflow import Event
from yunnao.storage.records import Records

POLICY, BUDGET, LIMIT = "hire_subsidy", 150_000_00, 100_000_00
NUMBERS = st.integers(1, 3)
AMOUNTS = st.sampled_from([None, 0, 1, 60_000_00, LIMIT, LIMIT + 1])
ONWARD = ("confirm", "review", "first_review", "second_review", "publish", "clear", "close")
OFFICERS = ("li", "wang", "zhao", "qian", "sun", "zhou")


class AnyOrder(RuleBasedStateMachine):
    """Random histories of a few cases; what must hold holds after every step."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.records = Records.open(self.folder / "records.sqlite")
        self.world = World(self.records, self.folder, {POLICY: {2024: BUDGET}})
        self.flow = self.world.cases.flows["pay_benefit"]
        self.wanted: set[int] = set()
        self.batches: list[str] = []
        self.seen: dict[str, tuple[Event, ...]] = {}

    def ids(self) -> dict[int, str]:
        numbers = sorted(self.wanted)
        return dict(zip(numbers, case_ids(wanted_rows((number, None) for number in numbers)), strict=True))

    def teardown(self) -> None:
        assert set(self.world.ids()) == self.wanted
        self.records.close()
        shutil.rmtree(self.folder)

    @initialize(amounts=st.dictionaries(NUMBERS, AMOUNTS, min_size=2))
    def first_run(self, amounts: dict[int, int | None]) -> None:
        self.run(amounts)

    @rule(amounts=st.dictionaries(NUMBERS, AMOUNTS))
    def run(self, amounts: dict[int, int | None]) -> None:
        self.world.run(amounts)
        self.wanted |= set(amounts)
        assert self.world.run(amounts).changed == 0
        for number, case_id in self.ids().items():
            standing = self.world.cases.get(case_id).standing
            if standing.state in self.flow.withdrawal.from_:
                assert number in amounts
                assert standing.amount == amounts[number]
            if standing.state in self.flow.flagged_in:
                assert (standing.flag is None) == (number in amounts and standing.amount == amounts[number])

    @precondition(lambda self: self.wanted)
    @rule(
        data=st.data(), officer=st.sampled_from((*OFFICERS, "itself", "another")), reason=st.sampled_from([None, "x"])
    )
    def step(self, data: st.DataObject, officer: str, reason: str | None) -> None:
        number = data.draw(st.sampled_from(sorted(self.wanted)))
        actor = {"itself": subject(number), "another": subject(99)}.get(officer, officer)
        step = data.draw(st.sampled_from([step.id for step in self.flow.steps]))
        with contextlib.suppress(YunnaoError):
            self.world.cases.take(self.ids()[number], step, actor, reason=reason)

    @precondition(lambda self: self.wanted)
    @rule(data=st.data(), count=st.integers(3, 9))
    def carry_on(self, data: st.DataObject, count: int) -> None:
        """Towards payment, so that cases come there; what somebody is allowed is possible."""
        number = data.draw(st.sampled_from(sorted(self.wanted)))
        case_id = self.ids()[number]
        for _ in range(count):
            if self.world.state(case_id) == "published":
                self.world.now += dt.timedelta(days=9)
            self._one_step_on(case_id, subject(number))

    def _one_step_on(self, case_id: str, code: str) -> None:
        for actor in (code, *OFFICERS):
            for allowed in self.world.cases.get(case_id, actor).allowed:
                if allowed.id in ONWARD:
                    assert self.world.cases.take(case_id, allowed.id, actor).standing.state == allowed.to
                    return

    @rule(days=st.integers(1, 9))
    def later(self, days: int) -> None:
        self.world.now += dt.timedelta(days=days)

    @precondition(lambda self: any(events[-1].to_state == "cleared" for events in self.seen.values()))
    @rule(actor=st.sampled_from(["qian", "sun", "qian", "li"]))
    def prepare(self, actor: str) -> None:
        with contextlib.suppress(YunnaoError):
            self.batches.append(self.world.payments.prepare_batch(POLICY, actor, year=2024).batch_id)

    @precondition(lambda self: self.batches)
    @rule(data=st.data(), actor=st.sampled_from(["sun", "qian", "li"]), send=st.sampled_from([True, True, False]))
    def finish(self, data: st.DataObject, actor: str, send: bool) -> None:
        batch_id = data.draw(st.sampled_from(self.batches))
        with contextlib.suppress(YunnaoError):
            if send:
                self.world.payments.send_batch(batch_id, actor)
            else:
                self.world.payments.cancel_batch(batch_id, actor, "x")

    @invariant()
    def holds(self) -> None:
        assert self.world.audit.verify().broken is None
        ids = self.ids()
        batches = self.world.payments.batches()
        assert batches.filter(pl.col("status") != "cancelled")["total"].sum() <= BUDGET
        paid = 0
        for number, case_id in ids.items():
            view = self.world.cases.get(case_id)
            assert view.events[: len(self.seen.get(case_id, ()))] == self.seen.get(case_id, ())
            self.seen[case_id] = view.events
            self._is_a_way_of_the_flow(view.events, subject(number))
            if any(event.step == "pay" for event in view.events):
                paid += self._is_rightly_paid(view.events)
        assert batches.filter(pl.col("status") == "sent")["total"].sum() == paid

    def _is_a_way_of_the_flow(self, events: tuple[Event, ...], code: str) -> None:
        before = None
        for event in events:
            assert event.from_state == before
            before = event.to_state
            if event.step in MACHINE_STEPS:
                continue
            step = self.flow.step(event.step)
            assert step is not None
            assert event.from_state in step.from_
            assert event.to_state == step.to
            actor = self.world.cases.actors.actor(event.actor)
            assert actor.roles & set(step.by)
            assert actor.id == code or step.any_department or actor.department == "hr"
            assert event.reason or "reason" not in step.needs

    def _is_rightly_paid(self, events: tuple[Event, ...]) -> int:
        (pay,) = (event for event in events if event.step == "pay")
        before = events[: pay.seq - 1]
        proposed = [event for event in before if event.step in ("proposed", "amended", "proposed_again")][-1]
        found = [event for event in before if event.step in MACHINE_STEPS][-1]
        assert proposed.amount
        assert found.step not in ("withdrawn", "entitlement_lost", "amount_differs")
        assert found.amount == proposed.amount
        assert [event for event in before if event.step == "confirm" and event.seq > proposed.seq]
        if proposed.amount > LIMIT:
            second = [event for event in before if event.step == "second_review"][-1]
            first = [event for event in before if event.step == "first_review"][-1]
            assert first.actor != second.actor
        clear = [event for event in before if event.step == "clear"][-1]
        publish = [event for event in before if event.step == "publish"][-1]
        assert self.world.cases.calendar.add(publish.day, 5).day < clear.day
        return proposed.amount


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(max_examples=5, stateful_step_count=25)
