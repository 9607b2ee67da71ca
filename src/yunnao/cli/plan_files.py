"""What the commands of `yunnao plan` share: reading reports and rows, and writing tables."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from yunnao.kernel.errors import FileRefused

if TYPE_CHECKING:
    from yunnao.scenarios.plan.document import Document
    from yunnao.scenarios.plan.quantities import Quantity
    from yunnao.scenarios.plan.sheets import Table

path_type = click.Path(path_type=Path)
output_option = click.option("-o", "--output", type=path_type, help="写到 .xlsx、.csv 或 .jsonl  where the table goes")
json_option = click.option("--json", "as_json", is_flag=True, help="结果用 JSON 输出 print the result as JSON")
SHOWN = 30
_ROWS = (".jsonl", ".xlsx")


def is_rows(path: Path) -> bool:
    """Whether a file is one of rows by its name, and not a report."""
    return path.suffix.lower() in _ROWS


def quantities(path: Path) -> "Sequence[Quantity]":
    """The rows of a rows file; a report is read on the fly.

    Raises:
        FileRefused: it cannot be read as either.
    """
    from yunnao.scenarios.plan.quantity_files import read_rows
    from yunnao.scenarios.plan.reading.reader import read

    return read_rows(readable(path)) if is_rows(path) else read(report(path)).rows


def targets_of(path: Path) -> "Sequence[Quantity]":
    """The rows of a report, or of a rows file, that promises something.

    Raises:
        FileRefused: it is an officer's sheet of results, it holds no target, or it cannot be read.
    """
    if is_sheet(path):
        raise FileRefused(
            f"{path.name}：是完成情况的表，不是目标；第一个文件请给出计划报告，或 yunnao plan read 写的表（.xlsx、.jsonl），"
            "完成情况的表放在第二个"
        )
    rows = quantities(path)
    if not any(row.status == "target" for row in rows):
        raise FileRefused(
            f"{path.name}：{len(rows):,} 行里没有一行是目标（性质为 target）；请确认是写有计划目标的报告，"
            "或用 yunnao plan read 读出来核对性质"
        )
    return rows


def report(path: Path) -> "Document":
    """A report's text.

    Raises:
        FileRefused: it cannot be read.
    """
    from yunnao.scenarios.plan.report_files import from_report_file

    return from_report_file(readable(path))


def readable(path: Path) -> Path:
    """``path``, if it is a file that can be read.

    Raises:
        FileRefused: it is missing, empty, or no file.
    """
    from yunnao.platforms.registry.formats import check_readable

    check_readable(path)
    return path


def write(output: Path, table: "Table") -> None:
    """Write a table in the format of the file's ending.

    Raises:
        YunnaoError: the ending is not known, or the disk refuses.
    """
    from yunnao.scenarios.plan.sheets import table_file
    from yunnao.storage.files import write_atomically

    write_atomically(output, table_file(table, output.name))
    click.echo(f"✓ {output}：{len(table.rows):,} 行")


def sha256(path: Path) -> str:
    """Of a file's bytes.

    Raises:
        FileRefused: it cannot be read.
    """
    from yunnao.storage.files import sha256_of

    try:
        return sha256_of(path)
    except OSError as error:
        raise FileRefused(f"{path}：读不了（{error.strerror or error}）；请检查权限和磁盘") from None


def is_sheet(path: Path) -> bool:
    """Whether a file is an officer's sheet of results: a CSV, or a workbook whose heads are not those of rows."""
    from yunnao.scenarios.plan.quantity_files import TITLES
    from yunnao.scenarios.plan.tracking.actual_files import SHEET

    of_rows = ("start", "end", "quote")

    if path.suffix.lower() in (".csv", ".xls"):
        return True
    if not is_rows(path) or path.suffix.lower() == ".jsonl":
        return False
    from yunnao.platforms.registry.formats import open_sheets

    sheets = open_sheets(readable(path), path.name, SHEET)
    heads = {cell.strip() for row in (sheets[0].head()[:1] if sheets else []) for cell in row}
    return not (heads.issuperset(of_rows) or heads.issuperset(TITLES[name] for name in of_rows))
