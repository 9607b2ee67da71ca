"""What a reader of values cannot see in an .xlsx, read as a stream from the zip.

Formulas, error cells and percent formats; and whether the workbook is hostile: a bomb of zeros, of shared strings, of
far-away cells, or of XML entities.
"""

import re
import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry.sheets import MARK_SCHEMA

_MOST_BYTES = 2 << 30
_MOST_TEXT_BYTES = 2 << 30
_MOST_CELLS = 60_000_000
_MOST_MARKS = 5_000_000
_LONGEST_TEXT = 100_000  # bytes without a tag; a cell holds at most 32,767 characters
_MOST_PART_BYTES = 32 << 20  # of the small parts, and of one row
_CHUNK = 1 << 20
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
_WIDE = 60  # up to this many columns a sheet of a million rows is harmless
_NAMESPACE = re.compile(rb"<(\w+:)?worksheet\b")
_IS_ERROR = re.compile(rb"""\bt\s*=\s*["']e["']""")
_REFERENCE = re.compile(rb"""\br\s*=\s*["']([A-Z]{1,3})(\d{1,7})["']""")
_FAR_ROW = re.compile(rb'r="[A-Z]+(\d{5,})"')
_FAR_COLUMN = re.compile(rb'r="([A-Z]{2,})\d')
_SHARED = re.compile(rb't="s"[^>]*>\s*<(?:\w+:)?v>(\d+)')


@dataclass(frozen=True)
class _Patterns:
    """What to look for in a worksheet with or without a namespace prefix. Literal beginnings keep it fast."""

    row: re.Pattern[bytes]
    formula: re.Pattern[bytes]
    error: re.Pattern[bytes]
    percent: re.Pattern[bytes] | None

    @classmethod
    def of(cls, prefix: bytes, percent: frozenset[bytes]) -> "_Patterns":
        cell = b"<" + prefix + rb"c\b([^>]*?)"
        styles = b"|".join(sorted(percent))
        return cls(
            row=re.compile(b"<" + prefix + rb"""row\b[^>]*?\sr=["'](\d+)["']"""),
            formula=re.compile(cell + rb"(?<!/)>\s*<" + prefix + rb"f\b"),
            error=re.compile(cell + rb">\s*<" + prefix + rb"v>(?!#N/A)#"),
            percent=re.compile(cell + rb"""\ss=["'](?:""" + styles + rb""")["']([^>]*)>""") if percent else None,
        )


@dataclass(frozen=True)
class WorkbookScan:
    """Marks of each sheet by name, and whether days are counted from 1904."""

    marks: dict[str, pl.DataFrame]
    from_1904: bool


def scan_workbook(path: Path, name: str) -> WorkbookScan:
    """Look through an .xlsx without building anything from it.

    Raises:
        FileRefused: it is broken, encrypted, hostile, or not an .xlsx.
    """
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            return _scan(archive, stream, name)
    except (
        zipfile.BadZipFile,
        zlib.error,
        ElementTree.ParseError,
        KeyError,
        EOFError,
        UnicodeDecodeError,
        ValueError,
        NotImplementedError,  # a version or a compression that the zip reader does not know
        OSError,
    ):
        raise FileRefused(f"{name}：这个 .xlsx 已损坏，打不开；请用表格软件打开并另存为新的 .xlsx 后重试") from None


