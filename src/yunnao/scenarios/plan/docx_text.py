"""A Word report (.docx) written out as text: one paragraph a line, one row of a table a line with tabs between its cells.

Read from the file's XML itself, since what counts here is that no word is lost: insertions under revision, content controls, links and
text boxes belong to the text, deletions under revision do not. A footnote's place is written ``[1]``, the footnotes stand at the end as
lines ``[1] …``, as reports print them; numbers that Word makes by itself (一、) stand before their paragraphs. Headers, footers and
comments are left out.
Source of the elements: ECMA-376 part 1, WordprocessingML.
"""

import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from yunnao.kernel.errors import FileRefused
from yunnao.scenarios.plan.document import Cell, Document, Table
from yunnao.scenarios.plan.docx_numbers import Numbers

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_DAMAGED = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, LookupError, RuntimeError
)  # fmt: skip
"""What unpacking and parsing raise for files that are not as they should be."""
_MOST_BYTES = 60_000_000
_MAIN = "word/document.xml"
_NUMBERS = {"numbering": "word/numbering.xml", "styles": "word/styles.xml"}
_NOTES = {"footnote": "word/footnotes.xml", "endnote": "word/endnotes.xml"}
_LEFT_OUT = {
    f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "tblPr", "instrText", "delText", "txbxContent")
} | {_FALLBACK}
_SIGNS = {f"{_W}tab": "\t", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}


def from_docx(content: bytes, name: str) -> Document:
    """The text of a .docx, and its tables.

    Raises:
        FileRefused: not a Word document, locked by a password, damaged, or far larger than a report once unpacked.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = {
                part: _part(package, part, name)
                for part in (_MAIN, *_NOTES.values(), *_NUMBERS.values())
                if part in package.namelist()
            }
        if _MAIN not in parts:
            raise FileRefused(f"{name}：不是 Word 文档（.docx）；请用 Word 或 WPS 另存为 .docx 后重试")
        notes = {kind: parts[part] for kind, part in _NOTES.items() if part in parts}
        numbers = Numbers(parts.get(_NUMBERS["numbering"]), parts.get(_NUMBERS["styles"]))
        return _Writer(name, notes, numbers).document(parts[_MAIN])
    except (ParseError, DefusedXmlException, RecursionError):
        raise FileRefused(f"{name}：文档内容不合规范，没有读；请用 Word 或 WPS 打开后另存为 .docx 重试") from None
    except _DAMAGED:
        raise FileRefused(f"{name}：文件已损坏，读不出 Word 文档；请重新导出后重试") from None


def _part(package: zipfile.ZipFile, part: str, name: str) -> Element:
    entry = package.getinfo(part)
    if entry.flag_bits & 1:
        raise FileRefused(f"{name}：文件有密码；请去掉密码后重试")
    if entry.file_size > _MOST_BYTES:
        raise FileRefused(f"{name}：解开后超过 {_MOST_BYTES // 10**6} MB，不像一份报告；请只留正文后重试")
    root: Element = fromstring(
        package.read(entry), forbid_dtd=True
    )  # zipfile never unpacks more than the size declared
    return root


class _Writer:
    """Writes one document's words one after the other and notes where the cells stand."""

    def __init__(self, name: str, notes: dict[str, Element], numbers: Numbers) -> None:
        self._name = name
        self._numbers = numbers
        self._pieces: list[str] = []
        self._length = 0
        self._tables: list[Table] = []
        self._note_texts = {
            (kind, note.get(f"{_W}id")): " ".join(_paragraphs(note)) for kind, root in notes.items() for note in root
        }
        self._cited: list[tuple[str, str | None]] = []

    def document(self, root: Element) -> Document:
        for body in root.iter(f"{_W}body"):
            self._blocks(body)
        for number, cited in enumerate(self._cited, start=1):
            self._write(f"[{number}] {self._note_texts.get(cited, '').strip()}\n")
        return Document(text="".join(self._pieces), source=self._name, tables=tuple(self._tables))

    def _write(self, text: str) -> None:
        self._pieces.append(text)
        self._length += len(text)

    def _blocks(self, parent: Element) -> None:
        for block in parent:
            if block.tag == f"{_W}p":
                self._write(self._numbers.before(block) + self._words(block) + "\n")
                for box in _boxes(block):
                    self._blocks(box)
            elif block.tag == f"{_W}tbl":
                self._table(block)
            elif block.tag not in _LEFT_OUT:
                self._blocks(block)  # content controls, insertions of whole paragraphs

    def _table(self, table: Element) -> None:
        rows: list[tuple[Cell, ...]] = []
        for row in _nested(table, f"{_W}tr"):
            cells: list[Cell] = []
            for cell in _nested(row, f"{_W}tc"):
                above = rows[-1][len(cells)] if rows and len(cells) < len(rows[-1]) else None
                if cells:
                    self._write("\t")
                start = self._length
                if _continues(cell) and above is not None:
                    place = above
                else:
                    self._write(" ".join(words for part in cell.iter(f"{_W}p") if (words := self._words(part).strip())))
                    place = Cell(start, self._length)
                cells.extend([place] * _span(cell))
            self._write("\n")
            rows.append(tuple(cells))
        self._tables.append(Table(tuple(rows)))

    def _words(self, paragraph: Element) -> str:
        pieces: list[str] = []
        for part in _parts(paragraph):
            if part.tag == f"{_W}t":
                pieces.append(part.text or "")
            elif part.tag in _SIGNS:
                pieces.append(_SIGNS[part.tag])
            elif part.tag in (f"{_W}footnoteReference", f"{_W}endnoteReference"):
                self._cited.append((part.tag.removeprefix(_W).removesuffix("Reference"), part.get(f"{_W}id")))
                pieces.append(f"[{len(self._cited)}]")
        return "".join(pieces)


def _parts(element: Element) -> Iterator[Element]:
    """The parts of a paragraph that are words, in their order."""
    for part in element:
        if part.tag not in _LEFT_OUT:
            yield part
            yield from _parts(part)


def _boxes(element: Element) -> Iterator[Element]:
    for part in element:
        if part.tag == f"{_W}txbxContent":
            yield part
        elif part.tag != _FALLBACK:
            yield from _boxes(part)


def _paragraphs(element: Element) -> Iterator[str]:
    for paragraph in element.iter(f"{_W}p"):
        yield "".join(part.text or "" for part in _parts(paragraph) if part.tag == f"{_W}t").strip()


def _nested(parent: Element, tag: str) -> Iterator[Element]:
    """Rows of a table or cells of a row, also those within content controls; not those of a table within."""
    for part in parent:
        if part.tag == tag:
            yield part
        elif part.tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}ins", f"{_W}customXml"):
            yield from _nested(part, tag)


def _continues(cell: Element) -> bool:
    merge = cell.find(f"{_W}tcPr/{_W}vMerge")
    return merge is not None and merge.get(f"{_W}val", "continue") == "continue"


def _span(cell: Element) -> int:
    span = cell.find(f"{_W}tcPr/{_W}gridSpan")
    width = int(span.get(f"{_W}val", "1")) if span is not None else 1
    return min(max(width, 1), 100)
