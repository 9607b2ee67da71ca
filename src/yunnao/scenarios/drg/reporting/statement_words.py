"""What a settlement statement says, in both languages; sentences with braces are filled by name."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

ACCOUNT: Mapping[str, Text] = {
    "payable": Text("基金应付", "Payable by the fund"),
    "own_share": Text("个人支付", "Own share"),
    "cost": Text("医疗总费用", "Cost"),
    "difference": Text("差额（应付＋个人支付－费用）", "Difference (payable + own share − cost)"),
    "prepaid": Text("已预拨", "Prepaid"),
    "transferred": Text("实际拨付", "Transferred"),
    "transfer_difference": Text("实际拨付－算出的预拨（不含保证金）", "Transferred − computed (bond left out)"),
    "bond_withheld": Text("扣留质量保证金", "Quality bond withheld"),
    "bond_returned": Text("返还质量保证金", "Quality bond returned"),
    "deduction": Text("扣款", "Deduction"),
    "final": Text("本次应付", "Paid now"),
}
"""Lines of an account."""

RULES: Mapping[str, Text] = {
    "scale": Text("点数的基数", "Scale of points"),
    "trimming": Text("费用裁剪", "Trimming of costs"),
    "base_points": Text("基准点数", "Base points"),
    "coefficients": Text("差异系数", "Coefficients"),
    "stability": Text("稳定病组", "Stable groups"),
    "high": Text("高倍率", "High multiples"),
    "low": Text("低倍率", "Low multiples"),
    "bed_days": Text("床日", "Bed-days"),
    "readmission": Text("再入院", "Readmissions"),
    "unstable": Text("不稳定病组", "Unstable groups"),
    "ungrouped": Text("未入组病例", "Stays without a group"),
    "ambiguous": Text("歧义病案", "Ambiguous stays"),
    "reviewed": Text("特病单议", "Special-case review"),
    "outside": Text("不按病组付费", "Outside of DRG"),
    "budgets": Text("基金支出预算", "Budget"),
    "adjustment": Text("调剂金", "Adjustment fund"),
    "prepayment": Text("按月预拨", "Monthly prepayment"),
    "bond": Text("质量保证金", "Quality bond"),
    "point_value": Text("点值", "Point value"),
}
"""Parameter of the policy -> what a statement calls it."""

_WORDS: Mapping[str, Text] = {
    "title_year": Text("{name} {period} DRG 点数付费结算单", "{name} {period}: DRG payment statement"),
    "title_month": Text("{name} {period} DRG 点数付费预拨单", "{name} {period}: DRG prepayment statement"),
    "subtitle": Text("第 {run} 次结算；数据截至 {day}", "Settlement run {run}; data as of {day}"),
    "result_year": Text("一、结算结果", "1. The account"),
    "result_month": Text("一、预拨结果", "1. The prepayment"),
    "points_heading": Text("二、点数从哪里来", "2. Where the points come from"),
    "groups_heading": Text("三、各病组", "3. Groups"),
    "rules_heading": Text("四、办法与出处", "4. Rules and sources"),
    "groups_lead": Text(
        "一个病组一行；未入组的写在 0000。每份病案的点数＝基准点数×系数，按倍率、床日、再入院等规则调整，"
        "逐份的算式可向医保经办机构索取（工作台的病案页面）。",
        "A row for each group; stays without one are in 0000. A stay's points = base points × coefficient, adjusted for multiples, "
        "bed-days and readmissions; the arithmetic of each stay is on its page at the desk, or ask the insurance office.",
    ),
    "classes": Text("各类病例", "Classes of stays"),
    "kind": Text("病例类别", "Class"),
    "groups": Text("各病组", "Groups"),
    "group": Text("病组", "Group"),
    "base_points": Text("基准点数", "Base points"),
    "coefficient": Text("系数", "Coefficient"),
    "stays": Text("病例", "Stays"),
    "points": Text("点数", "Points"),
    "payment": Text("基金应付（元）", "Payable (yuan)"),
    "cost": Text("医疗总费用（元）", "Cost (yuan)"),
    "total": Text("合计", "Total"),
    "account": Text("结算结果", "Account"),
    "item": Text("项目", "Item"),
    "account_stays": Text("出院结算病例（例）", "Stays settled"),
    "account_grouped": Text("入组病例（例）", "Grouped"),
    "point_value": Text("点值（元/点）", "Point value (yuan)"),
    "quality_score": Text("质量考核得分", "Quality score"),
    "in_yuan": Text("{title}（元）", "{title} (yuan)"),
    "rule": Text("规则", "Rule"),
    "cites": Text("出处", "Source"),
    "rules_of": Text("{title}（{period}）", "{title} ({period})"),
    "chart": Text("应付最多的病组：基金应付与费用", "Groups that are paid most: payable and cost"),
    "chart_part": Text("{drg} 应付 {payment} 元，费用 {cost} 元", "{drg}: payable {payment}, cost {cost} yuan"),
    "chart_join": Text("；", "; "),
    "yuan": Text("元", "yuan"),
    "note": Text(
        "第 {run} 次结算 hospitals.parquet，{hospital}，{name}，各险种之和",
        "run {run}, hospitals.parquet, {hospital}, {name}, all pools together",
    ),
    "first": Text(
        "{name}（{hospital}，{level}）{period}出院结算 ", "{name} ({hospital}, {level}), {period}: stays settled "
    ),
    "then_grouped": Text(" 例，入组 ", ", grouped "),
    "then_points": Text(" 例（{share}），总点数 ", " ({share}), points "),
    "then_money": Text("；", "; "),
    "to_prepay": Text("应预拨", "prepayment"),
    "after_money": Text(" 元，", " yuan, "),
    "paid_back": Text("本次应收回 ", "paid back now "),
    "paid_now": Text("本次应付 ", "paid now "),
    "end": Text(" 元。", " yuan."),
    "transferred": Text(
        "本年录入了实际拨付：本次应付＝基金应付－实际拨付－扣留质量保证金＋返还质量保证金－扣款。",
        "Transfers of the year are entered: paid now = payable − transferred − bond withheld + bond returned − deduction.",
    ),
    "from_table": Text("；用公布的表 {file}（SHA-256 {digest}）", "; by the published table {file} (SHA-256 {digest})"),
}


@cache
def statement_words(language: Language) -> SimpleNamespace:
    """Every word in one language, by name."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _WORDS.items()})
