"""Expression trees in words: every kind of node, brackets where they are needed, and no other."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

import pytest

from tests.web.small_scenario import scenario
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.definitions import ParameterValue
from yunnao.web.dictionary_entries import definitions
from yunnao.web.dictionary_formula import Formula

FACTS = scenario().facts["enterprise"]
e = FACTS
hires = FACTS.rows("hires")
rate = m.Parameter("rate")


def _find(policy: str, name: str) -> ParameterValue | None:
    if (policy, name) != ("", "rate"):
        return None
    return ParameterValue.model_validate(
        {"from": dt.date(2022, 1, 1), "value": "0.05", "unit": "share", "cites": "第一条"}
    )


ZH = Formula(definitions(FACTS), FACTS.registers, _find, "zh")
EN = Formula(definitions(FACTS), FACTS.registers, _find, "en")


@pytest.mark.parametrize(
    ("tree", "zh"),
    [
        (e.revenue * rate, "上年营业收入 × 5%"),
        ((e.revenue - m.yuan(10000)) * rate, "（上年营业收入 － 1 万元） × 5%"),
        (e.revenue - e.revenue * rate, "上年营业收入 － 上年营业收入 × 5%"),
        (e.revenue - (e.revenue - m.yuan(1)), "上年营业收入 － （上年营业收入 － 1 元）"),
        (e.revenue * m.Parameter("other"), "上年营业收入 × 参数 other"),
        (e.revenue >= m.yuan(3000000), "上年营业收入 ≥ 300 万元"),
        (e.employees < 30, "期末从业人数 ＜ 30 人"),
        (e.layoff <= Decimal("0.055"), "上年裁员率 ≤ 5.5%"),
        (e.payer.is_("small"), "纳税人类型 ＝ 小规模纳税人"),
        (e.payer.is_in("small", "general"), "纳税人类型 为 小规模纳税人、一般纳税人 之一"),
        (e.payer.is_in("small"), "纳税人类型 ＝ 小规模纳税人"),
        (e.street.starts_with("A", "B1"), "所属镇街 以 A、B1 开头"),
        (e.founded < dt.date(2023, 1, 1), "成立日期 ＜ 2023-01-01"),
        (
            ~e.listed & (e.listed | e.revenue.is_known()),
            "并非（列入失信名单） 且 （列入失信名单 或 上年营业收入 已知）",
        ),
        ((e.listed & e.listed) & e.listed, "列入失信名单 且 列入失信名单 且 列入失信名单"),
        (m.AtLeast(1, (e.listed, e.is_micro)), "以下至少满足 1 项：列入失信名单、微型企业"),
        (e.revenue.or_smaller(m.yuan(5)), "较小者（上年营业收入，5 元）"),
        (e.revenue.or_larger(0), "较大者（上年营业收入，0）"),
        (e.revenue.divided_by(12), "上年营业收入 ÷ 12（四舍五入）"),
        (m.full_months(e.founded, m.AsOf()) >= 12, "从 成立日期 到 决定当日 的整月数 ≥ 12"),
        (m.full_years(e.founded, m.AsOf()) >= 3, "从 成立日期 到 决定当日 的整年数 ≥ 3"),
        ((e.founded.month + 1).divided_by(3).is_(1), "（成立日期 的季度） ＝ 1"),
        (e.founded.year.is_(m.AsOf().year), "成立日期 的年份 ＝ 决定当日 的年份"),
        (m.case((e.listed, m.yuan(0)), otherwise=m.yuan(500)), "若 列入失信名单，为 0 元；否则为 500 元"),
        (hires.any(hires.months >= 12), "“招用人员”中有这样的记录：合同月数 ≥ 12 个月"),
        (hires.count(hires.months >= 12), "“招用人员”中符合条件的记录数（合同月数 ≥ 12 个月）"),
        (
            hires.sum(hires.months, hires.months >= 12) * 3,
            "（“招用人员”中符合条件的记录（合同月数 ≥ 12 个月）的 合同月数 合计） × 3",
        ),
        (m.Constant(None), "未知"),
        (m.WorkingDayNumber(e.founded), "成立日期 的工作日序号"),
    ],
)
def test_a_tree_in_chinese_words(tree: m.Expression, zh: str) -> None:
    assert ZH.text(tree) == zh


def test_the_same_tree_in_english() -> None:
    tree = m.case((e.payer.is_("small") & ~e.listed, e.revenue * rate), otherwise=m.yuan(500))
    assert EN.text(tree) == (
        "if Kind of payer ＝ Small-scale and not (On the dishonest list): Revenue last year × 5%; else CNY 500"
    )


def test_codes_that_a_derived_fact_comes_to_are_shown_by_label() -> None:
    tree = m.case((e.listed, "small"), otherwise="general")
    assert ZH.text(tree, FACTS.observed["payer"]) == "若 列入失信名单，为 小规模纳税人；否则为 一般纳税人"


def test_a_person_who_counts_once_is_said_so() -> None:
    claim = hires.first_claim("once", person="person", order="months", where=hires.months >= 12)
    assert ZH.text(hires.count(claim)).endswith("同一人员编号只计最早的一次（按合同月数））")


def test_every_kind_of_node_has_words() -> None:
    @dataclass(frozen=True)
    class Strange(m.Expression):
        pass

    kinds = [kind for kind in vars(m).values() if isinstance(kind, type) and issubclass(kind, m.Expression)]
    say = vars(Formula)["_say"]
    without = {kind.__name__ for kind in kinds if say.dispatcher.dispatch(kind) is say.func}
    assert without == {"Expression", "Undelivered", "Unknown"}  # the last two are made by compiling, never declared
    assert ZH.text(Strange()) == "Strange"
