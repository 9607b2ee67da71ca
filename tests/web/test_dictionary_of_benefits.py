"""The dictionary of the real scenario: every policy, every example, every link."""

import datetime as dt
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.web.html_page import Page
from tests.web.small_scenario import DISTRICT
from yunnao.catalogue.loader import district_parameters, load_scenario
from yunnao.catalogue.scenario import Scenario
from yunnao.web.dictionary import write_dictionary
from yunnao.web.dictionary_entries import policy_view


@pytest.fixture(scope="module")
def benefits() -> Scenario:
    return load_scenario("yunnao.scenarios.benefits", district=district_parameters({"city": "青岛"}))


@pytest.fixture(scope="module")
def site(benefits: Scenario, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("benefits")
    write_dictionary([benefits], folder, as_of=dt.date(2023, 6, 30), district=DISTRICT)
    return folder


def test_every_page_is_well_formed_and_every_link_leads_somewhere(site: Path) -> None:
    pages = {path.resolve(): Page(path) for path in site.rglob("*.html")}
    ids = {path: set(page.ids) for path, page in pages.items()}
    for path, page in pages.items():
        assert page.faults == [], path.name
        assert len(ids[path]) == len(page.ids), path.name
        for link in page.all("a"):
            parts = urlsplit(link.attributes["href"])
            if parts.scheme or parts.path.endswith(".xlsx"):
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            assert target in pages, link.attributes["href"]
            assert not parts.fragment or parts.fragment in ids[target], f"{path.name}: {link.attributes['href']}"


def test_every_policy_has_its_page_with_its_examples_and_citations(site: Path, benefits: Scenario) -> None:
    for policy in benefits.policies.values():
        text = Page(site / f"benefits-{policy.id}.html").all("main")[0].text
        assert policy.title.zh in text
        assert all(words in text for words in policy.cites)
        for test in policy.grant_when.tests() if policy.grant_when else ():
            assert (test.cites or "") in text
        for example in benefits.examples:
            if example.policy == policy.id:
                assert example.example in text


def test_chinese_pages_show_a_formula_for_every_amount(site: Path, benefits: Scenario) -> None:
    for policy in benefits.policies.values():
        if policy.grants.amount:
            page = Page(site / f"benefits-{policy.id}.html")
            assert [e for e in page.all("p") if e.attributes.get("class") == "formula" and " ＝ " in e.text], policy.id


def test_parameters_have_names_and_only_those_in_force_are_current(benefits: Scenario) -> None:
    def rows(policy: str, day: str) -> dict[str, bool]:
        view = policy_view(benefits, benefits.policies[policy], "zh", dt.date.fromisoformat(day))
        return {f"{row.title} {row.days}": row.now for row in view.parameters}

    found = rows("stable_jobs_refund", "2023-06-30")
    assert found["大型企业返还比例 2023-01-01 起"]
    assert not found["大型企业返还比例 2022-01-01 起"]
    assert not any(rows("stable_jobs_refund", "2025-06-30").values()), "expired"
    assert not any(rows("stable_jobs_refund", "2021-06-30").values()), "to come"
    assert not any(rows("vat_small_scale_2023", "2023-06-30").values()), "switched off"
