"""CSV as offices export it: UTF-8, GB18030 or UTF-16; comma, tab or semicolon; line breaks inside quotes."""

import codecs
import csv
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice, zip_longest
from pathlib import Path
from typing import TextIO

from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry.sheets import HEAD_ROWS, Sheet, stack, text_frame

DELIMITERS = (",", "\t", ";")
_CHUNK_ROWS = 10_000
_CHUNK_BYTES = 1 << 20
_WIDEST = 2_000
_END = "\x1f"
_BYTE_ORDER_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read_delimited(path: Path, name: str, score: Callable[[Sequence[Sequence[str]]], int]) -> Sheet:
    """The table of a CSV file.

    Args:
        path: the file.
        name: what to call it in messages.
        score: how much the first rows look like a table, to choose the delimiter by.

    Raises:
        FileRefused: it is in no known encoding, holds NUL bytes, a cell or row has no end, or a quote swallows rows.
    """
    encoding = _encoding(path, name)
    try:
        heads = {delimiter: _head(path, encoding, delimiter) for delimiter in DELIMITERS}
        delimiter = max(DELIMITERS, key=lambda mark: (score(heads[mark]), max(map(len, heads[mark]), default=0)))
        chunks = []
        with path.open(encoding=encoding, newline="") as stream:
            records = _records(stream, delimiter, max(map(len, heads[delimiter]), default=0), name)
            while rows := list(islice(records, _CHUNK_ROWS)):
                if max(map(len, rows)) > _WIDEST:
                    raise FileRefused(f"{name}：有一行超过 {_WIDEST} 格，不像名册；请检查分隔符和引号")
                chunks.append(text_frame(list(zip_longest(*rows, fillvalue="")) or [[""] * len(rows)]))
    except csv.Error:
        raise FileRefused(
            f"{name}：第 {_broken_record(path, encoding)} 条记录附近有一格超过 {csv.field_size_limit()} 个字，"
            "多半是引号没有成对；请改正引号后重试"
        ) from None
    return Sheet(name="", rows=stack(chunks), delimited=True)


def _records(stream: TextIO, delimiter: str, width: int, name: str) -> Iterator[list[str]]:
    """Rows, but for those that a stray quote makes one of: a cell that holds the rest of the file, or whole rows of ``width``."""
    reader = csv.reader(chain(stream, [_END]), delimiter=delimiter)
    last = 0
    for row in reader:
        if row == [_END]:
            return
        if reader.line_num > last + 1 and any(
            cell.endswith(_END) or _holds_rows(cell, delimiter, len(row), width) for cell in row
        ):
            raise FileRefused(
                f"{name}：第 {last + 1} 行有一个引号没有成对，把后面的行都并进了一格；请补上或删去这个引号后重试"
            )
        last = reader.line_num
        yield row


def _holds_rows(cell: str, delimiter: str, cells: int, width: int) -> bool:
    """Whether a cell of several lines, with what stands beside it, is made of just so many whole rows of ``width``.

    A text of two lines in an otherwise whole row may have as many commas by chance; it is believed.
    """
    lines = cell.split("\n")
    if width < 2 or len(lines) < 2 or cell.count(delimiter) + cells - 1 != len(lines) * (width - 1):
        return False
    between = lines[1:-1]
    return all(line.count(delimiter) == width - 1 for line in between) if between else cells != width


def _head(path: Path, encoding: str, delimiter: str) -> list[list[str]]:
    rows: list[list[str]] = []
    with path.open(encoding=encoding, newline="") as stream, suppress(csv.Error):
        rows.extend(islice(csv.reader(stream, delimiter=delimiter), HEAD_ROWS))
    return rows


def _broken_record(path: Path, encoding: str) -> int:
    count = 0
    with path.open(encoding=encoding, newline="") as stream, suppress(csv.Error):
        for _ in csv.reader(stream):
            count += 1
    return count + 1


def _encoding(path: Path, name: str) -> str:
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if start.startswith(mark):
            if _decodes(path, encoding, allow_nul=True):
                return encoding
            raise FileRefused(f"{name}：文件开头说是 {encoding}，内容却不是；请另存为「CSV UTF-8」后重试")
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK_BYTES):
            if b"\x00" in chunk:
                raise FileRefused(
                    f"{name}：文件里有空字节（NUL），不是文本；请用表格软件打开后另存为「CSV UTF-8」或 .xlsx"
                )
    for encoding in ("utf-8", "gb18030"):
        if _decodes(path, encoding):
            return encoding
    raise FileRefused(f"{name}：既不是 UTF-8 也不是 GB18030 编码的文本；请用表格软件打开后另存为「CSV UTF-8」或 .xlsx")


def _decodes(path: Path, encoding: str, *, allow_nul: bool = False) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as stream:
            while chunk := stream.read(_CHUNK_BYTES):
                text = decoder.decode(chunk)
                if allow_nul and "\x00" in text:
                    return False
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
