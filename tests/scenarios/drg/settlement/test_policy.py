"""The policy's file: typed, dated, cited; what it may not say is refused with the place."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from yunnao.kernel import strict_yaml
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.scenarios.drg.settlement.policy import OWN, SAMPLE, Parameters, Rules, load_policy, policy_of

Change = Callable[[dict[str, Any]], None]


def changed(tmp_path: Path, change: Change) -> Path:
    """The sample's file with a change."""
    document = yaml.safe_load(SAMPLE.read_text("utf-8"))
    change(document)
    path = tmp_path / "policy.yaml"
    path.write_text(yaml.safe_dump(document, allow_unicode=True), "utf-8")
    return path


def test_the_sample_is_whole_and_says_what_is_not_sourced() -> None:
    policy = load_policy(SAMPLE)
    rules = policy.rules(2023)
    assert set(rules.origins) == set(Parameters.model_fields)
    assert policy.example is not None
    pending = {name for name, _ in policy.pending}
    assert {"high", "stability", "unstable", "budgets"} <= pending
    assert not {"scale", "readmission", "prepayment", "point_value"} & pending
    assert all(rules.origins[name].pending == (name in pending) for name in rules.origins)
    assert rules.origins["high"].words.endswith("（待核：凭业内通行做法，未见原文）")


def test_rules_survive_being_written() -> None:
    rules = load_policy(SAMPLE).rules(2023)
    assert Rules.model_validate_json(rules.model_dump_json()) == rules


def test_a_district_has_its_own(tmp_path: Path) -> None:
    assert policy_of(tmp_path).id == "drg_points_sample"
    own = tmp_path / OWN
    own.parent.mkdir(parents=True)
    own.write_text(SAMPLE.read_text("utf-8").replace("drg_points_sample", "of_the_district"), "utf-8")
    assert policy_of(tmp_path).id == "of_the_district"


def test_what_changes_is_a_new_dated_line(tmp_path: Path) -> None:
    def later(document: dict[str, Any]) -> None:
        line = document["parameters"]["scale"][0]
        document["parameters"]["scale"].append(line | {"from": _day("2024-01-01"), "value": 1000})

    policy = load_policy(changed(tmp_path, later))
    assert [policy.rules(year).scale for year in (2023, 2024, 2030)] == [100, 1000, 1000]


def test_a_year_without_a_value_is_refused(tmp_path: Path) -> None:
    def ended(document: dict[str, Any]) -> None:
        document["parameters"]["budgets"][0]["to"] = _day("2022-12-31")

    policy = load_policy(changed(tmp_path, ended))
    assert policy.rules(2022).budgets
    with pytest.raises(YunnaoError, match="2023 年没有 budgets 的值"):
        policy.rules(2023)
    with pytest.raises(YunnaoError, match="2020 年没有 scale 的值"):
        policy.rules(2020)


def _day(text: str) -> Any:
    return strict_yaml.parse(text, "test")


def _put(name: str, value: Any) -> Change:
    def put(document: dict[str, Any]) -> None:
        document["parameters"][name][0]["value"] = value

    return put


def _line(name: str, **values: Any) -> Change:
    def put(document: dict[str, Any]) -> None:
        document["parameters"][name][0].update(values)

    return put


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda document: document.update(strange=1), "strange：没有这个键"),
        (lambda document: document["parameters"].pop("low"), "low：缺少这一项"),
        (lambda document: document["parameters"]["low"][0].pop("cites"), "cites：缺少这一项"),
        (_line("low", evidence="sure"), "evidence：值不在允许的范围内"),
        (_line("scale", **{"from": _day("2021-07-01")}), "清算按自然年"),
        (_line("scale", to=_day("2020-12-31")), "早于起日"),
        (_put("low", {"below": "1.2"}), "below：不能大于 1"),
        (_put("low", {"below": "0.3", "very_low_below": "0.4"}), "very_low_below 不能大于 below"),
        (_put("trimming", {"method": "median"}), "trimming"),
        (_put("trimming", {"method": "winsorise", "low": "0.9", "high": "0.1"}), "low 要小于 high"),
        (_put("high", {"share": 1}), "必须且只能写一种"),
        (_put("high", {"by_level": {"tertiary": 3}}), "三个等级"),
        (_put("high", {"tiers": [{"up_to": 100, "multiple": 3}]}), "最后一档不写 up_to"),
        (
            _put("high", {"tiers": [{"up_to": 300, "multiple": 2}, {"up_to": 100, "multiple": 3}, {"multiple": 1}]}),
            "从小到大",
        ),
        (_put("coefficients", {"parts": [{"of": "hospital", "weight": "0.7"}]}), "weight 之和要等于 1"),
        (_put("coefficients", {"parts": [{"of": "given"}]}), "by_level"),
        (_put("coefficients", {"least": 2, "most": 1}), "least 不能大于 most"),
        (_put("budgets", {"soldiers": 1}), "soldiers"),
        (_put("budgets", {"employee": "0.001"}), "budgets"),
        (_put("prepayment", {"share": "0.8", "mode": "guess"}), "mode：值不在允许的范围内"),
    ],
)
def test_what_it_may_not_say(change: Change, sentence: str, tmp_path: Path) -> None:
    with pytest.raises(DefinitionError) as refused:
        load_policy(changed(tmp_path, change))
    assert sentence in str(refused.value)


def test_two_lines_from_one_day_are_refused(tmp_path: Path) -> None:
    def twice(document: dict[str, Any]) -> None:
        document["parameters"]["scale"].append(copy.deepcopy(document["parameters"]["scale"][0]))

    with pytest.raises(DefinitionError, match="scale 有两行从同一天起"):
        load_policy(changed(tmp_path, twice))


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (_put("budgets", {"all": 1, "employee": 1}), "不分险种"),
        (_put("budgets", {"all": 1}), ""),
    ],
)
def test_pools_fit_together(change: Change, sentence: str, tmp_path: Path) -> None:
    policy = load_policy(changed(tmp_path, change))
    if sentence:
        with pytest.raises(DefinitionError, match=sentence):
            policy.rules(2023)
    else:
        assert policy.rules(2023).together
