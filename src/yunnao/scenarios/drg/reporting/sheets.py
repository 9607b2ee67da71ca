"""The sheets of a run, of a hospital, of a group, and of questions: what workbooks and downloads show."""

from collections.abc import Mapping, Sequence

import polars as pl

from yunnao.kernel.text import Language, Text
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.distribution import bins
from yunnao.scenarios.drg.reporting.excel_charts import SheetChart
from yunnao.scenarios.drg.reporting.forecast import month_value
from yunnao.scenarios.drg.reporting.monthly import MonthPoints
from yunnao.scenarios.drg.reporting.tables import Column, Sheet
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, LEVELS, POINTS_FROM, POOLS
from yunnao.scenarios.drg.review.definitions import Definitions
from yunnao.scenarios.drg.review.questions import Counted, Question
from yunnao.scenarios.drg.settlement.exact import POINT, half_up
from yunnao.scenarios.drg.settlement.stored_words import stored

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
    "transferred": Column(Text("实际拨付（元）", "Transferred (yuan)"), "money"),
    "transfer_difference": Column(Text("实际拨付－算出的预拨（元）", "Transferred - computed (yuan)"), "money"),
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
    "points_from": Column(Text("基准点数来自", "Base points from")),
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
_YUAN = Text("元", "yuan")


def hospital_sheet(accounts: pl.DataFrame, language: Language) -> Sheet:
    """The accounts of hospitals."""
    return Sheet(Text("医院", "Hospitals"), _named(accounts, language), HOSPITALS)


