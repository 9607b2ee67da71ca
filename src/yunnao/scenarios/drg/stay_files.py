"""Files of stays: CSV, Excel and Parquet, read in bounded parts, with whatever further columns they have."""

import codecs
import csv
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TextIO

import polars as pl

from yunnao.capabilities.drg.stay import ADDED, COLUMNS, REQUIRED
from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry.formats import check_readable, open_sheets
from yunnao.platforms.registry.header import Header, find_header
from yunnao.scenarios.drg.registers import inpatient_stays

BATCH = 100_000
"""Rows read, grouped and written at a time; bounds memory."""

_DELIMITERS = (",", "\t", ";")
_CHUNK = 1 << 22
_HEAD = 1 << 16
_ZIP, _OLE, _PARQUET = b"PK", b"\xd0\xcf\x11\xe0", b"PAR1"
_MARKS = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True)
class StayFile:
    """An open file of stays.

    Attributes:
        name: what to call it.
        rows: lazily, all columns; one called as what grouping adds is called ``input_`` and that.
        read_as: column of a stay -> column of the file.
        marked: the file is a CSV that begins with a byte order mark.
        why: where reading fails, raises FileRefused if it can say why in words of its own.
    """

    name: str
    rows: pl.LazyFrame
    read_as: Mapping[str, str]
    marked: bool = False
    why: Callable[[], None] = lambda: None

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows in order, `BATCH` or so at a time.

        Raises:
            FileRefused: the file turns out to be damaged.
        """
        with _polars_errors(self.name, self.why):
            yield from self.rows.collect_batches(chunk_size=BATCH)

    def stays(self, part: pl.DataFrame) -> pl.DataFrame:
        """The columns of stays of a part, by their own names."""
        return part.select(as_text(part.schema[column], column).alias(name) for name, column in self.read_as.items())

    def with_free(self, names: Iterable[str]) -> "StayFile":
        """The same with columns of these names called otherwise (``input_`` before them), so that the names can be added."""
        columns = self.rows.collect_schema().names()
        taken: dict[str, str] = {}
        for column in (name for name in names if name in columns):
            other = f"input_{column}"
            while other in columns or other in taken.values():
                other = f"input_{other}"
            taken[column] = other
        read_as = {id_: taken.get(column, column) for id_, column in self.read_as.items()}
        return replace(self, rows=self.rows.rename(taken), read_as=read_as) if taken else self

    def repeated(self) -> pl.Series:
        """Of each row, whether its id stands in an earlier one: Boolean, for the whole file."""
        column = self.read_as["case_id"]
        with _polars_errors(self.name, self.why):
            ids = self.rows.select(pl.col(column).cast(pl.String).str.strip_chars()).collect().to_series()
        return ~ids.is_first_distinct()


def as_text(kind: pl.DataType, column: str) -> pl.Expr:
    """A column: lists, as of codes, as one text; anything else as it is."""
    return pl.col(column).cast(pl.List(pl.String)).list.join("|") if isinstance(kind, pl.List) else pl.col(column)


@contextmanager
def open_stays(path: Path) -> Iterator[StayFile]:
    """A file of stays, told by its bytes.

    Columns are named as in `capabilities.drg.stay`, or as the register of stays names them (性别, 年龄 ...).

    Raises:
        FileRefused: it cannot be read, or a column that grouping needs is missing.
    """
    check_readable(path)
    with path.open("rb") as stream:
        start = stream.read(4)
    if start.startswith(_PARQUET):
        with _polars_errors(path.name):
            rows = pl.scan_parquet(path, glob=False)
            yield _named(path.name, rows, rows.collect_schema().names())
    elif start.startswith((_ZIP, _OLE)):
        yield _workbook(path)
    else:
        with _delimited(path) as found:
            yield found


@contextmanager
def _polars_errors(name: str, why: Callable[[], None] = lambda: None) -> Iterator[None]:
    try:
        yield
    except pl.exceptions.PolarsError as problem:
        why()
        reason = str(problem).splitlines()[0][:120]
        raise FileRefused(f"{name}：读不了（{reason}）；请检查文件是否完整，重新导出") from None


def _named(name: str, rows: pl.LazyFrame, columns: list[str], *, marked: bool = False) -> StayFile:
    """A file's columns, recognised."""
    trimmed = [column.strip().removeprefix("\ufeff") for column in columns]
    by_id = {id_: columns[trimmed.index(id_)] for id_ in COLUMNS if id_ in trimmed}
    read_as = {**_by_title(columns), **by_id}
    if missing := [id_ for id_ in REQUIRED if id_ not in read_as]:
        titles = "、".join(f"{id_}（{inpatient_stays.fact(id_).title.zh}）" for id_ in missing)
        raise FileRefused(f"{name}：缺少列 {titles}；有的列：{'、'.join(trimmed[:20]) or '没有'}。请补上后重试")
    return StayFile(name, rows, read_as, marked).with_free(ADDED)


def _by_title(columns: list[str]) -> dict[str, str]:
    header = find_header([columns], inpatient_stays)
    return {column.fact.id: columns[column.index] for column in header.columns if column.fact.id in COLUMNS}


