"""Settings of a district."""

from pathlib import Path

import pytest

from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.settings import STARTER, clock_from, read_settings


def write(home: Path, text: str) -> Path:
    (home / "district.yaml").write_text(text, encoding="utf-8")
    return home


def test_the_starter_settings_are_good(tmp_path: Path) -> None:
    settings = read_settings(write(tmp_path, STARTER), {})
    assert "青岛" in settings.regions
    assert settings.records_url(tmp_path).startswith("sqlite:///")
    assert settings.budgets_in_fen == {}


def test_budgets_are_exact_and_the_environment_overrides(tmp_path: Path) -> None:
    text = STARTER.replace("budgets: {}", 'budgets: {stable_jobs_refund: {"2023": "1000000.01"}}')
    settings = read_settings(
        write(tmp_path, text), {"YUNNAO_DATABASE_URL": "postgresql://x/y", "YUNNAO_ENGINE": "local[2]"}
    )
    assert settings.budgets_in_fen == {"stable_jobs_refund": {2023: 100_000_001}}
    assert (settings.database_url, settings.engine) == ("postgresql://x/y", "local[2]")


def test_a_budget_year_needs_no_quotes(tmp_path: Path) -> None:
    text = STARTER.replace("budgets: {}", "budgets: {stable_jobs_refund: {2023: 100061, 2024: 0.07}}")
    settings = read_settings(write(tmp_path, text), {})
    assert settings.budgets_in_fen == {"stable_jobs_refund": {2023: 100_061_00, 2024: 7}}
    example = STARTER[STARTER.index("budgets: {stable") :].splitlines()[0]
    settings = read_settings(write(tmp_path, STARTER.replace("budgets: {}", example)), {})
    assert set(settings.budgets_in_fen["stable_jobs_refund"]) == {2023, 2024}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (("city: 青岛", "town: 青岛"), "town|city"),
        (("regions: [", "regions: [] # ["), "regions"),
        (("engine: embedded", "engine: 5"), "engine"),
        (("budgets: {}", "budgets: {p1: {2023: 1, '2023': 2}}"), "写了两次"),
        (("budgets: {}", "budgets: {p1: {23: 1}}"), "23"),
        (("city: 青岛", "7: 青岛"), "city"),
    ],
)
def test_a_wrong_setting_is_named(tmp_path: Path, change: tuple[str, str], sentence: str) -> None:
    with pytest.raises(DefinitionError, match=sentence):
        read_settings(write(tmp_path, STARTER.replace(*change)), {})


def test_a_folder_that_is_no_home_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="yunnao init"):
        read_settings(tmp_path, {})
    with pytest.raises(YunnaoError, match="YUNNAO_NOW"):
        clock_from({"YUNNAO_NOW": "yesterday"})
    assert clock_from({"YUNNAO_NOW": "2023-07-03"})().isoformat() == "2023-07-03T23:59:59.999999+08:00"
