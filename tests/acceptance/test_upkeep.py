"""What the house does by itself, by commands: receive, remind, send, adopt a calendar, erase."""

import json
from pathlib import Path

from tests.acceptance.commands import assert_refused, done, yunnao
from yunnao.kernel.working_days import SHIPPED_TABLE
from yunnao.scenarios.appeals.sample_messages import SAMPLE

NOW, LATER = "2024-09-02T10:00:00+08:00", "2024-12-02T10:00:00+08:00"


def test_one_round_of_everything_by_commands(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    assert_refused(yunnao("appeals", "receive", home, now=NOW))
    done("appeals", "import", home, SAMPLE, now=NOW)
    rounds = json.loads(done("upkeep", home, "--json", now=LATER).out)
    assert rounds["reminders"]["looked"] == 124
    assert rounds["reminders"]["red"] > 200
    assert rounds["undeliverable"] == []
    again = done("upkeep", home, now=LATER).out
    assert "预警：没有要做的" in again
    done("appeals", "train", SAMPLE, "--model", home / "appeals.model")
    _set(home, 'appeals: {model: "", streets: []}', "appeals: {model: appeals.model}")
    assert "定类 0 件" in done("appeals", "receive", home, now=LATER).out  # officers' or the file's word stands
    assert "完整" in done("audit", "verify", home, now=LATER).out


def test_a_channel_without_its_key_is_a_sentence(tmp_path: Path) -> None:
    home = tmp_path / "home"
    done("init", home, now=NOW)
    _set(home, 'gateway_url: ""', 'gateway_url: "http://127.0.0.1:9/messages"')
    refused = yunnao("upkeep", home, now=NOW)
    assert_refused(refused)
    assert "YUNNAO_GATEWAY_KEY" in refused.err


def test_a_calendar_is_adopted_and_a_person_erased(tmp_path: Path) -> None:
    home, late = tmp_path / "home", "2026-12-28T10:00:00+08:00"
    done("init", home, now=late)
    file = tmp_path / "one.csv"
    file.write_text(
        "message_id,sender,received_at,title,body,category\n1,A,2026-12-28 09:00,路灯,不亮,交通运输\n", encoding="utf-8"
    )
    done("appeals", "import", home, file, now=late)
    number = "SQ20261228-00001"
    text = SHIPPED_TABLE.read_text(encoding="utf-8")
    assert_refused(yunnao("calendar", home, SHIPPED_TABLE.with_name("absent.yaml"), now=late))
    notice = tmp_path / "notice.yaml"
    year = '  "2027": {confirmed: true, notice: 示例, holidays: [[2027-01-01, 2027-01-05]], make_up: []}\n'
    notice.write_text(text[: text.index('  "2027":')] + year, encoding="utf-8")
    assert_refused(yunnao("calendar", home, notice, now=late))  # the revision is the old one
    notice.write_text(notice.read_text(encoding="utf-8").replace("revision: 1", "revision: 2"), encoding="utf-8")
    out = done("calendar", home, notice, now=late).out
    assert "第 2 版（2027 年有变动）" in out
    assert "1 个办件的 1 个期限变动" in out
    assert "2027-01-07 止" in done("case", home, number, now=late).out
    assert out == done("calendar", home, notice, now=late).out
    assert_refused(yunnao("erase", home, number, "--as", "centre", "--reason", "本人要求", now=late))  # not closed
    done("case", home, number, "sign_in", "--as", "transport.handler", now=late)
    done("case", home, number, "answer", "--as", "transport.handler", "--give", "answer=已修好，13812345678", now=late)
    solved = ("--give", "solved=true", "--give", "satisfied=fair")
    done("case", home, number, "call_back", "--as", "operator", *solved, now=late)
    done("erase", home, number, "--as", "centre", "--reason", "本人要求", now=late)
    shown = done("case", home, number, now=late).out
    assert "138****5678" in shown
    assert "13812345678" not in shown
    redact = ("redact", home, number, "5.answer", "--words", "已修好", "--reason", "本人要求", "--as")
    assert_refused(yunnao(*redact, "operator", now=late))
    done(*redact, "centre", now=late)
    assert_refused(yunnao(*redact, "centre", now=late))  # it does not stand there any more
    assert "已修好" not in done("case", home, number, now=late).out
    assert "完整" in done("audit", "verify", home, now=late).out


def _set(home: Path, old: str, new: str) -> None:
    file = home / "district.yaml"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new), encoding="utf-8")
