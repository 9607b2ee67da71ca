"""Lead and co-handlers, on each database: who may, what waits for what, and clocks inside of the lead's."""

import datetime as dt
import threading
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, CITIZEN, OPERATOR, Desk, appeal_flow, handler
from tests.platforms.cases.filed.test_clocks import history
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.clocks import clock_runs, counted, due
from yunnao.platforms.cases.filed.events import FiledEvent
from yunnao.platforms.cases.filed.waiting_rows import statements
from yunnao.storage.records import Records

ECOLOGY, TRANSPORT, HEALTH = handler("ecology"), handler("transport"), handler("health")
FLOW, CALENDAR = appeal_flow(), shipped_calendar()


def ask(desk: Desk, case_id: str, department: str = "transport", days: int = 3, actor: Any = ECOLOGY) -> None:
    """Ask a department to co-handle."""
    desk.take(case_id, "ask_co_handler", actor, reason="需核实渣土车", department=department, working_days=days)


def test_the_lead_answers_when_its_co_handlers_have(desk: Desk) -> None:
    case_id = desk.handled()
    ask(desk, case_id)
    ask(desk, case_id, "health", actor=CENTRE)
    with pytest.raises(StepRefused, match=r"交通运输局、卫生健康局的协办还没有答复；请等它答复，或先撤销协办"):
        desk.take(case_id, "answer", ECOLOGY, answer="x")
    desk.take(case_id, "co_sign_in", TRANSPORT)
    desk.take(case_id, "co_answer", TRANSPORT, answer="渣土车无证，已查扣。")
    desk.take(case_id, "withdraw_co_handler", OPERATOR, reason="不需要了", department="health")
    desk.take(case_id, "answer", ECOLOGY, answer="已停工，渣土车已查扣。")
    assert desk.state(case_id) == "answered"
    with desk.records.read() as connection:
        told = connection.execute(sa.select(store.OUTBOX.c.text).where(store.OUTBOX.c.recipient == "citizen")).scalars()
        assert not [text for text in told if "无证" in text or "协办" in text]
    assert desk.audit.verify().broken is None
    assert desk.upkeep.differing() == []


def test_who_may_ask_and_who_may_answer(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="这个办件属于部门 ecology"):
        ask(desk, case_id, "health", actor=TRANSPORT)
    with pytest.raises(StepRefused, match="现在没有部门协办"):
        desk.take(case_id, "co_answer", TRANSPORT, answer="x")
    ask(desk, case_id)
    for actor in (ECOLOGY, HEALTH):
        with pytest.raises(StepRefused, match="不在协办；现在协办的是交通运输局"):
            desk.take(case_id, "co_answer", actor, answer="x")
    with pytest.raises(StepRefused, match="没有“经办人”角色"):
        desk.take(case_id, "co_sign_in", OPERATOR)
    desk.take(case_id, "co_sign_in", TRANSPORT)
    with pytest.raises(StepRefused, match="最多办 1 次"):
        desk.take(case_id, "co_sign_in", TRANSPORT)
    assert {step.id for step in desk.cases.get(case_id, TRANSPORT).allowed} == {"co_answer"}
    assert "answer" not in {step.id for step in desk.cases.get(case_id, ECOLOGY).allowed}
    desk.take(case_id, "co_answer", TRANSPORT, answer="x")
    ask(desk, case_id)  # again, once it has answered
    desk.take(case_id, "co_sign_in", TRANSPORT)


