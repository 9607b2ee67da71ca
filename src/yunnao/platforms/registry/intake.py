"""One delivered file -> typed rows of a register, and a sentence about everything that was not taken."""

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import FileRefused
from yunnao.kernel.register import Register
from yunnao.platforms.registry.duplicates import without_duplicates
from yunnao.platforms.registry.formats import open_sheets
from yunnao.platforms.registry.header import SEARCHED_ROWS, Header, find_header
from yunnao.platforms.registry.reading import ReadSheet, read_sheet
from yunnao.platforms.registry.reports import Problem
from yunnao.platforms.registry.sheets import Sheet
from yunnao.storage.tables import conform


@dataclass(frozen=True)
class Intake:
    """What a file brings.

    Attributes:
        table: accepted rows with every column of the register, sorted by its key.
        rows, refused, repeats: counts of data rows.
        sheets: worksheets read (none for CSV and Parquet).
        notes: sentences.
        problems: ordered by sheet, row and column.
        originals: refused rows as they were delivered: `sheet`, `row`, then c0, c1, ...
        headers: of the delivered columns c0, c1, ..., as written.
    """

    table: pl.DataFrame
    rows: int
    refused: int
    repeats: int
    sheets: list[str]
    notes: list[str]
    problems: list[Problem]
    originals: pl.DataFrame
    headers: list[str]


def take_in(path: Path, name: str, register: Register) -> Intake:
    """Read a delivered file for ``register``.

    Args:
        path: where its bytes are.
        name: what to call it in messages.

    Raises:
        FileRefused: the file as a whole cannot be taken.
    """
    sheets = open_sheets(path, name, register)
    chosen, notes = _choose(sheets, register, name)
    read = [read_sheet(sheet, header, register, name) for sheet, header in chosen]
    several = len(read) > 1
    for part in read:
        notes += [f"「{part.sheet}」{note}" if several else note for note in part.notes]
    good = pl.concat([part.good.with_columns(_sheet=pl.lit(place, pl.Int32)) for place, part in enumerate(read)])
    unique = without_duplicates(good, register, [part.sheet for part in read], name)
    notes += unique.notes
    rows = sum(part.rows for part in read)
    refused = rows - unique.table.height - unique.repeats
    problems = [problem for part in read for problem in part.problems] + unique.problems
    order = {part.sheet: place for place, part in enumerate(read)}
    problems.sort(key=lambda problem: (order[problem.sheet], problem.row))
    if unique.table.is_empty():
        raise FileRefused(_nothing_left(name, rows, problems))
    table = conform(unique.table.lazy(), register.facts).sort(register.key, maintain_order=True).collect()
    return Intake(
        table=table,
        rows=rows,
        refused=refused,
        repeats=unique.repeats,
        sheets=[part.sheet for part in read if part.sheet],
        notes=notes,
        problems=problems,
        originals=_originals(read, problems),
        headers=_headers(read[0], chosen[0][0], chosen[0][1]),
    )


def _choose(sheets: list[Sheet], register: Register, name: str) -> tuple[list[tuple[Sheet, Header]], list[str]]:
    """The sheets whose header names every required fact; hidden ones only where no visible one does.

    Raises:
        FileRefused: there is none, or beside it a visible sheet of this register that cannot be read.
    """
    if not any(_has_text(sheet.rows) for sheet in sheets):
        raise FileRefused(f"{name}：是空表，没有任何数据；请检查是否导错了文件")
    headers = [(sheet, find_header(sheet.head(), register)) for sheet in sheets]
    complete = [(sheet, header) for sheet, header in headers if header.complete]
    visible = [(sheet, header) for sheet, header in complete if not sheet.hidden]
    chosen = visible or complete
    if not chosen:
        sheet, header = max(headers, key=lambda pair: len(pair[1].columns))
        raise FileRefused(_header_sentence(sheet, header, register, name))
    for sheet, header in headers:
        if not sheet.hidden and not header.complete and _is_ours(header, register) and _has_data(sheet, header):
            raise FileRefused(_header_sentence(sheet, header, register, name))
    skipped = [sheet.name for sheet in sheets if all(sheet is not taken for taken, _ in chosen)]
    return chosen, [f"没有读的工作表（表头不是这个名册的，或已隐藏）：{'、'.join(skipped)}"] if skipped else []


def _is_ours(header: Header, register: Register) -> bool:
    """Whether the header names the subject and most of what has to be there: a sheet of this register with a flaw."""
    required = len(register.facts) - len(register.optional)
    keyed = any(column.fact.id == register.subject_key for column in header.columns)
    return keyed and (required - len(header.missing)) * 2 > required


def _has_data(sheet: Sheet, header: Header) -> bool:
    return _has_text(sheet.rows.slice(header.last_row + 1))


def _has_text(rows: pl.DataFrame) -> bool:
    if rows.is_empty():
        return False
    return bool(rows.select(pl.any_horizontal((pl.all().str.strip_chars() != "").any())).item())


def _header_sentence(sheet: Sheet, header: Header, register: Register, name: str) -> str:
    where = f"{name} 的工作表「{sheet.name}」" if sheet.name else name
    seen = "、".join(text[:30] for text in header.seen[:30]) or "（空）"
    if header.looks_mojibake:
        return (
            f"{where}：表头是乱码（{seen[:80]}），多半是 GB18030 的文件被当成 UTF-8 存过；"
            "请从原系统重新导出，或用表格软件打开原文件后另存为 .xlsx"
        )
    if not header.columns:
        return (
            f"{where}：前 {SEARCHED_ROWS} 行里找不到名册「{register.title.zh}」的表头；"
            f"看到的第一行是：{seen}。请检查是否导错了名册或文件"
        )
    reasons = list(header.twice) + list(header.strange_units)
    if header.missing:
        reasons.insert(0, f"缺少 {len(header.missing)} 列：{'、'.join(fact.title.zh for fact in header.missing)}")
    return f"{where}：{'；'.join(reasons)}。第 {header.last_row + 1} 行的表头是：{seen}。请补齐或改正表头后重试"


def _nothing_left(name: str, rows: int, problems: list[Problem]) -> str:
    if not rows:
        return f"{name}：只有表头，没有数据行；请检查是否导出完整"
    shown = "；".join(f"第 {p.row} 行「{p.column}」{p.value[:30]!r}：{p.reason}" for p in problems[:3])
    return f"{name}：{rows} 行都有问题，没有一行可用。例如：{shown}。请改正后重试"


def _originals(read: list[ReadSheet], problems: list[Problem]) -> pl.DataFrame:
    parts = []
    for part in read:
        wanted = sorted({problem.row for problem in problems if problem.sheet == part.sheet})
        parts.append(part.originals.filter(pl.col("row").is_in(wanted)).with_columns(sheet=pl.lit(part.sheet)))
    return pl.concat(parts, how="diagonal")


def _headers(read: ReadSheet, sheet: Sheet, header: Header) -> list[str]:
    rows = sheet.rows.slice(header.first_row, header.last_row - header.first_row + 1)
    return [" ".join("".join(cell.split()) for cell in column if cell.strip()) for column in rows.iter_columns()]
