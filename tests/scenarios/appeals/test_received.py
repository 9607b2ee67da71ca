"""When a message was received: every way of writing it that files hold, and what is no time at all."""

import datetime as dt
from pathlib import Path

import pytest

from yunnao.kernel.moment import CHINA
from yunnao.scenarios.appeals.message_files import read_messages
from yunnao.scenarios.appeals.received import received_at


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("2019/1/7 18:42:39", dt.datetime(2019, 1, 7, 18, 42, 39, tzinfo=CHINA)),
        ("2019-01-07T06:09", dt.datetime(2019, 1, 7, 6, 9, tzinfo=CHINA)),
        ("2026年9月3日 18时30分", dt.datetime(2026, 9, 3, 18, 30, tzinfo=CHINA)),
        ("2026年9月3日18时30分05秒", dt.datetime(2026, 9, 3, 18, 30, 5, tzinfo=CHINA)),
        ("2026-09-03", dt.datetime(2026, 9, 3, 9, tzinfo=CHINA)),
        ("2026-09-03\t18:30", dt.datetime(2026, 9, 3, 18, 30, tzinfo=CHINA)),
        ("2026-09-03\u300018：30", dt.datetime(2026, 9, 3, 18, 30, tzinfo=CHINA)),
        ("2026-09-03 18:30:05.123", dt.datetime(2026, 9, 3, 18, 30, 5, tzinfo=CHINA)),
        ("2026-09-03T18:30:00Z", dt.datetime(2026, 9, 4, 2, 30, tzinfo=CHINA)),
        ("2026-09-03T18:30:00.000+08:00", dt.datetime(2026, 9, 3, 18, 30, tzinfo=CHINA)),
        ("2026-09-03 下午3:20", dt.datetime(2026, 9, 3, 15, 20, tzinfo=CHINA)),
        ("2026/9/3 12:05 AM", dt.datetime(2026, 9, 3, 0, 5, tzinfo=CHINA)),
        ("2026年9月3日 星期四 上午10点30分", dt.datetime(2026, 9, 3, 10, 30, tzinfo=CHINA)),
        ("2026年9月3日中午1点", dt.datetime(2026, 9, 3, 13, tzinfo=CHINA)),
        ("20260903183005", dt.datetime(2026, 9, 3, 18, 30, 5, tzinfo=CHINA)),
        ("202609031830", dt.datetime(2026, 9, 3, 18, 30, tzinfo=CHINA)),
        ("46265.75", dt.datetime(2026, 8, 31, 18, tzinfo=CHINA)),
    ],
)
def test_an_instant_as_people_write_it(written: str, expected: dt.datetime) -> None:
    assert received_at(written) == (expected, "")


@pytest.mark.parametrize(
    "written",
    [
        "",
        "  ",
        "-",
        "昨天",
        "2026-13-01 10:00",
        "2026-01-31 25:00",
        "2026-01-31 10:61",
        "2026-01-31 10:00 左右",
        "2026-01-31 上午13:00",
        "20260131250000",
    ],
)
def test_what_is_no_time_has_a_reason(written: str) -> None:
    at, reason = received_at(written)
    assert at is None
    assert reason


def test_a_message_without_a_time_is_left_out_with_its_reason(tmp_path: Path) -> None:
    file = tmp_path / "m.csv"
    lines = ["message_id,sender,received_at,title,body", "1,a,,题,文", "2,b,2026年9月3日18时30分,题,文"]
    file.write_text("\n".join(lines), encoding="utf-8")
    messages, skipped = read_messages(file)
    assert [(message.id, message.day) for message in messages] == [("2", dt.date(2026, 9, 3))]
    assert [(row.row, row.column) for row in skipped] == [(2, "received_at")]