def test_nobody_co_handles_twice_at_once_or_what_it_leads(desk: Desk) -> None:
    case_id = desk.handled()
    with pytest.raises(StepRefused, match="生态环境分局是主办部门"):
        ask(desk, case_id, "ecology")
    ask(desk, case_id)
    with pytest.raises(StepRefused, match="交通运输局已在协办"):
        ask(desk, case_id)
    desk.take(case_id, "send_back", ECOLOGY, reason="不属", proposed_department="transport")
    with pytest.raises(StepRefused, match="交通运输局正在协办这件；请先撤销它的协办"):
        desk.take(case_id, "redispatch", OPERATOR, reason="x", department="transport")
    with pytest.raises(StepRefused, match="没有可以撤销的协办；现在协办的是交通运输局"):
        desk.take(case_id, "withdraw_co_handler", OPERATOR, reason="x", department="health")
    other = desk.handled("web:2")
    with pytest.raises(StepRefused, match="交通运输局的协办还没有答复"):
        desk.take(case_id, "merge", OPERATOR, reason="x", into=other)
    desk.take(case_id, "withdraw_co_handler", OPERATOR, reason="改为主办", department="transport")
    desk.take(case_id, "redispatch", OPERATOR, reason="x", department="transport")
    assert desk.upkeep.differing() == []


def test_the_inbox_of_a_co_handler_has_the_case_with_its_own_day(desk: Desk) -> None:
    case_id, own = desk.handled("web:1"), desk.file("web:2")
    desk.take(own, "dispatch", OPERATOR, department="transport")
    ask(desk, case_id, days=2)
    rows = desk.cases.inbox(department="transport")
    assert [(row["case_id"], row["share"], row["department"], row["due_on"], row["due_clock"]) for row in rows] == [
        (own, False, "transport", "2026-09-25", "first_contact"),
        (case_id, True, "transport", "2026-09-29", "co_handling"),
    ]
    assert [row["share"] for row in desk.cases.inbox(department="ecology")] == [False]
    assert [row["share"] for row in desk.cases.inbox()] == [False, False]
    assert desk.cases.inbox(department="transport", closed=True) == []
    assert len(desk.cases.inbox(department="transport", closed=None)) == 2
    assert [row["case_id"] for row in desk.cases.inbox(department="transport", limit=1)] == [own]
    desk.take(case_id, "co_answer", TRANSPORT, answer="x")
    assert [row["case_id"] for row in desk.cases.inbox(department="transport")] == [own]


def test_the_rows_of_shares_can_be_made_anew(desk: Desk) -> None:
    case_id = desk.handled()
    ask(desk, case_id)
    with desk.records.write() as connection:
        connection.execute(sa.update(store.SHARES).values(due_on="2030-01-01"))
    assert desk.upkeep.differing() == [case_id]
    assert desk.upkeep.rebuild() == 1
    with desk.records.write() as connection:
        connection.execute(sa.delete(store.SHARES))
    assert desk.upkeep.differing() == [case_id]
    desk.upkeep.rebuild()
    assert desk.upkeep.differing() == []


def test_an_extension_of_the_lead_moves_the_cap(desk: Desk) -> None:
    case_id = desk.handled()  # due on 2026-10-09
    ask(desk, case_id, days=10)
    assert desk.cases.inbox(department="transport")[0]["due_on"] == "2026-10-09"
    desk.take(case_id, "ask_extension", ECOLOGY, reason="复杂", working_days=3)
    desk.take(case_id, "approve_extension", CENTRE, reason="同意", working_days=3)
    assert desk.cases.inbox(department="transport")[0]["due_on"] == "2026-10-13"
    assert desk.upkeep.differing() == []


def test_two_who_ask_the_same_department_at_once_ask_it_once(target: str, desk: Desk) -> None:
    case_id, refused = desk.handled(), []
    gate = threading.Barrier(2)

    def run() -> None:
        records = Records.open(target)
        own = Desk(records)
        gate.wait()
        try:
            ask(own, case_id, actor=CENTRE)
        except StepRefused as error:
            refused.append(str(error))
        records.close()

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "已在协办" in refused[0]
    assert len(desk.cases.get(case_id).shares) == 1


