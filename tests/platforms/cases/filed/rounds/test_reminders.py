"""Reminders with a moving clock: yellow and red once for every run of a clock, whatever happens in between."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, Desk, appeal_flow, filing, handler
from yunnao.kernel.moment import CHINA
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.events import FiledEvent, opening
from yunnao.platforms.cases.filed.rounds.reminders import Reminders, next_reminder, reminders
from yunnao.platforms.cases.filed.rounds.store import LOOKED

ECOLOGY = handler("ecology")


def told(desk: Desk, case_id: str | None = None) -> list[str]:
    """Ids of the reminders written, without the case's number."""
    message = store.OUTBOX.c
    with desk.records.read() as connection:
        rows = connection.execute(sa.select(message.message_id, message.case_id).order_by(message.message_id)).all()
    light = [row for row in rows if ":yellow:" in row.message_id or ":red:" in row.message_id]
    return [row.message_id.partition(":")[2] for row in light if case_id in (None, row.case_id)]


def test_yellow_a_working_day_before_and_red_once_it_has_passed(desk: Desk) -> None:
    case_id, round_ = desk.handled(), Reminders(desk.cases)
    desk.take(case_id, "contact", ECOLOGY, note="已联系")  # only the overall clock runs: due on 10-09
    for day in ("2026-09-25", "2026-09-30", "2026-10-07"):
        assert sum(round_.round().values()) == 0, day
    assert told(desk) == []
    assert desk.on("2026-10-08").due(case_id) == "2026-10-09"
    assert round_.round() == {"looked": 1, "yellow": 1, "red": 0}
    assert round_.round() == {"looked": 0, "yellow": 0, "red": 0}
    desk.on("2026-10-09", 23)
    round_.round()
    assert told(desk) == ["overall.1:yellow:handler"]
    desk.on("2026-10-10", 0)
    assert round_.round()["red"] == 2
    assert told(desk) == ["overall.1:red:centre", "overall.1:red:handler", "overall.1:yellow:handler"]
    for day in ("2026-10-11", "2026-10-20", "2026-12-01"):
        assert sum(Reminders(desk.on(day).cases).round().values()) == 0
    with desk.records.read() as connection:
        red = connection.execute(
            sa.select(store.OUTBOX).where(store.OUTBOX.c.message_id.contains(":red:handler"))
        ).one()
    assert (red.department, red.recipient) == ("ecology", "handler")
    assert "“总时限”已于 2026-10-09 到期" in red.text
    assert desk.audit.verify().broken is None


def test_whose_turn_it_is_is_told(desk: Desk) -> None:
    waits = desk.file("web:1")  # nobody has it
    answered = desk.handled("web:2")
    desk.take(answered, "answer", ECOLOGY, answer="好了")
    desk.on("2026-10-20")
    Reminders(desk.cases).round()
    assert told(desk, waits) == [
        f"{clock}.1:red:{role}" for clock in ("dispatching", "overall") for role in ("centre", "operator")
    ]
    assert told(desk, answered) == ["call_back.1:red:centre", "call_back.1:red:operator"]


def test_co_handlers_are_told_of_their_own_share_before_the_leads_limit_is_near(desk: Desk) -> None:
    case_id = desk.handled()
    desk.take(case_id, "contact", ECOLOGY, note="已联系")  # the overall clock is due on 10-09
    for department in ("transport", "health"):
        desk.take(case_id, "ask_co_handler", ECOLOGY, reason="需核实", department=department, working_days=1)
    desk.on("2026-09-28")  # a Monday after the Mid-Autumn Festival: both shares are due
    assert Reminders(desk.cases).round() == {"looked": 1, "yellow": 2, "red": 0}
    desk.on("2026-09-29")
    assert Reminders(desk.cases).round()["red"] == 4
    assert sum(Reminders(desk.cases).round().values()) == 0
    message = store.OUTBOX.c
    with desk.records.read() as connection:
        rows = connection.execute(
            sa.select(message.recipient, message.department).where(message.text.contains("“协办”"))
        ).all()
    assert sorted(map(tuple, rows), key=str) == sorted(
        [("handler", "health"), ("handler", "transport")] * 2 + [("centre", None)] * 2, key=str
    )


def test_what_is_paused_or_closed_is_left_alone_and_an_extension_is_warned_about_anew(desk: Desk) -> None:
    paused, extended = desk.handled("web:1"), desk.handled("web:2")
    for case_id in (paused, extended):
        desk.take(case_id, "contact", ECOLOGY, note="已联系")
    desk.take(paused, "pause", ECOLOGY, reason="等材料", ground="awaiting_citizen")
    desk.on("2026-10-08")
    Reminders(desk.cases).round()
    desk.take(extended, "ask_extension", ECOLOGY, reason="复杂", working_days=3)
    desk.take(extended, "approve_extension", CENTRE, reason="同意", working_days=3)
    desk.on("2026-10-12")
    Reminders(desk.cases).round()
    assert told(desk, extended) == ["overall.1+1:yellow:handler", "overall.1:yellow:handler"]
    desk.take(extended, "answer", ECOLOGY, answer="好了")
    desk.take(extended, "call_back", OPERATOR, solved=True, satisfied="satisfied")
    desk.on("2026-12-01")
    Reminders(desk.cases).round()
    assert told(desk, paused) == []
    assert len(told(desk, extended)) == 2


