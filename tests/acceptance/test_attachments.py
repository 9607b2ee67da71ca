"""Photos of a case by commands: listed, verified, removed with a reason, erased, swept."""

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from tests.acceptance.commands import assert_refused, done, yunnao
from tests.capabilities.media.photographs import photo
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.capabilities.media.pictures import read_picture
from yunnao.kernel.moment import fixed_clock, parse_instant
from yunnao.platforms.cases.filed.filing import Filing
from yunnao.platforms.cases.filed.rounds.media import keep
from yunnao.platforms.cases.filed.workflow import Asked

NOW = "2026-09-24T10:00:00+08:00"
HANDLER = Actor("ecology.handler", "示例", frozenset({Role.HANDLER}), "ecology")
OPERATOR = Actor("operator", "示例", frozenset({Role.OPERATOR}), "centre")


def filed(home: Path, *photos: bytes) -> str:
    """An appeal with these photos, answered and closed; its number."""
    district = District(home, fixed_clock(parse_instant(NOW)))
    attachments = tuple(keep(district.attachments, read_picture(each)) for each in photos)
    filing = Filing(flow="appeal", channel="web", key="web:1", title="路灯", body="路灯不亮", attachments=attachments)
    number = district.filed.file([filing])[0].case_id
    for actor, step, given in (
        (OPERATOR, "dispatch", {"department": "ecology"}),
        (HANDLER, "sign_in", {}),
        (HANDLER, "answer", {"answer": "已修好"}),
        (OPERATOR, "call_back", {"solved": True, "satisfied": "satisfied"}),
    ):
        district.filed.take(number, Asked(step=step, actor=actor, at=district.clock(), given=given))
    district.records.close()
    return number


def test_photos_by_commands(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    number = filed(home, photo(), photo(size=(90, 60)), photo(size=(60, 90)))
    files = sorted((home / "attachments").glob("??/*"))
    shown = done("case", home, number, now=NOW).out
    assert [f"attachment.{place}  image/jpeg" in shown for place in (1, 2, 3, 4)] == [True, True, True, False]
    assert "完整" in done("audit", "verify", home, now=NOW).out
    whole = files[0].read_bytes()
    files[0].write_bytes(whole + b"x")
    broken = yunnao("audit", "verify", home, now=NOW)
    assert (broken.code, f"{number} 附件 {files[0].name}" in broken.out) == (1, True)
    files[0].write_bytes(whole)
    redact = ("redact", home, number, "attachment.2", "--reason", "拍到了别人", "--as")
    assert_refused(yunnao(*redact, "operator", now=NOW))
    done(*redact, "centre", now=NOW)
    assert_refused(yunnao("redact", home, number, "attachment.3", "--reason", "x", "--as", "centre", now=NOW))
    assert "拍到了别人" in done("case", home, number, now=NOW).out
    assert len(list((home / "attachments").glob("??/*"))) == 2
    assert "完整" in done("audit", "verify", home, now=NOW).out
    done("erase", home, number, "--as", "centre", "--reason", "本人要求", now=NOW)
    assert list((home / "attachments").glob("??/*")) == []
    assert "完整" in done("audit", "verify", home, now=NOW).out
    unnamed = District(home).attachments.keep(b"left by an upload that was cut off")
    os.utime(home / "attachments" / unnamed[:2] / unnamed, (0, 0))
    rounds = json.loads(done("upkeep", home, "--json", now=NOW).out)
    assert (rounds["sweep"], rounds["given_up"]) == ({"swept": 1}, [])


def test_altered_words_are_found_in_a_district_without_a_plan(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    filed(home)
    with closing(sqlite3.connect(home / "records.sqlite")) as records, records:
        records.execute("UPDATE filed_words SET text = '别的' WHERE place = 'body'")
    assert yunnao("audit", "verify", home, now=NOW).code == 1
