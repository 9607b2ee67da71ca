"""A new holiday table: what it moves is noted and told once, whenever the adoption was cut off."""

import datetime as dt
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import Desk, filing, handler
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.working_days import SHIPPED_TABLE, shipped_calendar
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds.calendars import Calendars, Move, moves_of
from yunnao.platforms.cases.filed.rounds.reminders import Reminders
from yunnao.platforms.cases.filed.rounds.store import CALENDARS, MOVES

NOTICE = """\
  "2027":
    confirmed: true
    notice: 关于2027年部分节假日安排的通知（示例）
    holidays: [[2027-01-01, 2027-01-05], [2027-02-05, 2027-02-11], 2027-04-05, [2027-05-01, 2027-05-05], 2027-06-09, 2027-09-15,
      [2027-10-01, 2027-10-07]]
    make_up: [2026-12-27]
"""
"""A made-up notice: days off up to 5 January, and nothing to make up for them in 2027."""


def table(folder: Path, year: str = NOTICE.replace("[2026-12-27]", "[2027-01-09]"), revision: int = 2) -> Path:
    """The shipped table with another 2027."""
    text = SHIPPED_TABLE.read_text(encoding="utf-8").replace("revision: 1", f"revision: {revision}", 1)
    path = folder / f"notice-{revision}.yaml"
    path.write_text(text[: text.index('  "2027":')] + year, encoding="utf-8")
    return path


def calendars(desk: Desk, folder: Path) -> Calendars:
    return Calendars(desk.cases, folder / "working_days.yaml", SHIPPED_TABLE)


def messages(desk: Desk) -> list[tuple[str, str]]:
    with desk.records.read() as connection:
        rows = connection.execute(sa.select(store.OUTBOX).order_by(store.OUTBOX.c.message_id)).all()
    return [(row.message_id, row.text) for row in rows if ":calendar." in row.message_id]


def test_a_deadline_beyond_the_confirmed_year_moves_with_a_log_entry(desk: Desk, tmp_path: Path) -> None:
    assert shipped_calendar().confirmed_through == dt.date(2026, 12, 31)
    desk.on("2026-12-28")
    case_id = desk.handled("web:1")
    desk.take(case_id, "contact", handler("ecology"), note="已联系")
    short = desk.handled("web:2", attributes={"kind": "emergency"})  # due on 12-29: nothing moves
    paused = desk.handled("web:3")
    desk.take(paused, "pause", handler("ecology"), reason="等材料", ground="awaiting_citizen")
    (before,) = [row for row in desk.cases.inbox() if row["case_id"] == case_id]
    assert (before["due_on"], before["provisional"]) == ("2027-01-05", True)
    adopted = calendars(desk, tmp_path).adopt(table(tmp_path))
    assert (adopted.revision, adopted.years) == (2, (2027,))
    assert (tmp_path / "working_days.yaml").read_bytes() == table(tmp_path).read_bytes()
    with desk.records.read() as connection:
        (move,) = moves_of(connection, case_id)
        assert [row.clock for row in connection.execute(sa.select(MOVES).where(MOVES.c.case_id == short))] == []
        assert "overall" not in {
            row.clock for row in connection.execute(sa.select(MOVES).where(MOVES.c.case_id == paused))
        }
        rows = connection.execute(sa.select(CALENDARS).order_by(CALENDARS.c.revision)).all()
    assert move == Move(
        clock="overall", run=1, before=dt.date(2027, 1, 5), after=dt.date(2027, 1, 7), year=2027, at=desk.now
    )
    assert [row.revision for row in rows] == [1, 2]
    assert rows[0].document == SHIPPED_TABLE.read_text(encoding="utf-8")
    (after,) = [row for row in desk.cases.inbox() if row["case_id"] == case_id]
    assert (after["due_on"], after["provisional"]) == ("2027-01-07", False)
    own = [each for each in messages(desk) if each[0].startswith(case_id)]
    assert own == [
        (
            f"{case_id}:calendar.2:overall.1:citizen",
            f"您的诉求 {case_id} 的“总时限”因放假安排公布，由 2027-01-05 改为 2027-01-07",
        ),
        (
            f"{case_id}:calendar.2:overall.1:handler",
            f"办件 {case_id} 的“总时限”因放假安排公布，由 2027-01-05 改为 2027-01-07",
        ),
    ]
    kinds = [line["kind"] for line in desk.audit.lines(3)]
    assert {"calendar_adopted", "deadlines_moved"} <= set(kinds)
    assert desk.audit.verify().broken is None
    again = calendars(desk, tmp_path).adopt(table(tmp_path))
    assert (again.revision, again.moved, again.cases) == (adopted.revision, adopted.moved, adopted.cases)
    assert len(messages(desk)) == len({each for each, _ in messages(desk)})


