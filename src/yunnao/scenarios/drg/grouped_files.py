"""From a file of stays to a file of grouped stays, part by part; every row comes out, in order."""

from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl
import xlsxwriter
from polars.io.plugins import register_io_source

from yunnao.capabilities.drg.many import group
from yunnao.capabilities.drg.one import group_stay
from yunnao.capabilities.drg.scheme import Scheme
from yunnao.capabilities.drg.stay import ADDED, COLUMNS, Stay
from yunnao.kernel.errors import FileRefused, YunnaoError
from yunnao.scenarios.drg.stay_files import StayFile, as_text

ENDINGS = (".csv", ".parquet", ".xlsx", ".jsonl")
PATH = "path"
"""The column that explaining adds: the steps, → between them."""

_ARROW = " → "
_AT_ONCE = 2
_ZSTD_LEVEL = 1
"""A tenth of the whole command's time less than by default, for files a twelfth larger."""

_SHEET_ROWS = 1_048_575
_CELL = 32_767
_TOO_LONG = -2
"""What the library answers to a text longer than `_CELL`."""


@dataclass
class Summary:
    """What a run of grouping met: rows by outcome, why some are invalid, and the codes that are in no table."""

    outcomes: Counter[str] = field(default_factory=Counter)
    invalid: Counter[str] = field(default_factory=Counter)
    unknown: Counter[str] = field(default_factory=Counter)

    def add(self, part: pl.DataFrame) -> None:
        """Count a part that has been grouped."""
        for of, counts in (
            (part["outcome"], self.outcomes),
            (part.filter(pl.col("outcome") == "invalid")["reason"], self.invalid),
            (part.filter(pl.col("unknown_codes") != "")["unknown_codes"].str.split("|").explode(), self.unknown),
        ):
            for name, count in of.value_counts().iter_rows():
                counts[name] += count


def check_ending(path: Path) -> None:
    """Refuse an output that could not be written, before any work.

    Raises:
        YunnaoError: the ending is none of `ENDINGS`.
    """
    if path.suffix.lower() not in ENDINGS:
        raise YunnaoError(f"{path}：分组结果只能写成 {'、'.join(ENDINGS)}；请改文件名的后缀")


def write_grouped(stays: StayFile, scheme: Scheme, target: Path, ending: str, *, explain: bool = False) -> Summary:
    """Group a file into ``target``.

    Args:
        stays: the file.
        scheme: by which.
        target: where to write; not atomically.
        ending: in which format, of `ENDINGS`.
        explain: add the column `PATH`.

    Raises:
        FileRefused: the file turns out to be damaged, or has rows or nested columns that do not fit into such a file.
    """
    stays = stays.with_free((PATH,)) if explain else stays
    nested = [name for name, kind in stays.rows.collect_schema().items() if _is_deep(kind)]
    if nested and ending in (".csv", ".xlsx"):
        raise FileRefused(
            f"{stays.name}：列 {'、'.join(nested)} 一格里还有几层，{ending} 放不下；请改写成 .parquet 或 .jsonl"
        )
    summary = Summary()
    parts = _grouped(stays, scheme, summary, explain=explain)
    if ending == ".xlsx":
        _write_workbook(target, parts, stays.name)
        return summary
    schema = {
        **stays.rows.collect_schema(),
        **dict.fromkeys((*ADDED, *((PATH,) if explain else ())), pl.String()),
    }
    failed: list[BaseException] = []

    def source(*_: object) -> Iterator[pl.DataFrame]:
        try:
            yield from parts
        except BaseException as error:  # the engine would put it in words of its own
            failed.append(error)
            raise

    rows = register_io_source(source, schema=schema)
    try:
        match ending:
            case ".csv":
                empty = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in ADDED]  # not as ""
                lists = [as_text(kind, name) for name, kind in schema.items() if isinstance(kind, pl.List)]
                rows.with_columns(*empty, *lists).sink_csv(target, include_bom=stays.marked, check_extension=False)
            case ".parquet":
                rows.sink_parquet(target, compression_level=_ZSTD_LEVEL)
            case _:
                rows.sink_ndjson(target, check_extension=False)
    except Exception:
        if failed:
            raise failed[0] from None
        raise
    return summary


