"""One sheet under its header -> the rows that can be taken, and a problem for every cell that cannot."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.errors import FileRefused
from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.platforms.registry.columns import ReadColumn, read_column
from yunnao.platforms.registry.header import Column, Header
from yunnao.platforms.registry.reports import Problem
from yunnao.platforms.registry.rows import DataRows, data_rows
from yunnao.platforms.registry.sheets import Sheet, cell_name

_LEAST_UNREADABLE = 3
_SAMPLES = 3
_MARKED = {
    "formula": "第 {cell} 格是公式：请复制后「选择性粘贴为数值」再导出",
    "error": "第 {cell} 格是错误值（如 #REF!）：请改正后再导出",
    "merged": "第 {cell} 格是合并单元格：请取消合并，逐格填写",
}
_IN_PERCENT = {"percent": "第 {cell} 格按百分比显示，存的数小 100 倍：请改成常规格式，5.5% 写 5.5，再导出"}
"""Of columns whose unit the file does not know: a number of a form of its own."""
_ROUNDED = {FactType.MONEY: "四舍五入到分", FactType.SHARE: "四舍五入到十二位小数"}


@dataclass(frozen=True)
class ReadSheet:
    """A sheet read.

    Attributes:
        sheet: its name.
        rows: how many data rows there are.
        good: accepted rows: the facts found, and `_row`, their number.
        problems: of the refused rows.
        notes: sentences.
        originals: data rows as delivered, with their number in `row`.
    """

    sheet: str
    rows: int
    good: pl.DataFrame
    problems: list[Problem]
    notes: list[str]
    originals: pl.DataFrame


def read_sheet(sheet: Sheet, header: Header, register: Register, name: str) -> ReadSheet:
    """Read a sheet whose header is complete.

    Raises:
        FileRefused: a column is unreadable in more than half of its cells.
    """
    key = next(column for column in header.columns if column.fact.id == register.subject_key)
    data = data_rows(sheet.rows, header, key)
    notes = [*header.notes, *data.notes]
    if header.ignored:
        notes.append(f"没有用到的列：{'、'.join(header.ignored[:30])}")
    values: list[pl.Series] = []
    faults = [_too_many_cells(sheet, header, data)]
    for order, column in enumerate(header.columns):
        marked = sheet.marks.filter(pl.col("column") == column.index)
        texts = data.rows[f"c{column.index}"]
        read = _read(sheet, data, column, texts, marked)
        reasons = _with_marks(read, data, column, marked)
        if column.fact.id in register.key:
            reasons = _required(reasons, read, column.fact)
        _refuse_unreadable(reasons, read, texts, column, header, data, name, sheet.name)
        values.append(read.values)
        faults.append(_faults(data, texts, reasons, column.header, order))
        if read.rounded and column.fact.type in _ROUNDED:
            notes.append(f"「{column.header}」有 {read.rounded} 个数位数太多，已{_ROUNDED[column.fact.type]}")
    fault = pl.concat(faults).sort("row", "order")
    table = pl.DataFrame(values).with_columns(data.rows["row"].alias("_row"))
    good = table.filter(~pl.col("_row").is_in(fault["row"].unique().to_list()))
    missing = [fact for fact in register.facts if fact.id not in good.columns]
    if missing:
        notes.append(f"没有这些列，按未知处理：{'、'.join(fact.title.zh for fact in missing)}")
    problems = [
        Problem(name, sheet.name, row, column, value, reason) for row, _, column, value, reason in fault.iter_rows()
    ]
    return ReadSheet(sheet.name, data.rows.height, good, problems, notes, data.rows)


def _read(sheet: Sheet, data: DataRows, column: Column, texts: pl.Series, marked: pl.DataFrame) -> ReadColumn:
    numbers = sheet.numeric.get(column.index)
    numeric = numbers.gather(data.positions) if numbers is not None else None
    percent = None
    if numeric is not None and column.in_percent:
        percent = numeric & data.rows["row"].is_in(marked.filter(pl.col("mark") == "percent")["row"].to_list())
    if not sheet.serial_dates:
        numeric = None if column.fact.type is FactType.DATE else numeric
    return read_column(texts, column, numeric=numeric, percent=percent)


def _with_marks(read: ReadColumn, data: DataRows, column: Column, marked: pl.DataFrame) -> pl.Series:
    """Reasons of the column's cells, formulas, error values and merged cells included."""
    sentence = _MARKED | (_IN_PERCENT if column.fact.form is not None else {})
    told = marked.filter(pl.col("mark").is_in(list(sentence))).unique("row", keep="first", maintain_order=True)
    if told.is_empty():
        return read.reasons
    sentences = [sentence[mark].format(cell=cell_name(row, place)) for row, place, mark in told.iter_rows()]
    reason = told.select("row").with_columns(pl.Series("told", sentences, dtype=pl.String))
    joined = data.rows.select("row").join(reason, on="row", how="left", maintain_order="left")["told"]
    return pl.select(pl.coalesce(joined, read.reasons)).to_series()