def test_a_deadline_that_becomes_shorter_is_noted_and_told_alike(desk: Desk, tmp_path: Path) -> None:
    desk.on("2026-12-28")
    case_id = desk.handled("web:1")
    shorter = NOTICE.replace("[2027-01-01, 2027-01-05]", "2027-01-01").replace(
        "[2026-12-27]", "[2027-01-02, 2027-01-03]"
    )
    calendars(desk, tmp_path).adopt(table(tmp_path, shorter))
    with desk.records.read() as connection:
        (move,) = [move for move in moves_of(connection, case_id) if move.clock == "overall"]
    assert (move.before, move.after) == (dt.date(2027, 1, 5), dt.date(2027, 1, 3))
    assert len([each for each, _ in messages(desk) if each.startswith(case_id)]) == 2


def test_the_next_revision_moves_what_the_last_one_set(desk: Desk, tmp_path: Path) -> None:
    desk.on("2026-12-28")
    case_id = desk.handled("web:1")
    calendars(desk, tmp_path).adopt(table(tmp_path))
    longer = NOTICE.replace("2027-01-05]", "2027-01-06]").replace("[2026-12-27]", "[]")
    calendars(desk, tmp_path).adopt(table(tmp_path, longer, revision=3))
    with desk.records.read() as connection:
        days = [(move.before, move.after) for move in moves_of(connection, case_id) if move.clock == "overall"]
    assert days == [(dt.date(2027, 1, 5), dt.date(2027, 1, 7)), (dt.date(2027, 1, 7), dt.date(2027, 1, 8))]
    assert desk.audit.verify().broken is None


@pytest.mark.parametrize(
    ("year", "revision", "problem"),
    [
        (NOTICE.replace("[2026-12-27]", "[]"), 1, "更大的 revision"),
        (NOTICE, 2, "2027 年下写了别的年份"),
        (NOTICE.replace("[2026-12-27]", "[2027-01-11]"), 2, "不是周末"),
        ("", 2, "少了现用工作日历里的年份"),
        (NOTICE.replace("[2027-01-01, 2027-01-05]", "soon"), 2, "不是日期"),
    ],
)
def test_a_table_that_cannot_follow_is_refused(
    desk: Desk, tmp_path: Path, year: str, revision: int, problem: str
) -> None:
    with pytest.raises(DefinitionError, match=problem):
        calendars(desk, tmp_path).adopt(table(tmp_path, year, revision))
    assert not (tmp_path / "working_days.yaml").exists()


def test_a_published_year_is_not_taken_back(desk: Desk, tmp_path: Path) -> None:
    calendars(desk, tmp_path).adopt(table(tmp_path))
    with pytest.raises(DefinitionError, match="2027 年的放假安排已经公布"):
        calendars(desk, tmp_path).adopt(table(tmp_path, NOTICE.replace("true", "false").replace("2026-12-27", ""), 3))


_PROGRAM = """
import sys
from pathlib import Path
from tests.platforms.cases.filed.desk import Desk
from tests.platforms.cases.filed.rounds.test_calendars import calendars
from yunnao.storage.records import Records
desk = Desk(Records.open(sys.argv[1])).on("2026-12-29")
print("ready", flush=True)
calendars(desk, Path(sys.argv[2])).adopt(Path(sys.argv[3]))
print("done", flush=True)
"""


@pytest.mark.timeout(300)
def test_killed_in_the_middle_the_same_command_finishes(desk: Desk, target: str, tmp_path: Path) -> None:
    desk.on("2026-12-28")
    count = 600
    for start in range(0, count, 200):
        desk.cases.file([filing(f"web:{number}") for number in range(start, start + 200)])
    notice, chance = table(tmp_path), random.Random(2027)
    for kills in range(4):
        command = [sys.executable, "-c", _PROGRAM, target, str(tmp_path), str(notice)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            if kills == 3:
                assert process.stdout.readline() == "done\n"
                break
            time.sleep(chance.uniform(0.01, 0.35))
            process.send_signal(signal.SIGKILL)
    with desk.records.read() as connection:
        moved = connection.execute(sa.select(MOVES.c.case_id, MOVES.c.clock, MOVES.c.after)).all()
        due = set(connection.execute(sa.select(store.NOW.c.due_on)).scalars())
    overall = [row for row in moved if row.clock == "overall"]
    assert len(overall) == count
    assert {row.after for row in overall} == {"2027-01-07"}
    assert due == {"2026-12-29"}
    assert len(messages(desk)) == 2 * count
    assert desk.audit.verify().broken is None
    desk.on("2027-01-04")
    Reminders(desk.cases).round()
