"""Writes the synthetic registers of a sample district as the CSV and Excel files an office would export.

Each file has a few bad rows and a few identical repeats, seeded and listed in ``说明.txt`` beside them, so that a first
load shows what intake does with both. One register is in memory at a time; the tables and the seed fix every byte.
"""

import datetime as dt
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl
import xlsxwriter

from yunnao.catalogue.sample_columns import cells, header
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import NUMBERS, FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.storage.files import make_folder, replace_with, write_atomically

EXCEL_ROWS = 100_000
"""A register that the office keeps in Excel is exported as CSV above this many rows."""

_SLICE = 50_000
_NUMBER = "序号_"  # row number column; no fact id can be called so
_CREATED = dt.datetime(2023, 7, 1, tzinfo=dt.UTC)
_CREDIT_CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"

Progress = Callable[[str, int, int], None]
"""Told (title of the register, rows written, rows in all) as the work goes on."""


@dataclass(frozen=True)
class SampleTable:
    """The rows of one register, a column per fact, in stored units."""

    register: str
    frame: pl.DataFrame


@dataclass(frozen=True)
class Fault:
    """One spoiled cell: the row's key as stored, the column, what was written there, and why it is wrong."""

    key: tuple[str, ...]
    column: str
    written: str
    reason: str


@dataclass(frozen=True)
class OfficeFile:
    """One exported file: `rows` good and bad rows without the repeats."""

    register: str
    path: Path
    rows: int
    repeats: int
    faults: tuple[Fault, ...] = field(repr=False)


def write_office_files(
    tables: Iterable[SampleTable],
    registers: Mapping[str, Register],
    folder: Path,
    progress: Progress | None = None,
    *,
    seed: int = 0,
    excel: Collection[str] = frozenset({"enterprises", "loans"}),
    departments: Mapping[str, str] | None = None,
    about: str = "",
) -> list[OfficeFile]:
    """Write every table as its office would export it, and ``说明.txt``; gives the files in the order of ``tables``.

    Args:
        tables: stored units; every column of the register's declaration must be there.
        registers: declarations by id.
        folder: made if absent; files of the same names are replaced.
        progress: told about every slice of rows.
        seed: chooses spellings, bad rows and repeats.
        excel: registers whose office uses Excel, while they have at most ``EXCEL_ROWS`` rows.
        departments: id of a department -> its Chinese name, for the line 填报单位.
        about: paragraph for ``说明.txt``: where the numbers come from.

    Raises:
        DefinitionError: a table is of no declared register, or lacks a declared column.
        YunnaoError: the folder cannot be written.
    """
    make_folder(folder)
    written = []
    for place, table in enumerate(tables):
        register = _declared(table, registers)
        texts, faults, repeats = _office_rows(register, table.frame, np.random.default_rng(_stream(seed, register.id)))
        report = _reporter(progress, register.title.zh, texts.height)
        department = (departments or {}).get(register.department, register.department)
        if register.id in excel and table.frame.height <= EXCEL_ROWS:
            path = folder / f"{register.title.zh}.xlsx"
            _write_excel(path, register, texts, department, notes_first=place % 2 == 1, report=report)
        else:
            path = folder / f"{register.title.zh}.csv"
            _write_csv(path, texts, "gb18030" if place % 2 == 1 else "utf-8-sig", report)
        written.append(OfficeFile(register.id, path, table.frame.height, repeats, faults))
    explanation = "\r\n".join(_explanation(written, registers, about))
    write_atomically(folder / "说明.txt", explanation.encode("utf-8-sig"))
    return written


def _declared(table: SampleTable, registers: Mapping[str, Register]) -> Register:
    register = registers.get(table.register)
    if register is None:
        raise DefinitionError(f"样例里有没有声明的名册 {table.register}；请在 registers.py 中声明它，或从样例中去掉")
    lacking = [fact.id for fact in register.facts if fact.id not in table.frame.columns]
    if lacking:
        raise DefinitionError(f"样例的名册 {register.id} 缺少列 {'、'.join(lacking)}；请在 sample.py 中补上")
    return register


def _stream(seed: int, register: str) -> list[int]:
    return [seed, zlib.crc32(register.encode())]


def _reporter(progress: Progress | None, title: str, total: int) -> Callable[[int], None]:
    return (lambda done: progress(title, done, total)) if progress else (lambda done: None)


# --- rows -------------------------------------------------------------------------------------------------------------


