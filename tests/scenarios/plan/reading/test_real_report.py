"""The real report, where it is at hand: it is not part of this repository."""

import time
from pathlib import Path

import pytest

from yunnao.scenarios.plan.reading.reader import read
from yunnao.scenarios.plan.report_files import from_report_file

_REPORT = Path(__file__).resolve().parents[5] / "shared" / "data" / "plan" / "report_2022.txt"

pytestmark = pytest.mark.skipif(not _REPORT.exists(), reason=f"真实报告不在 {_REPORT}：本测试没有运行")


def test_it_is_read_whole() -> None:
    document = from_report_file(_REPORT)
    reading = read(document)
    assert 310 <= len(reading.rows) <= 335
    assert all(row.indicator for row in reading.rows)
    assert {row.status for row in reading.rows} == {"outcome", "target", "description"}
    assert {row.period for row in reading.rows} == {"2022", "2023", "other"}
    injected = [defect.text for defect in reading.defects if defect.kind == "injected"]
    assert (injected.count("同比"), len(set(injected))) == (3, 2)


def test_fifty_pages_a_second() -> None:
    """Seconds of the processor, best of five: the machine may be busy. A page is about a thousand characters."""
    document = from_report_file(_REPORT)
    read(document)
    seconds = []
    for _ in range(5):
        started = time.process_time()
        read(document)
        seconds.append(time.process_time() - started)
    assert len(document.text) / 1000 / min(seconds) >= 50
