"""Measures agree with the slow oracle on generated rows; lineage adds up; what is unknown is never zero."""

import datetime as dt
from fractions import Fraction
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.platforms.indicators.frames import Row, RowSources
from tests.platforms.indicators.oracle import expected
from yunnao.platforms.indicators.definitions import Indicator, read_indicators
from yunnao.platforms.indicators.measure import Made, Measured, measure, value_text
from yunnao.platforms.indicators.rows import identity, rows_behind

POLICIES = ["alpha", "beta", "gamma"]
MADE = Made("benefits", 7, "abc", {policy: f"version-{policy}" for policy in POLICIES})
BIG = 10**14

days = st.dates(dt.date(2023, 12, 20), dt.date(2024, 3, 1))
maybe_day = st.none() | days
money = st.none() | st.integers(0, 10**6) | st.sampled_from([BIG, BIG - 1])


def _indicator(**words: Any) -> Indicator:
    given_words = {"id": "it", "title": {"zh": "指标", "en": "it"}, "direction": "none", "unit": "count", **words}
    return read_indicators([given_words], "test")[0]


def one(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Row]:
    return st.fixed_dictionaries(fields)


@st.composite
def populations(draw: st.DrawFn) -> RowSources:
    subjects = [f"S{n}" for n in range(draw(st.integers(0, 8)))]
    policies = [
        draw(
            one(
                policy=st.just(p),
                in_force=st.booleans(),
                period=st.sampled_from(["2024", None]),
                has_amount=st.booleans(),
            )
        )
        for p in POLICIES
    ]
    outcomes = st.sampled_from(["granted", "refused", "undetermined"])
    decisions = [
        draw(one(policy=st.just(p), subject=st.just(s), outcome=outcomes, amount=money))
        for p in POLICIES
        for s in subjects
    ]
    owing = st.sets(st.sampled_from(["tax", "insurance"]), max_size=2)
    missing: list[Row] = [
        {"policy": d["policy"], "subject": d["subject"], "register": register}
        for d in decisions
        if d["outcome"] == "undetermined"
        for register in sorted(draw(owing))
    ]
    facts = [
        draw(
            one(
                subject=st.just(s),
                street=st.sampled_from(["east", "west", None]),
                staff=st.none() | st.integers(0, 20),
                revenue=money,
                listed=st.sampled_from([True, False, None]),
            )
        )
        for s in subjects
    ]
    case = one(
        flow=st.sampled_from(["pay", "ask"]),
        policy=st.sampled_from(POLICIES),
        subject=st.sampled_from(subjects or ["S0"]),
        period=st.sampled_from(["2023", "2024", None]),
        department=st.sampled_from(["tax", "commerce"]),
        state=st.sampled_from(["proposed", "confirmed", "paid"]),
        amount=money,
        opened_on=days,
        confirmed_on=maybe_day,
        paid_on=maybe_day,
    )
    cases = [{"case_id": f"C{n}", **row} for n, row in enumerate(draw(st.lists(case, max_size=8)))]
    return RowSources(policies, decisions, missing, facts, cases)


