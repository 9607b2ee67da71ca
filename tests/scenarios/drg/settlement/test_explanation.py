"""An explanation comes to the points and the payment that the run keeps, of every stay, by every policy."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings

from tests.scenarios.drg.settlement.generated import policies, settled
from tests.scenarios.drg.settlement.kept import keep
from tests.scenarios.drg.settlement.made import YEAR, rules_with
from tests.scenarios.drg.settlement.test_worked_examples import E4_RULES, e4_inputs
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import yuan_text
from yunnao.scenarios.drg.settlement.explanation import explain_stay, points_text
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.preparing import Inputs
from yunnao.scenarios.drg.settlement.settling import settle_month, settle_year


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(inputs=settled(), rules=policies())
def test_it_comes_to_what_was_kept(inputs: Inputs, rules: Rules, tmp_path_factory: pytest.TempPathFactory) -> None:
    try:
        run = keep(tmp_path_factory.mktemp("runs"), settle_year(inputs, rules, {}), rules)
    except YunnaoError:
        assume(False)
        raise
    for stay in run.stays.collect().to_dicts():
        lines = explain_stay(run, stay["case_id"])
        found = next(line for line in lines if line.title == "点数")
        assert found.text == f"{points_text(stay['points'])}（四位小数，四舍五入一次）", [str(line) for line in lines]
        assert lines[-1].text.endswith(f"分摊到份 {yuan_text(stay['payment'])} 元")


def test_the_lines_of_a_high_multiple(tmp_path: Path) -> None:
    rules = rules_with(**E4_RULES)
    run = keep(tmp_path, settle_year(e4_inputs(), rules, {}), rules)
    lines = [(line.title, line.text) for line in explain_stay(run, "E4-09")]
    assert lines == [
        ("病组", "AA19，高倍率"),
        ("倍率", "总费用 17500.00 ÷ 病组例均费用 5000 ＝ 3.5"),
        ("基准点数", "5000 ÷ 全部病组例均费用 10000 × 100 ＝ 50"),
        ("系数", "0.9"),
        ("高倍率", "倍率超过 3；合理费用 17500.00（扣减 0.00）；追加倍数 17500.00 ÷ 5000 － 3 ＝ 0.5"),
        ("高倍率点数", "50 × 0.9 ＋ 50 × 0.5 ＝ 70"),
        ("点数", "70.0000（四位小数，四舍五入一次）"),
        ("基金支付", "70.0000 × 点值 68.306011，分摊到份 4781.42 元"),
    ]
    cited = {line.title: line for line in explain_stay(run, "E4-09")}
    assert cited["高倍率"].pending
    assert "待核" in cited["高倍率"].cites
    assert str(cited["系数"]).startswith("系数：0.9〔")


def test_nothing_is_said_twice(tmp_path: Path) -> None:
    stays = e4_inputs().stays.with_columns(
        reason=pl.when(case_id="E4-06").then(pl.lit("主要诊断是空的")).otherwise("reason")
    )
    rules = rules_with(**E4_RULES)
    run = keep(tmp_path, settle_year(replace(e4_inputs(), stays=stays), rules, {}), rules)
    assert explain_stay(run, "E4-06")[0].text == "未入组，主要诊断是空的"


def test_the_lines_of_a_readmission(tmp_path: Path) -> None:
    rules = rules_with(**E4_RULES)
    run = keep(tmp_path, settle_year(e4_inputs(), rules, {}), rules)
    texts = [line.text for line in explain_stay(run, "E4-01") if line.title == "再住院"]
    assert texts == ["15 日内同病组再住院（病案 E4-00）；55 × 0.5 ＝ 27.5"]


def test_a_month_explains_the_prepayment(tmp_path: Path) -> None:
    rules = rules_with(**E4_RULES)
    run = keep(tmp_path, settle_month(e4_inputs(), rules, f"{YEAR}-05"), rules)
    assert explain_stay(run, "E4-09")[-1].text == "统筹记账 未知 × 0.85，分摊到份 0.00 元（含质量保证金）"


def test_a_stay_that_is_not_there(tmp_path: Path) -> None:
    rules = rules_with(**E4_RULES)
    run = keep(tmp_path, settle_year(e4_inputs(), rules, {}), rules)
    with pytest.raises(YunnaoError, match="里没有病案 X"):
        explain_stay(run, "X")
