"""Reports as Word documents: whole packages, every number with its comment, fields, charts with their numbers."""

import datetime as dt
import io
import zipfile
from decimal import Decimal
from pathlib import Path
from typing import Any

import docx
import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.report.audit import complaints
from tests.platforms.indicators.report.package import C, Package, W, check
from yunnao.platforms.indicators.report.document import (
    Block,
    Chart,
    Gap,
    Heading,
    Number,
    Paragraph,
    Report,
    Series,
    Spans,
    Table,
    writable,
)
from yunnao.platforms.indicators.report.word import as_docx

HOSTILE = "<w:t>&amp;\"'</w:t> =1+1 ]]> \U0001f600"
CHART = Chart(
    title=f"图 {HOSTILE}",
    description=f"说明 {HOSTILE}",
    categories=("甲", HOSTILE, "丙"),
    series=(
        Series("计划", "second", (Decimal("5.50"), Decimal(8), None)),
        Series("完成", "fair", (Decimal("-1.25"), None, Decimal("0.1"))),
    ),
    stacked=False,
    unit="%",
)


def report(*blocks: Block) -> Report:
    return Report(title="报告", subtitle="（初稿）", as_of=dt.date(2023, 12, 31), blocks=blocks)


def example() -> Report:
    kept = Number(text="10.90", note="出处：月报.xlsx 第 2 行", anchor="r_T1")
    shown = Number(text="10.90", note="出处：月报.xlsx 第 2 行", refers="r_T1")
    alone = Number(text="3", note="附件的行数", refers="r_absent")
    return report(
        Heading(1, "一、执行情况"),
        Paragraph(("海洋生产总值增长", shown, "%，", Gap("评价"), "共", alone, "项。")),
        CHART,
        Table(title="各方面", header=("指标", "完成"), rows=((("甲",), (shown, "%")), ((HOSTILE,), ("缺数据",)))),
        Table(title="附件", header=("编号", "完成"), rows=((("T1",), (kept, "%")),), wide=True),
        Paragraph(("完。",)),
    )


def test_the_package_is_whole() -> None:
    check(Package.of(as_docx(example())))


def test_an_independent_validator_has_no_complaint(tmp_path: Path) -> None:
    content = as_docx(example())
    assert complaints(content, tmp_path / "report.docx") == []
    book = Package.of(content).members["word/embeddings/Microsoft_Excel_Sheet1.xlsx"]
    assert complaints(book, tmp_path / "chart.xlsx") == []


def test_the_validator_would_complain(tmp_path: Path) -> None:
    """Of a paragraph's properties in the wrong order, for one."""
    members = Package.of(as_docx(example())).members
    wrong = members["word/styles.xml"].replace(b"<w:rPr>", b"<w:ind/><w:pPr/><w:rPr>", 1)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, wrong if name == "word/styles.xml" else content)
    assert complaints(made.getvalue(), tmp_path / "wrong.docx") != []


def test_another_library_reads_text_tables_and_comments_back() -> None:
    read = docx.Document(io.BytesIO(as_docx(example())))
    texts = [paragraph.text for paragraph in read.paragraphs]
    assert texts[:2] == ["报告", "（初稿）"]
    assert "海洋生产总值增长10.90%，【评价】共3项。" in texts
    assert [[cell.text for cell in row.cells] for row in read.tables[0].rows] == [
        ["指标", "完成"], ["甲", "10.90%"], [HOSTILE, "缺数据"],
    ]  # fmt: skip
    assert {comment.text for comment in read.comments} == {"出处：月报.xlsx 第 2 行", "附件的行数"}
    assert [section.orientation for section in read.sections] == [0, 1, 0]
    assert read.core_properties.title == "报告"


def test_every_number_has_its_note_and_a_field_shows_what_it_refers_to() -> None:
    made = example()
    package = Package.of(as_docx(made))
    assert package.noted() == [(number.text, number.note) for number in made.numbers()]
    assert package.bookmarked() == {"r_T1": "10.90"}
    assert package.references() == [("r_T1", "10.90")] * 2