def _scan(archive: zipfile.ZipFile, stream: BinaryIO, name: str) -> WorkbookScan:
    parts = {info.filename.lstrip("/"): info for info in archive.infolist() if not info.is_dir()}
    if len(parts) != len({*map(str.lower, parts)}) or any(info.flag_bits & 1 for info in parts.values()):
        raise FileRefused(f"{name}：压缩包被加密或有重名的部分；请用表格软件打开并另存为新的 .xlsx 后重试")
    if "xl/workbook.xml" not in parts:
        raise FileRefused(f"{name}：不是 .xlsx 工作簿；请用表格软件打开并另存为 .xlsx 后重试")
    total = 0
    for info in parts.values():  # what is really inside, whatever the directory of the zip claims
        tail = b""
        for chunk in _inflate(stream, info):
            if info.filename.lower().endswith(".xml"):
                tail = tail[-_LONGEST_TEXT:] + chunk
                _refuse_long_text(tail, name)
            total += len(chunk)
            if total > _MOST_BYTES:
                raise FileRefused(f"{name}：解压后超过 {_MOST_BYTES >> 30} GB，疑似压缩炸弹；请拆分或重新导出后重试")
    book = _small(stream, parts["xl/workbook.xml"], name)
    relations = list(_small(stream, parts["xl/_rels/workbook.xml.rels"], name))
    targets = {relation.get("Id"): _part_name(relation.get("Target", "")) for relation in relations}
    texts = [
        _part_name(each.get("Target", "")) for each in relations if each.get("Type", "").endswith("/sharedStrings")
    ]
    shared = next((parts[part] for part in texts if part in parts), None)
    percent = _percent_styles(stream, parts, name)
    sheets = [element for element in book.iter() if element.tag.endswith("}sheet")]
    marks = {}
    for sheet in sheets:
        part = targets.get(sheet.get(_RELATION) or sheet.get(_STRICT_RELATION), "")
        if part in parts:
            marks[sheet.get("name", "")] = _marks(stream, parts[part], shared, percent, name)
    settings = next((element for element in book.iter() if element.tag.endswith("}workbookPr")), None)
    return WorkbookScan(marks, settings is not None and settings.get("date1904") in ("1", "true"))


