"""A report as a Word document: real comments with each number's lineage, fields that refer to the annex, native charts.

python-docx writes the parts; what it has no word for (fields, bookmarks, charts) is the XML that Word itself writes. The same report
gives the same bytes.
"""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Sequence
from copy import deepcopy
from typing import Any
from xml.sax.saxutils import quoteattr

import docx
from docx.document import Document as WordDocument
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor
from docx.text.paragraph import Paragraph as WordParagraph
from docx.text.run import Run

from yunnao.platforms.indicators.report.document import (
    Chart,
    Gap,
    Heading,
    Number,
    Paragraph,
    Report,
    Span,
    Table,
    writable,
)
from yunnao.platforms.indicators.report.word_charts import chart_parts

_AUTHOR, _INITIALS = "云脑 Yunnao", "YN"
_TITLE_FONT, _BODY_FONT, _HEADING_FONTS = "方正小标宋简体", "仿宋", ("黑体", "楷体", "仿宋")
_LATIN_FONT = "Times New Roman"
_BODY_SIZE, _TABLE_SIZE = Pt(16), Pt(9)
_GAP_COLOUR = RGBColor(0x9D, 0x1F, 0x1F)
_EMU = 360_000  # a centimetre
_CHART_WIDTH = 15 * _EMU
_PAGE = (Cm(21), Cm(29.7))
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)
_PLAIN = re.compile("[!-~\u00a1-\ud7ff\ue000-\ufffc]+(?: [!-~\u00a1-\ud7ff\ue000-\ufffc]+)*")
"""Words that stand in XML as they are: no spaces at the ends, line ends or tabs, which Word has marks of its own for."""
_COMMENT_STYLES = f"""<w:styles {nsdecls("w")}>
<w:style w:type="paragraph" w:styleId="CommentText"><w:name w:val="annotation text"/><w:basedOn w:val="Normal"/>
<w:pPr><w:spacing w:line="240" w:lineRule="auto"/><w:ind w:firstLine="0"/></w:pPr><w:rPr><w:sz w:val="20"/></w:rPr></w:style>
<w:style w:type="character" w:styleId="CommentReference"><w:name w:val="annotation reference"/><w:rPr><w:sz w:val="16"/></w:rPr></w:style>
</w:styles>"""


def as_docx(report: Report) -> bytes:
    """The document."""
    writer = _Writer(report)
    for block in report.blocks:
        match block:
            case Heading():
                writer.heading(block)
            case Paragraph():
                writer.paragraph(block)
            case Table():
                writer.table(block)
            case Chart():
                writer.chart(block)
    return writer.finished()