def _is_deep(kind: pl.DataType) -> bool:
    """Whether a cell holds more than a value or a list of values."""
    inner = kind.inner if isinstance(kind, pl.List) else kind
    return not isinstance(inner, pl.DataType) or inner.is_nested()


def _grouped(stays: StayFile, scheme: Scheme, summary: Summary, *, explain: bool) -> Iterator[pl.DataFrame]:
    """The parts of a file, grouped: some at a time, handed out in order."""
    repeated = stays.repeated()

    def work(part: pl.DataFrame, start: int) -> pl.DataFrame:
        read = stays.stays(part)
        grouped = group(read, scheme, repeated=repeated.slice(start, part.height)).select(ADDED)
        return grouped.with_columns(_paths(read, grouped, scheme)) if explain else grouped

    done = 0
    under_way: deque[tuple[pl.DataFrame, Future[pl.DataFrame]]] = deque()
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for part in stays.parts():
            under_way.append((part, pool.submit(work, part, done)))
            done += part.height
            if len(under_way) > _AT_ONCE:
                yield _finished(*under_way.popleft(), summary)
        while under_way:
            yield _finished(*under_way.popleft(), summary)


def _finished(part: pl.DataFrame, work: "Future[pl.DataFrame]", summary: Summary) -> pl.DataFrame:
    grouped = work.result()
    summary.add(grouped)
    return part.hstack(grouped)


def _paths(read: pl.DataFrame, grouped: pl.DataFrame, scheme: Scheme) -> pl.Series:
    known = [column for column in COLUMNS if column in read.columns]
    texts = read.select(pl.col(known).cast(pl.String)).with_columns(pl.col("case_id").fill_null(""))
    invalid = (grouped["outcome"] == "invalid").to_list()
    reasons = grouped["reason"].to_list()
    return pl.Series(
        PATH,
        [
            reason if is_invalid else _ARROW.join(group_stay(Stay(**row), scheme).path)
            for row, is_invalid, reason in zip(texts.iter_rows(named=True), invalid, reasons, strict=True)
        ],
        dtype=pl.String,
    )


def _write_workbook(target: Path, parts: Iterator[pl.DataFrame], name: str) -> None:
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
    }
    with xlsxwriter.Workbook(str(target), options) as book:
        sheet = book.add_worksheet("分组结果")
        bold = book.add_format({"bold": True})
        line = 0
        for part in parts:
            if not line:
                for place, column in enumerate(part.columns):
                    sheet.write_string(0, place, column, bold)
                sheet.freeze_panes(1, 0)
            if line + part.height > _SHEET_ROWS:
                raise FileRefused(f"{name}：超过 {_SHEET_ROWS:,} 行，工作表放不下；请改写成 .csv 或 .parquet")
            flat = part.select(as_text(kind, name) for name, kind in part.schema.items())
            for row in flat.iter_rows():
                line += 1
                if (long := _write_row(sheet, line, row)) is not None:
                    raise FileRefused(
                        f"{name}：第 {line + 1} 行的 {flat.columns[long]} 超过 {_CELL:,} 个字，工作表的一格放不下；"
                        "请改写成 .csv 或 .parquet"
                    )


def _write_row(sheet: Any, line: int, row: tuple[Any, ...]) -> int | None:
    """Write a row; the place of a text that a cell cannot hold, if there is one: the library would leave it out."""
    for place, cell in enumerate(row):
        if isinstance(cell, bool):
            sheet.write_boolean(line, place, cell)
        elif isinstance(cell, int | float) and abs(cell) < 10**15:
            sheet.write_number(line, place, cell)
        elif cell is not None and cell != "" and sheet.write_string(line, place, str(cell)) == _TOO_LONG:
            return place
    return None
