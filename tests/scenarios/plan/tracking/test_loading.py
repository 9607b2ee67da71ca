"""Targets, owners and commitments of one file come in one transaction, whatever happens; on both databases."""

import datetime as dt
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
import sqlalchemy as sa

from tests.scenarios.plan.tracking.busy_planner import COMMITMENT, OWNERS, load, version
from tests.web.service.served import make_district
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed import store as filed_store
from yunnao.platforms.cases.filed.clocks import due
from yunnao.platforms.cases.filed.rounds.reminders import Reminders
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.platforms.indicators.targets import store
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.scenarios.plan.tracking.loading import load_plan

ROOT = Path(__file__).resolve().parents[4]
NOW = dt.datetime(2023, 3, 1, 9, tzinfo=CHINA)
CENTRE = Actor("centre", "中心", frozenset({Role.CENTRE}), "centre")
HANDLER = Actor("health.handler", "经办", frozenset({Role.HANDLER}), "health")


@pytest.fixture
def district(target: str, tmp_path: Path) -> Iterator[District]:
    found = District(make_district(tmp_path / "home", target), lambda: NOW, {})
    yield found
    found.records.close()


def test_a_file_comes_in_as_a_whole_and_once(district: District) -> None:
    loaded = load(district, 1)
    assert (len(loaded.targets.new), loaded.opened, loaded.unassigned) == (2, 1, 1)
    again = load(district, 1)
    assert (again.targets.changed, again.opened, again.known) == (False, 0, 1)
    growth, revenue = district.targets.targets()
    assert (growth.owner, growth.owner_by, revenue.owner) == ("ecology", "table", None)
    assert district.audit.verify().broken is None


def test_a_commitment_that_cannot_be_filed_leaves_no_target_behind(district: District) -> None:
    unusable = [replace(COMMITMENT, action="", sentence=" ")]
    reviewed = Reviewed(name="x.xlsx", sha256="a" * 64, report="", report_sha256="")
    with pytest.raises(YunnaoError, match="没有内容"):
        load_plan(district.targets, district.filed, "2023", version(1), reviewed, unusable, OWNERS, "os:x", NOW)
    assert district.targets.targets() == []


def test_a_commitment_is_a_case_with_the_deadline_that_the_report_names(district: District) -> None:
    load(district, 1)
    cases = district.filed
    (row,) = cases.inbox()
    case_id = row["case_id"]

    def take(step: str, actor: Actor, reason: str | None = None, **given: object) -> None:
        cases.take(case_id, Asked(step=step, actor=actor, at=NOW, reason=reason, given=given))

    def deadline() -> dt.date:
        run = next(run for run in cases.get(case_id).clocks if run.clock.id == "promised")
        return due(run, NOW.date(), district.calendar).day

    assert deadline() == dt.date(2023, 6, 30)
    late = [replace(COMMITMENT, action="去年就该办的", due_on=dt.date(2023, 1, 31))]
    reviewed = Reviewed(name="x.xlsx", sha256="a" * 64, report="", report_sha256="")
    load_plan(district.targets, cases, "2023", version(1), reviewed, late, [], "os:x", NOW)
    (overdue,) = [row for row in cases.inbox() if row["case_id"] != case_id]
    assert overdue["due_on"] == "2023-01-31"
    assert Reminders(cases).round()["red"] == 1
    box = filed_store.OUTBOX.c
    with district.records.read() as connection:
        told = connection.execute(sa.select(box.recipient, box.text).where(box.case_id == overdue["case_id"])).all()
    assert [tuple(each) for each in told] == [
        ("centre", f"办件 {overdue['case_id']}：“承诺期限”已于 2023-01-31 到期，仍未办结，请立即办理")
    ]
    take("assign", CENTRE, department="health")
    take("move_deadline", CENTRE, "上级批准延期", due_on="2023-09-30")
    assert deadline() == dt.date(2023, 9, 30)
    take("report_progress", HANDLER, progress="已完成八成", percent=80)
    take("claim_done", HANDLER, evidence="已通车")
    assert cases.get(case_id).standing.state == "claimed"
    take("verify", CENTRE, "没有验收", accepted=False)
    assert cases.get(case_id).standing.state == "working"
    assert deadline() == dt.date(2023, 9, 30)
    take("claim_done", HANDLER, evidence="验收报告")
    take("verify", CENTRE, "属实", accepted=True)
    assert cases.get(case_id).standing.state == "done"
    assert district.audit.verify().broken is None


def test_killed_at_any_moment(target: str, tmp_path: Path) -> None:
    home = make_district(tmp_path / "home", target)
    chance = random.Random(20230301)
    for turn in range(2):
        arguments = [str(home), str(1 + 10_000 * turn)]
        command = [sys.executable, "-m", "tests.scenarios.plan.tracking.busy_planner", *arguments]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.05, 0.5))
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        district = District(home, lambda: NOW, {})
        check(district)
        district.records.close()


def check(district: District) -> None:
    """As many rows as every line of the log says, as many cases as files, and the targets of the last version."""
    district.check_records()  # PostgreSQL may be finishing what the killed process had asked for
    assert district.audit.verify().broken is None
    files = district.targets.files()
    count = sa.select(store.TARGETS.c.file, sa.func.count()).group_by(store.TARGETS.c.file)
    with district.records.read() as connection:
        rows = pl.DataFrame(connection.execute(count).all(), schema=["file", "rows"], orient="row")
        filed = connection.execute(sa.select(sa.func.count()).select_from(filed_store.CASES)).scalar_one()
    lines = [line["details"] for line in district.audit.lines(limit=10**6) if line["kind"] == "targets_loaded"]
    assert dict(rows.iter_rows()) == {line["file"]: line["new"] + line["revised"] + line["withdrawn"] for line in lines}
    assert set(files) == set(rows["file"])
    assert filed == len(files)
    last = int(files[max(files)]["sha256"])
    assert [each.promised for each in district.targets.targets("2023")] == version(last)
