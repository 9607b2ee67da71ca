"""A store that an older program really made, opened by this one: whole, shaped as a new one, and everything works; on both databases."""

import datetime as dt
import json
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from filelock import FileLock

from tests.platforms.cases.filed.desk import CENTRE, OPERATOR, handler
from tests.platforms.cases.older_stores import FOLDER, fill, shape
from tests.scenarios.plan.tracking.busy_planner import load as load_plan
from tests.web.service.officers.desk import AtDesk, give_password
from tests.web.service.served import make_district, served
from yunnao.app import District
from yunnao.audit.log import Audit
from yunnao.cli.main import root
from yunnao.house import House
from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases import upgrades
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.upkeep import Upkeep
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.storage import files, revisions
from yunnao.storage.files import home_lock
from yunnao.storage.records import Records
from yunnao.web.service.officers.sign_in import SignIn

NOW = dt.datetime(2026, 9, 28, 15, tzinfo=CHINA)
CLOSED, HANDLING, RETURNED, UNTOUCHED = "SQ20260924-00001", "SQ20260928-00001", "SQ20260928-00002", "SQ20260928-00003"
KEPT = ("audit_line", "filed_case", "filed_event", "filed_words", "filed_person", "filed_message")


@pytest.fixture
def home(target: str, records: Records, tmp_path: Path) -> Path:
    """A home whose record store a program of revision 1 made; on each database in turn."""
    fill(records, 1)
    return make_district(tmp_path / "home", target, public_url="")


def open_home(home: Path) -> District:
    """The district, on the afternoon of the day on which the older program stopped."""
    return District(home, lambda: NOW, {})


def rows(records: Records) -> dict[str, list[dict[str, Any]]]:
    """What must never change: every row of the tables that were written once, empty columns and salts left out."""
    found = {}
    with records.read() as connection:
        for name in KEPT:
            lines = connection.exec_driver_sql(f"SELECT * FROM {name} ORDER BY 1, 2").mappings()
            found[name] = [
                {key: value for key, value in row.items() if value is not None and key != "salt"} for row in lines
            ]
    return found