def _part_name(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _inflate(stream: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's bytes in pieces of at most `_CHUNK`. Others may move the stream between two pieces."""
    stream.seek(info.header_offset)
    local = stream.read(30)
    if local[:4] != b"PK\x03\x04" or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        raise zipfile.BadZipFile(info.filename)
    place = stream.tell() + int.from_bytes(local[26:28], "little") + int.from_bytes(local[28:30], "little")
    end = place + info.compress_size
    inflater = zlib.decompressobj(-15) if info.compress_type == zipfile.ZIP_DEFLATED else None
    while place < end and not (inflater and inflater.eof):
        stream.seek(place)
        raw = stream.read(min(_CHUNK, end - place))
        if not raw:
            raise EOFError(info.filename)
        place += len(raw)
        if inflater is None:
            yield raw
        while inflater and raw and not inflater.eof:
            yield inflater.decompress(raw, _CHUNK)
            raw = inflater.unconsumed_tail
    if inflater:
        yield inflater.flush()


def _small(stream: BinaryIO, info: zipfile.ZipInfo, name: str) -> ElementTree.Element:
    content = b""
    for chunk in _inflate(stream, info):
        content += chunk
        if len(content) > _MOST_PART_BYTES:
            raise FileRefused(f"{name}：工作簿的说明部分大得不正常；请用表格软件另存为新的 .xlsx 后重试")
    _refuse_entities(content, name)
    return ElementTree.fromstring(content)


def _refuse_entities(content: bytes, name: str) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content or content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise FileRefused(f"{name}：工作簿里有 XML 实体声明，可能有害；请用表格软件另存为新的 .xlsx 后重试")


def _percent_styles(stream: BinaryIO, parts: dict[str, zipfile.ZipInfo], name: str) -> frozenset[bytes]:
    """Indices of the cell formats that show a percent sign (built-in formats 9 and 10, and custom ones)."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    styles = _small(stream, parts["xl/styles.xml"], name)
    formats = {"9", "10"}
    for element in styles.iter():
        if element.tag.endswith("}numFmt") and "%" in element.get("formatCode", ""):
            formats.add(element.get("numFmtId", ""))
    cell_formats = next((element for element in styles.iter() if element.tag.endswith("}cellXfs")), ())
    return frozenset(str(i).encode() for i, each in enumerate(cell_formats) if each.get("numFmtId") in formats)


def _marks(
    stream: BinaryIO, info: zipfile.ZipInfo, texts: zipfile.ZipInfo | None, percent: frozenset[bytes], name: str
) -> pl.DataFrame:
    found: list[tuple[int, int, str]] = []
    last_row, last_column, shared = 1, 1, 0
    patterns: _Patterns | None = None
    for rows in _whole_rows(stream, info, name):
        if patterns is None:
            root = _NAMESPACE.search(rows)
            patterns = _Patterns.of((root[1] or b"") if root else b"", percent)
        last_row = max(last_row, *map(int, patterns.row.findall(rows)), 1)
        last_column = max([last_column, *(_column_number(letters) for letters in set(_FAR_COLUMN.findall(rows)))])
        _refuse_vast(last_row, last_column, name)
        found += [(*_place(match[1], name), "formula") for match in patterns.formula.finditer(rows)]
        if b'"e"' in rows or b"'e'" in rows:
            errors = (match[1] for match in patterns.error.finditer(rows))
            found += [(*_place(attributes, name), "error") for attributes in errors if _IS_ERROR.search(attributes)]
        if patterns.percent:
            styled = patterns.percent.finditer(rows)
            found += [(*_place(match[1] + b" " + match[2], name), "percent") for match in styled]
        if len(found) > _MOST_MARKS:
            raise FileRefused(f"{name}：公式超过 {_MOST_MARKS:,} 格；请复制后「选择性粘贴为数值」再导出")
        shared += rows.count(b't="s"')
    if last_column > _WIDE:
        for rows in _whole_rows(stream, info, name):
            last_row = max([last_row, *map(int, set(_FAR_ROW.findall(rows)))])
            _refuse_vast(last_row, last_column, name)
    if texts and shared * _LONGEST_TEXT > _MOST_TEXT_BYTES:
        _refuse_repeated_text(stream, texts, info, shared, name)
    return pl.DataFrame(found, schema=MARK_SCHEMA, orient="row")


def _refuse_vast(last_row: int, last_column: int, name: str) -> None:
    if last_row > 1_048_576 or last_column > 16_384 or last_row * max(26, last_column) > _MOST_CELLS:
        raise FileRefused(
            f"{name}：表格一直延伸到第 {last_row} 行、第 {last_column} 列，太大；请删去数据之外的行列后重试"
        )


def _whole_rows(stream: BinaryIO, info: zipfile.ZipInfo, name: str) -> Iterator[bytes]:
    """The part in pieces that end where a row ends."""
    rest = b""
    for chunk in _inflate(stream, info):
        _refuse_entities(chunk, name)
        rest += chunk
        _refuse_long_text(rest, name)
        cut = rest.rfind(b"row>") + 4
        if cut > 4:
            yield rest[:cut]
            rest = rest[cut:]
        elif len(rest) > _MOST_PART_BYTES:
            raise FileRefused(f"{name}：有一行大得不正常；请用表格软件另存为新的 .xlsx 后重试")
    yield rest


def _refuse_long_text(content: bytes, name: str) -> None:
    for start in range(0, len(content) - _LONGEST_TEXT, _LONGEST_TEXT):
        if content.find(b"<", start, start + _LONGEST_TEXT) < 0:
            raise FileRefused(f"{name}：有一格文字超过表格允许的 32767 个字；请检查内容后重试")


def _refuse_repeated_text(
    stream: BinaryIO, texts: zipfile.ZipInfo, sheet: zipfile.ZipInfo, cells: int, name: str
) -> None:
    """Refuse a sheet whose ``cells`` of shared text, each written out, would fill the memory."""
    lengths: list[int] = []
    rest = b""
    for chunk in _inflate(stream, texts):
        _refuse_entities(chunk, name)
        rest += chunk
        _refuse_long_text(rest, name)
        *whole, rest = re.split(rb"</(?:\w+:)?si>", rest)
        lengths += map(len, whole)
    sizes = np.array(lengths or [0], dtype=np.int64)
    if int(sizes.max()) * cells <= _MOST_TEXT_BYTES:
        return
    total = 0
    for rows in _whole_rows(stream, sheet, name):
        used = np.array([int(index) for index in _SHARED.findall(rows)], dtype=np.int64)
        total += int(sizes[used[used < sizes.size]].sum())
        if total > _MOST_TEXT_BYTES:
            raise FileRefused(
                f"{name}：展开后的文字超过 {_MOST_TEXT_BYTES >> 30} GB，疑似有害文件；请拆分或重新导出后重试"
            )


def _place(attributes: bytes, name: str) -> tuple[int, int]:
    found = _REFERENCE.search(attributes)
    if found is None:
        raise FileRefused(f"{name}：有公式的单元格没有写明位置；请用表格软件另存为新的 .xlsx 后重试")
    return int(found[2]), _column_number(found[1]) - 1


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:6]:
        number = number * 26 + letter - 64
    return number
