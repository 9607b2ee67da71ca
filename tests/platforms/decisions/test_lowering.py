"""Exact numbers: scales, kinds, bounds; and what is refused."""

import datetime as dt
from decimal import Decimal

import pytest

from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.fact import FactType
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.lowering import Kind, Number, Surroundings, lower, lower_as

MONEY: Kind = Number(1, 1, 0, 10**14)
KINDS: dict[str, Kind] = {
    "income": MONEY,
    "loss": Number(1, 1, -(10**14), 10**14),
    "staff": Number(0, 1, 0, 10**9),
    "share": Number(0, 10**12, 0, 10**12),
    "clean": "boolean",
    "since": "date",
    "code": "text",
}


def around(delivered: frozenset[str] = frozenset()) -> Surroundings:
    return Surroundings(
        kinds=KINDS,
        row_kinds={"hires": {"months": Number(0, 1, 0, 600), "pay": Number(1, 1, 0, 10**9)}},
        parameter=lambda policy, name: {"rate": m.Constant(Decimal("0.025")), "floor": m.yuan("1500.55")}[name],
        as_of=dt.date(2023, 6, 30),
        delivered=delivered,
        where="政策 示例",
    )


def test_a_rate_becomes_whole_numbers_and_rounds_once() -> None:
    plain, kind = lower_as(m.Fact("income") * m.Parameter("rate"), FactType.MONEY, around())
    assert plain == m.Quotient(m.Fact("income"), m.Constant(40))
    assert isinstance(kind, Number)
    assert (kind.scale, kind.low) == (1, 0)


def test_a_share_is_compared_without_dividing() -> None:
    plain, _ = lower(m.Fact("share") <= Decimal("0.055"), around())
    assert plain == m.Compare("le", m.Fact("share"), m.Constant(55 * 10**9))


def test_money_in_sub_fen_is_compared_exactly() -> None:
    plain, _ = lower(m.Fact("income") > m.yuan("0.005"), around())
    assert plain == m.Compare("gt", m.Arithmetic("multiply", m.Fact("income"), m.Constant(2)), m.Constant(1))


@pytest.mark.parametrize(
    ("expression", "sentence"),
    [
        (m.Fact("income") >= 5, "金额只能和金额"),
        (m.Fact("income") + m.Fact("staff"), "金额只能和金额"),
        (m.Fact("income") * m.Fact("income"), "超出 64 位"),
        (m.Fact("code") >= "A", "只能比较是否相等"),
        (m.Fact("clean") & (m.Fact("staff") + 1), "需要是或否"),
        (m.Fact("nothing") >= 1, "没有叫 nothing 的事实"),
        (m.Fact("since").is_("x"), "不同种类"),
        (m.case((m.Fact("clean"), 1), otherwise="x"), "分支"),
        (m.Fact("loss").divided_by(2), "被除数可能为负"),
        (m.Related("rents", "any", m.Fact("x")), "没有叫 rents 的关联名册"),
    ],
)
def test_what_does_not_go_together_is_refused(expression: m.Expression, sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        lower(expression, around())


def test_an_amount_that_may_be_negative_is_refused() -> None:
    with pytest.raises(DefinitionError, match="可能为负"):
        lower_as(m.Fact("loss") * m.Parameter("rate"), FactType.MONEY, around())
    lower_as((m.Fact("loss") * m.Parameter("rate")).or_larger(0), FactType.MONEY, around())


def test_a_summary_over_an_undelivered_register_is_unknown_for_want_of_its_rows() -> None:
    summary = m.Related("hires", "sum", m.Fact("months") >= 12, m.Fact("pay"))
    plain, kind = lower(summary, around())
    assert plain == m.Undelivered("hires", ("months", "pay"), "number")
    assert isinstance(kind, Number)
    delivered, _ = lower(summary, around(frozenset({"hires"})))
    assert isinstance(delivered, m.Related)


def test_python_logic_is_refused_where_it_would_decide_at_once() -> None:
    with pytest.raises(DefinitionError, match="不能用 and"):
        bool(m.Fact("clean"))
    with pytest.raises(DefinitionError, match="float"):
        m.as_expression(0.05)
