"""A policy file's words, and what is refused of them."""

import datetime as dt
from typing import Any

import pytest
from pydantic import ValidationError

from tests.platforms.decisions.test_engines_agree import FACTS, policy_from
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.definitions import Policy
from yunnao.platforms.decisions.language import read_conditions
from yunnao.platforms.decisions.rules import rule_for, rule_from, with_parameters

CITES = {"cites": "示例"}
DEFINITIONS = {**FACTS.observed, **{id_: d.definition for id_, d in FACTS.derived_facts.items()}}


def document(**changes: Any) -> dict[str, Any]:
    base = policy_from("example", {"fact": "staff", "at_most": 300}, None).model_dump(by_alias=True, exclude_none=True)
    return {**base, **changes}


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"grant_when": {"fact": "staff", "at_most": 300}}, "没有写依据"),
        ({"grant_when": {"fact": "staff", "atmost": 300, **CITES}}, "Extra inputs"),
        ({"grant_when": {"fact": "staff", "at_most": 300, "at_least": 1, **CITES}}, "一种比较"),
        ({"grant_when": {"fact": "staff", **CITES}}, "一种比较"),
        ({"grant_when": {"all": [], **CITES}}, "at least 1"),
        ({"grant_when": {"at_least": 3, "of": [{"fact": "clean", "is": True, **CITES}]}}, "不超过条件总数"),
        ({"cites": []}, "at least 1"),
        ({"evidence": "knowledge"}, "switched_on"),
        ({"valid": {"from": dt.date(2024, 1, 1), "to": dt.date(2023, 1, 1)}}, "早于"),
        ({"surprise": 1}, "Extra inputs"),
    ],
)
def test_what_is_not_well_written_is_refused(changes: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        Policy.model_validate(document(**changes))


@pytest.mark.parametrize(
    ("dates", "sentence"),
    [
        ([("2022-01-01", None), ("2022-01-01", None)], "重叠"),
        ([("2022-01-01", "2023-06-30"), ("2023-06-30", None)], "重叠"),
        ([("2022-01-01", "2023-06-30"), ("2023-07-02", None)], "没有值"),
        ([("2023-01-02", None)], "才有值"),
        ([("2022-01-01", "2023-12-31")], "之后仍有效"),
    ],
)
def test_parameters_must_cover_the_validity_without_overlap(dates: list[tuple[str, str | None]], sentence: str) -> None:
    values = [
        {"from": dt.date.fromisoformat(a), "value": 1, "unit": "count", **CITES}
        | ({"to": dt.date.fromisoformat(b)} if b else {})
        for a, b in dates
    ]
    with pytest.raises(ValidationError, match=sentence):
        Policy.model_validate(document(parameters={"limit": values}))


@pytest.mark.parametrize(
    ("test", "sentence"),
    [
        ({"fact": "nothing", "is": 1}, "没有叫 nothing 的事实"),
        ({"fact": "staff", "at_most": "$nothing"}, "没有叫 nothing 的参数"),
        ({"fact": "staff", "at_most": "many"}, "可用的值"),
        ({"fact": "clean", "at_most": 1}, "只能用 is"),
        ({"fact": "clean", "is": "yes"}, "可用的值"),
        ({"fact": "since", "before": "soon"}, "可用的值"),
        ({"fact": "staff", "before": dt.date(2023, 1, 1)}, "只用于日期"),
    ],
)
def test_a_test_that_does_not_suit_its_fact_is_refused(test: dict[str, Any], sentence: str) -> None:
    policy = policy_from("example", test, None)
    with pytest.raises(DefinitionError, match=sentence):
        read_conditions(policy, DEFINITIONS)


def test_two_conditions_may_not_share_an_id() -> None:
    node = {"all": [{"fact": "staff", "at_least": 1, **CITES}, {"fact": "staff", "at_most": 5, **CITES}]}
    with pytest.raises(DefinitionError, match="都叫 staff"):
        read_conditions(Policy.model_validate(document(grant_when=node)), DEFINITIONS)


def test_a_negation_is_pushed_to_the_tests_so_that_a_reason_names_what_failed() -> None:
    node = {"not": {"all": [{"fact": "clean", "is": True}, {"not": {"fact": "staff", "at_most": 5}}]}}
    reading = read_conditions(policy_from("example", node, None), DEFINITIONS)
    assert reading.tree == m.Or((m.Fact("0"), m.Fact("1")))
    assert [test.negated for test in reading.tests] == [True, False]
    assert reading.tests[0].expression == m.Not(m.Fact("clean").is_(True))


def test_a_dated_test_counts_only_on_its_days_and_only_in_any() -> None:
    dated = {"fact": "clean", "is": True, "valid": {"from": dt.date(2023, 7, 1)}}
    with pytest.raises(DefinitionError, match="只能写在 any 里"):
        read_conditions(policy_from("example", {"all": [dated]}, None), DEFINITIONS)
    read_conditions(policy_from("example", {"any": [dated, {"fact": "staff", "at_most": 5}]}, None), DEFINITIONS)


def test_a_version_names_its_content() -> None:
    policy = policy_from("example", {"fact": "income", "at_most": "$floor"}, "per_head")
    rule = rule_for(policy, FACTS, {})
    assert rule_from(rule.text).version == rule.version
    changed = with_parameters(rule, {"floor": "2000"}, dt.date(2023, 6, 30))
    assert changed.policy.parameters["floor"][0].value == "2000"
    assert rule_for(changed.policy, FACTS, {}).version != rule.version
    with pytest.raises(DefinitionError, match="没有参数 ceiling"):
        with_parameters(rule, {"ceiling": "1"}, dt.date(2023, 6, 30))


def test_a_policy_of_too_many_conditions_is_refused_before_its_bits_overflow() -> None:
    node = {"any": [{"fact": "staff", "is": n} for n in range(32)]}
    rule = rule_for(policy_from("example", node, None), FACTS, {})
    with pytest.raises(DefinitionError, match="32 个条件"):
        compile_rules([rule], dt.date(2023, 6, 30), frozenset({"firms"}), shipped_calendar())