granted = {"decisions": {"outcome": "granted"}}
MEASURES: list[dict[str, Any]] = [
    {"count": {"policies": {}}},
    {"count": {"decisions": {}}, "by": "outcome"},
    {"count": granted, "by": "policy"},
    {"count": granted, "by": {"fact": "street", "of": "enterprise"}},
    {"count": {"decisions": {"outcome": ["granted", "refused"], "policy": "beta"}}},
    {"count": {**granted, "distinct": "subject"}, "by": {"fact": "listed", "of": "enterprise"}},
    {"count": {"decisions": {"outcome": "undetermined"}}, "by": "register"},
    {
        "count": {"cases": {"flow": "pay", "reached": ["paid", "never_heard_of"], "period": "current"}},
        "by": "department",
    },
    {"count": {"cases": {"state": ["confirmed", "paid"], "policy": ["alpha", "beta"]}}, "by": "period"},
    {"count": {"cases": {}, "distinct": "subject"}},
    {
        "count": {
            "subjects": {
                "kind": "enterprise",
                "where": [{"fact": "staff", "at_most": 7}, {"fact": "listed", "is": True}],
            }
        }
    },
    {
        "count": {"subjects": {"kind": "enterprise", "where": [{"fact": "revenue", "at_least": 5000, "unit": "CNY"}]}},
        "by": {"fact": "street", "of": "enterprise"},
    },
    {"unit": "CNY", "sum": {**granted, "of": "amount"}, "by": "policy"},
    {"unit": "CNY", "sum": {"cases": {"reached": "paid"}, "of": "amount"}},
    {
        "unit": "CNY",
        "sum": {"subjects": {"kind": "enterprise"}, "of": "revenue"},
        "by": {"fact": "street", "of": "enterprise"},
    },
    {"unit": "CNY", "median": {**granted, "of": "amount"}},
    {"unit": "CNY", "mean": {**granted, "of": "amount"}, "by": "policy"},
    {
        "unit": "person",
        "mean": {"subjects": {"kind": "enterprise", "where": [{"fact": "street", "in": ["east"]}]}, "of": "staff"},
    },
    {
        "unit": "person",
        "median": {"subjects": {"kind": "enterprise", "where": [{"fact": "street", "is_not": "east"}]}, "of": "staff"},
        "by": {"fact": "listed", "of": "enterprise"},
    },
    {"unit": "day", "median": {"cases": {}, "of": {"from": "opened", "to": "paid"}}, "by": "policy"},
    {"unit": "working_day", "median": {"cases": {}, "of": {"from": "opened", "to": "paid"}}},
    {"unit": "working_day", "mean": {"cases": {}, "of": {"from": "confirmed", "to": "paid"}}, "by": "state"},
    {
        "unit": "share",
        "share": {"of": granted, "counting": {"cases": {"reached": "confirmed", "period": "current"}}},
        "by": "policy",
    },
    {"unit": "share", "share": {"of": {"decisions": {}}, "counting": granted}, "by": "policy"},
    {"unit": "share", "share": {"of": {"cases": {}}, "counting": {"cases": {"period": "current", "reached": "paid"}}}},
    {
        "unit": "share",
        "share": {
            "of": {"subjects": {"kind": "enterprise", "where": [{"fact": "staff", "more_than": 3}]}},
            "counting": {
                "subjects": {"kind": "enterprise", "where": [{"fact": "revenue", "less_than": 9000, "unit": "CNY"}]}
            },
        },
        "by": {"fact": "street", "of": "enterprise"},
    },
]


def _exact(row: Measured) -> Fraction | None:
    return None if row.numerator is None or row.denominator is None else Fraction(row.numerator, row.denominator)


@pytest.mark.parametrize("words", MEASURES, ids=lambda words: "-".join(map(str, words.values()))[:90])
@settings(max_examples=15)
@given(sources=populations())
def test_agrees_with_the_oracle_and_with_its_own_lineage(words: dict[str, Any], sources: RowSources) -> None:
    indicator = _indicator(**words)
    want = expected(indicator, sources)
    total, *breakdown = measure(indicator, sources, MADE)
    assert (_exact(total), total.rows, total.unknown) == tuple(vars(want.pop("total")).values())
    got = {row.key: (_exact(row), row.rows, row.unknown) for row in breakdown}
    assert len(got) == len(breakdown)
    for key, group in want.items():
        assert got.pop(key) == (group.value, group.rows, group.unknown)
    for key, empty in got.items():  # policies in force that have nothing to count
        assert empty == (Fraction(0), 0, 0)
        assert key in {row["policy"] for row in sources.policy_rows if row["in_force"]}
    _check_lineage(indicator, sources, total)


def _check_lineage(indicator: Indicator, sources: RowSources, total: Measured) -> None:
    rows = rows_behind(indicator, sources).collect()
    assert rows.columns == [*identity(indicator), "key", "counted", "value"]
    assert rows.select(identity(indicator)).is_duplicated().sum() == 0
    assert rows["counted"].is_null().sum() == total.unknown
    assert rows["counted"].is_not_null().sum() == total.rows
    if indicator.how in ("count", "share"):
        assert rows["counted"].sum() == (total.numerator or 0)
    else:
        counted = rows.filter("counted")
        assert counted["value"].null_count() == 0
        if indicator.how in ("sum", "mean"):
            assert sum(counted["value"]) == (total.numerator or 0)


def test_a_population_s_money_may_pass_int64() -> None:
    rows = [{"policy": "alpha", "subject": f"S{n}", "outcome": "granted", "amount": BIG} for n in range(100_000)]
    sources = RowSources([{"policy": "alpha", "in_force": True, "period": "2024", "has_amount": True}], rows)
    total, group = measure(_indicator(unit="CNY", sum={**granted, "of": "amount"}, by="policy"), sources, MADE)
    assert total.numerator == group.numerator == BIG * 100_000 > 2**63
    assert total.value == "100000000000000000.00"


