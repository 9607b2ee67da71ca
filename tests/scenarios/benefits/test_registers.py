"""The registers: the contract's headers and facts, each fact in one register, personal data marked."""

import csv

import pytest

from tests.scenarios.benefits.loaded import SHARED_REGISTERS, SHARED_RULES, benefits
from yunnao.kernel.fact import FactType
from yunnao.platforms.registry.cells import read_cell
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


def _stored(register: str, fact: str, *texts: str) -> list[object]:
    """What intake makes of texts: the value, or the reason behind a mark."""
    readings = [read_cell(text, DECLARED[register].fact(fact)) for text in texts]
    return [each.value if each.reason is None else f"!{each.reason}" for each in readings]


def test_persons_are_called_as_the_notices_call_them() -> None:
    written = (
        "毕业年度高校毕业生(2022 届)",
        "2023 届普通高校毕业生",
        "登记失业的 16-24 岁青年",
        "登记失业的１６-２４岁青年",
    )
    assert _stored("hires", "hired_person_category", *written) == [*["graduation_year"] * 2, *["unemployed_youth"] * 2]
    assert _stored("hires", "degree", "全日制本科") == ["bachelor"]


def test_sections_are_letters_or_names_of_the_standard() -> None:
    written = ("C", "c", "制造业", "C制造业", "c 制造业", "农、林、牧、渔业", "农林牧渔业", "批发零售业", "T", "无")
    assert _stored("enterprises", "industry_section", *written) == [*("C" * 5), "A", "A", "F", "T", None]
    [refused] = _stored("enterprises", "industry_section", "工业")
    assert "A 农、林、牧、渔业；B 采矿业；C 制造业；" in str(refused)
    assert "T 国际组织" in str(refused)


def test_industry_codes_have_a_form() -> None:
    written = ("C3511", "c398", "3511", "A011", "F", "-")
    assert _stored("enterprises", "industry_code", *written) == ["C3511", "C398", "C3511", "A011", "F", None]
    assert all("2 到 4 位数字" in str(each) for each in _stored("enterprises", "industry_code", "制造业", "398", "C3"))


def test_kinds_of_entity_are_open_but_one_has_many_names() -> None:
    written = ("个体户", "个体工商户", "律师事务所", "企业")
    assert _stored("enterprises", "entity_type", *written) == ["个体工商户", "个体工商户", "律师事务所", "企业"]


def test_months_of_a_year_are_twelve_at_most() -> None:
    for register, fact in (
        ("insurance", "unemployment_insurance_months_last_year"),
        ("hires", "months_worked_this_year"),
    ):
        assert _stored(register, fact, "12") == [12]
        assert "高于上限 12" in str(_stored(register, fact, "13"))
    assert "低于下限 1900" in str(_stored("hires", "graduate_year", "22"))


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
