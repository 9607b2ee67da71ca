"""The sheets of a run, of a hospital, of a group, and of questions: what workbooks and downloads show."""

from collections.abc import Mapping, Sequence

import polars as pl

from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.tables import Column, Sheet
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, LEVELS, POOLS
from yunnao.scenarios.drg.review.definitions import Definitions
from yunnao.scenarios.drg.review.questions import Counted, Question

_HOSPITAL = {
    "hospital_id": Column(Text("医院编号", "Hospital")),
    "name": Column(Text("医院", "Name")),
    "level": Column(Text("等级", "Level")),
    "pool": Column(Text("险种", "Pool")),
}
HOSPITALS: Mapping[str, Column] = {
    **_HOSPITAL,
    "stays": Column(Text("病例", "Stays"), "whole"),
    "grouped": Column(Text("入组病例", "Grouped"), "whole"),
    "excluded": Column(Text("不计点", "Excluded"), "whole"),
    "cmi": Column(Text("CMI", "CMI"), "points"),
    "points": Column(Text("点数", "Points"), "points"),
    "point_value": Column(Text("点值（元/点）", "Point value (yuan)")),
    "payable": Column(Text("基金应付（元）", "Payable (yuan)"), "money"),
    "prepaid": Column(Text("已预拨（元）", "Prepaid (yuan)"), "money"),
    "bond_withheld": Column(Text("扣留质量保证金（元）", "Bond withheld (yuan)"), "money"),
    "quality_score": Column(Text("质量考核得分", "Quality score"), "share"),
    "bond_returned": Column(Text("返还质量保证金（元）", "Bond returned (yuan)"), "money"),
    "deduction": Column(Text("扣款（元）", "Deduction (yuan)"), "money"),
    "final": Column(Text("本次应付（元）", "Paid now (yuan)"), "money"),
    "own_share": Column(Text("个人支付（元）", "Own share (yuan)"), "money"),
    "cost": Column(Text("医疗总费用（元）", "Cost (yuan)"), "money"),
    "difference": Column(Text("应付＋个人支付－费用（元）", "Payable + own share - cost (yuan)"), "money"),
}
"""The accounts."""
GROUPS: Mapping[str, Column] = {
    "reference": Column(Text("基准", "Reference")),
    "drg": Column(Text("病组", "Group")),
    "stays": Column(Text("基期病例", "Stays of the basis"), "whole"),
    "kept": Column(Text("裁剪后", "Kept"), "whole"),
    "mean_cost": Column(Text("例均费用（元）", "Mean cost (yuan)"), "money"),
    "base_points": Column(Text("基准点数", "Base points"), "points"),
    "cv_points": Column(Text("变异系数", "CV"), "points"),
    "stable": Column(Text("稳定", "Stable"), "truth"),
    "why": Column(Text("不稳定的原因", "Why not stable")),
    "low_bound": Column(Text("裁剪下限（元）", "Lower bound (yuan)"), "money"),
    "high_bound": Column(Text("裁剪上限（元）", "Upper bound (yuan)"), "money"),
}
STAYS: Mapping[str, Column] = {
    "case_id": Column(Text("病案号", "Stay")),
    "hospital_id": Column(Text("医院编号", "Hospital")),
    "pool": Column(Text("险种", "Pool")),
    "admitted_on": Column(Text("入院日期", "Admitted on"), "day"),
    "discharged_on": Column(Text("出院日期", "Discharged on"), "day"),
    "drg": Column(Text("病组", "Group")),
    "class": Column(Text("病例类别", "Class")),
    "base_points": Column(Text("基准点数", "Base points"), "points"),
    "coefficient": Column(Text("系数", "Coefficient"), "points"),
    "multiple": Column(Text("倍率", "Multiple"), "points"),
    "points": Column(Text("点数", "Points"), "points"),
    "payment": Column(Text("基金应付（元）", "Payable (yuan)"), "money"),
    "own_share": Column(Text("个人支付（元）", "Own share (yuan)"), "money"),
    "total_cost": Column(Text("医疗总费用（元）", "Cost (yuan)"), "money"),
    "readmission": Column(Text("再入院减点", "Reduced for a readmission"), "truth"),
    "review": Column(Text("评议办件号", "Review")),
    "why": Column(Text("说明", "Remark")),
}
"""A stay; the person is in none of these, nor diagnoses and procedures."""
_SUMS = {
    "stays": Column(Text("病例", "Stays"), "whole"),
    "points": Column(Text("点数", "Points"), "points"),
    "payment": Column(Text("基金应付（元）", "Payable (yuan)"), "money"),
    "cost": Column(Text("医疗总费用（元）", "Cost (yuan)"), "money"),
}
_CV = 100


def hospital_sheet(accounts: pl.DataFrame, language: Language) -> Sheet:
    """The accounts of hospitals."""
    return Sheet(Text("医院", "Hospitals"), _named(accounts, language), HOSPITALS)


