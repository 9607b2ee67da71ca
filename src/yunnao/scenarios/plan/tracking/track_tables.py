"""Where targets stand, as tables for officers and leaders, and as documents for programs."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from yunnao.kernel.numbers import plain
from yunnao.kernel.text import Text
from yunnao.platforms.indicators.targets.comparing import rounded_beside, said
from yunnao.platforms.indicators.targets.tracking import LIGHT_WORDS, Tracked, rounded
from yunnao.scenarios.plan.linking.arithmetic import KIND_WORDS
from yunnao.scenarios.plan.sheets import Cell, Table

COLUMNS = {
    "light": "灯",
    "words": "状态",
    "indicator": "指标",
    "area": "区域",
    "kind": "性质",
    "period": "期限",
    "wanted": "目标",
    "latest": "最新完成",
    "month": "截至",
    "progress": "进度 %",
    "band": "年底预计",
    "reason": "理由",
    "owner": "责任单位",
    "owner_by": "由谁定",
    "source": "数据来源",
    "quote": "原文",
    "line": "原文行",
    "target_id": "编号",
}
_BY = {"table": "部门职责表", "officer": "工作人员"}
UNASSIGNED = Text("未明确", "nobody yet")


def track_table(tracked: Sequence[Tracked], departments: Mapping[str, Text]) -> Table:
    """One row a target."""
    return Table("目标跟踪", COLUMNS, [track_row(each, departments) for each in tracked])


def track_row(each: Tracked, departments: Mapping[str, Text]) -> dict[str, Cell]:
    """One target; numbers in its own unit, whatever unit results come in."""
    promised, unit = each.target.promised, each.target.promised.unit
    year = promised.last_year
    return {
        "light": LIGHT_WORDS[each.light].zh,
        "words": each.words.zh,
        "indicator": promised.indicator,
        "area": promised.area or "全区",
        "kind": KIND_WORDS.get(promised.kind, promised.kind) + ("（下降）" if promised.direction == "down" else ""),
        "period": promised.period,
        "wanted": wanted(each),
        "latest": "" if each.value is None else f"{plain(each.value)} {unit}".strip(),
        "month": f"{year}-{each.month:02d}" if each.month else "",
        "progress": None if each.progress is None else rounded_beside(each.progress, Decimal(100), 1),
        "band": band(each),
        "reason": each.reason,
        "owner": owner(each, departments).zh,
        "owner_by": _BY.get(each.target.owner_by or "", ""),
        "source": each.source,
        "quote": promised.quote,
        "line": promised.text_line,
        "target_id": each.target.target_id,
    }


def wanted(each: Tracked) -> str:
    """The target in words."""
    return said(each.target.promised.bound, each.target.promised.unit)


def band(each: Tracked) -> str:
    """The band to the end of the year; empty where there is none."""
    if each.band is None:
        return ""
    bound = each.target.promised.bound
    limit = bound.high if bound.high is not None and bound.wants == "down" else bound.low
    low, high = rounded(each.band.low, limit), rounded(each.band.high, limit)
    return low if low == high else f"{low}—{high}"


def owner(each: Tracked, departments: Mapping[str, Text]) -> Text:
    """Who answers for it, or that nobody does yet."""
    held = each.target.owner
    return UNASSIGNED if held is None else departments.get(held, Text(held, held))


def track_document(each: Tracked, departments: Mapping[str, Text]) -> dict[str, object]:
    """One target for programs, with its lineage."""
    promised = each.target.promised
    return {
        "target": each.target.target_id,
        "revision": each.target.revision,
        "plan": each.target.plan,
        "file": each.target.file,
        "light": each.light,
        "state": each.state,
        "words": each.words.zh,
        "reason": each.reason,
        "indicator": promised.indicator,
        "series": promised.series,
        "area": promised.area,
        "kind": promised.kind,
        "period": promised.period,
        "comparator": promised.sign,
        "value": promised.value,
        "value_high": promised.value_high,
        "unit": promised.unit,
        "base_value": promised.base_value,
        "base_unit": promised.base_unit,
        "aspirational": promised.aspirational,
        "month": each.month,
        "latest": each.value,
        "source": each.source,
        "progress_percent": each.progress,
        "band": None
        if each.band is None
        else {"low": each.band.low, "middle": each.band.middle, "high": each.band.high, "method": each.band.method},
        "points": {str(month): value for month, value in each.points},
        "owner": each.target.owner,
        "owner_title": owner(each, departments).zh,
        "owner_by": each.target.owner_by,
        "lineage": {
            "start": promised.begins,
            "end": promised.ends,
            "line": promised.text_line,
            "section": promised.section,
            "sentence": promised.sentence,
            "quote": promised.quote,
        },
    }
