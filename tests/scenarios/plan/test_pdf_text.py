"""PDF reports: lines become paragraphs, columns tabs; page numbers go; hostile files are refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.pdf_text import Line, from_pdf, joined

SIZE = 14
LEFT, TOP, WIDTH, ROWS = 80, 760, 30, 20
SENTENCE = (
    "全区上下攻坚克难,预计全年实现地区生产总值386.4亿元,增长6.2%,新增规上工业企业21家,其中国家级2家,高新技术企业67家。"
)


def printed(paragraphs: list[str], *, lock: str | None = None) -> bytes:
    """Paragraphs as a printer sets them, in a Chinese font that is not embedded: WIDTH characters a line, the first indented by two."""
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    lines: list[tuple[float, str]] = []
    for paragraph in paragraphs:
        first = WIDTH - 2
        lines.append((LEFT + 2 * SIZE, paragraph[:first]))
        lines += [(LEFT, paragraph[at : at + WIDTH]) for at in range(first, len(paragraph), WIDTH)]
    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt=StandardEncryption(lock) if lock else None)
    for page, start in enumerate(range(0, len(lines), ROWS), start=1):
        canvas.setFont("STSong-Light", SIZE)
        canvas.drawString(LEFT, 800, "虚构县人民政府公报")
        for row, (left, words) in enumerate(lines[start : start + ROWS]):
            canvas.drawString(left, TOP - row * SIZE * 1.7, words)
        canvas.drawString(290, 40, f"- {page} -")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def test_paragraphs_over_lines_and_pages() -> None:
    full = "".join(sign for sign in SENTENCE if not sign.isascii())  # every character as wide as the others
    paragraphs = [full * times for times in (3, 1, 5, 2, 4, 6, 3, 7, 5, 8, 4)]
    document = from_pdf(printed(paragraphs), "报告.pdf")
    assert document.text.splitlines() == paragraphs


def test_columns_are_parted_by_tabs() -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont("STSong-Light", SIZE)
    rows = (("指标", "单位", "完成"), ("地区生产总值", "亿元", "386.4"))
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            canvas.drawString(LEFT + 120 * column, TOP - 24 * row, words)
    canvas.save()
    assert from_pdf(buffer.getvalue(), "表.pdf").text == "指标\t单位\t完成\n地区生产总值\t亿元\t386.4\n"


def test_a_locked_scanned_or_broken_file_is_refused() -> None:
    with pytest.raises(FileRefused, match="密码"):
        from_pdf(printed([SENTENCE], lock="secret"), "报告.pdf")
    blank = io.BytesIO()
    canvas = Canvas(blank)
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    with pytest.raises(FileRefused, match="OCR"):
        from_pdf(blank.getvalue(), "报告.pdf")
    with pytest.raises(FileRefused, match="损坏"):
        from_pdf(printed([SENTENCE])[:300], "报告.pdf")


@given(
    st.lists(
        st.tuples(st.text("增长8%a ", min_size=1, max_size=9), st.integers(0, 400), st.integers(0, 5)), max_size=20
    )
)
def test_joining_loses_no_character(pieces: list[tuple[str, int, int]]) -> None:
    lines = [
        Line(text, 80.0, 80.0 + right, 700.0 - 20 * row, 714.0 - 20 * row, 0, 14.0)
        for row, (text, right, _) in enumerate(pieces)
    ]
    kept = [line.text for line in lines[1:-1]]  # the first and the last may be a head or a page number
    text = joined(lines)
    at = 0
    for words in kept:
        if words.strip():
            at = text.index(words, at) + len(words)
