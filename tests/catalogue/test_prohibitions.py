"""What is prohibited is neither published nor decided, however it is worded and however it came into the home."""

from pathlib import Path

import pytest

from yunnao.catalogue.loader import district_parameters, load_scenario
from yunnao.catalogue.publishing import checked_policy
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.errors import DefinitionError

BAN = (Path(__file__).parents[2] / "src/yunnao/scenarios/benefits/policies/patent_subsidy_ban.yaml").read_text("utf-8")
GRANT = """\
id: {id}
title: {{zh: {zh}, en: {en}}}
issuer: 示例区
cites: {cites}
region: 全国
valid: {{from: {start}, to: 2024-12-31}}
evidence: source
delivery: automatic
department: finance_bureau
subject: enterprise
grant_when: {{fact: employees, at_least: 1, cites: 示例区〔2023〕1号{test}}}
grants: {{kind: rate, terms: {{zh: {terms}, en: Terms}}}}
opens: {{granted: enjoy_relief}}
{note}
"""
PLAIN = {
    "id": "example",
    "zh": "示例优惠",
    "en": "Example",
    "cites": "示例区〔2023〕1号",
    "start": "2023-01-01",
    "test": "",
    "terms": "见说明",
    "note": "",
}


def grant(**changes: str) -> str:
    return GRANT.format(**{**PLAIN, **changes})


def benefits(published: Path | None = None) -> Scenario:
    return load_scenario(
        "yunnao.scenarios.benefits", published=published, district=district_parameters({"city": "青岛"})
    )


def in_home(folder: Path, **files: str) -> Scenario:
    """The scenario of a home in whose policies someone put these files."""
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return benefits(folder)


BANNED = [
    {"zh": "专利申请资助"},
    {"zh": "专利申请费用支持", "terms": "每件支持5000元"},
    {"zh": "知识产权资助", "terms": "发明申请每件5000元"},
    {"zh": "创新优惠", "en": "Patent subsidy for inventors"},
    {"zh": "创新奖励", "en": "Innovation", "note": "note: 发明授权每件奖励5000元"},
    {"zh": "创新优惠", "test": ", title: {zh: 专利申请补贴条件, en: Condition}"},
    {"zh": "创新优惠", "test": ", note: 实用新型补助"},
    {"zh": "专 利·申 请 资 助"},
    {"zh": "创新优惠", "en": "PATENT SUBSIDIES"},
    {"zh": "创新优惠", "cites": "示例区专利资助办法"},
    {"zh": "专利质押融资补贴", "terms": "另按专利申请每件5000元"},
]


@pytest.mark.parametrize("words", BANNED, ids=lambda words: " ".join(words.values()))
def test_a_subsidy_for_patents_is_neither_published_nor_loaded(words: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "example.yaml"
    file.write_text(grant(**words), "utf-8")
    for attempt in (
        lambda: checked_policy(benefits(), file),
        lambda: benefits(tmp_path),
    ):
        with pytest.raises(DefinitionError, match=r"属于禁止的内容.*国知发保字〔2021〕1号"):
            attempt()


@pytest.mark.parametrize(
    "words",
    [
        {"zh": "专利侵权责任险保费补贴", "en": "Subsidy for patent infringement insurance"},
        {"zh": "专利执行保险支持", "en": "Support for patent enforcement insurance"},
        {"zh": "知识产权质押融资贴息", "terms": "补贴一半利息"},
        {"zh": "知识产权保护示范企业奖励"},
        {"zh": "研发费用补助", "cites": "中华人民共和国专利法"},
        {"zh": "专精特新企业奖励", "note": "note: 有效发明专利不少于两项"},
    ],
    ids=lambda words: words["zh"],
)
def test_what_is_not_about_filing_patents_is_no_subsidy_for_it(words: dict[str, str], tmp_path: Path) -> None:
    assert "example" in in_home(tmp_path, example=grant(**words)).policies


def test_a_subsidy_that_ended_before_the_prohibition_is_history(tmp_path: Path) -> None:
    past = grant(zh="专利申请资助", start="2019-01-01").replace("2024-12-31", "2021-06-29")
    assert "example" in in_home(tmp_path, example=past).policies
    with pytest.raises(DefinitionError, match="属于禁止的内容"):
        in_home(tmp_path, example=past.replace("2021-06-29", "2021-06-30"))


def test_a_shipped_prohibition_is_not_replaced(tmp_path: Path) -> None:
    weak = BAN.replace(BAN[BAN.index("prohibits:") : BAN.index("grants:")], "prohibits: {words: [[无关词]]}\n")
    file = tmp_path / "patent_subsidy_ban.yaml"
    for text in (BAN, weak, grant(id="patent_subsidy_ban", zh="示例优惠")):
        file.write_text(text, "utf-8")
        with pytest.raises(DefinitionError, match="不能替换"):
            checked_policy(benefits(), file)
        with pytest.raises(DefinitionError, match="不能替换"):
            benefits(tmp_path)


def test_a_district_adds_and_amends_its_own_prohibition(tmp_path: Path) -> None:
    own = BAN.replace("id: patent_subsidy_ban", "id: no_statues")
    own = own.replace(own[own.index("prohibits:") : own.index("grants:")], "prohibits: {words: [[雕像]]}\n")
    home = tmp_path / "policies"
    home.mkdir()
    assert in_home(home, no_statues=own).policies["no_statues"].prohibits
    file = tmp_path / "no_statues.yaml"
    file.write_text(own.replace("雕像", "雕塑"), "utf-8")
    assert checked_policy(benefits(home), file).prohibits
    with pytest.raises(DefinitionError, match="属于禁止的内容（雕像）"):
        in_home(home, example=grant(zh="雕像奖励"))


def test_a_prohibition_that_would_catch_a_published_policy_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "too_wide.yaml"
    own = BAN.replace("id: patent_subsidy_ban", "id: too_wide")
    file.write_text(
        own.replace(own[own.index("prohibits:") : own.index("grants:")], "prohibits: {words: [[稳岗返还]]}\n"), "utf-8"
    )
    with pytest.raises(DefinitionError, match="属于禁止的内容（稳岗返还）"):
        checked_policy(benefits(), file)
