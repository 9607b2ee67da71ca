"""The sample report's rows as a careful officer has them after review: made by hand, so that no test of tracking rests on the reader."""

from decimal import Decimal

from yunnao.scenarios.plan.linking.names import scaled
from yunnao.scenarios.plan.quantities import Quantity
from yunnao.scenarios.plan.sample_plan import REPORT

TEXT = REPORT.read_text(encoding="utf-8")
_ROWS: tuple[tuple[str, str, str, str, str, str, str], ...] = (
    # clause up to the numeral, numeral, unit, indicator, kind, comparator, status
    ("全区地区生产总值", "1860.5", "亿元", "地区生产总值", "level", "=", "outcome"),
    ("1860.5亿元，增长", "4.6", "%", "地区生产总值增速", "growth_yoy", "=", "outcome"),
    ("规模以上工业增加值增长", "7.2", "%", "规上工业增加值增速", "growth_yoy", "=", "outcome"),
    ("一般公共预算收入", "152.4", "亿元", "一般公共预算收入", "level", "=", "outcome"),
    ("152.4亿元，增长", "5.1", "%", "一般公共预算收入增速", "growth_yoy", "=", "outcome"),
    ("固定资产投资增长", "6.3", "%", "固定资产投资增速", "growth_yoy", "=", "outcome"),
    ("货物进出口总额1105亿元，增长", "11", "%", "货物进出口总额增速", "growth_yoy", "=", "outcome"),
    ("实际使用外资", "9.6", "亿美元", "实际使用外资", "level", "=", "outcome"),
    ("市场主体达到", "21.3", "万户", "市场主体数", "level", "=", "outcome"),
    ("城镇新增就业", "3.1", "万人", "城镇新增就业", "increment", "=", "outcome"),
    ("地区生产总值增长", "6", "%", "地区生产总值增速", "growth_yoy", "≈", "target"),
    ("规模以上工业增加值增长", "8", "%", "规上工业增加值增速", "growth_yoy", "≥", "target"),
    ("一般公共预算收入增长6%以上，达到", "161", "亿元", "一般公共预算收入", "level", "≥", "target"),
    ("固定资产投资增长", "7", "%", "固定资产投资增速", "growth_yoy", "=", "target"),
    ("货物进出口总额增长", "10", "%", "货物进出口总额增速", "growth_yoy", "=", "target"),
    ("货物进出口总额增长10%，力争", "12", "%", "货物进出口总额增速", "growth_yoy", "=", "target"),
    ("实际使用外资", "10", "亿美元", "实际使用外资", "level", "≥", "target"),
    ("城镇新增就业", "3", "万人", "城镇新增就业", "increment", "≥", "target"),
    ("城镇登记失业率控制在", "3.5", "%", "城镇登记失业率", "share", "≤", "target"),
    ("空气质量优良天数比例达到", "88", "%", "空气质量优良天数比例", "share", "≥", "target"),
    ("单位地区生产总值能耗下降", "3", "%", "单位地区生产总值能耗", "growth_yoy", "≥", "target"),
    ("年末市场主体突破", "23", "万户", "市场主体数", "level", ">", "target"),
)
_TARGETS_BEGIN = TEXT.index("二、2023年主要预期目标")


def sample_rows() -> list[Quantity]:
    """Every row, in the order of the text."""
    return sorted((_row(*each) for each in _ROWS), key=lambda row: row.start)


def _row(clause: str, numeral: str, unit: str, indicator: str, kind: str, comparator: str, status: str) -> Quantity:
    start = TEXT.index(clause + numeral, _TARGETS_BEGIN if status == "target" else 0) + len(clause)
    begin, end = TEXT.rindex("。", 0, start) + 1 if "。" in TEXT[:start] else 0, TEXT.index("。", start) + 1
    base_value, base_unit = scaled(Decimal(numeral), unit)
    strives = (
        {"10": Decimal(12), "12": Decimal(12)}.get(numeral)
        if "货物进出口" in indicator and status == "target"
        else None
    )
    return Quantity(
        start=start,
        end=start + len(numeral),
        line=TEXT.count("\n", 0, start) + 1,
        quote=TEXT[start - len(clause) : start + len(numeral) + len(unit)],
        sentence=TEXT[begin:end].strip(),
        section="",
        indicator=indicator,
        value=Decimal(numeral),
        unit=unit,
        base_value=base_value,
        base_unit=base_unit,
        comparator=comparator,  # type: ignore[arg-type]
        kind=kind,  # type: ignore[arg-type]
        direction="down" if "能耗" in indicator else "up",
        period="2023" if status == "target" else "2022",
        status=status,  # type: ignore[arg-type]
        aspirational=strives,
        confidence=1,
    )
