"""The file of refused rows that goes back to the office: text only, so that no cell can become a formula."""

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.registry.intake import Intake
from yunnao.storage.files import disk_errors, write_atomically

TITLES = ("文件", "工作表", "行", "列", "值", "原因")
SUFFIXES = (".xlsx", ".csv")
_SHEET_ROWS = 1_000_000
_LONGEST_CELL = 32_000
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r")


def write_rejects(path: Path, intakes: Sequence[Intake]) -> None:
    """One line for each problem, with the row's original cells behind it.

    Raises:
        YunnaoError: the file cannot be written.
    """
    with disk_errors(path):
        content = _delimited(intakes) if path.suffix.lower() == ".csv" else _workbook(path, intakes)
    write_atomically(path, content)


def check_path(path: Path, files: Sequence[Path] = ()) -> None:
    """Refuse a path that cannot become a rejects file, before any work is done.

    Args:
        path: of the rejects file.
        files: what is being delivered; none of it may be written over.

    Raises:
        YunnaoError: wrong ending, a folder, in a folder that does not exist, or a delivered file itself.
    """
    if path.resolve() in {file.resolve() for file in files}:
        raise YunnaoError(f"{path}：退回文件会盖掉要导入的文件本身；请换一个路径")
    if path.suffix.lower() not in SUFFIXES:
        raise YunnaoError(f"{path}：退回文件要以 .xlsx 或 .csv 结尾；请改名后重试")
    if path.is_dir() or not path.parent.is_dir():
        raise YunnaoError(f"{path}：不能作为退回文件（所在文件夹不存在，或它本身是文件夹）；请换一个路径")


def _lines(intakes: Sequence[Intake]) -> Iterator[list[str]]:
    widest = max(intakes, key=lambda intake: len(intake.headers))
    yield [*TITLES, *widest.headers]
    for intake in intakes:
        columns = [name for name in intake.originals.columns if name.startswith("c")]
        cells = {
            (sheet, row): [cell or "" for cell in rest]
            for sheet, row, *rest in intake.originals.select("sheet", "row", *columns).iter_rows()
        }
        for p in intake.problems:
            yield [p.file, p.sheet, str(p.row), p.column, p.value, p.reason, *cells.get((p.sheet, p.row), [])]


def _delimited(intakes: Sequence[Intake]) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    for line in _lines(intakes):
        writer.writerow([_defused(cell) for cell in line])
    return buffer.getvalue().encode("utf-8-sig", errors="replace")


def _defused(cell: str) -> str:
    return f"'{cell}" if cell.startswith(_DANGEROUS) else cell


def _workbook(path: Path, intakes: Sequence[Intake]) -> bytes:
    import xlsxwriter  # only where there is something to refuse
    from xlsxwriter.exceptions import XlsxWriterException

    content = io.BytesIO()
    book = xlsxwriter.Workbook(content, {"constant_memory": True})
    try:
        _fill(book, intakes)
        book.close()
    except XlsxWriterException as error:
        cause = next((each for each in (*error.args, error.__context__) if isinstance(each, OSError)), None)
        raise cause or YunnaoError(f"写不了退回文件 {path}（{error}）；请换一个路径") from error
    return content.getvalue()


def _fill(book: Any, intakes: Sequence[Intake]) -> None:
    sheet = book.add_worksheet("退回")
    place = 0
    for line in _lines(intakes):
        if place == _SHEET_ROWS:
            sheet, place = book.add_worksheet(), 0
        for column, cell in enumerate(line):
            sheet.write_string(place, column, cell[:_LONGEST_CELL])
        place += 1
