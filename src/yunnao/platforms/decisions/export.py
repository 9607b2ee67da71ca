"""Decisions as files that other tools read: JSON lines, CSV, Excel, Parquet; policy by policy, so memory stays bounded."""

from collections.abc import Callable, Iterator
from pathlib import Path

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.decisions.compiled import STATES
from yunnao.platforms.decisions.runs import Manifest, Runs
from yunnao.storage.files import replace_with

COLUMNS = ("policy", "subject", "outcome", "amount", "conditions", "missing", "policy_version", "snapshot", "as_of")
_EXCEL_ROWS = 1_000_000
Progress = Callable[[str, float], None]


def decision_rows(runs: Runs, manifest: Manifest, policy: str, outcome: str | None = None) -> pl.DataFrame:
    """One policy's decisions with the columns of `COLUMNS`, sorted by subject.

    `amount` is decimal text in yuan, empty if none; `conditions` a struct (condition id -> met, not_met, unknown); `missing` a list.
    """
    part = manifest.policies[policy]
    frame = runs.long(manifest, policy)
    frame = frame.filter(pl.col("outcome") == outcome) if outcome else frame
    states = [
        (pl.col("states") // (1 << (2 * k)) % 4)
        .replace_strict(dict(enumerate(STATES)), return_dtype=pl.String)
        .alias(id_)
        for k, id_ in enumerate(part.conditions)
    ]
    return (
        frame.sort("subject")
        .select(
            "policy",
            "subject",
            "outcome",
            amount_text(pl.col("amount")).alias("amount"),
            pl.struct(states).alias("conditions"),
            missing_list(pl.col("missing"), part.missable).alias("missing"),
            pl.lit(part.version).alias("policy_version"),
            pl.lit(manifest.snapshot).alias("snapshot"),
            pl.lit(manifest.as_of).alias("as_of"),
        )
        .collect()
    )


def amount_text(fen: pl.Expr) -> pl.Expr:
    """Fen (int64, not negative) as decimal text in yuan; empty for null."""
    return (fen // 100).cast(pl.String).add(".").add((fen % 100).cast(pl.String).str.zfill(2)).fill_null("")


def missing_list(bits: pl.Expr, facts: tuple[str, ...]) -> pl.Expr:
    """Bits as the list of the facts they stand for."""
    if not facts:
        return pl.lit([], dtype=pl.List(pl.String))
    named = [pl.when(bits // (1 << k) % 2 == 1).then(pl.lit(fact)) for k, fact in enumerate(facts)]
    return pl.concat_list(named).list.drop_nulls()


def export(
    runs: Runs, manifest: Manifest, path: Path, *, policy: str | None, outcome: str | None, progress: Progress
) -> int:
    """Write decisions to ``path`` (``.jsonl``, ``.csv``, ``.xlsx`` or ``.parquet``); the number of rows written.

    Raises:
        YunnaoError: an unknown policy or kind of file, or more rows than Excel can hold.
    """
    if policy is not None and policy not in manifest.policies:
        raise YunnaoError(
            f"第 {manifest.number} 次运行（{manifest.as_of}）没有政策 {policy} 的决定；有：{'、'.join(manifest.policies)}"
        )
    writers = {".jsonl": _jsonl, ".csv": _csv, ".xlsx": _xlsx, ".parquet": _parquet}
    if path.suffix not in writers:
        raise YunnaoError(f"{path}：不认识的文件类型 {path.suffix or '（无）'}；可用：{'、'.join(writers)}")
    chosen = [policy] if policy else list(manifest.policies)
    counted = 0

    def frames() -> Iterator[pl.DataFrame]:
        nonlocal counted
        for step, id_ in enumerate(chosen):
            progress(f"导出 exporting {id_}", step / len(chosen))
            frame = decision_rows(runs, manifest, id_, outcome)
            counted += len(frame)
            yield frame

    replace_with(path, lambda temporary: writers[path.suffix](frames(), temporary))
    return counted


def _jsonl(frames: Iterator[pl.DataFrame], path: Path) -> None:
    with path.open("wb") as stream:
        for frame in frames:
            frame.write_ndjson(stream)


def _flat(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(pl.col("conditions").struct.json_encode(), pl.col("missing").list.join(" ").fill_null(""))


def _csv(frames: Iterator[pl.DataFrame], path: Path) -> None:
    with path.open("wb") as stream:
        stream.write("﻿".encode())  # Excel reads UTF-8 only with this mark
        header = True
        for frame in frames:
            _flat(frame).write_csv(stream, include_header=header)
            header = False


def _parquet(frames: Iterator[pl.DataFrame], path: Path) -> None:
    folder = path.with_suffix(".parts")
    folder.mkdir(exist_ok=True)
    try:
        parts = []
        for number, frame in enumerate(frames):
            part = folder / f"{number:04d}.parquet"
            frame.with_columns(pl.col("conditions").struct.json_encode()).write_parquet(part)
            parts.append(part)
        pl.scan_parquet(parts).sink_parquet(path)
    finally:
        for part in folder.iterdir():
            part.unlink()
        folder.rmdir()


def _xlsx(frames: Iterator[pl.DataFrame], path: Path) -> None:
    import xlsxwriter

    with xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False}) as book:
        sheet = book.add_worksheet("决定")
        sheet.write_row(0, 0, COLUMNS)
        row = 0
        for frame in frames:
            for values in _flat(frame).iter_rows():
                row += 1
                if row > _EXCEL_ROWS:
                    raise YunnaoError(
                        f"决定超过 {_EXCEL_ROWS:,} 行，Excel 放不下；请用 --policy 或 --outcome 缩小范围，或导出 .parquet"
                    )
                for column, value in enumerate(values):
                    sheet.write_string(row, column, value)
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
