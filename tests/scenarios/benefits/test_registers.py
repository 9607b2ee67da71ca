"""The registers: the contract's headers and facts, each fact in one register, personal data marked."""

import csv

import pytest

from tests.scenarios.benefits.loaded import SHARED_REGISTERS, SHARED_RULES, benefits
from yunnao.kernel.fact import FactType
from yunnao.scenarios.benefits.registers import REGISTERS

DECLARED = {register.id: register for register in REGISTERS}


def test_every_fact_is_in_one_register() -> None:
    names = [fact.id for register in REGISTERS for fact in register.facts if fact.id != "credit_code"]
    assert len(names) == len(set(names))


def test_departments_are_named_in_the_scenarios_card() -> None:
    assert {register.department for register in REGISTERS} <= set(benefits().departments)


def test_a_loss_is_negative_and_heads_are_not() -> None:
    assert DECLARED["tax_filings"].fact("taxable_income_year").bounds[0] < 0
    assert DECLARED["enterprises"].fact("employees").bounds[0] == 0


def test_facts_about_a_person_are_personal() -> None:
    for fact in DECLARED["hires"].facts:
        assert fact.personal == (fact.id != "credit_code"), fact.id


@pytest.mark.skipif(not SHARED_REGISTERS.exists(), reason="the offices' registers are not beside this repository")
def test_the_contracts_headers_are_the_titles() -> None:
    with (SHARED_REGISTERS / "dictionary.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert {row["register"] for row in rows} == {"enterprises", "tax_filings", "insurance"}
    for register in {row["register"] for row in rows}:
        assert [f.id for f in DECLARED[register].facts] == [r["fact"] for r in rows if r["register"] == register]
    for row in rows:
        assert DECLARED[row["register"]].fact(row["fact"]).title.zh == row["title_zh"].split("（")[0]


@pytest.mark.skipif(not SHARED_RULES.exists(), reason="the collected rules are not beside this repository")
def test_every_fact_that_the_rules_name_is_declared_with_its_type() -> None:
    observed = {fact.id: fact for register in REGISTERS for fact in register.facts}
    with (SHARED_RULES / "facts.csv").open(encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            if row["from"] == "register":
                assert observed[row["fact"]].type is FactType(row["type"]), row["fact"]
            elif row["subject"] == "enterprise":
                assert row["fact"] in benefits().facts["enterprise"].derived_facts, row["fact"]
