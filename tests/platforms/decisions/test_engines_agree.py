"""The set-wise and the one-subject engine agree on every cell of generated policies and populations."""

import datetime as dt
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from yunnao.kernel.fact import FactDefinition, FactType
from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import OUTCOMES, STATES, RuleSet, compile_rules
from yunnao.platforms.decisions.definitions import Policy
from yunnao.platforms.decisions.facts import Facts, own
from yunnao.platforms.decisions.one import Decider
from yunnao.platforms.decisions.rules import rule_for, rule_from

AS_OF = dt.date(2023, 6, 30)
POLARS = {
    FactType.KEY: pl.String,
    FactType.CODE: pl.String,
    FactType.BOOLEAN: pl.Boolean,
    FactType.INTEGER: pl.Int64,
    FactType.MONEY: pl.Int64,
    FactType.SHARE: pl.Int64,
    FactType.DATE: pl.Date,
}


def column(id_: str, type_: FactType, **more: Any) -> FactDefinition:
    return FactDefinition(id=id_, type=type_, title=Text(f"题{id_}", id_), **more)


FIRMS = Register(
    id="firms",
    title=Text("企业", "Firms"),
    department="market",
    subject="firm",
    subject_key="code",
    key=("code",),
    names_subjects=True,
    facts=(
        column("code", FactType.KEY),
        column("industry", FactType.CODE),
        column("since", FactType.DATE),
        column("staff", FactType.INTEGER),
        column("income", FactType.MONEY, minimum=-(10**14)),
        column("revenue", FactType.MONEY),
        column("layoffs", FactType.SHARE),
        column("clean", FactType.BOOLEAN),
    ),
)
HIRES = Register(
    id="hires",
    title=Text("招用", "Hires"),
    department="labour",
    subject="firm",
    subject_key="code",
    key=("code", "person"),
    facts=(
        column("code", FactType.KEY),
        column("person", FactType.CODE),
        column("hired_on", FactType.DATE),
        column("months", FactType.INTEGER, maximum=600),
        column("graduate", FactType.BOOLEAN),
        column("pay", FactType.MONEY, maximum=10**10),
    ),
)


def facts() -> Facts:
    f = Facts("firm", registers=(FIRMS, HIRES))
    hires = f.rows("hires")
    eligible = (hires.months >= 12) & hires.graduate.is_(True)
    first = hires.first_claim("first", person="person", order="hired_on", where=eligible)

    @f.derived(id="size", type=FactType.CODE, title=Text("规模", "Size"), cites="示例")
    def size() -> m.Expression:
        by_staff = m.case((f.staff >= 300, 3), (f.staff >= 20, 2), otherwise=1)
        by_revenue = m.case((f.revenue >= m.yuan(4_000_000), 3), (f.revenue >= m.yuan("3000.01"), 2), otherwise=1)
        level = by_staff.or_smaller(by_revenue)
        known = m.case((level >= 3, "large"), (level >= 2, "medium"), otherwise="small")
        unlisted = m.Constant(None)
        return m.case(
            (f.industry.starts_with("C", "F51"), known), (f.industry.starts_with("J"), unlisted), otherwise="other"
        )

    @f.derived(id="age", type=FactType.INTEGER, title=Text("月数", "Months"), cites="示例")
    def age() -> m.Expression:
        return m.full_months(f.since, m.AsOf())

    @f.derived(id="waited", type=FactType.INTEGER, title=Text("工作日", "Working days"), cites="示例")
    def waited() -> m.Expression:
        return m.WorkingDayNumber(m.AsOf()) - m.WorkingDayNumber(f.since)

    @f.derived(id="small_clean", type=FactType.BOOLEAN, title=Text("小且清", "Small and clean"), cites="示例")
    def small_clean() -> m.Expression:
        return (f.size.is_in("small", "medium") | (f.staff < 5)) & ~f.clean.is_(False)

    @f.derived(id="graduates", type=FactType.INTEGER, title=Text("毕业生", "Graduates"), cites="示例")
    def graduates() -> m.Expression:
        return hires.count(first & eligible)

    @f.derived(id="has_hire", type=FactType.BOOLEAN, title=Text("有招用", "Hires"), cites="示例")
    def has_hire() -> m.Expression:
        return hires.any(eligible)

    @f.derived(id="latest", type=FactType.INTEGER, title=Text("最长", "Longest"), cites="示例")
    def latest() -> m.Expression:
        return hires.largest(hires.months, hires.graduate)

    @f.amount(id="rate_of_income", title=Text("减免", "Relief"), cites="示例")
    def rate_of_income() -> m.Expression:
        base = f.income.or_smaller(m.yuan(1_000_000))
        return (base * own.rate - base * Decimal("0.025")).or_larger(0)

    @f.amount(id="per_head", title=Text("每人", "Per head"), cites="示例")
    def per_head() -> m.Expression:
        return f.graduates * own.floor + hires.sum(hires.pay, hires.months >= 3) * own.rate

    @f.amount(id="capped", title=Text("封顶", "Capped"), cites="示例")
    def capped() -> m.Expression:
        cap = m.case(
            (f.clean, m.yuan(20_000_000)), otherwise=m.yuan(6_000_000)
        )  # literals only: once wrapped at 32 bits
        return (f.revenue * Decimal("0.16")).or_smaller(cap)

    @f.amount(id="quotient", title=Text("商", "Quotient"), cites="示例")
    def quotient() -> m.Expression:
        capped = f.revenue.or_smaller(m.yuan(700_000)).or_larger(0)
        return (capped * f.staff.or_smaller(1000)).divided_by(f.staff.or_smaller(1000) * 2 - 10)

    return f