def without_upgrade(found: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    """``found`` without the lines that an upgrade adds at the end of the log."""
    added = ("store_upgraded", "words_sealed")
    return {**found, "audit_line": [line for line in found["audit_line"] if line["kind"] not in added]}


def test_nothing_is_changed_and_everything_verifies(
    home: Path, records: Records, capfd: pytest.CaptureFixture[str]
) -> None:
    before = rows(records)
    district = open_home(home)
    assert district.audit.verify().broken is None
    told = capfd.readouterr().err
    assert f"正在升级到第 {upgrades.REVISION} 版" in told
    assert "重算了 4 件的现状" in told
    after = rows(records)
    assert [line["kind"] for line in after["audit_line"][len(before["audit_line"]) :]] == [
        "words_sealed",
        "store_upgraded",
    ]
    assert without_upgrade(after) == before
    assert Upkeep(district.filed).differing() == []
    district.records.close()
    again = open_home(home)
    assert again.audit.verify().lines == len(after["audit_line"])
    assert capfd.readouterr().err == ""
    again.records.close()


def test_an_upgraded_store_has_the_shape_of_a_new_one_and_that_of_its_revision(
    home: Path, records: Records, another_target: str, tmp_path: Path
) -> None:
    """A table that was changed without a new revision is found here: then add an upgrade, and the shape of the new revision."""
    upgraded, new = open_home(home), open_home(make_district(tmp_path / "new", another_target))
    for district in (upgraded, new):
        _ = district.filed, district.cases, district.targets, SignIn(district)
    assert shape(records) == shape(new.records)
    kept = json.loads((FOLDER / f"revision_{upgrades.REVISION}.shapes.json").read_text(encoding="utf-8"))
    assert shape(records) == kept[records.dialect]
    upgraded.records.close()
    new.records.close()


def test_a_store_of_revision_2_gets_the_tables_of_targets_and_keeps_every_row(
    target: str, records: Records, tmp_path: Path
) -> None:
    fill(records, 2)
    before, stood = rows(records), frame(records, "filed_now")
    district = open_home(make_district(tmp_path / "home", target))
    _ = district.cases
    verdict = district.audit.verify()
    after = rows(records)
    assert (without_upgrade(after), frame(records, "filed_now")) == (before, stood)
    assert json.loads(after["audit_line"][-1]["details"]) == {"from": 2, "to": upgrades.REVISION, "cases": 0}
    assert (verdict.broken, verdict.lines) == (None, len(after["audit_line"]))
    assert Upkeep(district.filed).differing() == []
    kept = json.loads((FOLDER / f"revision_{upgrades.REVISION}.shapes.json").read_text(encoding="utf-8"))
    assert shape(records) == kept[records.dialect]
    assert load_plan(district, 1).opened == 1
    assert len(district.targets.targets()) == 2
    assert district.audit.verify().broken is None
    district.records.close()


def test_what_an_older_program_delivered_is_taken_up_by_the_line_of_the_upgrade(home: Path, records: Records) -> None:
    with records.write() as connection:
        messages = connection.exec_driver_sql("SELECT message_id FROM filed_message ORDER BY 1").scalars().all()
        deliver = "INSERT INTO filed_delivery (message_id, delivered_at) VALUES ('{}', '2026-09-28T03:00:00.000000Z')"
        for message in messages[:2]:
            connection.exec_driver_sql(deliver.format(message))
    district = open_home(home)
    verdict = district.audit.verify()
    assert verdict.broken is None
    with records.write() as connection:
        connection.exec_driver_sql(deliver.format(messages[2]))
    assert district.audit.verify().broken == verdict.lines  # the last line: that of the upgrade
    district.records.close()


def test_a_delivery_put_into_a_store_that_had_none_is_found(home: Path, records: Records) -> None:
    district = open_home(home)
    verdict = district.audit.verify()
    with records.write() as connection:
        message = connection.exec_driver_sql("SELECT message_id FROM filed_message ORDER BY 1").scalar()
        connection.exec_driver_sql(f"INSERT INTO filed_delivery (message_id, delivered_at) VALUES ('{message}', 'x')")
    found = district.audit.verify()
    assert (found.broken, found.lines) == (verdict.lines + 1, verdict.lines)
    assert str(message) in found.sentence
    district.records.close()


@pytest.mark.parametrize("column", ["name", "contact", "contact_sha256"])
def test_a_person_of_an_older_store_is_sealed_by_the_upgrade(home: Path, records: Records, column: str) -> None:
    district = open_home(home)
    assert district.audit.verify().broken is None
    with records.write() as connection:
        connection.exec_driver_sql(f"UPDATE filed_person SET {column} = '13900000000' WHERE case_id = '{CLOSED}'")
    verdict = district.audit.verify()
    assert verdict.broken is not None
    assert f"{CLOSED} person" in verdict.sentence
    district.records.close()


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("UPDATE filed_words SET text = '███' WHERE case_id = 'SQ20261012-00001' AND place = 'body'", "00001 body"),
        ("UPDATE filed_words SET text = '别的' WHERE case_id = 'SQ20260924-00001' AND place = '4.answer'", "4.answer"),
        ("UPDATE filed_person SET contact_sha256 = 'x' WHERE case_id = 'SQ20260924-00001'", "00001 person"),
        ("UPDATE filed_person SET contact_sha256 = 'x' WHERE case_id = 'SQ20260924-00002'", "00002 person"),
        ("UPDATE filed_person SET name = '别人' WHERE case_id = 'SQ20261012-00002'", "00002 person"),
        ("INSERT INTO filed_delivery (message_id, delivered_at) SELECT message_id, 'x' FROM filed_message "
         "WHERE case_id = 'SQ20261012-00001'", "filed_delivery"),
    ],
)  # fmt: skip
def test_what_revision_4_redacted_erased_and_delivered_is_held_from_the_upgrade_on(
    target: str, records: Records, tmp_path: Path, change: str, found: str
) -> None:
    fill(records, 4)
    before = rows(records)
    district = open_home(make_district(tmp_path / "home", target))
    verdict = district.audit.verify()
    assert verdict.broken is None
    after = rows(records)
    assert without_upgrade(after) == before
    assert [line["kind"] for line in after["audit_line"][-2:]] == ["words_sealed", "store_upgraded"]
    with records.write() as connection:
        connection.exec_driver_sql(change)
    altered = district.audit.verify()
    assert altered.broken is not None
    assert found in altered.sentence
    district.records.close()


def frame(records: Records, table: str) -> list[dict[str, Any]]:
    """The rows of a table."""
    with records.read() as connection:
        return [dict(row) for row in connection.exec_driver_sql(f"SELECT * FROM {table} ORDER BY 1").mappings()]


