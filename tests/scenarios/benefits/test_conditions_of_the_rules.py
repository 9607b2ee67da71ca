"""The conditions test what the collected rules test: no fact more, none less, but for the exceptions given here with their reasons."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.scenarios.benefits.loaded import SHARED_RULES, benefits
from yunnao.kernel import strict_yaml
from yunnao.platforms.decisions import model as m
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.decisions.traversal import walk

ROW_UP_TO_THE_DAY = "a row counts from its own date on, up to the day of the decision"
EXCLUSION = (
    "exclusive_with: a graduate used for the one subsidy is not free for the other, so that one's tests are read"
)
KIND_OF_ROW = "the register holds loans of every kind; this says which are meant"
LEVY = "the rules give no condition, only a formula; granted where the formula finds a levy to pay or waive"

ADDED = {
    ("disabled_employment_levy", "disabled_hired"): LEVY,
    ("disabled_employment_levy", "staff_last_year"): LEVY,
    ("equipment_500w_oneoff", "purchase_date"): ROW_UP_TO_THE_DAY,
    ("equipment_renewal_loan_2022", "loan_field"): "stands for `sector`, which is that of the project financed",
    ("equipment_renewal_loan_2022", "loan_type"): KIND_OF_ROW,
    ("expand_jobs_2022", "contract_months"): EXCLUSION,
    ("expand_jobs_2022", "hired_on"): ROW_UP_TO_THE_DAY,
    ("expand_jobs_2023", "hired_on"): ROW_UP_TO_THE_DAY,
    ("hire_key_groups_tax_credit", "hired_on"): ROW_UP_TO_THE_DAY,
    ("hire_veterans_tax_credit", "hired_on"): ROW_UP_TO_THE_DAY,
    ("one_off_absorb_jobs_qingdao_2022", "hired_on"): ROW_UP_TO_THE_DAY,
    ("one_off_absorb_jobs_qingdao_2022", "labor_contract_signed"): EXCLUSION,
    ("one_off_absorb_jobs_qingdao_2022", "unemployment_insurance_enrolled"): EXCLUSION,
    ("qingdao_eight_strategies_2021", "awarded_on"): ROW_UP_TO_THE_DAY,
    ("qingdao_grad_micro_salary", "employees"): "stands for `employer_size`: the employer is the subject",
    ("qingdao_grad_micro_salary", "assets_year_end"): "stands for `employer_size`",
    ("qingdao_grad_micro_salary", "industry_code"): "stands for `employer_size`",
    ("qingdao_grad_micro_salary", "revenue_year"): "stands for `employer_size`",
    ("qingdao_grad_micro_salary", "hired_on"): ROW_UP_TO_THE_DAY,
    ("qingdao_mfg_champion_2021", "awarded_on"): ROW_UP_TO_THE_DAY,
    ("skill_upgrade_subsidy", "certificate_issued_on"): "stands for `certificate_age_months`",
    ("sme_equipment_deduction_2022", "purchase_date"): "stands for `purchase_year`",
    ("social_insurance_subsidy_qingdao_2023", "hired_on"): ROW_UP_TO_THE_DAY,
    ("social_insurance_subsidy_qingdao_2023", "within_five_years_of_retirement"): "max_months: until retirement",
    ("startup_guaranteed_loan", "loan_type"): KIND_OF_ROW,
    ("vat_small_scale_2021_2022", "period"): "says which return is that of the month or quarter",
}
LEFT_OUT = {
    ("equipment_renewal_loan_2022", "sector"): "read as `loan_field`",
    ("qingdao_grad_micro_salary", "employer_size"): "read as `size` of the subject, which is the employer",
    ("skill_upgrade_subsidy", "certificate_age_months"): "read as `certificate_issued_on`",
    ("sme_equipment_deduction_2022", "purchase_year"): "read as `purchase_date`",
}


@pytest.mark.skipif(not SHARED_RULES.exists(), reason="the collected rules are not beside this repository")
def test_conditions_read_the_fields_of_the_rules() -> None:
    added: set[tuple[str, str]] = set()
    left_out: set[tuple[str, str]] = set()
    for entry in strict_yaml.read(SHARED_RULES / "A_policies.yaml")["policies"]:
        policy = benefits().policies[entry["id"]]
        if policy.grant_when is None:
            continue
        facts = benefits().facts[policy.subject]
        tested = {test.fact or "" for test in policy.grant_when.tests()}
        beneath = {fact for test in tested for fact in read(test, facts)}
        wanted = set(fields(entry))
        meant = {fact for field in wanted for fact in read(field, facts)}
        observed = {fact for fact in beneath if fact not in facts.derived_facts}
        added |= {(policy.id, fact) for fact in observed - wanted - meant}
        left_out |= {(policy.id, field) for field in wanted - beneath}
    assert added == set(ADDED)
    assert left_out == set(LEFT_OUT)


def fields(entry: Any) -> Iterator[str]:
    """Every field that a condition of the rules names; what concerns persons, and the benefit, is no condition on an enterprise."""
    if isinstance(entry, dict):
        yield from [entry["field"]] if "field" in entry else []
        for name, part in entry.items():
            yield from fields(part) if name not in ("benefit", "person_all") else ()
    elif isinstance(entry, list):
        for part in entry:
            yield from fields(part)


def read(fact: str, facts: Facts) -> Iterator[str]:
    """The fact, and every fact it is derived from."""
    yield fact
    if fact in facts.derived_facts:
        for e in walk(facts.derived_facts[fact].expression):
            if isinstance(e, m.Fact):
                yield from read(e.id, facts)
