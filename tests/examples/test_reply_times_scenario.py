"""The example package: declarations load, worked examples hold, working days are as another library counts them."""

import datetime as dt
import sys
from collections.abc import Iterator
from pathlib import Path

import narwhals as nw
import polars as pl
import pytest

from tests.examples.reply_times_package import install, working_days
from yunnao.catalogue.cards import installed_scenarios
from yunnao.catalogue.inputs import calendar_frame
from yunnao.catalogue.loader import load_scenario
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions import many
from yunnao.platforms.decisions.compiled import RuleSet, compile_rules
from yunnao.platforms.decisions.one import Decider


@pytest.fixture(scope="module")
def scenario(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scenario]:
    folder = str(install(tmp_path_factory.mktemp("site")))
    sys.path.insert(0, folder)
    try:
        yield load_scenario(installed_scenarios()["reply_times"])
    finally:
        sys.path.remove(folder)
        for name in [name for name in sys.modules if name.split(".")[0] == "reply_times"]:
            del sys.modules[name]


def _rules(scenario: Scenario, as_of: dt.date) -> RuleSet:
    return compile_rules([scenario.rule("answered_in_time")], as_of, frozenset({"messages"}), shipped_calendar())


def test_reads_no_more_than_it_needs(scenario: Scenario) -> None:
    assert {fact.id for fact in scenario.registers["messages"].facts} == {"message_id", "received_at", "replied_at"}
    assert scenario.id == "reply_times"


def test_worked_examples_hold(scenario: Scenario) -> None:
    assert {example.expect.outcome for example in scenario.examples} == {"granted", "refused", "undetermined"}
    for example in scenario.examples:
        rules = _rules(scenario, example.as_of)
        (decision,) = Decider(rules).decide(example.given, {})
        assert decision.outcome == example.expect.outcome, example.example
        if example.expect.missing is not None:
            assert list(decision.missing) == example.expect.missing, example.example
        for condition, state in (example.expect.conditions or {}).items():
            assert decision.conditions[condition] == state, example.example


def test_working_days_as_another_library_counts_them(scenario: Scenario) -> None:
    """Every third pair of days around the National Day holidays of 2019 and the Spring Festival of 2020."""
    days = [dt.date(2019, 9, 20) + dt.timedelta(days=n) for n in range(0, 150, 3)]
    pairs = [(received, replied) for received in days for replied in days]
    frame = pl.LazyFrame(
        {
            "message_id": [str(n) for n in range(len(pairs))],
            "received_at": [received for received, _ in pairs],
            "replied_at": [replied for _, replied in pairs],
        }
    )
    rules = _rules(scenario, dt.date(2020, 6, 30))
    inputs = many.Inputs(subjects=frame, key="message_id", rows={}, calendar=calendar_frame(shipped_calendar()))
    facts = (
        nw.to_native(many.subject_facts(rules, inputs), pass_through=True)
        .collect()
        .sort(pl.col("message_id").cast(int))
    )
    expected = [working_days({"received_at": str(a), "replied_at": str(b)}) for a, b in pairs]
    assert facts["reply_working_days"].to_list() == expected


def test_the_repository_itself_knows_nothing_of_it() -> None:
    source = Path(__file__).resolve().parents[2] / "src"
    assert not [path for path in source.rglob("*.py") if "reply_working_days" in path.read_text(encoding="utf-8")]
