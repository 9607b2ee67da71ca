"""The register of values that units are assessed by; loaded like any other (`yunnao load HOME assessment_values FILE`).

So values keep their deliveries, and a corrected one stands beside what was believed before. Who is assessed is said by the assessment
itself; a register of units is needed only by a policy that decides about them.
"""

from yunnao.kernel.fact import CodeForm, FactDefinition, FactType
from yunnao.kernel.numbers import plain
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.facts import Facts


def _period(text: str) -> str | None:
    from yunnao.platforms.indicators.assessment.periods import (
        parse_period,
    )  # every command reads this module, few need that

    try:
        return str(parse_period(text))
    except ValueError:
        return None


def _number(text: str) -> str | None:
    from yunnao.platforms.indicators.assessment.values import decimal_of

    number = decimal_of(text)
    return None if number is None else plain(number)


_NUMBER = CodeForm(_number, "一个数，如 6.8 或 -1,234.5；单位写在考核定义里")
_PERIOD = CodeForm(_period, "2023Q1、2023年一季度、2023-01 或 2023")

_UNIT = FactDefinition(
    id="unit",
    type=FactType.KEY,
    title=Text("考核对象", "Unit"),
    aliases=("区（市）", "区市", "部门", "对象"),
    meaning="考核定义里的名称或编号",
)

assessed_units = Register(
    id="assessed_units",
    title=Text("考核对象名册", "Assessed units"),
    department="assessment_office",
    subject="assessed_unit",
    subject_key="unit",
    key=("unit",),
    facts=(_UNIT,),
    names_subjects=True,
)

assessment_values = Register(
    id="assessment_values",
    title=Text("考核指标值", "Values of assessed indicators"),
    department="assessment_office",
    subject="assessed_unit",
    subject_key="unit",
    key=("unit", "indicator", "period"),
    facts=(
        _UNIT,
        FactDefinition(
            id="indicator",
            type=FactType.CODE,
            title=Text("指标", "Indicator"),
            aliases=("指标名称",),
            meaning="考核定义里的名称或编号",
        ),
        FactDefinition(
            id="period",
            type=FactType.CODE,
            title=Text("时期", "Period"),
            aliases=("季度", "期间", "报告期"),
            form=_PERIOD,
            meaning="哪个季度、月或年的值",
        ),
        FactDefinition(
            id="value",
            type=FactType.CODE,
            title=Text("数值", "Value"),
            aliases=("值", "完成值", "实际值"),
            form=_NUMBER,
            meaning="按考核定义里的单位，十进制，一位不改；空着表示还没有",
        ),
        FactDefinition(
            id="target",
            type=FactType.CODE,
            title=Text("目标值", "Target"),
            aliases=("目标", "计划值", "任务数"),
            form=_NUMBER,
            meaning="这个对象这个时期的目标，供完成率用",
        ),
        FactDefinition(
            id="measured_in",
            type=FactType.CODE,
            title=Text("单位", "Unit of measure"),
            aliases=("计量单位",),
            meaning="数值的单位；写了就要和考核定义里的一样，不一样的不用",
        ),
    ),
    optional=frozenset({"target", "measured_in"}),
)

assessed_unit = Facts("assessed_unit", registers=(assessed_units, assessment_values))

FACTS = (assessed_unit,)
