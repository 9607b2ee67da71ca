"""A difference of two runs and a simulation as sheets: every hospital side by side, totals, and what explains the change."""

from collections.abc import Mapping, Sequence

import polars as pl

from yunnao.scenarios.drg.settlement.differing import WHAT, Difference
from yunnao.scenarios.drg.settlement.pricing import CLASSES
from yunnao.scenarios.drg.settlement.runs import KIND_WORDS
from yunnao.scenarios.drg.settlement.sheets import Column, Sheet, Unit
from yunnao.scenarios.drg.settlement.simulation import Simulated
from yunnao.scenarios.drg.settlement.words import FIELD_WORDS, LEVEL_WORDS, POOL_WORDS

_TOTAL = "合计"


def difference_sheets(found: Difference) -> list[Sheet]:
    """Hospitals, stays that came, went or were corrected, pools."""
    one, other = found.earlier.manifest, found.later.manifest
    repriced = found.stays.filter(what="repriced").height
    notes = [
        f"{other.period} {KIND_WORDS[other.kind]}：第 {other.number} 次与第 {one.number} 次的差异",
        "支付变动 ＝ 点数变动（按原点值）＋ 点值变动"
        + ("＋ 个人支付变动" if found.later.rules.point_value == "all_in" and other.kind == "year" else ""),
        *([other.example] if other.example else []),
    ]
    kinds = [name for name in WHAT if name != "same"]
    columns = [
        Column("hospital_id", "医疗机构编号"),
        Column("name", "名称"),
        Column("pool", "险种"),
        *_pair("stays", "病案数", "count"),
        *(Column(f"{kind}_stays", f"{WHAT[kind]}病案数", "count") for kind in kinds),
        *_pair("points", "点数", "points"),
        *(Column(f"{kind}_points", f"{WHAT[kind]}带来的点数", "points") for kind in kinds),
        *_pair("payable", "应付", "money"),
        Column("change", "应付变动", "money"),
        Column("by_points", "其中：点数变动", "money"),
        Column("by_own_share", "其中：个人支付变动", "money"),
        Column("by_point_value", "其中：点值变动", "money"),
        *_pair("final", "本次应拨", "money"),
    ]
    shown = found.stays.filter(pl.col("what") != "repriced").with_columns(
        pl.col("what").replace_strict(WHAT, default=None),
        _translated("fields", FIELD_WORDS),
        *(pl.col(f"class_{when}").replace_strict(dict(CLASSES), default=None) for when in ("before", "after")),
    )
    stays = [
        Column("case_id", "病案号"),
        Column("hospital_id", "医疗机构编号"),
        Column("pool", "险种"),
        Column("what", "变动"),
        Column("fields", "更正了"),
        *_pair("drg", "病组", "text"),
        *_pair("class", "类别", "text"),
        *_pair("points", "点数", "points"),
        *_pair("payment", "支付", "money"),
    ]
    more = [f"另有 {repriced:,} 份病案自身没有变，只因基准点数、系数变动而重算，没有逐一列出"] if repriced else []
    return [
        Sheet("医疗机构", columns, _with_total(_worded(found.hospitals), columns), notes),
        Sheet("病案", stays, _worded(shown), more),
        _pools(found.pools),
    ]


def simulation_sheets(found: Simulated, changes: Mapping[str, str], example: str = "") -> list[Sheet]:
    """Hospitals before and after, and pools."""
    notes = [
        f"{found.before.period} 年清算的推算：{'，'.join(f'{name}={value}' for name, value in changes.items())}；只推算，不保存",
        *([example] if example else []),
    ]
    columns = [
        Column("hospital_id", "医疗机构编号"),
        Column("name", "名称"),
        Column("level", "等级"),
        Column("pool", "险种"),
        *_pair("points", "点数", "points"),
        Column("points_change", "点数变动", "points"),
        *_pair("payable", "应付", "money"),
        Column("change", "应付变动", "money"),
        *_pair("difference", "结余", "money"),
    ]
    return [Sheet("医疗机构", columns, _with_total(_worded(found.moves), columns), notes), _pools(found.pools)]


def _pair(name: str, head: str, unit: Unit) -> list[Column]:
    return [Column(f"{name}_before", f"{head}（前）", unit), Column(f"{name}_after", f"{head}（后）", unit)]


def _pools(pools: pl.DataFrame) -> Sheet:
    heads: Mapping[str, tuple[str, Unit]] = {
        "budget": ("预算", "money"),
        "shared": ("可分配", "money"),
        "points": ("总点数", "points"),
        "point_value": ("点值（元）", "text"),
        "payable": ("应付合计", "money"),
    }
    columns = [Column("pool", "险种")]
    for name, (head, unit) in heads.items():
        if f"{name}_before" in pools.columns:
            columns += _pair(name, head, unit)
    return Sheet("险种", columns, _worded(pools))


def _worded(frame: pl.DataFrame) -> pl.DataFrame:
    words = {"pool": POOL_WORDS, "level": LEVEL_WORDS}
    return frame.with_columns(
        pl.col(name).replace_strict(dict(known), default=pl.col(name))
        for name, known in words.items()
        if name in frame.columns
    )


def _translated(column: str, words: Mapping[str, str]) -> pl.Expr:
    return (
        pl.col(column)
        .str.split("|")
        .list.eval(pl.element().replace_strict(dict(words), default=pl.element()))
        .list.join("、")
        .alias(column)
    )


def _with_total(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The frame with a last row of sums; a sum over something unknown is unknown."""
    sums = [
        pl.when(pl.col(column.name).null_count() == 0).then(pl.col(column.name).sum()).alias(column.name)
        for column in columns
        if column.unit != "text"
    ]
    total = frame.select(pl.lit(_TOTAL).alias("hospital_id"), *sums)
    return pl.concat([frame.select(column.name for column in columns), total], how="diagonal_relaxed")
