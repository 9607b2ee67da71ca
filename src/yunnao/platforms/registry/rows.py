"""Which rows of a sheet are data: not blank ones, totals, footers or a header printed again."""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from yunnao.platforms.registry.cells import UNKNOWN
from yunnao.platforms.registry.columns import clean_column
from yunnao.platforms.registry.header import Column, Header
from yunnao.platforms.registry.units import header_name

_TOTAL = (
    r"^(?:本页|本表|全区|全市|各项|以上)?(?:合计|总计|小计|共计|累计)(?:数|金额)?:?"
    r"(?:[\d,]+(?:户|家|条|笔|人|行|个|件)?)?$"
)
_COUNT = r"^共?[\d,]+(?:户|家|条|笔|人|行|个|件)$"  # "400 户" beside the word total names nobody
_FOOTER = (
    r"^(?:制表|填表|填报|审核|复核|审批|备注|注[:1-9一二三四五]|注$|说明:|单位负责人|负责人|统计负责人|分管|联系人|联系电话|经办"
    r"|打印|导出|数据来源|资料来源|制单|报送|签字|签章|盖章|日期:|第\d+页|共\d+页)"
)
_FOOTER_FILLED_SHARE = 0.5


@dataclass(frozen=True)
class DataRows:
    """The body of a sheet.

    Attributes:
        rows: data rows only, as in `Sheet.rows`, with their number in `row`.
        positions: where they stand in the sheet, from 0.
        notes: what was dropped.
    """

    rows: pl.DataFrame
    positions: pl.Series
    notes: list[str]


def data_rows(rows: pl.DataFrame, header: Header, key: Column) -> DataRows:
    """Drop what is no data from beneath the header.

    Args:
        rows: of the whole sheet.
        header: where the header ends and which columns hold facts.
        key: the column that names the subject.
    """
    body = rows.slice(header.last_row + 1)
    if body.is_empty():
        return DataRows(body.with_columns(row=pl.lit(0, dtype=pl.Int64)), pl.Series("row", [], dtype=pl.Int64), [])
    numbers = pl.Series("row", range(header.last_row + 2, rows.height + 1), dtype=pl.Int64)
    filled = _filled(body, [column.index for column in header.columns])
    key_cell = _bare(body.to_series(key.index))
    nameless = key_cell.is_in(sorted(UNKNOWN)) | key_cell.str.contains(_COUNT)
    total_key, footer_key = key_cell.str.contains(_TOTAL), key_cell.str.contains(_FOOTER)
    total = total_key.clone()
    for index in range(min(2, body.width)):
        total |= _matches(body.to_series(index), _TOTAL, nameless)
    sparse = filled <= max(1, int(len(header.columns) * _FOOTER_FILLED_SHARE))
    footer = _matches(_first_filled(body), _FOOTER, (nameless | footer_key) & sparse)
    again = key_cell == header_name(key.header)
    blank = (filled == 0) & ~footer
    data = ~(blank | total | footer | again)
    kinds = [
        ("空行", blank & (numbers < _last(numbers, ~blank))),
        ("合计行", total & ~blank & ~footer),
        ("表尾说明行", footer),
        ("重复的表头行", again & ~blank),
    ]
    notes = [
        f"跳过{kind} {mask.sum()} 行：{row_list(numbers.filter(mask).to_list())}" for kind, mask in kinds if mask.any()
    ]
    chosen = numbers.filter(data)
    return DataRows(body.filter(data).with_columns(chosen), chosen - 1, notes)


def row_list(numbers: Sequence[int]) -> str:
    """``[4, 7]`` -> ``第 4、7 行``; a long list is cut."""
    shown = "、".join(map(str, numbers[:10]))
    return f"第 {shown} 行" + (f"等 {len(numbers)} 行" if len(numbers) > 10 else "")


def _bare(texts: pl.Series) -> pl.Series:
    return clean_column(texts).str.replace_all(r"\s", "").str.to_lowercase()


def _matches(texts: pl.Series, pattern: str, among: pl.Series) -> pl.Series:
    """Which of the cells ``among`` match; false for the others."""
    result = pl.repeat(False, len(texts), dtype=pl.Boolean, eager=True)
    return result.scatter(among.arg_true(), _bare(texts.filter(among)).str.contains(pattern)) if among.any() else result


def _filled(body: pl.DataFrame, indices: Sequence[int]) -> pl.Series:
    names = [f"c{index}" for index in indices]
    return body.select(
        pl.sum_horizontal((pl.col(name).str.strip_chars() != "").cast(pl.UInt32) for name in names)
    ).to_series()


def _first_filled(body: pl.DataFrame) -> pl.Series:
    cells = (pl.when(pl.col(name).str.strip_chars() != "").then(pl.col(name)) for name in body.columns[:8])
    return body.select(pl.coalesce(*cells, pl.lit("")).alias("first")).to_series()


def _last(numbers: pl.Series, mask: pl.Series) -> int:
    value = numbers.filter(mask).max()
    return int(value) if isinstance(value, int) else 0
