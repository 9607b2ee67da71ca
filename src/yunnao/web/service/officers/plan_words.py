"""Labels of the page of targets in both languages."""

from collections.abc import Mapping
from functools import cache
from types import SimpleNamespace

from yunnao.kernel.text import Language, Text

_LABELS: Mapping[str, Text] = {
    "title": Text("目标跟踪", "Targets of the plan"),
    "lead": Text("到 {day}，{n} 个目标。数字按原文的单位。", "{n} targets as of {day}, in the units of the report."),
    "none": Text(
        "还没有目标。请用 yunnao plan load 把核对过的表入库。",
        "No targets yet. Load reviewed rows by yunnao plan load.",
    ),
    "nothing": Text("没有符合条件的目标。", "No target is as asked for."),
    "every": Text("全部", "all"),
    "light": Text("灯", "Light"),
    "owner": Text("责任单位", "Department"),
    "find": Text("指标名称", "Indicator"),
    "as_of": Text("到哪一天", "As of"),
    "show": Text("显示", "Show"),
    "download": Text("下载 Excel", "Download Excel"),
    "lights": Text("各有多少", "How many of each"),
    "targets": Text("目标", "Targets"),
    "indicator": Text("指标", "Indicator"),
    "state": Text("状态", "State"),
    "wanted": Text("目标", "Target"),
    "latest": Text("最新完成", "Latest result"),
    "band": Text("年底预计", "Year end, likely"),
    "progress": Text("进度", "Progress"),
    "why": Text("理由", "Reason"),
    "words": Text("原文和来历", "Its words and lineage"),
    "line": Text("第 {n} 行，字符 {start}—{end}", "line {n}, characters {start}–{end}"),
    "result_from": Text("数据来源", "Result from"),
    "number": Text("编号", "Number"),
    "by_table": Text("按部门职责表", "by the table of departments"),
    "by_officer": Text("由工作人员定", "said by an officer"),
    "district": Text("全区", "the whole district"),
    "month": Text("{n}月 {value}", "month {n} {value}"),
    "between": Text("、", ", "),
    "so_far": Text("今年各月：{values}", "This year by months: {values}"),
    "monthly": Text("{name}，今年各月", "{name}, this year by months"),
    "method": Text(
        "灯怎么来的：没有今年的数据，或数据过期，是灰的，从不是绿的；年底预计的两端怎么推算，写在每个目标的理由里。"
        "“左右”的容差是软件约定。力争值另列，不作底线。",
        "Lights: grey without data of the year or with old data, never green for want of it. How a band was made stands in each reason. "
        "The tolerance of “about” is a software convention. Aspirations stand apart and are no base line.",
    ),
    "commitments": Text("没有数字的承诺", "Commitments without a number"),
    "commitments_lead": Text(
        "{n} 件没有办结，按期限排；办理用 yunnao case。", "{n} open, by deadline; steps by yunnao case."
    ),
    "due": Text("期限", "Due"),
    "what": Text("事项", "Action"),
}


@cache
def plan_labels(language: Language) -> SimpleNamespace:
    """The labels in ``language``."""
    return SimpleNamespace(**{name: text.in_(language) for name, text in _LABELS.items()})
