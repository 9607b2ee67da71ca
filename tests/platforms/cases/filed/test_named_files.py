"""Attachments, on each database: named by hashed events, held against their files, gone with the last case that names them."""

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.cases.filed.desk import CENTRE, CITIZEN, OPERATOR, Desk, handler
from yunnao.kernel.errors import StepRefused, YunnaoError
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.attaching import MOST, attached, brought
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.events import FiledEvent, opening
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.named_files import attachment_counts, remove_unnamed
from yunnao.platforms.cases.filed.rounds.retention import Retention, Terms
from yunnao.platforms.cases.filed.workflow import Asked


def test_what_a_case_brought_is_in_its_events_and_held_by_the_audit_log(desk: Desk) -> None:
    one, two = desk.photo(b"one"), desk.photo(b"two")
    case_id = desk.file(attachments=(one,))
    desk.attach(case_id, two)
    view = desk.cases.get(case_id)
    assert view.attachments == (one, two)
    assert [event.attachments for event in view.events] == [(one,), (two,)]
    assert view.events[0].given == {}
    assert desk.audit.verify().broken is None
    with desk.records.read() as connection:
        assert attachment_counts(connection, [case_id, "SQ20260924-99999"]) == {case_id: 2}


def test_a_file_that_is_missing_or_altered_is_named_by_the_line_of_its_event(desk: Desk, tmp_path: Path) -> None:
    desk.file("web:0")
    case_id = desk.file(attachments=(desk.photo(b"one"),))
    two = desk.photo(b"two")
    desk.attach(case_id, two)
    path = tmp_path / "attachments" / two.sha256[:2] / two.sha256
    assert desk.audit.verify().broken is None
    path.write_bytes(b"TWO")
    verdict = desk.audit.verify()
    assert (verdict.broken, f"{case_id} 附件 {two.sha256}" in verdict.sentence) == (3, True)
    path.unlink()
    assert desk.audit.verify().broken == 3
    assert desk.files.content(two.sha256) is None
    desk.photo(b"two")
    assert desk.audit.verify().broken is None


def test_nothing_is_acknowledged_whose_file_is_not_there(desk: Desk) -> None:
    lost = desk.photo(b"lost")
    desk.files.remove(lost.sha256)
    with pytest.raises(YunnaoError, match="图片没有保存好"):
        desk.file(attachments=(lost,))
    assert desk.cases.inbox() == []
    case_id = desk.file()
    with pytest.raises(YunnaoError, match="图片没有保存好"):
        desk.attach(case_id, lost)
    assert len(desk.cases.get(case_id).events) == 1


def test_a_removed_one_is_gone_with_its_reason_unless_another_case_names_it(desk: Desk) -> None:
    shared, own = desk.photo(b"shared"), desk.photo(b"own")
    case_id, other = desk.file(attachments=(shared, own)), desk.file("web:2", attachments=(shared,))
    for attachment in (shared, own):
        event = desk.remove(case_id, attachment)
        assert (event.detached, event.reason) == (attachment.sha256, "拍到了别人")
    view = desk.cases.get(case_id)
    assert (view.attachments, brought(view.events)) == ((), 2)
    assert desk.files.there(shared.sha256)
    assert not desk.files.there(own.sha256)
    assert desk.cases.get(other).attachments == (shared,)
    assert desk.audit.verify().broken is None
    with pytest.raises(StepRefused, match="没有这个附件"):
        desk.remove(case_id, own)
    desk.remove(other, shared)
    assert not desk.files.there(shared.sha256)
    assert desk.audit.verify().broken is None


def test_who_may_add_and_remove(desk: Desk) -> None:
    one = desk.photo(b"one")
    case_id = desk.handled(attachments=(one,))
    offered = {step.id for step in desk.cases.get(case_id, handler("ecology")).allowed}
    assert "remove_attachment" in offered
    assert "attach" not in offered
    assert "attach" in {step.id for step in desk.cases.get(case_id, CITIZEN).allowed}
    for actor in (handler("transport"), CITIZEN):
        with pytest.raises(StepRefused):
            desk.remove(case_id, one, actor)
    with pytest.raises(StepRefused, match="不带图片"):
        desk.cases.take(
            case_id,
            Asked(step="contact", actor=handler("ecology"), at=desk.now, given={"note": "x"}, attachments=(one,)),
        )
    with pytest.raises(StepRefused, match="没有图片"):
        desk.take(case_id, "attach", CITIZEN)
    many = tuple(desk.photo(str(number).encode()) for number in range(MOST))
    with pytest.raises(StepRefused, match=f"最多 {MOST} 个附件"):
        desk.attach(case_id, *many)
    desk.remove(case_id, one, handler("ecology"))
    assert "remove_attachment" not in {step.id for step in desk.cases.get(case_id, handler("ecology")).allowed}


def closed(desk: Desk, key: str, *attachments: Attachment) -> str:
    case_id = desk.handled(key, attachments=attachments)
    desk.take(case_id, "answer", handler("ecology"), answer="已停工。")
    desk.take(case_id, "call_back", OPERATOR, solved=True, satisfied="satisfied")
    return case_id