def test_a_chart_has_words_for_those_who_cannot_see_it_and_its_numbers_twice() -> None:
    package = Package.of(as_docx(example()))
    (properties,) = [element for element in package.document.iter() if element.tag.endswith("}docPr")]
    assert (properties.get("title"), properties.get("descr")) == (CHART.title, CHART.description)
    chart = package.xml("word/charts/chart1.xml")
    (linked,) = package.targets("word/charts/chart1.xml").values()
    cached = []
    for series in chart.iter(f"{C}ser"):
        (values,) = series.iter(f"{C}numCache")
        cached.append({int(point.get("idx", "")): point.findtext(f"{C}v") for point in values.iter(f"{C}pt")})
    assert cached == [{0: "5.50", 1: "8"}, {0: "-1.25", 2: "0.1"}]
    rows = list(openpyxl.load_workbook(io.BytesIO(package.members[linked]))["Sheet1"].iter_rows(values_only=True))
    assert [row[:3] for row in rows] == [
        (None, "计划", "完成"),
        ("甲", 5.5, -1.25),
        (HOSTILE, 8, None),
        ("丙", None, 0.1),
    ]
    order = [element.tag for element in chart]
    assert order.index(f"{C}chart") < order.index(f"{C}externalData")
    assert f"{C}printSettings" not in order


def test_headers_are_repeated_and_tables_are_named() -> None:
    document = Package.of(as_docx(example())).document
    tables = list(document.iter(f"{W}tbl"))
    assert [len(list(table.iter(f"{W}tblHeader"))) for table in tables] == [1, 1]
    assert [found.get(f"{W}val") for table in tables for found in table.iter(f"{W}tblCaption")] == ["各方面", "附件"]


def test_the_same_report_is_the_same_file() -> None:
    assert as_docx(example()) == as_docx(example())


_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\t\n\r"), min_size=1, max_size=20)
_SPANS: st.SearchStrategy[Spans] = st.lists(
    st.one_of(_TEXTS, st.builds(Number, text=_TEXTS, note=_TEXTS), st.builds(Gap, _TEXTS)), max_size=4
).map(tuple)


@st.composite
def _blocks(draw: st.DrawFn) -> list[Any]:
    columns = draw(st.integers(1, 3))
    row = st.tuples(*[_SPANS] * columns)
    table = st.builds(
        Table,
        title=_TEXTS,
        header=st.tuples(*[_TEXTS] * columns),
        rows=st.lists(row, max_size=3).map(tuple),
        wide=st.booleans(),
    )
    heading = st.builds(Heading, st.integers(1, 3), _TEXTS)
    return draw(st.lists(st.one_of(heading, st.builds(Paragraph, _SPANS), table), max_size=5))


@settings(max_examples=15)
@given(blocks=_blocks())
def test_any_words_make_a_whole_package_with_all_numbers_noted(blocks: list[Any]) -> None:
    made = report(*blocks)
    package = Package.of(as_docx(made))
    check(package)
    assert package.noted() == [(writable(number.text), writable(number.note)) for number in made.numbers()]


@settings(max_examples=30)
@given(st.lists(st.lists(st.text(st.characters(codec="utf-8"), max_size=12), min_size=3, max_size=3), max_size=6))
def test_cells_say_what_they_were_given_whether_they_are_copies_or_not(rows: list[list[str]]) -> None:
    noted = Number(text="1", note="出处")
    table = Table(
        title="表",
        header=("甲", "乙", "丙"),
        rows=tuple(((first,), (noted,), (second, third)) for first, second, third in rows),
        figures=frozenset({2}),
    )
    grid = docx.Document(io.BytesIO(as_docx(report(table)))).tables[0]
    found = [[cell.text for cell in row.cells] for row in grid.rows][1:]

    def read(text: str) -> str:
        return writable(text).replace("\r", "\n")

    assert found == [[read(first), "1", read(second) + read(third)] for first, second, third in rows]
    aligned = {
        (number, str(cell.paragraphs[0].alignment)) for row in grid.rows[1:] for number, cell in enumerate(row.cells)
    }
    assert aligned <= {(0, "None"), (1, "None"), (2, "RIGHT (2)")}
