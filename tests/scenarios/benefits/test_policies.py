"""The forty-seven policies: complete, cited, in force when they should be, and proved to fit 64 bits."""

import datetime as dt
import re

import pytest

from tests.scenarios.benefits.loaded import REGIONS, SHARED_RULES, benefits, decided_on
from yunnao.kernel import strict_yaml
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.definitions import UNCERTAIN, Condition, ParameterValue, Policy

OFF = {
    # only from knowledge
    "vat_small_scale_2023",
    "hnte_equipment_q4_2022",
    "vat_service_additional_credit",
    "hire_veterans_tax_credit",
    "utility_no_cutoff_2022",
    "gov_procurement_sme",
    "inclusive_loan_interest_cut_q4_2022",
    "equipment_renewal_loan_2022",
    "patent_subsidy_ban",
    # the beneficiary is a person
    "qingdao_grad_micro_salary",
    "skill_upgrade_subsidy",
}
POLICIES = sorted(benefits().policies.values(), key=lambda policy: policy.id)
GRANTING = [policy for policy in POLICIES if policy.grant_when is not None]


def test_all_forty_seven_are_there() -> None:
    assert len(POLICIES) == 47
    assert {policy.id for policy in POLICIES if not policy.switched_on} == OFF


@pytest.mark.parametrize(("year", "count"), [(2021, 18), (2022, 30), (2023, 23), (2024, 20), (2025, 11)])
def test_how_many_decide_at_the_end_of_each_year(year: int, count: int) -> None:
    assert len(decided_on(dt.date(year, 12, 31))) == count


def test_thirty_five_decide_at_some_time_in_2022_to_2024() -> None:
    days = [dt.date(2022, 1, 1) + dt.timedelta(days=n) for n in range(0, 1096, 7)]
    assert len(set().union(*(decided_on(day) for day in days))) == 35


def test_every_rule_read_in_its_source_that_needs_no_application_decides() -> None:
    for policy in POLICIES:
        if policy.evidence == "source" and policy.delivery == "automatic" and policy.region in REGIONS:
            assert policy.switched_on, policy.id


def test_another_citys_sample_never_decides_here() -> None:
    sample = benefits().policies["upscale_first_time_example"]
    assert sample.region not in REGIONS
    assert sample.id not in decided_on(dt.date(2022, 6, 30))


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_a_policy_is_cited_and_titled_in_both_languages(policy: Policy) -> None:
    assert policy.title.zh != policy.title.en
    assert policy.title.en.isascii()
    assert policy.grants.terms is not None
    assert all(test.cites for test in (policy.grant_when.tests() if policy.grant_when else ()))


@pytest.mark.parametrize("policy", GRANTING, ids=lambda policy: policy.id)
def test_a_granting_policy_opens_the_flow_that_suits_it(policy: Policy) -> None:
    wanted = "pay_benefit" if policy.grants.kind == "payment" else "enjoy_relief"
    assert policy.opens == {"granted": wanted, "undetermined": "request_fact"}
    assert policy.grants.kind != "payment" or policy.grants.amount is not None


@pytest.mark.parametrize("policy", GRANTING, ids=lambda policy: policy.id)
def test_every_tree_fits_on_every_day_its_parameters_change(policy: Policy) -> None:
    rule = benefits().rule(policy.id)
    tables = [policy.parameters, *rule.others.values()]
    days = {value.from_ for table in tables for values in table.values() for value in values}
    first, last = policy.valid.from_, policy.valid.to or dt.date(2028, 12, 31)
    everything = frozenset(benefits().registers)
    for day in sorted({first, last} | {day for day in days if first <= day <= last}):
        for delivered in (everything, frozenset({"enterprises"})):
            assert compile_rules([rule], day, delivered, shipped_calendar()).policies[0].id == policy.id


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_parameter_has_a_title_of_its_own(policy: Policy) -> None:
    titles = policy.parameter_titles
    assert set(titles) == set(policy.parameters)
    assert len({title.zh for title in titles.values()}) == len(titles)
    assert all(title.en.isascii() for title in titles.values())


def test_the_prohibition_names_patents_and_money() -> None:
    ban = benefits().policies["patent_subsidy_ban"].prohibits
    assert ban is not None
    assert {"专利", "知识产权", "发明", "patent"} <= set(ban.words[0])
    assert {"资助", "补贴", "补助", "奖励", "支持", "费用", "subsid"} <= set(ban.words[1])


def test_graduates_exclusion_is_declared_on_both_sides() -> None:
    policies = benefits().policies
    assert policies["expand_jobs_2022"].exclusive_with == ["one_off_absorb_jobs_qingdao_2022"]
    assert policies["one_off_absorb_jobs_qingdao_2022"].exclusive_with == ["expand_jobs_2022"]


@pytest.mark.skipif(not SHARED_RULES.exists(), reason="the collected rules are not beside this repository")
def test_the_cards_agree_with_the_collected_rules() -> None:
    listed = {entry["id"]: entry for entry in strict_yaml.read(SHARED_RULES / "A_policies.yaml")["policies"]}
    assert set(listed) == set(benefits().policies)
    delivery = {True: "automatic", "confirm": "confirm", False: "apply"}
    for id_, entry in listed.items():
        policy = benefits().policies[id_]
        assert (policy.valid.from_, policy.valid.to) == (entry["period"]["from"], entry["period"]["to"]), id_
        assert policy.evidence == entry["evidence"], id_
        assert policy.delivery == delivery[entry["msjx"]], id_
        assert policy.issuer == entry["issuer"], id_


@pytest.mark.skipif(not SHARED_RULES.exists(), reason="the collected rules are not beside this repository")
def test_what_the_collected_rules_doubt_is_shown_as_doubtful() -> None:
    for entry in strict_yaml.read(SHARED_RULES / "A_policies.yaml")["policies"]:
        words = re.sub(r"https?://\S+", "", str(entry))  # an address may contain a word by chance
        if re.search("partly|verify|knowledge|需核", words):
            assert benefits().policies[entry["id"]].uncertain, entry["id"]
        if re.search("文号 (verify|knowledge)", str(entry["doc_no"])):
            assert benefits().policies[entry["id"]].cites_evidence in UNCERTAIN, entry["id"]


def test_a_test_is_doubtful_with_its_parameter() -> None:
    policy = benefits().policies["startup_guaranteed_loan"]
    value = {"from": "2020-04-15", "value": 1, "unit": "person", "cites": "示例", "evidence": "partly"}
    sure = Condition.model_validate({"fact": "employees", "at_least": 1, "cites": "示例"})
    by_parameter = Condition.model_validate({"fact": "employees", "at_least": "$least", "cites": "示例"})
    policy = policy.model_copy(update={"parameters": {"least": [ParameterValue.model_validate(value)]}})
    assert not policy.doubts(sure, dt.date(2022, 1, 1))
    assert policy.doubts(by_parameter, dt.date(2022, 1, 1))


def test_the_readme_lists_every_policy_with_its_status() -> None:
    text = (benefits().folder / "README.md").read_text(encoding="utf-8")
    for policy in POLICIES:
        on = policy.switched_on and policy.region in REGIONS
        status = (
            "on"
            if on
            else "another city"
            if policy.region not in REGIONS
            else "prohibition"
            if policy.prohibits
            else "off"
        )
        status += ", 待核" if policy.uncertain else ""
        line = f"| `{policy.id}` | {policy.title.zh} | {policy.valid.from_} | {policy.valid.to or ''} | {status} |"
        assert line in text, policy.id
