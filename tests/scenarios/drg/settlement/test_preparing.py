"""Readmissions, reviews, pools and hospitals of stays."""

import datetime as dt
from typing import Any

import pytest

from tests.scenarios.drg.settlement.made import YEAR, hospitals_frame, inputs_of, rules_with, stay
from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.preparing import basis_of, prepared
from yunnao.scenarios.drg.settlement.settling import settle_year

HOSPITALS = hospitals_frame(("H1", "tertiary", 40_000), ("H2", "secondary", None))
DISCHARGED = dt.date(YEAR, 5, 8)


def pair(days: int, **later: Any) -> list[dict[str, Any]]:
    """Two stays of one person, the later one admitted so many days after the earlier one's discharge."""
    admitted = DISCHARGED + dt.timedelta(days=days)
    again = {"admitted_on": admitted, "discharged_on": admitted + dt.timedelta(days=5), "person_id": "P"}
    return [stay("one", "H1", "AA19", 100, person_id="P"), stay("two", "H1", "AA19", 100, **again | later)]


def readmitted(rows: list[dict[str, Any]], reviews: Any = (), **rule: Any) -> list[str]:
    values = {"days": 15, "factor": "0.5", **rule}
    found = prepared(inputs_of(rows, HOSPITALS, (), reviews), rules_with(readmission=values))
    return found.filter("readmission")["case_id"].to_list()


@pytest.mark.parametrize(("days", "expected"), [(-1, []), (0, ["one"]), (15, ["one"]), (16, [])])
def test_days_between(days: int, expected: list[str]) -> None:
    assert readmitted(pair(days)) == expected


def test_what_a_readmission_is_not() -> None:
    assert readmitted(pair(3, person_id="Q")) == []
    assert readmitted(pair(3, hospital_id="H2")) == []
    assert readmitted(pair(3, drg="AA15")) == []
    assert readmitted(pair(3, payment_kind="bed_day")) == []
    assert readmitted(pair(3, outcome="ambiguous")) == []
    assert readmitted(pair(3), exempt_adrgs=["AA1"]) == []


def test_what_a_policy_may_widen() -> None:
    assert readmitted(pair(3, hospital_id="H2"), same_hospital=False) == ["one"]
    assert readmitted(pair(3, drg="AA15"), same="adrg") == ["one"]


def test_only_the_next_stay_counts() -> None:
    """Another group in between does not hide the readmission; a third stay makes the second an earlier one, too."""
    third = stay(
        "three", "H1", "AA19", 100, person_id="P", admitted_on=dt.date(YEAR, 5, 20), discharged_on=dt.date(YEAR, 5, 25)
    )
    between = stay(
        "four", "H1", "BB19", 100, person_id="P", admitted_on=dt.date(YEAR, 5, 9), discharged_on=dt.date(YEAR, 5, 9)
    )
    assert readmitted([*pair(3), third, between]) == ["one", "two"]


def test_a_reason_that_was_supported_justifies_the_later_stay() -> None:
    reason = {"case_id": "two", "kind": "readmission", "supported": True, "decided_on": dt.date(YEAR, 7, 1)}
    assert readmitted(pair(3), [reason]) == []
    assert readmitted(pair(3), [reason | {"supported": False}]) == ["one"]
    assert readmitted(pair(3), [reason | {"case_id": "one"}]) == ["one"]


def test_reviews_go_before_what_was_delivered() -> None:
    rows = [stay("one", "H1", "AA19", 100, unreasonable_cost=7), stay("two", "H1", "AA19", 100, unreasonable_cost=7)]
    reviews = [
        {
            "case_id": "one",
            "kind": "objection",
            "review": "D-1",
            "supported": True,
            "decided_on": dt.date(YEAR, 7, 1),
            "decided_drg": "BB19",
        },
        {
            "case_id": "one",
            "kind": "special",
            "review": "D-2",
            "supported": False,
            "decided_on": dt.date(YEAR, 6, 1),
            "unreasonable_cost": 9,
        },
    ]
    one, two = prepared(inputs_of(rows, HOSPITALS, (), reviews), rules_with()).to_dicts()
    assert (one["drg"], one["adrg"], one["outcome"], one["special"]) == ("BB19", "BB1", "grouped", False)
    assert one["reason"] == "经评议改为 BB19，办件 D-1"
    assert (one["removed_cost"], one["reviewed_as"], one["review"]) == (9, "objection|special", "D-1")
    assert (two["drg"], two["removed_cost"], two["reviewed_as"], two["review"]) == ("AA19", 7, "", None)


