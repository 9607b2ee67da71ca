"""Labels of the pages of DRG payment in both languages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_LABELS: Mapping[str, Text] = {
    "title": Text("DRG 付费", "DRG payment"),
    "none": Text(
        "还没有结算。请先用 yunnao drg month 或 yunnao drg settle 结算。",
        "Nothing is settled yet. Settle by yunnao drg month or yunnao drg settle.",
    ),
    "run": Text("第几次结算", "Settlement run"),
    "none_for_hospital": Text(
        "没有可看的结算：还没有结算，没有这一次，或现在打不开。请与医保部门联系。",
        "No settlement to show: none yet, not this one, or it cannot be opened now. Please ask the medical insurance office.",
    ),
    "readmitted_elsewhere": Text(
        "再次住院在另一家医院，有没有正当理由由那家医院提出；请选别的事项。",
        "The person came back to another hospital, which has to give the reason; please choose another matter.",
    ),
    "run_of": Text("第 {n} 次：{period}{kind}（{day}）", "{n}: {period}, {kind} ({day})"),
    "year": Text("年终清算", "year's clearing"),
    "month": Text("按月预拨", "monthly prepayment"),
    "show": Text("显示", "Show"),
    "download": Text("下载 Excel", "Download Excel"),
    "statement": Text("下载结算单（Word）", "Settlement statement (Word)"),
    "fund": Text("基金", "Fund"),
    "lead": Text(
        "{period}{kind}：{hospitals} 家医院，{stays} 例。数据截至 {day}，办法“{policy}”。",
        "{period}, {kind}: {hospitals} hospitals, {stays} stays; data as of {day}, policy “{policy}”.",
    ),
    "budget": Text("预算（元）", "Budget (yuan)"),
    "adjustment": Text("调剂金（元）", "Adjustment fund (yuan)"),
    "shared": Text("按点数分配（元）", "Shared by points (yuan)"),
    "points": Text("点数", "Points"),
    "point_value": Text("点值（元/点）", "Point value (yuan)"),
    "payable": Text("基金应付（元）", "Payable (yuan)"),
    "paid_now": Text("本次应付（元）", "Paid now (yuan)"),
    "value_by_month": Text("各月点值：{pool}", "Point value by month: {pool}"),
    "value_unit": Text(
        "元/点（全年可分配额的十二分之一 ÷ 当月点数）",
        "yuan a point (a twelfth of the year's money ÷ the month's points)",
    ),
    "value_description": Text(
        "从 {first} 到 {last}，最低 {low}，最高 {high}。", "From {first} to {last}: {low} at least, {high} at most."
    ),
    "forecast": Text("年底点值预计", "Point value at the year's end"),
    "forecast_words": Text("{pool}：{middle}，在 {low} 与 {high} 之间", "{pool}: {middle}, between {low} and {high}"),
    "forecast_known": Text("{pool}：{middle}", "{pool}: {middle}"),
    "forecast_none": Text("{pool}：不作预测", "{pool}: no forecast"),
    "method": Text("方法", "Method"),
    "month_name": Text("月份", "Month"),
    "hospitals": Text("医院", "Hospitals"),
    "hospitals_note": Text("按医院编号排，不排名。", "By hospital code; not ranked."),
    "hospital": Text("医院", "Hospital"),
    "level": Text("等级", "Level"),
    "pool": Text("险种", "Pool"),
    "stays": Text("病例", "Stays"),
    "grouped": Text("入组", "Grouped"),
    "cmi": Text("CMI", "CMI"),
    "own_share": Text("个人支付（元）", "Own share (yuan)"),
    "cost": Text("医疗总费用（元）", "Cost (yuan)"),
    "difference": Text("与费用之差（元）", "Difference to cost (yuan)"),
    "difference_note": Text(
        "差＝基金应付＋个人支付－医疗总费用；正数医院结余，负数医院承担。",
        "Difference = payable + own share - cost: kept by the hospital if positive, borne by it if negative.",
    ),
    "levels": Text("各等级：收入占费用", "By level: income over cost"),
    "level_bar": Text(
        "{share}：应付＋个人支付 {income} 元，费用 {cost} 元", "{share}: payable + own share {income}, cost {cost}"
    ),
    "classes": Text("病例类别", "Classes of stays"),
    "kind": Text("类别", "Class"),
    "share": Text("占比", "Share"),
    "payment": Text("基金应付（元）", "Payable (yuan)"),
    "groups": Text("病组", "Groups"),
    "group": Text("病组", "Group"),
    "more_groups": Text("展开全部 {n} 个病组", "Show all {n} groups"),
    "base_points": Text("基准点数", "Base points"),
    "coefficient": Text("系数", "Coefficient"),
    "multiple": Text("倍率", "Multiple"),
    "stay": Text("病案号", "Stay"),
    "discharged": Text("出院日期", "Discharged on"),
    "remark": Text("说明", "Remark"),
    "no_hospital": Text("这次结算里没有这家医院。", "This hospital is not in this settlement."),
    "no_group": Text("这次结算里没有这个病组。", "This group is not in this settlement."),
    "no_stay": Text("这次结算里没有这份病案。", "This stay is not in this settlement."),
    "back": Text("回到基金", "Back to the fund"),
    "account": Text("结算", "Account"),
    "item": Text("项目", "Item"),
    "total": Text("合计", "Total"),
    "prepaid": Text("已预拨（元）", "Prepaid (yuan)"),
    "transferred": Text("实际拨付（元）", "Transferred (yuan)"),
    "transfer_difference": Text("实际拨付－算出的预拨（元）", "Transferred - computed (yuan)"),
    "transfer_note": Text(
        "录入了实际拨付的年份，年终清算扣实际拨付的钱和留下的保证金，不扣算出的预拨。",
        "A year for which transfers are entered is cleared against what was transferred and the bond, not what was computed.",
    ),
    "bond_withheld": Text("扣留质量保证金（元）", "Bond withheld (yuan)"),
    "bond_returned": Text("返还质量保证金（元）", "Bond returned (yuan)"),
    "deduction": Text("扣款（元）", "Deduction (yuan)"),
    "final": Text("本次应付（元）", "Paid now (yuan)"),
    "points_by_month": Text("各月点数", "Points by month"),
    "points_description": Text(
        "从 {first} 到 {last}，最多的月份 {high}。", "From {first} to {last}; {high} in the largest month."
    ),
    "points_unit": Text("千点", "thousand points"),
    "stays_of": Text("它的病例", "Its stays"),
    "stays_lead": Text("共 {n} 例，第 {first} 到 {last} 例。", "{n} stays; {first} to {last}."),
    "find": Text("病案号或病组", "Stay or group"),
    "every": Text("全部", "all"),
    "next": Text("下一页", "Next page"),
    "previous": Text("上一页", "Previous page"),
    "nothing": Text("没有符合条件的病例。", "No stay is as asked for."),
    "distribution": Text("费用分布", "Distribution of costs"),
    "distribution_unit": Text("例（横轴：医疗总费用，千元）", "stays (across: cost in thousand yuan)"),
    "distribution_description": Text(
        "{n} 例；裁剪界限以外 {trimmed} 例（深色）。",
        "{n} stays; {trimmed} beyond the bounds of trimming (the other tone).",
    ),
    "bin": Text("费用（千元）", "Cost (thousand yuan)"),
    "kept": Text("保留", "Kept"),
    "trimmed": Text("裁剪", "Trimmed"),
    "bounds": Text("裁剪界限：{low} 到 {high} 元", "Bounds of trimming: {low} to {high} yuan"),
    "basis_note": Text(
        "例均费用和裁剪界限来自基期病例；图上是本次结算的病例。",
        "Mean and bounds come from the stays of the basis; the chart shows those of this settlement.",
    ),
    "mean_cost": Text("例均费用（元）", "Mean cost (yuan)"),
    "basis_stays": Text("基期病例（保留）", "Stays of the basis (kept)"),
    "cv": Text("变异系数", "CV"),
    "stable": Text("稳定", "Stable"),
    "unstable": Text("不稳定：{why}", "Not stable: {why}"),
    "by_hospital": Text("各医院", "By hospital"),
    "trimmed_stays": Text("被裁剪的病例", "Trimmed stays"),
    "trimmed_note": Text(
        "裁剪只影响例均费用，不影响这些病例的付费。", "Trimming moves the mean alone; these stays are paid like others."
    ),
    "reference": Text("基准", "Reference"),
    "explained": Text("点数是怎样算出来的", "How its points came about"),
    "rule": Text("步骤", "Step"),
    "value": Text("数值", "Value"),
    "cites": Text("出处", "Source"),
    "pending": Text("待核", "to be verified"),
    "grouping": Text("分组的路径", "How it was grouped"),
    "grouping_as": Text("结算时的病组：{drg}（{outcome}）。{reason}", "Group as settled: {drg} ({outcome}). {reason}"),
    "no_path": Text(
        "分组方案在结算之后换过，路径无法重现；请用当时的方案以 yunnao drg group --explain 查看。",
        "The scheme has changed since; see yunnao drg group --explain with the scheme of the time.",
    ),
    "path_differs": Text(
        "现在的分组方案会分到 {drg}；下面是它的路径。", "The scheme of today says {drg}; this is its path."
    ),
    "erased": Text(
        "这份病案的个人信息已依法清除，只留金额、点数、病组和出院月份；分组的路径不再有。",
        "Personal data of this stay was lawfully erased; money, points, group and month are left. How it was grouped is gone.",
    ),
    "looked": Text(
        "查看病案已记入审计日志；不显示参保人。",
        "That you looked is in the audit log; the insured person is not shown.",
    ),
    "open_review": Text("对这份病案有异议，或要特病单议", "Objection, or special-case review"),
    "review_lead": Text(
        "替医院登记：同一份病案再登记一次，还是同一个办件。",
        "File it for the hospital; the same stay again is the same case.",
    ),
    "matter": Text("事项和理由", "Matter and ground"),
    "words": Text("医院的说明", "The hospital's words"),
    "file": Text("登记", "File"),
    "filed": Text("已登记：{case}", "Filed: {case}"),
    "known": Text("以前登记过：{case}", "Filed before: {case}"),
    "reviews": Text("特病单议和异议", "Special-case reviews and objections"),
    "reviews_lead": Text("{n} 件没有办结，按期限排。", "{n} open, by deadline."),
    "own_reviews": Text("特病单议和异议的办理", "Reviews and objections, where they stand"),
    "own_reviews_none": Text(
        "没有提出过特病单议或异议；要提出，请打开那份病案。",
        "No review or objection so far; to file one, open the stay.",
    ),
    "matter_of": Text("事项", "Matter"),
    "filed_on": Text("提出日期", "Filed on"),
    "answer": Text("答复", "Answer"),
    "paused": Text("等补材料，停止计时", "stands still, documents awaited"),
    "documents": Text("要补的材料", "documents awaited"),
    "decided_drg": Text("改为病组 {drg}", "group from now on: {drg}"),
    "decided_cost": Text("不合理费用 {cost} 元", "unreasonable cost: {cost} yuan"),
    "colon": Text("：", ": "),
    "join": Text("；", "; "),
    "reviews_none": Text("没有在办的特病单议或异议。", "No review or objection is open."),
    "state": Text("状态", "State"),
    "light": Text("灯", "Light"),
    "due": Text("期限", "Due"),
    "number": Text("编号", "Number"),
    "questions": Text("复核提问", "Questions"),
    "questions_lead": Text(
        "{n} 个提问。提问不是结论：每一问写明数字、和什么比、可能的正当原因；按提问和医院编号排，不排名。",
        "{n} questions. None is a verdict: each shows its numbers, what they are compared with, what may well explain them. Not ranked.",
    ),
    "questions_none": Text("没有要问的。", "Nothing to ask."),
    "numbers": Text("数字", "Numbers"),
    "compared": Text("和什么比", "Compared with"),
    "innocent": Text("可能的正当原因", "What may well explain it"),
    "limits": Text("从哪里起提问", "From where on it is asked"),
    "cases": Text("有关病例", "Stays"),
    "simulate": Text("模拟", "Simulation"),
    "simulate_lead": Text(
        "改一个或几个参数，看每家医院的应付怎样变。只算不存。",
        "Change parameters and see every hospital's payment move. Nothing is kept.",
    ),
    "parameter": Text("参数", "Parameter"),
    "new_value": Text("改为", "Becomes"),
    "now_value": Text("现为 {value}", "now {value}"),
    "compute": Text("计算", "Compute"),
    "before": Text("改前（元）", "Before (yuan)"),
    "after": Text("改后（元）", "After (yuan)"),
    "moved": Text("变动（元）", "Moves by (yuan)"),
    "moved_share": Text("变动率", "Moves by"),
    "moves": Text("每家医院的变动", "How every hospital moves"),
    "moves_note": Text(
        "按医院编号排。应付合计随预算，变动合计 {total} 元。", "By hospital code. All moves sum to {total} yuan."
    ),
    "simulate_year_only": Text(
        "模拟只用于年终清算；请先 yunnao drg settle。", "Only a year's clearing can be simulated; settle a year first."
    ),
}


@cache
def drg_labels(language: Language) -> SimpleNamespace:
    """Every label in one language, by name; those with braces are to be filled by `str.format`."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _LABELS.items()})