def test_old_and_new_cases_go_on(home: Path) -> None:
    district = open_home(home)
    cases = district.filed

    def take(case_id: str, step: str, actor: Any, reason: str | None = None, **given: Any) -> None:
        cases.take(case_id, Asked(step=step, actor=actor, at=NOW, reason=reason, given=given))

    assert {row["case_id"] for row in cases.inbox()} == {UNTOUCHED, RETURNED, HANDLING}
    take(UNTOUCHED, "merge", OPERATOR, reason="同一件事", into=HANDLING)
    take(RETURNED, "redispatch", CENTRE, reason="改派", department="ecology")
    take(HANDLING, "ask_co_handler", handler("ecology"), reason="请协办", department="health", working_days=2)
    take(HANDLING, "co_answer", handler("health"), answer="已办")
    take(HANDLING, "answer", handler("ecology"), answer="已责令整改")
    assert cases.get(UNTOUCHED).standing.state == "answered"
    take(CLOSED, "reopen", OPERATOR, reason="又来了")
    assert Upkeep(cases).differing() == []
    assert district.audit.verify().broken is None
    for task in House(district).tasks:
        task.run(lambda: True)
    assert district.audit.verify().broken is None
    district.records.close()


def test_the_desk_opens(home: Path) -> None:
    give_password(home, "operator")
    with served(home) as service:
        service.now = NOW
        desk = AtDesk(service, "operator")
        inbox = desk.get("/desk")
        assert inbox.status_code == 200
        assert UNTOUCHED in inbox.text
        assert desk.get(f"/desk/cases/{RETURNED}").status_code == 200
        assert desk.get("/desk/measures").status_code == 200


def test_a_run_of_benefits_works_on_it(home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("YUNNAO_NOW", NOW.isoformat())
    sample = tmp_path / "files"
    for words in (
        ["sample", str(sample), "--scale", "0.0005", "--seed", "5"],
        *(["load", str(home), name, "FILE"] for name in ("enterprises", "tax_filings")),
        ["run", str(home), "--as-of", "2023-06-30"],
        ["audit", "verify", str(home)],
    ):
        if words[-1] == "FILE":
            title = {"enterprises": "市场主体登记信息.xlsx", "tax_filings": "涉税信息.csv"}[words[2]]
            words[-1] = str(next(sample.rglob(title)))
        result = CliRunner().invoke(root, words)
        assert result.exit_code in ((0, 3) if words[0] == "load" else (0,)), f"{words}: {result.output}"
    assert "完整" in result.output


def test_an_upgrade_that_is_cut_off_has_changed_nothing(home: Path, records: Records) -> None:
    before, shaped, district = rows(records), shape(records), District(home, lambda: NOW, {})

    def interrupted() -> Mapping[str, FiledFlow]:
        """The flows are asked for when the tables have been changed already, and the projection is to be made."""
        with records.read() as connection:
            assert revisions.revision(connection) == revisions.UNNUMBERED
        raise KeyboardInterrupt

    upgrade = upgrades.Upgrades(
        records,
        flows=interrupted,
        calendar=lambda: district.calendar,
        audit=lambda: Audit(records, lambda: NOW),
        clock=lambda: NOW,
        lock=lambda: home_lock(home),
        tell=lambda _: None,
    )
    with pytest.raises(KeyboardInterrupt):
        upgrade.run()
    assert (rows(records), shape(records)) == (before, shaped)
    assert district.audit.verify().broken is None
    district.records.close()


def test_a_newer_store_is_refused_by_a_sentence_and_left_alone(home: Path, records: Records) -> None:
    with records.write() as connection:
        revisions.number(connection, upgrades.REVISION + 7, "2030-01-01T00:00:00.000000Z")
    before = rows(records)
    with pytest.raises(
        YunnaoError, match=rf"第 {upgrades.REVISION + 7} 版，比这个程序认识的（第 {upgrades.REVISION} 版）新"
    ):
        _ = open_home(home).filed
    assert rows(records) == before


def test_an_upgrade_waits_for_who_is_writing(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "home_lock", partial(home_lock, timeout=1))
    district = open_home(home)
    with FileLock(home / "lock"), pytest.raises(HomeBusy):
        _ = district.records


def test_a_new_store_is_of_this_revision_and_says_nothing(
    target: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    district = open_home(make_district(tmp_path / "home", target))
    _ = district.filed
    with district.records.read() as connection:
        assert revisions.revision(connection) == upgrades.REVISION
    assert capfd.readouterr().err == ""
    district.records.close()
