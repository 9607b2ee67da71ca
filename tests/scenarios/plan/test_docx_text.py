"""Word reports: no word is lost, cells know their place, hostile files are refused."""

import contextlib
import io
import zipfile

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.document import Document
from yunnao.scenarios.plan.docx_text import from_docx

_SPACE = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'


def package(parts: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            archive.writestr(name, xml)
    return buffer.getvalue()


def body(xml: str, **notes: str) -> Document:
    parts = {"word/document.xml": f"<w:document {_SPACE}><w:body>{xml}</w:body></w:document>"}
    for kind, note in notes.items():
        parts[f"word/{kind}.xml"] = f"<w:{kind} {_SPACE}>{note}</w:{kind}>"
    return from_docx(package(parts), "报告.docx")


def run(text: str) -> str:
    return f"<w:r><w:t>{text}</w:t></w:r>"


def test_what_another_program_wrote() -> None:
    made = docx.Document()
    made.add_heading("一、执行情况", level=1)
    made.add_paragraph("地区生产总值增长").add_run("5.5%").bold = True
    table = made.add_table(rows=3, cols=3)
    for row, cells in zip(
        table.rows, (("指标", "计划", "完成"), ("增长", "6%", "5.4%"), ("投资", "7", "8")), strict=True
    ):
        for cell, words in zip(row.cells, cells, strict=True):
            cell.text = words
    table.cell(1, 0).merge(table.cell(2, 0))
    table.cell(0, 1).merge(table.cell(0, 2))
    made.add_paragraph("结束。")
    buffer = io.BytesIO()
    made.save(buffer)
    document = from_docx(buffer.getvalue(), "报告.docx")
    assert document.text == (
        "一、执行情况\n地区生产总值增长5.5%\n指标\t计划 完成\n增长 投资\t6%\t5.4%\n\t7\t8\n结束。\n"
    )
    (found,) = document.tables
    found_words = [[document.text[cell.start : cell.end] for cell in row] for row in found.rows]
    assert found_words == [["指标", "计划 完成", "计划 完成"], ["增长 投资", "6%", "5.4%"], ["增长 投资", "7", "8"]]


def test_insertions_controls_and_boxes_are_words_and_deletions_are_not() -> None:
    document = body(
        f"<w:p>{run('增长')}<w:del><w:r><w:delText>7%</w:delText></w:r></w:del><w:ins>{run('8%')}</w:ins></w:p>"
        f"<w:sdt><w:sdtContent><w:p>{run('新增')}<w:sdt><w:sdtContent>{run('12家')}</w:sdtContent></w:sdt></w:p></w:sdtContent></w:sdt>"
        f"<w:p>{run('文')}<w:r><mc:AlternateContent><mc:Choice><w:txbxContent><w:p>{run('框里3个')}</w:p></w:txbxContent></mc:Choice>"
        f"<mc:Fallback><w:txbxContent><w:p>{run('框里3个')}</w:p></w:txbxContent></mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert document.text == "增长8%\n新增12家\n文\n框里3个\n"


def test_footnotes_stand_at_the_end_with_their_number() -> None:
    document = body(
        f'<w:p>{run("考核")}<w:r><w:footnoteReference w:id="2"/></w:r>{run("第一")}</w:p>',
        footnotes=f'<w:footnote w:id="-1"><w:p/></w:footnote><w:footnote w:id="2"><w:p>{run("17项指标")}</w:p></w:footnote>',
    )
    assert document.text == "考核[1]第一\n[1] 17项指标\n"


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (package({"xl/workbook.xml": "<a/>"}), "不是 Word 文档"),
        (package({"word/document.xml": "<a>"}), "不合规范"),
        (package({"word/document.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "不合规范"),
        (
            package(
                {
                    "word/document.xml": f"<w:document {_SPACE}><w:body>{'<w:x>' * 9000}{'</w:x>' * 9000}</w:body></w:document>"
                }
            ),
            "不合规范",
        ),
        (package({"word/document.xml": " " * 61_000_000}), "解开后超过"),
        (package({"word/document.xml": "<a/>"})[:-30], "损坏"),
    ],
    ids=["workbook", "broken", "entities", "deep", "bomb", "cut"],
)
def test_hostile_files_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(FileRefused, match=sentence):
        from_docx(content, "报告.docx")


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 255)), min_size=1, max_size=20))
@settings(max_examples=300)
def test_a_damaged_file_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    content = bytearray(
        package(
            {"word/document.xml": f"<w:document {_SPACE}><w:body><w:p>{run('增长8%' * 50)}</w:p></w:body></w:document>"}
        )
    )
    for place, byte in damage:
        content[place % len(content)] = byte
    with contextlib.suppress(FileRefused):
        from_docx(bytes(content), "报告.docx")


def test_a_size_that_is_a_lie_is_refused() -> None:
    content = bytearray(package({"word/document.xml": " " * 70_000_000}))
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = content.find(mark) + place
        content[at : at + 4] = (1000).to_bytes(4, "little")
    with pytest.raises(FileRefused):
        from_docx(bytes(content), "报告.docx")
