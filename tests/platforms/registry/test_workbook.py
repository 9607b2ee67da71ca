"""Excel workbooks, made by independent writers, kind and hostile."""

import datetime as dt
import io
import re
import zipfile
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from tests.platforms.registry.registers import ENTERPRISES, HEADER, HIRES, code, write_xlsx
from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry import workbook_scan
from yunnao.platforms.registry.intake import Intake, take_in

Rows = list[list[object]]
ROWS = [[code(i), i, i + 0.5] for i in range(1, 6)]


def load(path: Path) -> Intake:
    return take_in(path, path.name, ENTERPRISES)


def refusal(path: Path) -> str:
    with pytest.raises(FileRefused) as caught:
        load(path)
    return str(caught.value)


def row(intake: Intake, number: int) -> dict[str, object]:
    return next(row for row in intake.table.iter_rows(named=True) if row["credit_code"] == code(number))


def test_native_cells(tmp_path: Path) -> None:
    header = [*HEADER, "成立日期", "已上市", "裁员率", "所属镇街"]
    rows = [
        [code(1), 1.0, 0.1 + 0.2, dt.date(2020, 1, 2), True, 0.055, 1001],
        [code(2), 2, 1e9, dt.datetime.fromisoformat("2020-01-02 23:59:59"), False, "5.5%", 1e15],
        [code(3), 3, 12345678901.23, 39441, "是", 1, "x"],
        [code(4), 4, 0.285, 20071225, 1, 0, "x"],
        [code(5), "5", "1,000", "39441", 0, 0, "x"],
    ]
    intake = load(write_xlsx(tmp_path / "a.xlsx", {"甲": [header, *rows]}))
    first = row(intake, 1)
    assert (first["revenue"], first["layoff_rate"], first["street"], first["listed"]) == (30, 55 * 10**9, "1001", True)
    assert first["registered_on"] == row(intake, 2)["registered_on"] == dt.date(2020, 1, 2)
    assert row(intake, 3)["registered_on"] == row(intake, 4)["registered_on"] == dt.date(2007, 12, 25)
    assert (row(intake, 3)["revenue"], row(intake, 4)["revenue"]) == (1234567890123, 29)
    assert (row(intake, 4)["listed"], row(intake, 2)["listed"]) == (True, False)
    assert [(p.row, p.column, p.value) for p in intake.problems] == [(6, "成立日期", "39441")]


def test_serial_numbers_of_a_1904_workbook_are_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for line in ([*HEADER, "成立日期"], [*ROWS[0], dt.date(2020, 1, 2)], [*ROWS[1], 39441], [*ROWS[2], "2020-01-02"]):
        book.active.append(line)
    book.save(tmp_path / "a.xlsx")
    intake = load(tmp_path / "a.xlsx")
    assert row(intake, 1)["registered_on"] == dt.date(2020, 1, 2)
    assert [(p.row, p.value) for p in intake.problems] == [(3, "39441")]


