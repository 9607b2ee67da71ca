"""A difference of two runs and a simulation as files: every hospital side by side, totals, and what explains the change."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from yunnao.kernel.text import Text
from yunnao.scenarios.drg.registers import inpatient_stays
from yunnao.scenarios.drg.reporting.tables import Column, Kind, Sheet, as_xlsx, exact, sheet_file
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, LEVELS, POOLS, period_words
from yunnao.scenarios.drg.settlement.differing import WHAT, Difference
from yunnao.scenarios.drg.settlement.runs import KIND_TITLES
from yunnao.scenarios.drg.settlement.simulation import Simulated

FIELDS: Mapping[str, Text] = {fact.id: fact.title for fact in inpatient_stays.facts} | {
    "drg": Text("病组", "Group"),
    "outcome": Text("分组结果", "Outcome"),
    "removed_cost": Text("不合理费用", "Unreasonable cost"),
    "special": Text("特病单议", "Special-case review"),
    "readmission": Text("再住院", "Readmission"),
}
"""What may be corrected in a stay (`differing.RECORD`) -> its title."""

_TOTAL = "合计"
_WHAT_EN = {"added": "added", "removed": "removed", "changed": "corrected", "repriced": "priced anew"}
_ACCOUNT = {
    "hospital_id": Column(Text("医疗机构编号", "Hospital")),
    "name": Column(Text("名称", "Name")),
    "level": Column(Text("等级", "Level")),
    "pool": Column(Text("险种", "Pool")),
}


def comparison_file(sheets: Sequence[Sheet], name: str) -> bytes:
    """The sheets in the format of the ending of ``name``: a csv has the first alone, a json all, by title.

    Raises:
        YunnaoError: the ending is none of `tables.ENDINGS`.
    """
    match Path(name).suffix.lower():
        case ".xlsx":
            return as_xlsx(sheets)
        case ".json":
            document = {sheet.title.zh: exact(sheet).to_dicts() for sheet in sheets}
            return (json.dumps(document, ensure_ascii=False, indent=1, default=str) + "\n").encode()
        case _:
            return sheet_file(sheets[0], name)


def difference_sheets(found: Difference) -> list[Sheet]:
    """Hospitals, stays that came, went or were corrected, pools, notes."""
    kinds = [name for name in WHAT if name != "same"]
    columns = {
        **{name: column for name, column in _ACCOUNT.items() if name != "level"},
        **_pair("stays", "病案数", "Stays", "whole"),
        **{f"{kind}_stays": Column(Text(f"{WHAT[kind]}病案数", f"Stays {_WHAT_EN[kind]}"), "whole") for kind in kinds},
        **_pair("points", "点数", "Points", "points"),
        **{
            f"{kind}_points": Column(Text(f"{WHAT[kind]}带来的点数", f"Points {_WHAT_EN[kind]}"), "points")
            for kind in kinds
        },
        **_pair("payable", "应付", "Payable", "money"),
        "change": Column(Text("应付变动", "Change of payable"), "money"),
        "by_points": Column(Text("其中：点数变动", "By points"), "money"),
        "by_own_share": Column(Text("其中：个人支付变动", "By own shares"), "money"),
        "by_point_value": Column(Text("其中：点值变动", "By point value"), "money"),
        **_pair("final", "本次应拨", "Paid now", "money"),
    }
    shown = found.stays.filter(pl.col("what") != "repriced").with_columns(
        pl.col("what").replace_strict(WHAT, default=None),
        pl.col("fields")
        .str.split("|")
        .list.eval(pl.element().replace_strict(_zh(FIELDS), default=pl.element()))
        .list.join("、"),
        *(pl.col(f"class_{when}").replace_strict(_zh(CLASS_TITLES), default=None) for when in ("before", "after")),
    )
    stays = {
        "case_id": Column(Text("病案号", "Stay")),
        "hospital_id": _ACCOUNT["hospital_id"],
        "pool": _ACCOUNT["pool"],
        "what": Column(Text("变动", "What")),
        "fields": Column(Text("更正了", "Corrected")),
        **_pair("drg", "病组", "Group", "text"),
        **_pair("class", "类别", "Class", "text"),
        **_pair("points", "点数", "Points", "points"),
        **_pair("payment", "支付", "Payment", "money"),
    }
    return [
        Sheet(Text("医疗机构", "Hospitals"), _with_total(_worded(found.hospitals), columns), columns),
        Sheet(Text("病案", "Stays"), _worded(shown), stays),
        _pools(found.pools),
        _notes(_difference_notes(found)),
    ]


def difference_title(found: Difference) -> str:
    """2023 年年终清算：第 4 次与第 3 次的差异."""
    one, other = found.earlier.manifest, found.later.manifest
    period = period_words(other.kind, other.period)
    return f"{period}{KIND_TITLES[other.kind].zh}：第 {other.number} 次与第 {one.number} 次的差异"


def _difference_notes(found: Difference) -> list[str]:
    other = found.later.manifest
    all_in = found.later.rules.point_value == "all_in" and other.kind == "year"
    repriced = found.stays.filter(what="repriced").height
    return [
        difference_title(found),
        f"应付变动 ＝ 点数变动（按原点值）＋ 点值变动{'＋ 个人支付变动' if all_in else ''}",
        *([f"另有 {repriced:,} 份病案自身没有变，只因基准点数、系数变动而重算，没有逐一列出"] if repriced else []),
        *([other.example] if other.example else []),
    ]


def simulation_sheets(found: Simulated, changes: Mapping[str, str], example: str = "") -> list[Sheet]:
    """Hospitals before and after, pools, notes."""
    columns = {
        **_ACCOUNT,
        **_pair("points", "点数", "Points", "points"),
        "points_change": Column(Text("点数变动", "Change of points"), "points"),
        **_pair("payable", "应付", "Payable", "money"),
        "change": Column(Text("应付变动", "Change of payable"), "money"),
        **_pair("difference", "结余", "Kept or borne", "money"),
    }
    supposed = "，".join(f"{name}={value}" for name, value in changes.items())
    notes = [f"{found.before.period} 年清算的推算：{supposed}；只推算，不保存", *([example] if example else [])]
    return [
        Sheet(Text("医疗机构", "Hospitals"), _with_total(_worded(found.moves), columns), columns),
        _pools(found.pools),
        _notes(notes),
    ]


def _pair(name: str, zh: str, en: str, kind: Kind) -> dict[str, Column]:
    return {
        f"{name}_before": Column(Text(f"{zh}（前）", f"{en} before"), kind),
        f"{name}_after": Column(Text(f"{zh}（后）", f"{en} after"), kind),
    }


def _pools(pools: pl.DataFrame) -> Sheet:
    pairs = {
        **_pair("budget", "预算", "Budget", "money"),
        **_pair("shared", "可分配", "Shared", "money"),
        **_pair("points", "总点数", "Points", "points"),
        **_pair("point_value", "点值（元）", "Point value", "text"),
        **_pair("payable", "应付合计", "Payable", "money"),
    }
    columns = {"pool": _ACCOUNT["pool"]} | {name: column for name, column in pairs.items() if name in pools.columns}
    return Sheet(Text("险种", "Pools"), _worded(pools), columns)


def _notes(sentences: Sequence[str]) -> Sheet:
    return Sheet(Text("说明", "Notes"), pl.DataFrame({"note": sentences}), {"note": Column(Text("说明", "Note"))})


def _zh(titles: Mapping[str, Text]) -> dict[str, str]:
    return {id_: title.zh for id_, title in titles.items()}


def _worded(frame: pl.DataFrame) -> pl.DataFrame:
    titles = {"pool": POOLS, "level": LEVELS}
    return frame.with_columns(
        pl.col(name).replace_strict(_zh(known), default=pl.col(name))
        for name, known in titles.items()
        if name in frame.columns
    )


def _with_total(frame: pl.DataFrame, columns: Mapping[str, Column]) -> pl.DataFrame:
    """The frame with a last row of sums; a sum over something unknown is unknown."""
    sums = [
        pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)
        for name, column in columns.items()
        if column.kind != "text"
    ]
    total = frame.select(pl.lit(_TOTAL).alias("hospital_id"), *sums)
    return pl.concat([frame.select(list(columns)), total], how="diagonal_relaxed")
