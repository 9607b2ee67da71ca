"""What an enterprise does, in the groups that the policies name; from headings of GB/T 4754-2017, by their beginning.

A code that is too short to tell the groups apart leaves them unknown. The policies name groups and not codes, so the
correspondence itself is to be verified (待核).
"""

from pathlib import Path
from typing import Any

from yunnao.kernel import strict_yaml
from yunnao.kernel.fact import FactType
from yunnao.kernel.text import Text
from yunnao.platforms.decisions.model import AsOf, Constant, Expression, TooVague, any_of, case, full_months, yuan
from yunnao.scenarios.benefits.subject import district
from yunnao.scenarios.benefits.subject import enterprise as e

_TABLE: Any = strict_yaml.read(Path(__file__).with_name("industries.yaml"))
_UNKNOWN = Constant(None)


def _titles(section: str) -> dict[str, Text]:
    return {row["name"]: Text(row["name"], row["en"]) for row in _TABLE[section]}


def _by_code(section: str) -> Expression:
    return case(
        *((e.industry_code.starts_with(*row["codes"]), row["name"]) for row in _TABLE[section]),
        otherwise=TooVague("industry_code"),
    )


def _in_class(row: dict[str, Any]) -> Expression:
    tests = [e.industry_section.is_in(*row["sections"])] if "sections" in row else []
    return any_of(*tests, *([e.industry_code.starts_with(*row["codes"])] if "codes" in row else []))


@e.derived(
    id="industry_group",
    type=FactType.CODE,
    title=Text("行业类别", "Group of industries"),
    cites="GB/T 4754—2017",
    values=_titles("groups"),
    evidence="knowledge",
    meaning="各政策点名的行业，互不重叠；行业代码太短分不清的为未知",
)
def industry_group() -> Expression:
    """The finest groups that any policy names; a policy lists those it means."""
    return _by_code("groups")


@e.derived(
    id="sector",
    type=FactType.CODE,
    title=Text("产业", "Sector"),
    cites="三次产业划分规定",
    values=_titles("sectors"),
    evidence="knowledge",
)
def sector() -> Expression:
    """Agriculture, industry and construction, or services."""
    return _by_code("sectors")


@e.derived(
    id="above_scale",
    type=FactType.BOOLEAN,
    title=Text("规模以上（限额以上）", "Above scale"),
    cites="统计“四上”单位口径",
    evidence="knowledge",
    meaning="按上年营业收入和行业；建筑业看资质；房地产开发全部计入；其他门类没有这个口径，为未知",
)
def above_scale() -> Expression:
    """Revenue reaches the bound of the industry's class."""
    rows = _TABLE["above_scale"]
    return case(
        (e.industry_section.is_("E"), e.construction_qualified),
        *((_in_class(row), e.revenue_year >= yuan(row["revenue"])) for row in rows),
        (e.industry_code.starts_with("K701"), Constant(True)),
        otherwise=_UNKNOWN,
    )


@e.derived(
    id="first_time_above_scale",
    type=FactType.BOOLEAN,
    title=Text("首次升规纳统", "Above scale for the first time"),
    cites="统计“四上”单位口径",
    evidence="knowledge",
)
def first_time_above_scale() -> Expression:
    """Above scale now, and not before."""
    return e.above_scale & ~e.above_scale_before


@e.derived(
    id="city", type=FactType.CODE, title=Text("所在城市", "City"), cites="district.yaml", meaning="本区所在的城市"
)
def city() -> Expression:
    """The district's city, for rules that leave a city out."""
    return district.city


@e.derived(
    id="business_age_months",
    type=FactType.INTEGER,
    title=Text("成立月数", "Age in months"),
    cites="GB/T 7408",
    unit="month",
    meaning="从成立日期到决定日的整月数",
)
def business_age_months() -> Expression:
    """Whole months since registration; none before it."""
    return full_months(e.registered_on, AsOf()).or_larger(0)