def test_a_second_run_of_a_clock_is_warned_about_by_itself(desk: Desk) -> None:
    case_id = desk.file()
    desk.take(case_id, "dispatch", OPERATOR, department="ecology")
    desk.on("2026-09-28")
    Reminders(desk.cases).round()  # to be signed in today
    desk.take(case_id, "send_back", ECOLOGY, reason="不属本单位", proposed_department="health")
    desk.take(case_id, "redispatch", OPERATOR, reason="同意", department="health")
    desk.on("2026-09-29")
    Reminders(desk.cases).round()
    signed = [each for each in told(desk, case_id) if each.startswith("sign_in")]
    assert signed == ["sign_in.1:yellow:handler", "sign_in.2:yellow:handler"]


def test_two_processes_and_a_lost_cache_remind_once(desk: Desk) -> None:
    for number in range(30):
        desk.handled(f"web:{number}")
    desk.on("2026-11-02")
    first = Reminders(desk.cases).round()
    with desk.records.write() as connection:
        connection.execute(sa.delete(LOOKED))
    again = Reminders(desk.cases).round()
    assert first["red"] > 0
    assert (again["looked"], again["yellow"], again["red"]) == (30, 0, 0)


def test_a_co_handler_is_reminded_of_its_share_once_each(desk: Desk) -> None:
    case_id = desk.handled()  # the lead's own clock is due on 10-09
    desk.take(case_id, "contact", ECOLOGY, note="已联系")
    for department, working_days in (("transport", 1), ("health", 4)):
        asked: dict[str, Any] = {"department": department, "working_days": working_days}
        desk.take(case_id, "ask_co_handler", ECOLOGY, reason="一并核实", **asked)
    days = [f"2026-09-{day}" for day in (24, 25, 26, 28, 29, 30)] + [f"2026-10-{day:02d}" for day in range(1, 11)]
    for day in days:
        for _ in range(2):
            Reminders(desk.on(day).cases).round()
    with desk.records.read() as connection:
        out = store.OUTBOX.c
        rows = connection.execute(sa.select(out.message_id, out.department).where(out.text.contains("“协办”"))).all()
    assert {(row.message_id.partition(":")[2], row.department) for row in rows} == {
        ("co_handling.1:yellow:handler", "transport"),
        ("co_handling.1:red:handler", "transport"),
        ("co_handling.1:red:centre", None),
        ("co_handling.2:yellow:handler", "health"),
        ("co_handling.2:red:handler", "health"),
        ("co_handling.2:red:centre", None),
    }
    assert len(rows) == 6
    assert "overall.1:yellow:handler" in told(desk)
    assert desk.audit.verify().broken is None


def test_who_has_answered_for_its_share_is_reminded_no_more(desk: Desk) -> None:
    case_id = desk.handled()
    desk.take(case_id, "contact", ECOLOGY, note="已联系")
    asked: dict[str, Any] = {"department": "transport", "working_days": 1}
    desk.take(case_id, "ask_co_handler", ECOLOGY, reason="一并核实", **asked)
    desk.take(case_id, "co_answer", handler("transport"), answer="无")
    Reminders(desk.on("2026-09-28").cases).round()
    assert told(desk) == []


OPEN = st.tuples(st.dates(dt.date(2026, 1, 5), dt.date(2026, 11, 1)), st.integers(0, 40))


@given(OPEN)
def test_the_next_reminder_is_the_first_day_with_another_one(drawn: tuple[dt.date, int]) -> None:
    opened, later = drawn
    flow, calendar = appeal_flow(), shipped_calendar()
    at = dt.datetime.combine(opened, dt.time(10), CHINA)
    events: list[FiledEvent] = [opening(flow.starts, at, "x", {})]

    def ids(day: dt.date) -> set[str]:
        moment = dt.datetime.combine(day, dt.time(10), CHINA)
        return {row["message_id"] for row in reminders("SQ", flow, events, None, moment, calendar)}

    today = opened + dt.timedelta(days=later)
    coming = next_reminder(flow, events, today, calendar)
    if coming is None:
        assert ids(today + dt.timedelta(days=60)) == ids(today)
        return
    assert coming > today
    quiet = [today + dt.timedelta(days=n) for n in range((coming - today).days)]
    assert all(ids(day) <= ids(today) for day in quiet)
    assert not ids(coming) <= ids(coming - dt.timedelta(days=1))


_PROGRAM = """
import datetime as dt, sys
from tests.platforms.cases.filed.desk import Desk
from yunnao.platforms.cases.filed.rounds.reminders import Reminders
from yunnao.storage.records import Records
desk = Desk(Records.open(sys.argv[1])).on("2026-11-02")
print("ready", flush=True)
Reminders(desk.cases).round()
print("done", flush=True)
"""


@pytest.mark.timeout(300)
def test_killed_in_the_middle_nothing_is_doubled_or_lost(desk: Desk, target: str) -> None:
    cases = 1_500  # three pieces
    for start in range(0, cases, 250):
        desk.cases.file([filing(f"web:{number}") for number in range(start, start + 250)])
    chance = random.Random(20261102)
    for kills in range(4):
        command = [sys.executable, "-c", _PROGRAM, target]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            if kills == 3:
                assert process.stdout.readline() == "done\n"
                break
            time.sleep(chance.uniform(0.01, 0.4))
            process.send_signal(signal.SIGKILL)
    expected = sorted(
        f"SQ20260924-{number:05d}:{clock}.1:red:{role}"
        for number in range(1, cases + 1)
        for clock in ("dispatching", "overall")
        for role in ("centre", "operator")
    )
    with desk.records.read() as connection:
        assert sorted(connection.execute(sa.select(store.OUTBOX.c.message_id)).scalars()) == expected
    assert desk.audit.verify().broken is None
