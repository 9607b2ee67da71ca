"""Labels of the dictionary's pages in both languages."""

from collections.abc import Mapping
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_LABELS: Mapping[str, Text] = {
    "dictionary": Text("惠企政策词典", "Dictionary of policies for enterprises"),
    "skip": Text("跳到正文", "Skip to content"),
    "other_language": Text("English", "中文"),
    "menu": Text("导航", "Navigation"),
    "all_policies": Text("全部政策", "All policies"),
    "all_facts": Text("数据项说明", "Facts explained"),
    "workbook": Text("下载 Excel 版", "Download as Excel"),
    "as_of": Text("状态截至", "Status as of"),
    "lead": Text(
        "每条政策给什么、谁符合、依据哪一条，一页看清。",
        "What each policy grants, who is entitled and on what ground, one page each.",
    ),
    "count_policies": Text("全部政策", "policies"),
    "count_in_force": Text("现行有效", "in force"),
    "count_automatic": Text("其中免申即享", "of them without application"),
    "count_uncertain": Text("含待核内容", "with points to verify"),
    "find": Text("查找政策", "Find a policy"),
    "search": Text("搜索", "Search"),
    "search_hint": Text("名称、发文机关、文号或条件，如：小微 社保", "Title, issuer, document number or condition"),
    "filters": Text("筛选", "Filters"),
    "filter_day": Text("在这一天有效", "In force on"),
    "filter_delivery": Text("兑现方式", "Delivery"),
    "filter_region": Text("适用地区", "Region"),
    "filter_department": Text("主管部门", "Department"),
    "filter_kind": Text("优惠形式", "Kind of benefit"),
    "filter_uncertain": Text("核实情况", "Verification"),
    "filter_scenario": Text("应用场景", "Scenario"),
    "any": Text("全部", "All"),
    "only_uncertain": Text("含待核内容", "With points to verify"),
    "only_certain": Text("不含待核内容", "Nothing to verify"),
    "reset": Text("清除条件", "Clear"),
    "hits": Text("找到 {n} 条政策", "{n} policies found"),
    "hits_all": Text("共 {n} 条政策", "{n} policies in all"),
    "hits_near": Text("没有完全相符的政策，下列 {n} 条文字相近", "No exact match; {n} policies with similar words"),
    "hits_none": Text(
        "没有找到政策：请换一个词，或清除筛选条件", "No policy found: try another word, or clear the filters"
    ),
    "no_policies": Text("词典里还没有政策。", "There are no policies in the dictionary yet."),
    "uncertain": Text("待核", "To be verified"),
    "uncertain_means": Text(
        "标“待核”的内容尚未对照政策原文核实，使用前请主管部门确认。",
        "Points marked so have not been checked against the published text; have the department confirm them first.",
    ),
    "off_means": Text(
        "本政策未启用：依据未经核实，系统不据此作决定。",
        "Switched off: its ground is unverified, so nothing is decided by it.",
    ),
    "prohibited_means": Text(
        "这是一条禁止性规定：含下列字样的给予类政策不能发布。",
        "A prohibition: a granting policy with these words cannot be published.",
    ),
    "issuer": Text("发文机关", "Issuer"),
    "documents": Text("文号", "Document numbers"),
    "validity": Text("有效期", "Validity"),
    "region": Text("适用地区", "Region"),
    "department": Text("主管部门", "Department"),
    "delivery": Text("兑现方式", "Delivery"),
    "kind": Text("优惠形式", "Kind of benefit"),
    "period": Text("享受次数", "How often"),
    "scenario": Text("应用场景", "Scenario"),
    "registers": Text("用到的数据", "Data used"),
    "evidence": Text("原文核实", "Evidence"),
    "identifier": Text("政策编号", "Identifier"),
    "card": Text("基本信息", "Identity card"),
    "grants": Text("给什么", "What it grants"),
    "amount": Text("金额怎么算", "How the amount is computed"),
    "amount_reads": Text("计算用到", "Computed from"),
    "conditions": Text("谁符合", "Who is entitled"),
    "cites": Text("依据", "Ground"),
    "derived": Text("由数据推算", "derived"),
    "only_within": Text("仅适用于", "Only"),
    "parameters": Text("标准和比例", "Parameters by date"),
    "parameters_means": Text(
        "标准调整时新增一行并写明起始日期，旧的一行保留。",
        "A change of the law is a new dated line; the old one stays.",
    ),
    "parameter": Text("参数", "Parameter"),
    "value": Text("数值", "Value"),
    "days": Text("执行期间", "In force"),
    "now": Text("现行", "current"),
    "examples": Text("算例", "Worked examples"),
    "example": Text("情形", "Case"),
    "given": Text("已知", "Given"),
    "result": Text("结果", "Result"),
    "missing": Text("缺", "missing"),
    "on_day": Text("日期", "Day"),
    "exclusions": Text("不能同时享受", "Not together with"),
    "exclusions_means": Text(
        "同一个人或同一事项只能用于其中一项。", "One person or matter may be used for only one of them."
    ),
    "sources": Text("来源", "Sources"),
    "notes": Text("说明", "Notes"),
    "fact": Text("数据项", "Fact"),
    "fact_id": Text("代号", "Identifier"),
    "type": Text("类型", "Type"),
    "unit": Text("单位", "Unit"),
    "register": Text("名册", "Register"),
    "meaning": Text("含义", "Meaning"),
    "values": Text("取值", "Values"),
    "used_by": Text("相关政策", "Used by"),
    "facts_lead": Text(
        "判断政策要用到的每一项数据：是什么、什么单位、由哪个部门的哪本名册提供。空白一律作“未知”，不当作零或否。",
        "Every fact the policies read: what it is, its unit, whose register brings it. A blank is unknown, never zero.",
    ),
    "derived_facts": Text("由数据推算的数据项", "Derived facts"),
    "amounts": Text("金额", "Amounts"),
    "column_of": Text("每行一条记录", "one row a record"),
    "back": Text("返回全部政策", "Back to all policies"),
    "foot": Text(
        "词典由政策声明自动生成，供查阅；是否享受以主管部门的决定为准。",
        "Made from the policies as declared, for reference; the department's decision counts.",
    ),
    "list_mark": Text("、", ", "),
    "colon": Text("：", ": "),
}


def labels(language: Language) -> SimpleNamespace:
    """Every label in ``language``, as attributes."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _LABELS.items()})