def _office_rows(
    register: Register, frame: pl.DataFrame, rng: np.random.Generator
) -> tuple[pl.DataFrame, tuple[Fault, ...], int]:
    """Text cells under office headers, bad rows spoiled, repeats inserted after their first occurrence."""
    height = frame.height
    columns = [fact.id for fact in register.facts]
    dice = {f"{id_}_die": rng.integers(0, 256, height, dtype=np.uint8) for id_ in columns}
    texts = frame.select(columns).hstack(pl.DataFrame(dice, schema=dict.fromkeys(dice, pl.UInt8)))
    texts = texts.select(
        cells(fact, pl.col(fact.id), pl.col(f"{fact.id}_die")).alias(fact.id) for fact in register.facts
    )
    few = min(100, max(5, height // 2000)) if height >= 20 else 0
    chosen = np.sort(rng.choice(height, size=2 * few, replace=False))
    spoiled, repeated = np.sort(chosen[::2]), chosen[1::2]
    texts, faults = _spoil(register, frame, texts, spoiled)
    order = np.sort(np.concatenate([np.arange(height), repeated]), kind="stable")
    titles = {fact.id: header(fact) for fact in register.facts}
    return texts[order].rename(titles), faults, few


def _spoil(
    register: Register, frame: pl.DataFrame, texts: pl.DataFrame, rows: Sequence[int] | np.ndarray
) -> tuple[pl.DataFrame, tuple[Fault, ...]]:
    """One cell of each of ``rows`` becomes something that intake must refuse; the kinds of fault take turns."""
    kinds = list(_kinds_of_fault(register))
    faults: list[Fault] = []
    changes: dict[str, dict[int, str]] = {}
    for turn, row in enumerate(int(row) for row in rows):
        fact, wrong, reason = kinds[turn % len(kinds)]
        key = tuple(str(frame[row, name]) for name in register.key)
        written = _wrong_check_sign(key[0]) if wrong is None else wrong
        changes.setdefault(fact.id, {})[row] = written
        faults.append(Fault(key, header(fact), written, reason))
    for id_, cells_ in changes.items():
        texts = texts.with_columns(texts[id_].scatter(list(cells_), list(cells_.values())))
    return texts, tuple(faults)


def _kinds_of_fault(register: Register) -> Iterator[tuple[FactDefinition, str | None, str]]:
    free = [fact for fact in register.facts if fact.id not in register.key]
    if register.subject_key == "credit_code":
        yield register.fact(register.subject_key), None, "统一社会信用代码校验位不符"
    for fact in free:
        if fact.type in NUMBERS:
            yield fact, "约五十", "数字列里写了文字"
            break
    for fact in free:
        if fact.type is FactType.INTEGER and fact.bounds[0] >= 0:
            yield fact, "-5", "个数为负"
            break
    for fact in free:
        if fact.type is FactType.DATE:
            yield fact, "2023-02-30", "没有这一天"
            break
    for fact in free:
        if fact.type is FactType.BOOLEAN:
            yield fact, "大概是", "是/否列里写了别的文字"
            break


def _wrong_check_sign(code: str) -> str:
    place = _CREDIT_CODE_SIGNS.index(code[-1]) if code[-1] in _CREDIT_CODE_SIGNS else 0
    return code[:-1] + _CREDIT_CODE_SIGNS[(place + 1) % len(_CREDIT_CODE_SIGNS)]


# --- files ------------------------------------------------------------------------------------------------------------


def _write_csv(path: Path, texts: pl.DataFrame, encoding: str, report: Callable[[int], None]) -> None:
    def write(temporary: Path) -> None:
        with temporary.open("w", encoding=encoding, newline="") as file:
            file.write(texts.clear().write_csv(line_terminator="\r\n"))
            done = 0
            for part in texts.iter_slices(_SLICE):
                file.write(part.write_csv(include_header=False, line_terminator="\r\n"))
                done += part.height
                report(done)

    replace_with(path, write)


def _write_excel(
    path: Path,
    register: Register,
    texts: pl.DataFrame,
    department: str,
    *,
    notes_first: bool,
    report: Callable[[int], None],
) -> None:
    def write(temporary: Path) -> None:
        book = xlsxwriter.Workbook(str(temporary), {"constant_memory": True})
        book.set_properties({"title": register.title.zh, "created": _CREATED, "comments": "合成数据，仅供演示"})
        bold = book.add_format({"bold": True})
        if notes_first:
            book.add_worksheet("说明").write_string(0, 0, f"本表由{department}系统导出，数据为合成，仅供演示")
        sheet = book.add_worksheet(register.title.zh[:31])
        sheet.set_column(0, texts.width - 1, 18)
        sheet.merge_range(0, 0, 0, texts.width - 1, f"{register.title.zh}（合成数据）", bold)
        sheet.write_string(1, 0, f"填报单位：{department}")
        for column, title in enumerate(texts.columns):
            sheet.write_string(2, column, title, bold)
        row = 3
        for part in texts.iter_slices(_SLICE):
            for values in part.iter_rows():
                for column, value in enumerate(values):
                    if value:
                        sheet.write_string(row, column, value)
                row += 1
            report(row - 3)
        sheet.write_string(row, 0, "合计")
        sheet.write_string(row, 1, f"{texts.height} 行")
        book.close()

    replace_with(path, write)


def _explanation(files: Sequence[OfficeFile], registers: Mapping[str, Register], about: str) -> Iterator[str]:
    yield "本文件夹中的全部名册都是合成的（由程序按固定种子随机生成），不含任何真实企业、个人或部门的数据。"
    yield ""
    if about:
        yield from about.splitlines()
        yield ""
    yield "文件（装入时先装主体名册）："
    for file in files:
        repeats = f"，另有 {file.repeats} 行与上一行完全相同（重复导出）" if file.repeats else ""
        yield f"  {file.path.name}：名册 {file.register}，{file.rows} 行{repeats}"
    yield ""
    yield "故意写错的行（装入时应被拒收，其余行照常接收）："
    for file in files:
        for fault in file.faults:
            key = " / ".join(fault.key)
            yield f"  {registers[file.register].title.zh}｜{key}｜{fault.column}｜写成“{fault.written}”｜{fault.reason}"
    yield ""
