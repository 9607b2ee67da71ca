"""Payment batches (拨付批次), the pure part: what may be paid, what fits a budget, and the file for the bank."""

import csv
import hashlib
import io
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

import polars as pl

from yunnao.audit.heads import Head, Noted, parsed
from yunnao.kernel.numbers import yuan_text


@dataclass(frozen=True, kw_only=True)
class Batch:
    """A payment batch.

    Attributes:
        year: of the budget it is paid from.
        status: prepared, sent or cancelled.
        total: in fen.
        noted: the head of the audit log just before the batch was recorded; written into its files.
        file_sha256: of the CSV file, which can be made again from the record at any time.
        left_out: the cases that were ready and did not come in, when prepared: case_id, subject, amount (fen), why.
    """

    batch_id: str
    policy: str
    year: int
    status: str
    prepared_by: str
    cases: int
    total: int
    file_sha256: str
    noted: Head
    left_out: pl.DataFrame | None = None


_COLUMNS = ("批次号", "序号", "办件号", "收款主体", "企业名称", "政策", "金额（元）")
_NOTED = "审计日志末条"
CANCELLED = "-已作废"
"""Ends the name, before the suffix, of the files of a cancelled batch."""

_FORMULA = r"^[=+\-@\t\r]"


def selection(ready: pl.DataFrame, remaining: int) -> pl.DataFrame:
    """Which of the cases that are ready can be paid out of ``remaining`` fen, the oldest first.

    Args:
        ready: case_id, subject, amount, entitled, wanted_amount, since (Date); in any order.

    Returns:
        The same rows, the oldest first, with `why` (null: it goes into the batch). A case that does not fit is left out
        and the next one is tried, so that one large amount does not hold up all the others.
    """
    ordered = ready.sort("since", "case_id").with_columns(
        why=pl.when(pl.col("amount").is_null())
        .then(pl.lit("金额未知"))
        .when(pl.col("amount") <= 0)
        .then(pl.lit("金额为零"))
        .when(~pl.col("entitled"))
        .then(pl.lit("按最新数据已不再符合条件"))
        .when(pl.col("wanted_amount").ne_missing(pl.col("amount")))
        .then(pl.lit("按最新数据金额已变化"))
        .when(pl.col("subject").str.contains(_FORMULA))
        .then(pl.lit("收款主体像电子表格的公式，请核对名册"))
    )
    payable = ordered.filter(pl.col("why").is_null())
    fits = pl.Series("fits", list(_fitting(payable["amount"], remaining)), dtype=pl.Boolean)
    tight = payable.filter(~fits).select("case_id", beyond=pl.lit("超出预算余额"))
    joined = ordered.join(tight, on="case_id", how="left", maintain_order="left")
    return joined.with_columns(why=pl.coalesce("why", "beyond")).drop("beyond")


def _fitting(amounts: Iterable[int], remaining: int) -> Iterable[bool]:
    for amount in amounts:
        fits = amount <= remaining
        remaining -= amount if fits else 0
        yield fits


def batch_csv(batch_id: str, policy: str, lines: pl.DataFrame, noted: Head) -> bytes:
    """The batch as CSV (UTF-8 with a mark, so that offices' programs read it); the same lines give the same bytes.

    Args:
        lines: case_id, subject, name, amount (fen), in the order of the file.
        noted: head of the audit log, written beside the total.
    """
    buffer = io.BytesIO()
    foot = [None] * lines.height + [str(noted)]
    table = _table(batch_id, policy, lines).with_columns(pl.Series(_NOTED, foot, dtype=pl.String))
    table.write_csv(buffer, include_bom=True, line_terminator="\r\n")
    return buffer.getvalue()


def noted_in(content: bytes, where: str) -> Noted | None:
    """The head of the audit log that a batch's CSV carries; none if it carries none.

    Raises:
        YunnaoError: it carries something else in its place; ``where`` names the file.
    """
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig", errors="replace")))
    noted = [row[_NOTED] for row in rows if row.get(_NOTED)]
    return parsed(noted[-1], where) if noted else None


def batch_xlsx(batch: Batch, lines: pl.DataFrame) -> bytes:
    """The batch as an Excel workbook for reading; its foot names the SHA-256 of the CSV, which is what counts."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True, "strings_to_formulas": False}) as workbook:
        sheet = workbook.add_worksheet("拨付清单")
        money = workbook.add_format({"num_format": "#,##0.00"})
        sheet.set_column(0, len(_COLUMNS) - 1, 24)
        sheet.freeze_panes(1, 0)
        for row, values in enumerate([_COLUMNS, *_table(batch.batch_id, batch.policy, lines).iter_rows()]):
            for column, value in enumerate(values[:-1]):
                sheet.write_string(row, column, value or "")
            if row:
                sheet.write_number(row, len(values) - 1, Decimal(values[-1]), money)
            else:
                sheet.write_string(row, len(values) - 1, values[-1])
        sheet.write_string(lines.height + 3, 0, f"以 {batch.batch_id}.csv 为准，其 SHA-256：{batch.file_sha256}")
        sheet.write_string(lines.height + 4, 0, f"{_NOTED}：{batch.noted}")
    return buffer.getvalue()


def harmless(name: pl.Expr) -> pl.Expr:
    """Names that no spreadsheet program runs: they come from delivered files."""
    return pl.when(name.str.contains(_FORMULA)).then(pl.format("'{}", name)).otherwise(name)


def sha256(content: bytes) -> str:
    """Hexadecimal SHA-256 of a file."""
    return hashlib.sha256(content).hexdigest()


def _table(batch_id: str, policy: str, lines: pl.DataFrame) -> pl.DataFrame:
    fen = pl.col("amount")
    yuan = pl.format("{}.{}", fen // 100, (fen % 100).cast(pl.String).str.zfill(2))
    numbers = pl.int_range(1, lines.height + 1).cast(pl.String)
    named = lines.select(
        pl.lit(batch_id).alias(_COLUMNS[0]),
        numbers.alias(_COLUMNS[1]),
        pl.col("case_id").alias(_COLUMNS[2]),
        pl.col("subject").alias(_COLUMNS[3]),
        pl.col("name").alias(_COLUMNS[4]),
        pl.lit(policy).alias(_COLUMNS[5]),
        yuan.alias(_COLUMNS[6]),
    )
    total = (batch_id, "合计", f"{lines.height} 件", None, None, policy, yuan_text(int(lines["amount"].sum())))
    return pl.concat([named, pl.DataFrame([total], schema=dict.fromkeys(_COLUMNS, pl.String), orient="row")])