def group_sheet(groups: pl.DataFrame, language: Language) -> Sheet:
    """The groups with their means, base points and bounds."""
    shown = groups.with_columns(cv_points=(pl.col("cv") + _CV // 2) // _CV)
    worded = _worded(_worded(shown, "reference", POOLS, language), "points_from", POINTS_FROM, language)
    return Sheet(Text("病组", "Groups"), _told(worded, language), GROUPS)


def stay_sheet(stays: pl.DataFrame, language: Language) -> Sheet:
    """Priced stays."""
    shown = _worded(stays, "class", CLASS_TITLES, language)
    return Sheet(Text("病例", "Stays"), _told(_worded(shown, "pool", POOLS, language), language), STAYS)


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


def income_sheet(accounts: pl.DataFrame) -> Sheet:
    """What each hospital is paid, pools together, beside what its stays cost; drawn where own shares are known, too."""
    sums = (
        accounts.group_by("hospital_id")
        .agg(
            pl.col("name").first(), *(_sum_or_unknown(name) for name in ("payable", "own_share", "cost", "difference"))
        )
        .sort("hospital_id")
    )
    columns = {name: HOSPITALS[name] for name in ("hospital_id", "name", "payable", "own_share", "cost", "difference")}
    chart = SheetChart(
        title=Text("各医院：基金应付＋个人支付，与费用", "Hospitals: payable and own share, and cost"),
        kind="stacked",
        categories="hospital_id",
        series=("payable", "own_share"),
        beside=("cost",),
        unit=_YUAN,
    )
    return Sheet(Text("医院收支", "Income and cost"), sums, columns, (chart,))


def value_sheet(months: MonthPoints, language: Language) -> Sheet:
    """The point value of every month, if a twelfth of the year's money were shared by its points; a line for each pool."""
    rows: list[dict[str, object]] = []
    charts = []
    for pool, (by_month, shared) in sorted(months.items()):
        first = len(rows)
        for month, found in sorted(by_month.items()):
            value = month_value(found, shared)
            worth = None if value is None else half_up(value * POINT)
            rows.append({"pool": POOLS[pool].in_(language), "month": month, "points": found, "value": worth})
        title = Text(f"各月点值：{POOLS[pool].zh}", f"Point value by month: {POOLS[pool].en}")
        charts.append(
            SheetChart(
                title=title,
                kind="line",
                categories="month",
                series=("value",),
                unit=Text("元/点", "yuan a point"),
                first=first,
                last=len(rows) - 1,
            )
        )
    schema = {"pool": pl.String, "month": pl.Int64, "points": pl.Int64, "value": pl.Int64}
    columns = {
        "pool": _HOSPITAL["pool"],
        "month": Column(Text("月份", "Month"), "whole"),
        "points": _SUMS["points"],
        "value": Column(Text("点值（元/点）", "Point value (yuan)"), "points"),
    }
    return Sheet(Text("各月点值", "Point values"), pl.DataFrame(rows, schema=schema), columns, tuple(charts))


def hospital_month_sheet(stays: pl.DataFrame) -> Sheet:
    """A hospital's months: points, what they are paid and what they cost."""
    columns = {"month": Column(Text("月份", "Month")), **_SUMS}
    charts = (
        SheetChart(
            title=Text("各月基金应付与费用", "Payable and cost by month"),
            kind="column",
            categories="month",
            series=("payment", "cost"),
            unit=_YUAN,
        ),
        SheetChart(
            title=Text("各月点数", "Points by month"),
            kind="column",
            categories="month",
            series=("points",),
            unit=Text("点", "points"),
        ),
    )
    months = figures.monthly(stays.filter(pl.col("discharged_on").is_not_null()))
    return Sheet(Text("各月", "Months"), months, columns, charts)


def distribution_sheet(stays: pl.DataFrame) -> Sheet:
    """How the costs of a group's stays (with ``trimmed``) are spread."""
    rows = [{"bin": each.name, "kept": each.kept, "trimmed": each.trimmed} for each in bins(stays)]
    columns = {
        "bin": Column(Text("费用（千元）", "Cost (thousand yuan)")),
        "kept": Column(Text("保留（例）", "Kept (stays)"), "whole"),
        "trimmed": Column(Text("裁剪（例）", "Trimmed (stays)"), "whole"),
    }
    chart = SheetChart(
        title=Text("费用分布", "Distribution of costs"),
        kind="stacked",
        categories="bin",
        series=("kept", "trimmed"),
        unit=Text("例", "stays"),
    )
    frame = pl.DataFrame(rows, schema={"bin": pl.String, "kept": pl.Int64, "trimmed": pl.Int64})
    return Sheet(Text("费用分布", "Costs"), frame, columns, (chart,))


def run_sheets(
    stays: pl.DataFrame,
    accounts: pl.DataFrame,
    groups: pl.DataFrame,
    language: Language,
    *,
    every_stay: bool = False,
    months: MonthPoints | None = None,
) -> list[Sheet]:
    """The workbook of a run.

    Args:
        every_stay: with a sheet of stays.
        months: point values by month are shown where it is given.

    Raises:
        YunnaoError: the run's stays do not sum to its accounts.
    """
    figures.check_sums(stays, accounts)
    found = [
        hospital_sheet(accounts, language),
        income_sheet(accounts),
        *([] if months is None else [value_sheet(months, language)]),
        group_sheet(groups, language),
        class_sheet(stays, language),
        hospital_group_sheet(stays, language),
    ]
    return [*found, stay_sheet(stays, language)] if every_stay else found


def _sum_or_unknown(name: str) -> pl.Expr:
    return pl.when(pl.col(name).null_count() == 0).then(pl.col(name).sum()).alias(name)


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


def _told(frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    """``why`` in words of the language; a few sentences stand in many rows."""
    sentences = frame["why"].drop_nulls().unique().to_list()
    return frame.with_columns(pl.col("why").replace({each: stored(each, language) for each in sentences}))


def _named(frame: pl.DataFrame, language: Language) -> pl.DataFrame:
    return _worded(_worded(frame, "level", LEVELS, language), "pool", POOLS, language)


def _worded(frame: pl.DataFrame, column: str, titles: Mapping[str, Text], language: Language) -> pl.DataFrame:
    words = {id_: title.in_(language) for id_, title in titles.items()}
    return frame.with_columns(pl.col(column).replace(words))
