"""A policy file that is wrong is refused with a sentence and changes nothing; a right one decides from the next run on."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.commands import Called, assert_refused, done, fingerprint, lines, refused, two_at_a_time, yunnao
from tests.acceptance.conftest import SAMPLE_DAY, SAMPLE_NOW

GOOD = """\
id: district_example_award
title: {zh: 示例奖励, en: Example award}
issuer: 示例区
cites: 示例区〔2023〕1号
region: 全国
valid: {from: 2023-01-01, to: 2023-12-31}
evidence: source
delivery: automatic
department: finance_bureau
subject: enterprise
period: year
parameters:
  least: [{from: 2023-01-01, value: 5, unit: person, cites: 示例区〔2023〕1号}]
grant_when:
  all:
    - {fact: employees, at_least: $least, cites: 示例区〔2023〕1号}
grants: {kind: rate, terms: {zh: 优惠费率, en: A lower rate}}
opens: {granted: enjoy_relief, undetermined: request_fact}
"""
BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]\n" for a, b in zip("abcdefgh", "bcdefghi", strict=True)
)
WRONG = {
    "without a citation": (
        ", at_least: $least, cites: 示例区〔2023〕1号}",
        ", at_least: $least}",
    ),
    "no document at all": ("cites: 示例区〔2023〕1号\nregion", "region"),
    "unknown fact": ("fact: employees", "fact: employeez"),
    "unknown parameter": ("at_least: $least", "at_least: $most"),
    "overlapping dates": (
        "least: [{from: 2023-01-01, value: 5, unit: person, cites: 示例区〔2023〕1号}]",
        "least: [{from: 2023-01-01, to: 2023-12-31, value: 5, unit: person, cites: 甲}, "
        "{from: 2023-06-01, value: 6, unit: person, cites: 乙}]",
    ),
    "same date twice": (
        "least: [{from: 2023-01-01, value: 5, unit: person, cites: 示例区〔2023〕1号}]",
        "least: [{from: 2023-01-01, value: 5, unit: person, cites: 甲}, "
        "{from: 2023-01-01, value: 6, unit: person, cites: 乙}]",
    ),
    "unknown key": ("period: year", "period: year\nsurprise: 1"),
    "unknown operator": ("at_least: $least", "roughly: $least"),
    "duplicate key": ("period: year", "period: year\nperiod: month"),
    "date that does not exist": ("valid: {from: 2023-01-01", "valid: {from: 2023-02-30"),
    "ends before it begins": ("to: 2023-12-31}", "to: 2022-12-31}"),
    "unknown case": ("granted: enjoy_relief", "granted: enjoy_everything"),
    "unknown subject": ("subject: enterprise", "subject: dragon"),
    "a number that is text": ("value: 5,", "value: five,"),
    "huge number": ("value: 5,", "value: 1e400,"),
    "patent subsidy": (
        "title: {zh: 示例奖励, en: Example award}",
        "title: {zh: 专利申请资助, en: Subsidy for patent applications}",
    ),
    "python object": ("period: year", "period: !!python/object/apply:os.system [echo]"),
}


NO_POLICY = {
    "bomb": BOMB.encode(),
    "empty": b"",
    "list": b"- 1\n",
    "not yaml": b"a: [1\n",
    "gb18030": "标题: 政策".encode("gb18030"),
    "binary": bytes(range(256)),
    "deep": b"[" * 100_000,
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Called, bool]]:
    """Fault -> how publishing a file with it ended, and whether the home was left as it was."""
    folder = tmp_path_factory.mktemp("publishing")
    done("init", folder / "home")

    def publish(named: tuple[str, bytes]) -> tuple[Called, bool]:
        name, content = named
        home = folder / name
        shutil.copytree(folder / "home", home)
        file = folder / f"{name}.yaml"
        file.write_bytes(content)
        before = fingerprint(home)
        return yunnao("policy", "publish", home, file), fingerprint(home) == before

    files = {name: GOOD.replace(*change).encode() for name, change in WRONG.items()} | NO_POLICY
    files["nothing wrong"] = GOOD.encode()
    return dict(zip(files, two_at_a_time(publish, files.items()), strict=True))


@pytest.mark.parametrize("fault", sorted(WRONG))
def test_a_wrong_policy_is_refused(fault: str, published: dict[str, tuple[Called, bool]]) -> None:
    assert WRONG[fault][0] in GOOD
    called, unchanged = published[fault]
    assert_refused(called)
    assert unchanged


@pytest.mark.parametrize("fault", sorted(NO_POLICY))
def test_what_is_no_policy_file_at_all_is_refused(fault: str, published: dict[str, tuple[Called, bool]]) -> None:
    called, unchanged = published[fault]
    assert_refused(called)
    assert unchanged


def test_the_pattern_of_the_wrong_ones_is_right(published: dict[str, tuple[Called, bool]]) -> None:
    called, unchanged = published["nothing wrong"]
    assert called.code == 0, called
    assert not unchanged


def test_a_policy_that_will_decide_nothing_here_is_published_with_a_warning(
    a_copy: Callable[[str], Path], tmp_path: Path
) -> None:
    home = a_copy("home")
    file = tmp_path / "policy.yaml"
    for text, warning in (
        (GOOD.replace("region: 全国", "region: 莱西"), "适用于莱西，本区的 regions 是"),
        (GOOD.replace("subject:", "switched_on: false\nsubject:"), "尚未启用"),
        (GOOD, ""),
    ):
        file.write_text(text, "utf-8")
        for verb in ("check", "publish"):
            said = done("policy", verb, home, file).err
            assert warning in said if warning else "注意" not in said


def test_a_home_that_holds_a_prohibited_policy_decides_nothing(a_copy: Callable[[str], Path], tmp_path: Path) -> None:
    home = a_copy("home")
    folder = home / "policies" / "benefits"
    folder.mkdir(parents=True, exist_ok=True)
    banned = GOOD.replace("{zh: 示例奖励, en: Example award}", "{zh: 专利申请费用支持, en: Patents}")
    (folder / "district_example_award.yaml").write_text(banned, "utf-8")
    assert "属于禁止的内容" in refused("run", home, "--as-of", SAMPLE_DAY, now=SAMPLE_NOW)
    assert "属于禁止的内容" in refused("simulate", home, "district_example_award", "--set", "least=1")
    (folder / "district_example_award.yaml").unlink()
    ban = Path(__file__).parents[2] / "src/yunnao/scenarios/benefits/policies/patent_subsidy_ban.yaml"
    assert "不能替换" in refused("policy", "publish", home, ban)


def test_a_published_policy_decides_from_the_next_run_on(
    a_copy: Callable[[str], Path], sample_decisions: list[dict[str, object]], tmp_path: Path
) -> None:
    home = a_copy("home")
    file = tmp_path / "policy.yaml"
    file.write_text(GOOD, "utf-8")
    before = fingerprint(home)
    done("policy", "check", home, file)
    refused("policy", "check", home, tmp_path)
    refused("policy", "check", home, tmp_path / "absent.yaml")
    assert fingerprint(home) == before
    done("policy", "publish", home, file)
    done("run", home, "--as-of", SAMPLE_DAY, now=SAMPLE_NOW)
    done("decisions", home, "-o", tmp_path / "after.jsonl")
    after = lines(tmp_path / "after.jsonl")
    own = [row for row in after if row["policy"] == "district_example_award"]
    assert {row["outcome"] for row in own} >= {"granted", "refused"}
    strip = [{k: v for k, v in row.items() if k != "snapshot"} for row in after if row not in own]
    assert strip == [{k: v for k, v in row.items() if k != "snapshot"} for row in sample_decisions]
    assert "每一格都相同" in done("replay", home, "1").out