def test_erasure_takes_the_files_unless_a_living_case_has_the_same(desk: Desk) -> None:
    shared, own = desk.photo(b"shared"), desk.photo(b"own")
    erased, living = closed(desk, "web:1", shared, own), closed(desk, "web:2", shared)
    retention = Retention(desk.cases, Terms(), desk.files)
    retention.erase(erased, CENTRE, "本人要求")
    assert desk.cases.get(erased).attachments == ()
    assert (desk.files.there(shared.sha256), desk.files.there(own.sha256)) == (True, False)
    assert desk.audit.verify().broken is None
    retention.erase(living, CENTRE, "本人要求")
    assert not desk.files.there(shared.sha256)
    assert desk.audit.verify().broken is None


def test_a_file_that_is_gone_without_a_line_of_erasure_is_found(desk: Desk) -> None:
    one = desk.photo(b"one")
    case_id = desk.file(attachments=(one,))
    with desk.records.write() as connection:
        connection.execute(sa.insert(store.ERASED).values(case_id=case_id, seq=1, removed=False))
    assert remove_unnamed(desk.records, desk.files, [one.sha256]) == 1
    assert desk.audit.verify().broken == 1


def test_an_erasure_excuses_nothing_that_came_after_it(desk: Desk) -> None:
    before, after = desk.photo(b"before"), desk.photo(b"after")
    case_id = closed(desk, "web:1", before)
    Retention(desk.cases, Terms(), desk.files).erase(case_id, CENTRE, "本人要求")
    desk.take(case_id, "reopen", OPERATOR, reason="又有了")
    desk.attach(case_id, after)
    assert desk.audit.verify().broken is None
    line = desk.audit.verify().lines
    with desk.records.write() as connection:
        connection.execute(sa.update(store.ERASED).values(seq=len(desk.cases.get(case_id).events)))
    assert remove_unnamed(desk.records, desk.files, [after.sha256]) == 1
    assert desk.audit.verify().broken == line


@pytest.mark.parametrize("digest", ["../../../etc/passwd", 5, None])
def test_an_altered_event_is_named_by_its_line_whatever_it_says_of_a_file(desk: Desk, digest: object) -> None:
    case_id = desk.file(attachments=(desk.photo(b"one"),))
    with desk.records.write() as connection:
        for trigger in ("DROP TRIGGER filed_event_no_update", "DROP TRIGGER filed_event_append_only ON filed_event"):
            if ("ON" in trigger.split()) == (desk.records.dialect == "postgresql"):
                connection.exec_driver_sql(trigger)
        said = json.dumps({"attachments": [{"sha256": digest, "media_type": "image/jpeg", "size": 3}]})
        connection.execute(sa.update(store.EVENTS).where(store.EVENTS.c.case_id == case_id).values(given=said))
    assert desk.audit.verify().broken == 1
    assert remove_unnamed(desk.records, desk.files, ["a" * 64]) == 0


def test_the_term_takes_the_files_of_closed_cases(desk: Desk) -> None:
    one, two = desk.photo(b"one"), desk.photo(b"two")
    closed(desk, "web:1", one)
    open_ = desk.handled("web:2", attachments=(two,))
    desk.on("2026-10-25")
    assert Retention(desk.cases, Terms(persons_days=30), desk.files).round() == {"masked": 1, "removed": 0}
    assert (desk.files.there(one.sha256), desk.files.there(two.sha256)) == (False, True)
    assert desk.cases.get(open_).attachments == (two,)
    assert desk.audit.verify().broken is None


def test_what_was_named_while_others_were_read_stays(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    one = desk.photo(b"one")
    stamp = KeptFiles.stamp
    filed: list[str] = []

    def filed_meanwhile(files: KeptFiles, digest: str) -> object:
        found = stamp(files, digest)
        if not filed:  # after the stamp was taken, before anything is removed
            filed.append("")
            filed[0] = desk.file(attachments=(one,))
        return found

    monkeypatch.setattr(KeptFiles, "stamp", filed_meanwhile)
    assert remove_unnamed(desk.records, desk.files, [one.sha256]) == 0
    assert desk.files.there(one.sha256)


digests_ = st.sampled_from(["a" * 64, "b" * 64, "c" * 64])


@settings(max_examples=200)
@given(st.lists(st.tuples(st.booleans(), digests_), max_size=12))
def test_what_a_case_has_is_what_came_less_what_was_removed_since(moves: list[tuple[bool, str]]) -> None:
    events: list[FiledEvent] = []
    expected: set[str] = set()
    for adds, digest in moves:
        one = Attachment(sha256=digest, media_type="image/jpeg", size=1)
        event = opening("received", dt.datetime(2026, 9, 24, tzinfo=dt.UTC), "citizen", {}, (one,) if adds else ())
        events.append(event if adds else replace(event, detached=digest))
        expected = expected | {digest} if adds else expected - {digest}
    assert set(attached(events)) == expected