def _required(reasons: pl.Series, read: ReadColumn, fact: FactDefinition) -> pl.Series:
    absent = read.values.is_null() & reasons.is_null()
    sentence = pl.lit(f"「{fact.title.zh}」是这一行的名字，不能为空")
    return pl.select(pl.when(absent).then(sentence).otherwise(reasons)).to_series()


def _faults(data: DataRows, texts: pl.Series, reasons: pl.Series, header: str, order: int) -> pl.DataFrame:
    bad = reasons.is_not_null()
    return pl.DataFrame(
        {"row": data.rows["row"].filter(bad), "value": texts.filter(bad), "reason": reasons.filter(bad)},
        schema={"row": pl.Int64, "value": pl.String, "reason": pl.String},
    ).select(
        "row",
        pl.lit(order, pl.Int32).alias("order"),
        pl.lit(header).alias("column"),
        pl.col("value").str.slice(0, 200),
        "reason",
    )


def _too_many_cells(sheet: Sheet, header: Header, data: DataRows) -> pl.DataFrame:
    """Rows of a CSV with something beyond the last column of the header: an unquoted comma has moved their cells."""
    width = max(
        (i + 1 for row in sheet.head()[header.first_row : header.last_row + 1] for i, c in enumerate(row) if c.strip()),
        default=0,
    )
    beyond = [f"c{index}" for index in range(width, sheet.rows.width)] if sheet.delimited else []
    if not beyond:
        return _faults(
            data, data.rows["row"].cast(pl.String), pl.Series([None] * data.rows.height, dtype=pl.String), "", -1
        )
    extra = pl.select(
        pl.when(data.rows.select(pl.any_horizontal(pl.col(beyond).str.strip_chars() != "")).to_series()).then(
            pl.lit("这一行的格数比表头多：多半是千分位逗号或文字里的逗号没有加引号")
        )
    ).to_series()
    texts = data.rows.select(pl.concat_str(pl.col(beyond), separator=" ").str.strip_chars()).to_series()
    return _faults(data, texts, extra, "（整行）", -1)


def _refuse_unreadable(
    reasons: pl.Series,
    read: ReadColumn,
    texts: pl.Series,
    column: Column,
    header: Header,
    data: DataRows,
    name: str,
    sheet: str,
) -> None:
    unreadable = reasons.is_not_null() & ~read.unknown
    written = int((~read.unknown).sum())
    count = int(unreadable.sum())
    if count < _LEAST_UNREADABLE or count * 2 <= written:
        return
    strange = unreadable & (reasons == read.reasons).fill_null(False)
    misplaced = int(strange.sum()) * 2 > count  # else most cells are formulas, errors or merged, whatever they show
    shown = strange if misplaced else unreadable & ~strange
    bad = texts.filter(shown)
    samples = "、".join(f"「{text[:30]}」" for text in bad.unique(maintain_order=True).head(_SAMPLES).to_list())
    where = f"{name} 的工作表「{sheet}」" if sheet else name
    guess = _fits_better(bad, column, header.columns, data) if misplaced else ""
    hint = f"；这些值像是「{guess}」，两列可能对调了" if guess else ""
    advice = "请检查表头与数据是否对应后重试" if misplaced else "请照此改正整列后重试"
    raise FileRefused(
        f"{where}：「{column.header}」一列 {written} 个值里有 {count} 个读不了，例如 {samples}"
        f"（{reasons.filter(shown)[0]}）{hint}。{advice}"
    )


def _fits_better(bad: pl.Series, column: Column, columns: Sequence[Column], data: DataRows) -> str:
    """The header of the column that the bad values may have been swapped with, or ""."""
    sample = bad.head(200)
    best, best_score = "", 0.5
    for other in columns:
        if other.index == column.index:
            continue
        theirs = data.rows[f"c{other.index}"].head(200)
        exchanged = _readable_share(theirs, column)
        fit = _readable_share(sample, other) + exchanged - _readable_share(theirs, other) / 4
        narrow = other.fact.type is not FactType.TEXT and not (
            other.fact.type is FactType.CODE and other.fact.values is None
        )
        if not narrow and exchanged <= 0.5:
            continue  # a free text takes anything, so that only what stands there can tell
        score = fit + narrow / 8
        if _readable_share(sample, other) > 0.5 and score > best_score:
            best, best_score = other.header, score
    return best


def _readable_share(texts: pl.Series, column: Column) -> float:
    read = read_column(texts, column)
    written = int((~read.unknown).sum())
    return int((read.reasons.is_null() & ~read.unknown).sum()) / written if written else 0.0