class _Writer:
    """One document being written."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._written = dt.datetime.combine(report.as_of, dt.time.min, dt.UTC)
        self._document: WordDocument = docx.Document()
        self._charts = self._comments = 0
        self._style_ids: dict[str, str | None] = {}
        self._anchors = {number.anchor: place for place, number in enumerate(self._anchored(), start=1)}
        self._leave_out()
        self._properties()
        self._styles()
        self._page(wide=False)
        self._titled(report.title, _TITLE_FONT, Pt(22), "Title")
        self._titled(report.subtitle, _HEADING_FONTS[1], Pt(14), "Normal")
        self._numbered_pages()

    def _anchored(self) -> list[Number]:
        return [number for number in self._report.numbers() if number.anchor]

    # ------------------------------------------------------------------ the whole

    def _leave_out(self) -> None:
        """Of python-docx's template: a picture of another document, and a copy of its styles that would not be those of this one."""
        for relations in (self._document.part.rels, self._document.part.package.rels):
            for id_, relation in list(relations.items()):
                if relation.reltype.rsplit("/", 1)[-1] in ("stylesWithEffects", "thumbnail"):
                    del relations[id_]

    def _properties(self) -> None:
        properties = self._document.core_properties
        # the properties hold 255 characters each
        properties.title, properties.subject = (
            writable(text)[:255] for text in (self._report.title, self._report.subtitle)
        )
        properties.author = properties.last_modified_by = _AUTHOR
        properties.language, properties.comments = "zh-CN", ""
        properties.created = properties.modified = self._written.replace(tzinfo=None)

    def _styles(self) -> None:
        styles = self._document.styles
        normal: Any = styles["Normal"]
        _font(normal, _BODY_FONT, _BODY_SIZE)
        normal.paragraph_format.line_spacing = Pt(28)
        normal.paragraph_format.space_after = Pt(0)
        for level, font in enumerate(_HEADING_FONTS, start=1):
            style: Any = styles[f"Heading {level}"]
            _font(style, font, _BODY_SIZE)
            style.font.bold, style.font.color.rgb = level == len(_HEADING_FONTS), RGBColor(0, 0, 0)
            style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(0)
            style.paragraph_format.first_line_indent = _BODY_SIZE * 2
        title: Any = styles["Title"]
        title.font.color.rgb = RGBColor(0, 0, 0)
        for border in title.element.pPr.findall(qn("w:pBdr")):
            title.element.pPr.remove(border)
        caption: Any = styles["Caption"]
        _font(caption, _HEADING_FONTS[0], Pt(12))
        caption.font.bold, caption.font.color.rgb = False, RGBColor(0, 0, 0)
        styles.element.extend(parse_xml(_COMMENT_STYLES))

    def _page(self, *, wide: bool) -> None:
        section = self._document.sections[-1]
        section.orientation = WD_ORIENT.LANDSCAPE if wide else WD_ORIENT.PORTRAIT
        section.page_width, section.page_height = reversed(_PAGE) if wide else _PAGE
        section.left_margin = section.right_margin = Cm(2 if wide else 2.7)
        section.top_margin, section.bottom_margin = Cm(3 if not wide else 2), Cm(2.5 if not wide else 2)

    def _titled(self, text: str, font: str, size: Pt, style: str) -> None:
        paragraph = self._paragraph("", style)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = paragraph.add_run(writable(text))
        run.font.size = size
        _east_asian(run.font, font)

    def _numbered_pages(self) -> None:
        paragraph = self._document.sections[0].footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run("— ")
        _field(paragraph, "PAGE", "1")
        paragraph.add_run(" —")

    def finished(self) -> bytes:
        """The file, its members dated alike, so that the same report is the same file."""
        buffer = io.BytesIO()
        self._document.save(buffer)
        result = io.BytesIO()
        with zipfile.ZipFile(buffer) as saved, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in saved.namelist():
                member = zipfile.ZipInfo(name, _ZIP_TIME)
                member.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(member, saved.read(name))
        return result.getvalue()

    def _paragraph(self, text: str, style: str) -> WordParagraph:
        """A paragraph in a style. python-docx looks through all styles for each; here every one is looked up once."""
        paragraph = self._document.add_paragraph(text)
        if style not in self._style_ids:
            found: Any = self._document.styles[style]
            self._style_ids[style] = None if found == self._document.styles.default(found.type) else found.style_id
        paragraph._p.style = self._style_ids[style]
        return paragraph

    # ------------------------------------------------------------------ blocks

    def heading(self, heading: Heading) -> None:
        """A heading, in the style of its level."""
        self._paragraph(writable(heading.text), f"Heading {heading.level}")

    def paragraph(self, block: Paragraph) -> None:
        """A paragraph, indented by two characters as the genre has it."""
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.first_line_indent = _BODY_SIZE * 2
        self._spans(paragraph, block.spans)

    def table(self, table: Table) -> None:
        """A table under its title; its header is repeated on every page. A wide one has pages on their side."""
        if table.wide:
            self._document.add_section(WD_SECTION.NEW_PAGE)
            self._page(wide=True)
        title = self._paragraph(writable(table.title), "Caption")
        title.paragraph_format.keep_with_next = True
        grid = self._document.add_table(rows=1, cols=len(table.header), style="Table Grid")
        _described(grid._tbl.tblPr, writable(table.title))
        for cell, words in zip(grid.rows[0].cells, table.header, strict=True):
            self._cell(cell.paragraphs[0], (words,), bold=True)
        _flagged(grid.rows[0]._tr, "w:tblHeader")
        if table.rows:
            self._rows(grid, table)
        if table.wide:
            self._document.add_section(WD_SECTION.NEW_PAGE)
            self._page(wide=False)

    def _rows(self, grid: Any, table: Table) -> None:
        """The rows below the header. Cells of plain words are copies of one that was written: tables of accounts have thousands."""
        pattern = grid.add_row()._tr
        _flagged(pattern, "w:cantSplit")
        empty = [deepcopy(cell.p_lst[0]) for cell in pattern.tc_lst]
        for column, cell in enumerate(pattern.tc_lst):
            self._cell(WordParagraph(cell.p_lst[0], grid), ("0",), figure=column in table.figures)
        lines = [deepcopy(pattern) for _ in table.rows]
        grid._tbl.remove(pattern)
        grid._tbl.extend(lines)
        for line, row in zip(lines, table.rows, strict=True):
            for column, (cell, spans) in enumerate(zip(line.tc_lst, row, strict=True)):
                match spans:
                    case (str() as words,) if _PLAIN.fullmatch(words):
                        cell.p_lst[0].r_lst[0].t_lst[0].text = words
                    case _:
                        cell.replace(cell.p_lst[0], deepcopy(empty[column]))
                        self._cell(WordParagraph(cell.p_lst[0], grid), spans, figure=column in table.figures)

    def _cell(
        self, paragraph: WordParagraph, spans: Sequence[Span], *, bold: bool = False, figure: bool = False
    ) -> None:
        paragraph.paragraph_format.line_spacing = 1.0
        if figure:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        for run in self._spans(paragraph, spans):
            run.font.size = _TABLE_SIZE
            run.bold = bold or None

    def chart(self, chart: Chart) -> None:
        """A chart of its own part, editable in Word; its words for those who cannot see it go with it."""
        self._charts += 1
        package, number = self._document.part.package, self._charts
        content, book = chart_parts(chart, "rId1")
        part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, content, package)
        name = PackURI(f"/word/embeddings/Microsoft_Excel_Sheet{number}.xlsx")
        known = part.relate_to(Part(name, CONTENT_TYPE.SML_SHEET, book, package), RELATIONSHIP_TYPE.PACKAGE)
        assert known == "rId1"  # the part's first relation
        relation = self._document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
        height = (3 + len(chart.categories) * (1 if chart.stacked else 1.4)) * _EMU
        paragraph = self._document.add_paragraph()
        paragraph.paragraph_format.line_spacing = 1.0
        paragraph.add_run()._r.append(_drawing(chart, number, relation, int(min(height, 22 * _EMU))))

    # ------------------------------------------------------------------ spans

    def _spans(self, paragraph: WordParagraph, spans: Sequence[Span]) -> list[Run]:
        runs: list[Run] = []
        for span in spans:
            match span:
                case Number():
                    runs += self._number(paragraph, span)
                case Gap():
                    run = paragraph.add_run(f"【{writable(span.text)}】")
                    run.font.color.rgb = _GAP_COLOUR
                    runs.append(run)
                case _:
                    runs.append(paragraph.add_run(writable(span)))
        return runs

    def _number(self, paragraph: WordParagraph, number: Number) -> list[Run]:
        """The number with its comment: a field that shows the number of the annex, the bookmarked number itself, or plain."""
        if number.refers in self._anchors:
            # Word brings it up to date when the annex has changed (F9)
            runs = _field(paragraph, f"REF {number.refers} \\h", writable(number.text))
        else:
            runs = [paragraph.add_run(writable(number.text))]
        self._comment(runs, writable(number.note))
        if number.anchor:  # inside of the comment's marks: a field that refers to it takes the number alone
            _bookmarked(runs[0], number.anchor, self._anchors[number.anchor])
        return runs

    def _comment(self, runs: Sequence[Run], text: str) -> None:
        """A comment on ``runs``. python-docx looks through all comments for the number of each new one; here they are counted."""
        comment, paragraph, properties = OxmlElement("w:comment"), OxmlElement("w:p"), OxmlElement("w:pPr")
        written = f"{self._written:%Y-%m-%dT%H:%M:%SZ}"
        for name, value in (
            ("id", str(self._comments)),
            ("author", _AUTHOR),
            ("initials", _INITIALS),
            ("date", written),
        ):
            comment.set(qn(f"w:{name}"), value)
        style, mark = OxmlElement("w:pStyle"), _text_run("", "CommentReference")
        style.set(qn("w:val"), "CommentText")
        properties.append(style)
        mark.append(OxmlElement("w:annotationRef"))
        paragraph.extend((properties, mark, _text_run(text)))
        comment.append(paragraph)
        self._document.comments._comments_elm.append(comment)
        runs[0].mark_comment_range(runs[-1], self._comments)
        self._comments += 1