def test_a_percent_format_under_a_percent_header_counts_once(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet()
    percent, custom = book.add_format({"num_format": 10}), book.add_format({"num_format": "0.0%"})
    sheet.write_row(0, 0, [*HEADER, "裁员率（%）"])
    for place, (cell, shown) in enumerate([(0.055, percent), (0.055, custom), (5.5, None), (0.5, None)], 1):
        sheet.write_row(place, 0, ROWS[place - 1])
        sheet.write_number(place, 3, cell, shown)
    book.close()
    intake = load(tmp_path / "a.xlsx")
    assert [row(intake, i)["layoff_rate"] for i in range(1, 5)] == [55 * 10**9, 55 * 10**9, 55 * 10**9, 5 * 10**9]


def test_sheets_offsets_titles_and_hidden_sheets(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    notes, first, second, hidden = book.active, *(book.create_sheet(name) for name in ("一季度", "二季度", "旧"))
    notes.append(["填报说明：请如实填写"])
    book.create_sheet("空")
    for column, title in enumerate(HEADER):
        for sheet, line in ((first, 5), (second, 1), (hidden, 1)):
            sheet.cell(line, column + 3, title)
            sheet.cell(line + 1, column + 3, ROWS[0][column])
    for column, value in enumerate(ROWS[1]):
        second.cell(2, column + 3, value)
    first.cell(6, 4, -1)
    first["A1"] = "市场主体情况表"
    first.merge_cells("A1:E1")
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "a.xlsx")
    intake = load(tmp_path / "a.xlsx")
    assert intake.sheets == ["一季度", "二季度"]
    assert intake.table["credit_code"].to_list() == [code(2)]
    assert [(p.sheet, p.row) for p in intake.problems] == [("一季度", 6)]
    assert "旧" in intake.notes[0]
    first.cell(6, 4, 8)
    second.cell(2, 3, code(1))
    book.save(tmp_path / "a.xlsx")
    assert "没有一行可用" in refusal(tmp_path / "a.xlsx")
    assert "工作表「二季度」第 2 行" in refusal(tmp_path / "a.xlsx")


def test_a_visible_sheet_of_the_register_that_lacks_a_column_refuses_the_file(tmp_path: Path) -> None:
    months: Rows = [["credit_code", "person", "hired_on", "months"], [code(1), "a", "2022-01-01", 12]]
    flawed: list[Rows] = [
        [["credit_code", "person", "hired_on"], [code(2), "b", "2022-01-01"]],
        [["credit_code", "person", "hired_on", "合同月数（元）"], [code(2), "b", "2022-01-01", 12]],
        [["credit_code", "合同月数", "hired_on"], [code(2), 12, "2022-01-01"]],
    ]
    for lacking in flawed:
        path = write_xlsx(tmp_path / "a.xlsx", {"一": months, "二": lacking})
        with pytest.raises(FileRefused) as caught:
            take_in(path, path.name, HIRES)
        assert "a.xlsx 的工作表「二」" in str(caught.value)
        assert re.search("缺少 1 列：(合同月数|人员编号)。?", str(caught.value))


def test_a_sheet_that_is_no_list_of_the_register_is_only_noted(tmp_path: Path) -> None:
    months: Rows = [["credit_code", "person", "hired_on", "months"], [code(1), "a", "2022-01-01", 12]]
    others: dict[str, Rows] = {
        "汇总": [["credit_code", "months"], [code(1), 12]],
        "空表": [["credit_code", "person", "hired_on"]],
    }
    path = write_xlsx(tmp_path / "a.xlsx", {"一": months, **others})
    intake = take_in(path, path.name, HIRES)
    assert intake.sheets == ["一"]
    assert intake.notes == ["没有读的工作表（表头不是这个名册的，或已隐藏）：汇总、空表"]
    book = openpyxl.load_workbook(path)
    hidden = book.create_sheet("旧")
    for line in ([*months[0][:3]], [*months[1][:3]]):
        hidden.append(line)
    hidden.sheet_state = "hidden"
    book.save(path)
    assert take_in(path, path.name, HIRES).sheets == ["一"]


def test_formulas_errors_and_merged_cells_refuse_their_rows(tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, [*HEADER, "备注"])
    for place, line in enumerate(ROWS, 1):
        sheet.write_row(place, 0, line)
    sheet.write_formula(1, 2, "=1+1", None, 2)
    sheet.write_formula(1, 3, "=1+1", None, 2)  # not a column we read
    sheet.write_formula(6, 2, "=SUM(C2:C6)", None, 9)
    sheet.write_string(6, 0, "合计")
    sheet.write_row(7, 0, [code(6), 6])
    sheet.merge_range(7, 2, 8, 2, 7)
    sheet.write_row(8, 0, [code(7), 7])
    book.close()
    intake = load(tmp_path / "a.xlsx")
    assert [(p.row, p.column) for p in intake.problems] == [(2, "营业收入"), (8, "营业收入"), (9, "营业收入")]
    assert "第 C2 格是公式" in intake.problems[0].reason
    assert "数值" in intake.problems[0].reason
    assert "第 C9 格是合并单元格" in intake.problems[2].reason
    assert intake.table.height == 4


def test_a_column_of_formulas_refuses_the_file(tmp_path: Path) -> None:
    lines = [[code(i), f"=A{i}", 1] for i in range(1, 9)]
    sentence = refusal(write_xlsx(tmp_path / "a.xlsx", {"表": [HEADER, *lines]}))
    assert "公式" in sentence
    assert "从业人数" in sentence


@pytest.mark.parametrize("kind", ["公式", "合并单元格"])
def test_what_a_formula_or_a_merged_cell_shows_is_no_sign_of_swapped_columns(kind: str, tmp_path: Path) -> None:
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("表")
    sheet.write_row(0, 0, HEADER)
    for place in range(1, 9):
        sheet.write_row(place, 0, [code(place), place])
        if kind == "公式":
            sheet.write_formula(place, 2, "=1+1", None, 2)
    if kind == "合并单元格":
        for place in range(1, 9, 2):
            sheet.merge_range(place, 2, place + 1, 2, 7)
    book.close()
    sentence = refusal(tmp_path / "a.xlsx")
    assert f"第 C2 格是{kind}" in sentence
    assert "对调" not in sentence
    assert "表头与数据" not in sentence


def rewrite(source: Path, target: Path, changes: dict[str, bytes | tuple[bytes, bytes]]) -> Path:
    """Copy a workbook with parts replaced, or a piece of a part replaced."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            content, change = old.read(info), changes.get(info.filename)
            if isinstance(change, tuple):
                assert change[0] in content
                content = content.replace(*change)
            new.writestr(info.filename, change if isinstance(change, bytes) else content)
    return target


SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def plain(tmp_path: Path) -> Path:
    return write_xlsx(tmp_path / "plain.xlsx", {"表": [HEADER, *ROWS]})


def test_error_cells_without_a_formula(plain: Path, tmp_path: Path) -> None:
    path = rewrite(
        plain, tmp_path / "a.xlsx", {SHEET: (b'<c r="C3" t="n"><v>2.5</v>', b'<c r="C3" t="e"><v>#REF!</v>')}
    )
    assert [(p.row, p.column) for p in load(path).problems] == [(3, "营业收入")]
    path = rewrite(plain, tmp_path / "b.xlsx", {SHEET: (b'<c r="C3" t="n"><v>2.5</v>', b'<c r="C3" t="e"><v>#N/A</v>')})
    assert row(load(path), 2)["revenue"] is None


def test_elements_with_a_namespace_prefix(plain: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(plain) as archive:
        sheet = archive.read(SHEET).decode()
    for name in (
        "worksheet",
        "sheetData",
        "row",
        "c",
        "v",
        "sheetPr",
        "dimension",
        "sheetViews",
        "sheetFormatPr",
        "pageMargins",
    ):
        sheet = (
            sheet.replace(f"<{name} ", f"<x:{name} ")
            .replace(f"<{name}>", f"<x:{name}>")
            .replace(f"</{name}>", f"</x:{name}>")
        )
    sheet = sheet.replace("xmlns=", "xmlns:x=").replace("<x:v>2.5</x:v>", "<x:f>1+1</x:f><x:v>2.5</x:v>")
    path = rewrite(plain, tmp_path / "a.xlsx", {SHEET: sheet.encode()})
    assert workbook_scan.scan_workbook(path, "a").marks["表"].rows() == [(3, 2, "formula")]


def test_old_excel_and_encrypted_files(tmp_path: Path) -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    (tmp_path / "a.xls").write_bytes(ole + b"\x00" * 2000)
    assert "打不开" in refusal(tmp_path / "a.xls")
    (tmp_path / "b.xlsx").write_bytes(ole + b"\x00" * 1_500_000 + "EncryptedPackage".encode("utf-16-le"))
    assert "密码" in refusal(tmp_path / "b.xlsx")


def test_broken_workbooks(plain: Path, tmp_path: Path) -> None:
    content = plain.read_bytes()
    for place, broken in enumerate(
        (content[:-30], content[:400], b"PK\x03\x04" + b"x" * 100, b"PK\x05\x06" + b"\x00" * 18)
    ):
        (tmp_path / f"{place}.xlsx").write_bytes(broken)
        assert "另存为" in refusal(tmp_path / f"{place}.xlsx")
    for start in range(0, len(content), 97):
        damaged = bytearray(content)
        damaged[start : start + 4] = b"\xff\x00\xff\x00"
        (tmp_path / "d.xlsx").write_bytes(damaged)
        with suppress(FileRefused):
            assert load(tmp_path / "d.xlsx").rows
    newer = bytearray(content)
    newer[content.index(b"PK\x01\x02") + 6] = 255  # "version needed to extract" of the first entry
    (tmp_path / "n.xlsx").write_bytes(newer)
    assert "另存为" in refusal(tmp_path / "n.xlsx")
    with zipfile.ZipFile(tmp_path / "z.xlsx", "w") as archive:
        archive.writestr("readme.txt", "x")
    assert "不是 .xlsx" in refusal(tmp_path / "z.xlsx")


def test_no_sheet_with_data(tmp_path: Path) -> None:
    assert "空表" in refusal(write_xlsx(tmp_path / "a.xlsx", {"甲": [], "乙": []}))
    assert "没有数据行" in refusal(write_xlsx(tmp_path / "a.xlsx", {"甲": [HEADER]}))
    assert "工作表「乙」" in refusal(write_xlsx(tmp_path / "a.xlsx", {"甲": [["说明"]], "乙": [HEADER[:2]]}))


def test_a_zip_bomb(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook_scan, "_MOST_BYTES", 20 << 20)
    path = rewrite(plain, tmp_path / "a.xlsx", {"xl/theme/theme1.xml": b"<a/>   \n" * (30 << 17)})
    assert "压缩炸弹" in refusal(path)
    lying = bytearray(path.read_bytes())
    size = (30 << 20).to_bytes(4, "little")
    lying[:] = lying.replace(size, (1000).to_bytes(4, "little"))  # what the directory claims does not matter
    path.write_bytes(lying)
    assert "压缩炸弹" in refusal(path)


def test_xml_entities(plain: Path, tmp_path: Path) -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
    for part, root in ((SHEET, b"<worksheet"), ("xl/workbook.xml", b"<workbook")):
        assert "实体" in refusal(rewrite(plain, tmp_path / "a.xlsx", {part: (root, bomb + root)}))


def test_far_away_cells(plain: Path, tmp_path: Path) -> None:
    for far in (b"XFD1048576", b"AAA999999", b"ZZ1048577"):
        path = rewrite(plain, tmp_path / "a.xlsx", {SHEET: (b'r="C6"', b'r="' + far + b'"')})
        assert "太大" in refusal(path)
    path = rewrite(plain, tmp_path / "a.xlsx", {SHEET: (b'<row r="6"', b'<row r="99999999"')})
    assert "太大" in refusal(path)


def test_long_and_repeated_texts(plain: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = b"<si><t>" + b"x" * 10_000_000 + b"</t></si>"
    path = rewrite(
        plain, tmp_path / "a.xlsx", {SHEET: (b"</sheetData>", b"</sheetData><x>" + b"y" * 300_000 + b"</x>")}
    )
    assert "32767" in refusal(path)
    with xlsxwriter.Workbook(str(tmp_path / "shared.xlsx")) as book:
        sheet = book.add_worksheet()
        for place, line in enumerate([HEADER, *ROWS]):
            sheet.write_row(place, 0, line)
    plain = tmp_path / "shared.xlsx"
    assert load(plain).table.height == 5
    path = rewrite(plain, tmp_path / "b.xlsx", {"xl/sharedStrings.xml": (b"</sst>", texts + b"</sst>")})
    assert "32767" in refusal(path)
    shared = b"".join(b"<si><t>" + b"x" * 90_000 + b"</t></si>" for _ in range(8))
    path = rewrite(
        plain,
        tmp_path / "c.xlsx",
        {
            "xl/sharedStrings.xml": b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            + shared
            + b"</sst>"
        },
    )
    monkeypatch.setattr(workbook_scan, "_MOST_TEXT_BYTES", 400_000)
    assert "展开后的文字" in refusal(path)


def test_an_xls_that_is_text(tmp_path: Path) -> None:
    buffer = io.StringIO()
    for line in [HEADER, *ROWS]:
        buffer.write("\t".join(map(str, line)) + "\n")
    (tmp_path / "a.xls").write_text(buffer.getvalue(), encoding="gb18030")
    assert load(tmp_path / "a.xls").table.height == 5