def group_sheet(groups: pl.DataFrame, language: Language) -> Sheet:
    """The groups with their means, base points and bounds."""
    shown = groups.with_columns(cv_points=(pl.col("cv") + _CV // 2) // _CV)
    return Sheet(Text("病组", "Groups"), _worded(shown, "reference", POOLS, language), GROUPS)


def stay_sheet(stays: pl.DataFrame, language: Language) -> Sheet:
    """Priced stays."""
    shown = _worded(stays, "class", CLASS_TITLES, language)
    return Sheet(Text("病例", "Stays"), _worded(shown, "pool", POOLS, language), STAYS)


def hospital_group_sheet(stays: pl.DataFrame, language: Language) -> Sheet:
    """Sums of every hospital and group."""
    columns = {
        "hospital_id": _HOSPITAL["hospital_id"],
        "drg": GROUPS["drg"],
        "base_points": GROUPS["base_points"],
        "coefficient": STAYS["coefficient"],
        **_SUMS,
    }
    return Sheet(Text("医院与病组", "Hospitals and groups"), figures.by_group(stays, "hospital_id"), columns)


def class_sheet(stays: pl.DataFrame, language: Language) -> Sheet:
    """Sums of every hospital and class of stays."""
    sums = _worded(figures.by(stays, "hospital_id", "class"), "class", CLASS_TITLES, language)
    return Sheet(
        Text("病例类别", "Classes"), sums, {"hospital_id": _HOSPITAL["hospital_id"], "class": STAYS["class"], **_SUMS}
    )


def run_sheets(
    stays: pl.DataFrame, accounts: pl.DataFrame, groups: pl.DataFrame, language: Language, *, every_stay: bool = False
) -> list[Sheet]:
    """The workbook of a run.

    Raises:
        YunnaoError: the run's stays do not sum to its accounts.
    """
    figures.check_sums(stays, accounts)
    found = [
        hospital_sheet(accounts, language),
        group_sheet(groups, language),
        class_sheet(stays, language),
        hospital_group_sheet(stays, language),
    ]
    return [*found, stay_sheet(stays, language)] if every_stay else found


def move_sheet(moves: pl.DataFrame, language: Language) -> Sheet:
    """How payments move in a simulation."""
    columns = {
        **_HOSPITAL,
        "points_before": Column(Text("改前点数", "Points before"), "points"),
        "points_after": Column(Text("改后点数", "Points after"), "points"),
        "payable_before": Column(Text("改前应付（元）", "Payable before (yuan)"), "money"),
        "payable_after": Column(Text("改后应付（元）", "Payable after (yuan)"), "money"),
        "change": Column(Text("变动（元）", "Moves by (yuan)"), "money"),
    }
    return Sheet(Text("模拟", "Simulation"), _named(moves, language), columns)


def question_sheets(
    asked: Sequence[Question], found: Counted, definitions: Definitions, language: Language
) -> list[Sheet]:
    """Questions in words; and what was counted of every hospital, asked about or not, so that a reviewer sees what is usual."""
    words = pl.DataFrame(
        [
            {
                "title": each.title,
                "hospital_id": each.hospital_id,
                "hospital": each.hospital,
                "asks": each.asks,
                "numbers": each.numbers,
                "compares": each.compares,
                "innocent": "；".join(each.innocent),
                "limits": "；".join(each.limits),
                "cases": "、".join(each.cases),
            }
            for each in asked
        ],
        schema=dict.fromkeys(_QUESTIONS, pl.String),
    )
    titles = {id_: each.title.zh if language == "zh" else each.title.en for id_, each in definitions.items()}
    shown = found.measures.with_columns(
        pl.col("expected", "chance").round_sig_figs(4),
        kind=pl.col("kind").replace(titles),
    )
    return [
        Sheet(Text("提问", "Questions"), words, _QUESTIONS),
        Sheet(Text("全部数字", "All counts"), shown, _COUNTS),
    ]


_QUESTIONS: Mapping[str, Column] = {
    "title": Column(Text("提问", "Question")),
    "hospital_id": _HOSPITAL["hospital_id"],
    "hospital": _HOSPITAL["name"],
    "asks": Column(Text("想请复核人看什么", "What is asked")),
    "numbers": Column(Text("数字", "Numbers")),
    "compares": Column(Text("和什么比", "Compared with")),
    "innocent": Column(Text("可能的正当原因", "What may well explain it")),
    "limits": Column(Text("从哪里起提问（出处）", "From where on it is asked (source)")),
    "cases": Column(Text("有关病例（最多 20 个）", "Stays (20 at most)")),
}
_COUNTS: Mapping[str, Column] = {
    "kind": Column(Text("提问", "Question")),
    "hospital_id": _HOSPITAL["hospital_id"],
    "subject": Column(Text("对象", "About")),
    "observed": Column(Text("数到", "Counted"), "whole"),
    "out_of": Column(Text("病例", "Of"), "whole"),
    "expected": Column(Text("预期", "Expected")),
    "chance": Column(Text("偶然的机会", "Chance")),
    "asked": Column(Text("是否提问", "Asked"), "truth"),
}


def _named(frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    return _worded(_worded(frame, "level", LEVELS, language), "pool", POOLS, language)


def _worded(frame: pl.DataFrame, column: str, titles: Mapping[str, Text], language: Language) -> pl.DataFrame:
    words = {id_: title.in_(language) for id_, title in titles.items()}
    return frame.with_columns(pl.col(column).replace(words))