def test_unknown_amounts_are_not_zero() -> None:
    policy = {"policy": "alpha", "in_force": True, "period": "2024", "has_amount": True}
    rows: list[Row] = [{"policy": "alpha", "subject": s, "outcome": "granted", "amount": None} for s in ("S1", "S2")]
    indicator = _indicator(unit="CNY", sum={**granted, "of": "amount"})
    (nothing_known,) = measure(indicator, RowSources([policy], rows), MADE)
    assert (nothing_known.value, nothing_known.unknown) == (None, 2)
    rows[0]["amount"] = 150
    (one_known,) = measure(indicator, RowSources([policy], rows), MADE)
    assert (one_known.value, one_known.unknown) == ("1.50", 1)
    (nobody,) = measure(indicator, RowSources([policy], []), MADE)
    assert (nobody.value, nobody.unknown) == ("0.00", 0)


def test_conditions_of_a_policy() -> None:
    sources = RowSources(
        decision_rows=[
            {"policy": p, "subject": s, "outcome": o, "amount": None}
            for p, s, o in [("alpha", "S1", "refused"), ("alpha", "S2", "refused"), ("beta", "S1", "refused")]
        ],
        condition_rows={
            "alpha": [
                {"subject": "S1", "small": "not_met", "new": "met"},
                {"subject": "S2", "small": "met", "new": "unknown"},
            ]
        },
    )
    failing = {"decisions": {"policy": "alpha", "outcome": "refused", "conditions": {"small": "not_met"}}}
    (count,) = measure(_indicator(count=failing), sources, MADE)
    assert (count.value, count.made_from) == ("1", ("version-alpha",))
    assert rows_behind(_indicator(count=failing), sources).collect()["subject"].to_list() == ["S1"]
    of = {"decisions": {"policy": "alpha", "outcome": "refused"}}
    (share,) = measure(_indicator(unit="share", share={"of": of, "counting": failing}), sources, MADE)
    assert share.value == "0.5"


@pytest.mark.parametrize(
    ("words", "top", "bottom", "text"),
    [
        ({"unit": "share", "share": {"of": granted, "counting": granted}}, 1078, 2816, "0.3828"),
        ({"unit": "share", "share": {"of": granted, "counting": granted}}, 1, 20000, "0.0001"),  # half up
        ({"unit": "share", "share": {"of": granted, "counting": granted}}, 3, 3, "1"),
        ({"unit": "CNY", "mean": {**granted, "of": "amount"}}, 1, 2, "0.01"),
        ({"unit": "CNY", "median": {**granted, "of": "amount"}}, 301, 2, "1.505"),
        ({"unit": "CNY", "median": {**granted, "of": "amount"}}, 301, 1, "3.01"),
        ({"unit": "day", "median": {"cases": {}, "of": {"from": "opened", "to": "paid"}}}, -17, 2, "-8.5"),
        ({"unit": "day", "mean": {"cases": {}, "of": {"from": "opened", "to": "paid"}}}, -1, 3, "-0.3333"),
        ({"unit": "share", "median": {"subjects": {"kind": "enterprise"}, "of": "rate"}}, 10**11, 2, "0.05"),
    ],
)
def test_value_as_text(words: dict[str, Any], top: int, bottom: int, text: str) -> None:
    assert value_text(_indicator(**words), top, bottom) == text


@pytest.mark.parametrize(("bound", "met"), [({"at_least": 2}, True), ({"at_least": 3}, False), ({"at_most": 1}, False)])
def test_target(bound: dict[str, int], met: bool) -> None:
    target = {**bound, "by": dt.date(2026, 12, 31), "cites": "区政府工作要点"}
    rows = [{"policy": "alpha", "subject": s, "outcome": "granted", "amount": None} for s in ("S1", "S2")]
    total, *groups = measure(
        _indicator(count=granted, by="policy", target=target), RowSources(decision_rows=rows), MADE
    )
    assert total.on_target is met
    assert [group.on_target for group in groups] == [None]


def test_lineage_names_run_snapshot_versions_and_definition() -> None:
    rows = [{"policy": "alpha", "subject": "S1", "outcome": "granted", "amount": None}]
    total, group = measure(_indicator(count=granted, by="policy"), RowSources(decision_rows=rows), MADE)
    assert (total.run, total.snapshot, total.scenario) == (7, "abc", "benefits")
    assert total.made_from == tuple(f"version-{policy}" for policy in POLICIES)
    assert group.made_from == ("version-alpha",)
    assert total.definition == _indicator(count=granted, by="policy").definition
    assert total.definition != _indicator(count=granted).definition


def test_needs_only_the_columns_it_names() -> None:
    """Population-sized decisions are read column by column: a count reads neither subjects nor amounts."""
    rows = [{"policy": "alpha", "subject": "S1", "outcome": "granted", "amount": None}]
    sources = RowSources(decision_rows=rows)
    plan = rows_behind(_indicator(count=granted, by="policy"), sources, broken_down=True)
    text = plan.group_by("key").agg(pl.col("counted").sum()).explain()
    assert "2/4 COLUMNS" in text, text