FACTS = facts()
CITES = {"cites": "示例规〔2023〕1号"}
leaf = st.one_of(
    st.builds(
        lambda op, v: {"fact": "income", op: v},
        st.sampled_from(["at_least", "at_most", "more_than", "less_than", "is"]),
        st.sampled_from([Decimal("3000000"), Decimal("0.01"), "$floor", -5]),
    ),
    st.builds(
        lambda op, v: {"fact": "layoffs", op: v},
        st.sampled_from(["at_most", "more_than"]),
        st.sampled_from(["0.055", "$rate"]),
    ),
    st.builds(
        lambda op, v: {"fact": "staff", op: v},
        st.sampled_from(["at_least", "less_than"]),
        st.sampled_from([0, 20, 300]),
    ),
    st.builds(lambda v: {"fact": "industry", "in": v}, st.lists(st.sampled_from(["C1", "F51", "J"]), min_size=1)),
    st.builds(lambda v: {"fact": "size", "is": v}, st.sampled_from(["small", "large", "other"])),
    st.builds(lambda v: {"fact": "since", "before": v}, st.dates(dt.date(2019, 1, 1), dt.date(2023, 1, 1))),
    st.builds(lambda a, b: {"fact": "age", "within": [a, b]}, st.integers(0, 20), st.integers(10, 40)),
    st.builds(lambda v: {"fact": "waited", "at_most": v}, st.integers(0, 300)),
    st.builds(lambda v: {"fact": "clean", "is": v}, st.booleans()),
    st.builds(lambda v: {"fact": "small_clean", "is_not": v}, st.booleans()),
    st.builds(lambda v: {"fact": "graduates", "at_least": v}, st.integers(0, 2)),
    st.builds(lambda v: {"fact": "has_hire", "is": v}, st.booleans()),
    st.builds(lambda v: {"fact": "latest", "more_than": v}, st.integers(0, 12)),
)
tree = st.recursive(
    leaf,
    lambda inner: st.one_of(
        st.builds(lambda items: {"all": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda items: {"any": items}, st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda item: {"not": item}, inner),
        st.builds(
            lambda items: {"at_least": max(1, len(items) - 1), "of": items}, st.lists(inner, min_size=1, max_size=3)
        ),
    ),
    max_leaves=6,
)


def numbered(node: Any, counter: list[int]) -> Any:
    if "fact" in node:
        counter[0] += 1
        return {**node, "id": f"c_{counter[0]}", **CITES}
    return {
        key: numbered(value, counter)
        if isinstance(value, dict)
        else [numbered(item, counter) for item in value]
        if isinstance(value, list)
        else value
        for key, value in node.items()
    }


def policy_from(name: str, node: Any, amount: str | None) -> Policy:
    return Policy.model_validate(
        {
            "id": name,
            "title": {"zh": "示例", "en": "Example"},
            "issuer": "示例",
            "cites": "示例规〔2023〕1号",
            "region": "全国",
            "valid": {"from": dt.date(2023, 1, 1)},
            "evidence": "source",
            "delivery": "automatic",
            "department": "market",
            "subject": "firm",
            "parameters": {
                "rate": [{"from": dt.date(2022, 1, 1), "value": "0.055", "unit": "share", **CITES}],
                "floor": [{"from": dt.date(2022, 1, 1), "value": "1500.55", "unit": "CNY", **CITES}],
            },
            "grant_when": numbered(node, [0]),
            "grants": {"kind": "payment", **({"amount": amount} if amount else {})},
        }
    )


policies = st.lists(
    st.tuples(tree, st.sampled_from([None, "rate_of_income", "per_head", "capped", "quotient"])), min_size=1, max_size=3
).map(lambda pairs: [policy_from(f"policy_{i}", node, amount) for i, (node, amount) in enumerate(pairs)])
money = st.one_of(
    st.none(),
    st.sampled_from([0, 1, 299_999_999, 300_000_000, 300_000_001, 10**14, 150_055, 100_000_000]),
    st.integers(0, 10**14),
)
firm = st.fixed_dictionaries(
    {
        "industry": st.one_of(st.none(), st.sampled_from(["C1", "F512", "J66", "A"])),
        "since": st.one_of(st.none(), st.dates(dt.date(2003, 1, 1), dt.date(2023, 12, 31))),
        "staff": st.one_of(st.none(), st.sampled_from([0, 4, 5, 6, 19, 20, 300, 10**9])),
        "income": st.one_of(money, st.integers(-(10**14), 0)),
        "revenue": money,
        "layoffs": st.one_of(st.none(), st.sampled_from([0, 55 * 10**9, 55 * 10**9 + 1, 10**12])),
        "clean": st.one_of(st.none(), st.booleans()),
    }
)
hire = st.fixed_dictionaries(
    {
        "firm": st.integers(0, 5),
        "person": st.sampled_from(["甲", "乙", "丙"]),
        "hired_on": st.one_of(st.none(), st.dates(dt.date(2022, 1, 1), dt.date(2022, 1, 4))),
        "months": st.one_of(st.none(), st.sampled_from([0, 2, 3, 11, 12, 36])),
        "graduate": st.one_of(st.none(), st.booleans()),
        "pay": st.one_of(st.none(), st.sampled_from([0, 1, 10**10])),
    }
)


def frames(firms: list[dict[str, Any]], hires: list[dict[str, Any]]) -> tuple[pl.DataFrame, pl.DataFrame]:
    subjects = [{"code": f"S{i}", **row} for i, row in enumerate(firms)]
    rows = {(f"S{h['firm']}", h["person"]): {"code": f"S{h['firm']}", **h} for h in hires}
    return (
        pl.DataFrame(subjects, schema={f.id: POLARS[f.type] for f in FIRMS.facts}),
        pl.DataFrame(list(rows.values()), schema={f.id: POLARS[f.type] for f in HIRES.facts}),
    )


def rule_set(chosen: list[Policy], delivered: frozenset[str]) -> RuleSet:
    rules = [rule_from(rule_for(policy, FACTS, {}).text) for policy in chosen]  # as replayed from its stored version
    return compile_rules(rules, AS_OF, delivered, shipped_calendar())


def calendar_frame() -> pl.DataFrame:
    calendar = shipped_calendar()
    days = [calendar.first_day + dt.timedelta(days=i) for i in range(len(calendar.numbers))]
    return pl.DataFrame({"day": days, "number": calendar.numbers}, schema={"day": pl.Date, "number": pl.Int64})


CALENDAR = calendar_frame()


def compare(rules: RuleSet, subjects: pl.DataFrame, hires: pl.DataFrame, delivered: bool) -> None:
    rows = {"hires": hires.lazy()} if delivered else {}
    inputs = many.Inputs(subjects=subjects.lazy(), key="code", rows=rows, calendar=CALENDAR.lazy())
    wide = many.decide(rules, inputs).collect().sort("code")
    claimed = many.with_claims(rules, "hires", hires.lazy(), CALENDAR.lazy()).collect()
    decider = Decider(rules)
    assert wide["code"].to_list() == sorted(subjects["code"].to_list())
    for row in wide.to_dicts():
        values = subjects.filter(pl.col("code") == row["code"]).to_dicts()[0]
        own_rows = claimed.filter(pl.col("code") == row["code"]).to_dicts()
        for policy, decision in zip(rules.policies, decider.decide(values, {"hires": own_rows}), strict=True):
            states = sum(STATES.index(state) << (2 * k) for k, state in enumerate(decision.conditions.values()))
            missing = tuple(f for k, f in enumerate(policy.missable) if row[f"{policy.id}__missing"] >> k & 1)
            got = (OUTCOMES[row[policy.id]], row[f"{policy.id}__states"], row[f"{policy.id}__amount"], missing)
            assert got == (decision.outcome, states, decision.amount, decision.missing), (policy.id, values, own_rows)
            if decision.outcome == "undetermined":
                assert decision.missing, "an undetermined decision names what is missing"


@settings(max_examples=120)
@given(policies, st.lists(firm, min_size=1, max_size=6), st.lists(hire, max_size=10), st.booleans())
def test_both_engines_agree_on_every_cell(
    chosen: list[Policy], firms: list[dict[str, Any]], hires: list[dict[str, Any]], delivered: bool
) -> None:
    subjects, rows = frames(firms, hires)
    compare(rule_set(chosen, frozenset({"firms"} | ({"hires"} if delivered else set()))), subjects, rows, delivered)


@pytest.mark.slow
@settings(max_examples=3000)
@given(policies, st.lists(firm, min_size=1, max_size=6), st.lists(hire, max_size=10), st.booleans())
def test_both_engines_agree_for_long(
    chosen: list[Policy], firms: list[dict[str, Any]], hires: list[dict[str, Any]], delivered: bool
) -> None:
    subjects, rows = frames(firms, hires)
    compare(rule_set(chosen, frozenset({"firms"} | ({"hires"} if delivered else set()))), subjects, rows, delivered)