def test_a_review_may_say_that_a_stay_has_no_group() -> None:
    review = {
        "case_id": "one",
        "kind": "objection",
        "supported": True,
        "decided_on": dt.date(YEAR, 7, 1),
        "decided_drg": "0000",
    }
    inputs = inputs_of([stay("one", "H1", "AA19", 100), stay("two", "H1", "AA19", 100)], HOSPITALS, (), [review])
    assert dict(settle_year(inputs, rules_with(), {}).stays.select("case_id", "class").iter_rows()) == {
        "one": "ungrouped",
        "two": "normal",
    }


def test_a_strange_hospital_is_named() -> None:
    with pytest.raises(YunnaoError, match="1 份病案的医疗机构不在名册 hospitals 里：H9；"):
        prepared(inputs_of([stay("one", "H9", "AA19", 100)], HOSPITALS), rules_with())


def test_separate_pools_need_a_pool() -> None:
    separate = rules_with(budgets={"employee": 1000, "resident": 1000})
    with pytest.raises(YunnaoError, match=r"1 份病案没有写险种，或政策里没有它的预算（one）"):
        prepared(inputs_of([stay("one", "H1", "AA19", 100, pool=None)], HOSPITALS), separate)
    assert (
        prepared(inputs_of([stay("one", "H1", "AA19", 100, pool=None)], HOSPITALS), rules_with())["pool"].item()
        == "all"
    )


def test_the_basis_of_a_month_knows_nothing_of_later_months() -> None:
    later = {"admitted_on": dt.date(YEAR, 6, 1), "discharged_on": dt.date(YEAR, 6, 3)}
    earlier = {"admitted_on": dt.date(YEAR - 1, 6, 1), "discharged_on": dt.date(YEAR - 1, 6, 3)}
    rows = [
        stay("may", "H1", "AA19", 100),
        stay("june", "H1", "AA19", 200, **later),
        stay("old", "H1", "AA19", 300, **earlier),
    ]
    rules = rules_with()
    everything = prepared(inputs_of(rows, HOSPITALS), rules)
    assert basis_of(everything, rules, f"{YEAR}-05")["cost"].to_list() == [100]
    assert sorted(basis_of(everything, rules, str(YEAR))["cost"]) == [100, 200]
    before = rules_with(base_points={"basis": "previous_years", "years": 2})
    assert basis_of(everything, before, f"{YEAR}-05")["cost"].to_list() == [300]


def test_what_has_no_points_says_why() -> None:
    rows = [
        stay("free", "H1", "AA19", 0),
        stay("unknown", "H1", "AA19", None),
        stay("no tariff", "H2", "AA19", 100, payment_kind="bed_day"),
        stay("new", "H1", "AA19", 100),
        stay("bad", "H1", "0000", 100, outcome="invalid", reason="没有诊断"),
        stay("odd", "H1", "0000", 100, reason="主要诊断不在任何 MDC"),
    ]
    found = settle_year(inputs_of(rows, HOSPITALS), rules_with(stability={"at_least": 2, "cv_at_most": 1}), {}).stays
    assert dict(found.select("case_id", "why").iter_rows()) == {
        "free": "总费用为零",
        "unknown": "总费用未知",
        "no tariff": "医疗机构没有床日标准",
        "new": "1 例，少于 2 例",
        "bad": "病案无效：没有诊断",
        "odd": "主要诊断不在任何 MDC",
    }
    assert found.filter(found["class"] == "excluded")["points"].to_list() == [0, 0, 0, 0]
