"""Parquet as a delivered table: every column as text, its names as the header row."""

from pathlib import Path

import polars as pl

from yunnao.kernel.errors import FileRefused
from yunnao.platforms.registry.sheets import Sheet

_MOST_CELLS = 200_000_000


def read_columnar(path: Path, name: str) -> Sheet:
    """The table of a Parquet file. Floats are shown with 15 significant digits, as spreadsheets do.

    Raises:
        FileRefused: it is no whole Parquet file, or far too large.
    """
    try:
        scan = pl.scan_parquet(path, glob=False)
        schema = scan.collect_schema()
        if len(schema) * scan.select(pl.len()).collect().item() > _MOST_CELLS:
            raise FileRefused(f"{name}：超过 {_MOST_CELLS:,} 格，太大；请拆分后重试")
        body = scan.select(
            _as_text(column, kind).alias(f"c{i}") for i, (column, kind) in enumerate(schema.items())
        ).collect()
    except (pl.exceptions.PolarsError, OSError, ValueError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise FileRefused(f"{name}：不是完整的 Parquet 文件（{reason}）；请重新导出") from None
    header = pl.DataFrame({f"c{i}": [column] for i, column in enumerate(schema.names())}, schema=body.schema)
    return Sheet(name="", rows=pl.concat([header, body]))


def _as_text(name: str, kind: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    text: pl.Expr
    if isinstance(kind, pl.Boolean):
        text = pl.when(column).then(pl.lit("true")).when(~column).then(pl.lit("false"))
    elif kind.is_float():
        digits = 7 if isinstance(kind, pl.Float32) else 15
        text = column.fill_nan(None).cast(pl.Float64).round_sig_figs(digits).cast(pl.String).str.strip_suffix(".0")
    elif isinstance(kind, pl.Datetime):
        text = column.dt.strftime("%Y-%m-%d %H:%M:%S")
    elif isinstance(kind, pl.Binary) or kind.is_nested() or isinstance(kind, pl.Object):
        text = pl.when(column.is_not_null()).then(pl.lit(f"（{kind} 类型，不能读）"))
    else:
        text = column.cast(pl.String)
    return text.fill_null("")