def test_after_a_redo_a_share_lies_inside_the_clock_of_the_redo(desk: Desk) -> None:
    case_id = desk.handled()
    desk.take(case_id, "answer", ECOLOGY, answer="x")
    desk.on("2026-09-29").take(case_id, "call_back", CITIZEN, solved=False, satisfied="dissatisfied")
    ask(desk, case_id, days=15)
    (run,) = [run for run in desk.cases.get(case_id).clocks if run.share]
    assert [outer.clock.id for outer in run.inside] == ["redo"]
    assert due(run, desk.now.date(), CALENDAR).day.isoformat() == "2026-10-12"


@settings(max_examples=200)
@given(
    st.integers(0, 25),
    st.integers(1, 15),
    st.integers(0, 10),
    st.one_of(st.none(), st.tuples(st.integers(0, 8), st.integers(0, 8))),
    st.sampled_from([None, "consultation", "suggestion"]),
)
def test_a_share_is_never_due_after_its_lead_and_every_day_is_accounted_for(
    after: int, days: int, extension: int, pause: tuple[int, int] | None, kind: str | None
) -> None:
    opened = dt.date(2026, 9, 14)

    def on(number: int) -> str:
        return (opened + dt.timedelta(days=number)).isoformat()

    steps: list[Any] = [(on(0), "opened", {"kind": kind} if kind else {})]
    if pause:
        steps += [(on(pause[0]), "pause"), (on(pause[0] + pause[1]), "resume")]
    steps += [(on(0), "approve_extension", {"working_days": extension})] if extension else []
    events = history(*sorted(steps, key=lambda step: step[0]))
    asked = FiledEvent(
        seq=len(events) + 1,
        step="ask_co_handler",
        from_state="handling",
        to_state="handling",
        actor="x",
        at=events[0].at + dt.timedelta(days=after),
        given={"department": "transport", "working_days": days},
        share="transport",
    )
    early = [event for event in events if event.at <= asked.at]
    runs = clock_runs(FLOW, [*early, asked, *[event for event in events if event.at > asked.at]])
    today = dt.date(2026, 10, 30)
    lead = next(run for run in runs if run.clock.id == "overall")
    share = next(run for run in runs if run.share == "transport")
    followed = counted(share, today, CALENDAR)
    alone = CALENDAR.add(asked.day, days).day
    assert due(share, today, CALENDAR).day == min(alone, due(lead, today, CALENDAR).day)
    assert (followed[-1].reason == "cap") == (alone > due(lead, today, CALENDAR).day)
    if followed[-1].day > asked.day:
        assert [day.day for day in followed] == [
            asked.day + dt.timedelta(days=n) for n in range((followed[-1].day - asked.day).days + 1)
        ]


def test_the_inbox_follows_its_indexes(tmp_path: Any) -> None:
    records = Records.open(tmp_path / "records.sqlite")
    desk = Desk(records)
    case_id = desk.handled()
    ask(desk, case_id)
    followed = 0
    with records.read() as connection:
        for department in (None, "transport"):
            for statement in statements(department, False, 100):
                text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
                plan = [str(row) for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}")]
                followed += 1
                assert not [row for row in plan if ("SCAN" in row and "anon" not in row) or "TEMP B-TREE" in row], (
                    text,
                    plan,
                )
    assert followed == 6
    records.close()


def test_no_inbox_walks_all_cases_by_number(desk: Desk) -> None:
    """Cases without a deadline are few; where they are fewer than a page, a walk by number would end with the last case."""
    desk.handled()
    on_postgresql = desk.records.dialect == "postgresql"
    with desk.records.read() as connection:
        for other in ("seqscan", "bitmapscan", "sort") if on_postgresql else ():  # what it takes for a handful of rows
            connection.exec_driver_sql(f"SET LOCAL enable_{other} = off")
        for department in (None, "ecology"):
            for statement in [*statements(department, False, 100)][:2]:
                text = str(statement.compile(connection, compile_kwargs={"literal_binds": True}))
                plan = connection.exec_driver_sql(f"EXPLAIN {'' if on_postgresql else 'QUERY PLAN'} {text}").all()
                assert "ix_filed_now" in str(plan), (text, plan)