def _text_run(text: str, style: str = "") -> Any:
    run = OxmlElement("w:r")
    if style:
        properties, named = OxmlElement("w:rPr"), OxmlElement("w:rStyle")
        named.set(qn("w:val"), style)
        properties.append(named)
        run.append(properties)
    if text:
        words = OxmlElement("w:t")
        words.set(qn("xml:space"), "preserve")
        words.text = text
        run.append(words)
    return run


def _field(paragraph: WordParagraph, instruction: str, result: str) -> list[Run]:
    """A field as Word writes it, with the result that it has for now."""
    runs = [paragraph.add_run() for _ in range(3)]
    shown, end = paragraph.add_run(result), paragraph.add_run()
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = f" {instruction} "
    for run, kind in ((runs[0], "begin"), (runs[2], "separate"), (end, "end")):
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        run._r.append(mark)
    runs[1]._r.append(code)
    return [*runs, shown, end]


def _bookmarked(run: Run, name: str, number: int) -> None:
    start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
    for mark in (start, end):
        mark.set(qn("w:id"), str(number))
    start.set(qn("w:name"), name)
    run._r.addprevious(start)
    run._r.addnext(end)


def _font(style: Any, font: str, size: Pt) -> None:
    style.font.size = size
    _east_asian(style.font, font)


def _east_asian(font: Any, name: str) -> None:
    """Chinese in ``name``, Latin letters and digits in the usual Latin font."""
    font.name = _LATIN_FONT
    fonts = font.element.rPr.rFonts
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    fonts.set(qn("w:eastAsia"), name)


def _described(properties: Any, title: str) -> None:
    """The table's name for screen readers, where Word keeps it: behind everything else."""
    caption = OxmlElement("w:tblCaption")
    caption.set(qn("w:val"), title)
    properties.append(caption)


def _flagged(row: Any, name: str) -> None:
    row.get_or_add_trPr().append(OxmlElement(name))


def _drawing(chart: Chart, number: int, relation: str, height: int) -> Any:
    title, description = quoteattr(writable(chart.title)), quoteattr(writable(chart.description))
    return parse_xml(
        f"""<w:drawing {nsdecls("w", "wp", "a", "c", "r")}>
<wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{_CHART_WIDTH}" cy="{height}"/>
<wp:docPr id="{1000 + number}" name={title} title={title} descr={description}/><wp:cNvGraphicFramePr/>
<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/chart">
<c:chart r:id="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing>"""
    )
