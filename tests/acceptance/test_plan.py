"""A plan report from the office's file to rows, review page and corrections, on the command line."""

import json
from pathlib import Path

import docx
import pytest
import python_calamine as calamine

from tests.acceptance.commands import console

REPORT = Path(__file__).resolve().parents[1] / "scenarios" / "plan" / "reports" / "county_plan_full_width.txt"


def rows_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_read_review_correct_and_read_again(tmp_path: Path) -> None:
    rows, book, page, fixed = (tmp_path / name for name in ("数量.jsonl", "数量.xlsx", "复核.html", "改.jsonl"))
    called = console("plan", "read", REPORT, "-o", rows, "--html", page)
    assert called.code == 0, called
    first = rows_of(rows)
    text = REPORT.read_text(encoding="utf-8")
    revenue = next(row for row in first if row["quote"] and "18.75" in str(row["quote"]))
    assert page.read_text(encoding="utf-8").count('<button type="button" class="row ') == len(first)
    wanted = [
        {"do": "change", "quote": revenue["quote"], "numeral": "18.75", "occurrence": 1, "field": "indicator",
         "old": revenue["indicator"], "new": "地方一般公共预算收入"},
        {"do": "change", "quote": "没有这句话", "numeral": "1", "occurrence": 1, "field": "unit", "old": "个", "new": "家"},
    ]  # fmt: skip
    fixed.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in wanted), encoding="utf-8")
    called = console("plan", "read", REPORT, "-o", book, "--html", page, "--corrections", fixed)
    assert called.code == 0, called
    assert "用上 1 条修改" in called.out
    assert "找不到这处原文" in called.err
    assert "找不到这处原文" in page.read_text(encoding="utf-8")
    sheets = calamine.CalamineWorkbook.from_path(book)
    assert sheets.sheet_names == ["数量", "复核", "文本毛病"]
    assert sum("地方一般公共预算收入" in row for row in sheets.get_sheet_by_index(0).to_python()) == 1
    assert any("固定资产投资" in str(row) for row in sheets.get_sheet_by_index(1).to_python())
    assert text == REPORT.read_text(encoding="utf-8")


def test_a_word_file_says_the_same(tmp_path: Path) -> None:
    made = docx.Document()
    for line in REPORT.read_text(encoding="utf-8").splitlines():
        made.add_paragraph(line)
    path = tmp_path / "报告.docx"
    made.save(str(path))
    for source, name in ((REPORT, "a.jsonl"), (path, "b.jsonl")):
        called = console("plan", "read", source, "-o", tmp_path / name)
        assert called.code == 0, called
    assert rows_of(tmp_path / "a.jsonl") == rows_of(tmp_path / "b.jsonl")


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4", b"\xd0\xcf\x11\xe0"])
def test_what_is_no_report_ends_in_a_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "报告.docx"
    path.write_bytes(content)
    called = console("plan", "read", path)
    assert called.code == 2
    assert called.err.startswith("✗ 报告.docx：")
    assert "Traceback" not in called.err
