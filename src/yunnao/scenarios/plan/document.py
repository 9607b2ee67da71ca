"""A report as the reader takes it: one text that all offsets point into, and the tables that its format made known."""

from dataclasses import dataclass
from pathlib import Path

from yunnao.kernel.errors import FileRefused

_MOST_BYTES = 20_000_000


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a table's cell stands in the text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, the first row being the heads; a cell that is merged over several places is repeated."""

    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A report.

    Attributes:
        text: all of its words; a line is a paragraph. Every offset of rows and defects points into it.
        source: names the report in messages.
        tables: those that the file's format marks as such (docx, pdf). Tables of plain text (tab or | between the cells) are found
            by the reader.
    """

    text: str
    source: str
    tables: tuple[Table, ...] = ()


def from_text_file(path: Path) -> Document:
    """A report in a text file: UTF-8 or GB18030; nothing of it is changed, line ends neither.

    Raises:
        FileRefused: the file cannot be read as text, or is too large.
    """
    content = path.read_bytes()
    if len(content) > _MOST_BYTES:
        raise FileRefused(f"{path.name}：文件超过 20 MB，不像一份报告；请只留正文后重试")
    for encoding in ("utf-8", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return Document(text=text, source=path.name)
    raise FileRefused(f"{path.name}：不是 UTF-8 或 GB18030 的文本；请另存为 UTF-8 文本后重试")