def _workbook(path: Path) -> StayFile:
    """The sheet with the most columns of stays, from the row below its head."""
    found: list[tuple[Header, pl.DataFrame]] = []
    for sheet in open_sheets(path, path.name, inpatient_stays):
        header = find_header(sheet.head(), inpatient_stays)
        found.append((header, sheet.rows))
    if not found:
        raise FileRefused(f"{path.name}：没有内容；请重新导出")
    header, cells = max(found, key=lambda pair: len(pair[0].columns))
    names = [str(cell).strip() for cell in cells.row(max(header.last_row, 0))]
    unique = [name if name and name not in names[:place] else f"column_{place + 1}" for place, name in enumerate(names)]
    body = cells.slice(max(header.last_row, 0) + 1)
    body = body.rename(dict(zip(body.columns, unique, strict=True)))
    body = body.filter(pl.any_horizontal(pl.all() != ""))  # a sheet's empty rows are no rows
    return _named(path.name, body.lazy(), unique)


@contextmanager
def _delimited(path: Path) -> Iterator[StayFile]:
    """A CSV; one that is not plain UTF-8, or has empty lines, is first written anew as what it says."""
    encoding, plain = _look(path)
    delimiter = _delimiter(path, encoding)
    marked = encoding == "utf-8-sig"
    with tempfile.TemporaryDirectory() as folder:
        source = path
        if not plain:
            source, delimiter = _anew(path, encoding, delimiter, Path(folder) / "stays.csv"), ","
        with _polars_errors(path.name):
            rows = pl.scan_csv(source, infer_schema=False, separator=delimiter, raise_if_empty=False, glob=False)
            columns = rows.collect_schema().names()
        found = _named(path.name, rows, columns, marked=marked)
        yield replace(found, why=lambda: _too_wide(source, path.name, delimiter))


def _look(path: Path) -> tuple[str, bool]:
    """The encoding, and whether Polars can read the file as it is."""
    with path.open("rb") as stream:
        start = stream.read(4)
    encoding = next((name for mark, name in _MARKS.items() if start.startswith(mark)), "utf-8")
    if encoding == "utf-16":
        return encoding, False
    decoder, plain, before = codecs.getincrementaldecoder("utf-8")(), True, b""
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if b"\x00" in chunk:
                raise FileRefused(f"{path.name}：文件里有空字节（NUL），不是文本；请另存为「CSV UTF-8」或 .xlsx")
            try:
                if not chunk.isascii() or decoder.getstate()[0]:
                    decoder.decode(chunk)
            except UnicodeDecodeError:
                return "gb18030", False
            seen = before + chunk
            plain = plain and not any(blank in seen for blank in (b"\n\n", b"\n\r\n"))
            plain = plain and (b"\r" not in seen or seen.count(b"\r") - seen.endswith(b"\r") <= seen.count(b"\r\n"))
            before = chunk[-3:]
    if decoder.getstate()[0]:
        raise FileRefused(f"{path.name}：文件在一个字的中间断了，多半没有写完或传完；请重新导出")
    return encoding, plain


def _text(path: Path, encoding: str) -> TextIO:
    return path.open(encoding="utf-8-sig" if encoding.startswith("utf-8") else encoding, newline="")


def _delimiter(path: Path, encoding: str) -> str:
    try:
        with _text(path, encoding) as stream:
            head = next((line for line in stream if line.strip()), "")
    except UnicodeError:
        raise FileRefused(
            f"{path.name}：既不是 UTF-8 也不是 GB18030 编码的文本；请另存为「CSV UTF-8」或 .xlsx"
        ) from None
    return max(_DELIMITERS, key=lambda mark: len(_by_title(head.strip().split(mark))))


def _anew(path: Path, encoding: str, delimiter: str, target: Path) -> Path:
    """The same rows in UTF-8 with commas, without lines that hold nothing at all."""
    try:
        with _text(path, encoding) as source, target.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream, lineterminator="\n")
            writer.writerows(row for row in csv.reader(source, delimiter=delimiter) if row)
    except UnicodeError:
        raise FileRefused(
            f"{path.name}：既不是 UTF-8 也不是 GB18030 编码的文本；请另存为「CSV UTF-8」或 .xlsx"
        ) from None
    except csv.Error as problem:
        raise FileRefused(f"{path.name}：读不了（{problem}），多半是引号没有成对；请改正后重试") from None
    return target


def _too_wide(path: Path, name: str, delimiter: str) -> None:
    """Say which row has more cells than the head, if one has."""
    with _text(path, "utf-8") as stream, suppress(csv.Error):
        reader = csv.reader(stream, delimiter=delimiter)
        width = len(next(reader, []))
        for row in reader:
            if len(row) > width:
                raise FileRefused(
                    f"{name}：第 {reader.line_num} 行有 {len(row)} 格，表头只有 {width} 格；"
                    "一格里有逗号时请用引号括起来，诊断之间请用 | 隔开"
                )
