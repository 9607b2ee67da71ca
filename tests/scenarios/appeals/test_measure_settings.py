"""Bands, weights and order as a district writes them; what it writes wrongly is a sentence."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.scenarios.appeals.measure_settings import (
    SHIPPED,
    MeasureSettings,
    load_measure_settings,
    measure_settings,
    ranked,
    starter_measures,
)
from yunnao.scenarios.appeals.rates import EVERYBODY, MEASURES, Rate

WRITTEN = SHIPPED.read_text(encoding="utf-8")
SETTINGS = load_measure_settings(SHIPPED)


def weighted(**weights: int) -> MeasureSettings:
    return SETTINGS.model_copy(update={"weights": weights})


def row(**shares: tuple[int, int]) -> list[Rate]:
    return [
        Rate(measure=measure.id, group="g", numerator=n, denominator=d, left_out={})
        for measure in MEASURES
        for n, d in [shares.get(measure.id, (0, 0))]
    ]


def test_what_ships_has_bands_and_no_score() -> None:
    assert SETTINGS.weights == {}
    assert SETTINGS.score(row(response=(50, 50))) is None


@pytest.mark.parametrize(
    ("numerator", "denominator", "title"),
    [
        (95, 100, "优"),
        (9495, 10000, "优"),
        (9494, 10000, "良"),
        (85, 100, "良"),
        (0, 100, "待改进"),
        (9, 9, None),
        (0, 0, None),
    ],
)
def test_a_rate_is_in_the_band_that_its_shown_per_cent_says(
    numerator: int, denominator: int, title: str | None
) -> None:
    rate = Rate(measure="solved", group="g", numerator=numerator, denominator=denominator, left_out={})
    band = SETTINGS.band(rate)
    assert (band.title.zh if band else None) == title


@given(st.integers(10, 500), st.data())
def test_a_measure_without_bands_is_in_none_and_others_always_in_one(denominator: int, data: st.DataObject) -> None:
    numerator = data.draw(st.integers(0, denominator))
    for measure in MEASURES:
        rate = Rate(measure=measure.id, group="g", numerator=numerator, denominator=denominator, left_out={})
        assert (SETTINGS.band(rate) is None) == (measure.id not in SETTINGS.bands)


def test_a_score_weighs_rates_and_turns_low_ones_round() -> None:
    found = row(response=(90, 100), solved=(80, 100), returned=(5, 100))
    assert weighted(response=30, solved=70).score(found) == 830
    assert weighted(returned=1).score(found) == 950
    assert weighted(response=1, satisfied=1).score(found) is None


def test_ranks_are_given_when_asked_for_equal_ones_equal_and_small_numbers_none() -> None:
    table = {
        EVERYBODY: row(solved=(80, 100)),
        "a": row(solved=(80, 100)),
        "b": row(solved=(90, 100)),
        "c": row(solved=(40, 50)),
        "d": row(solved=(1, 1)),
        None: row(solved=(50, 50)),
    }
    assert ranked(table, SETTINGS, "solved") == [(None, ""), (1, "b"), (2, "a"), (2, "c"), (None, "d"), (None, None)]


@pytest.mark.parametrize("by", ["score", "nothing"])
def test_what_cannot_be_ranked_by_is_a_sentence(by: str) -> None:
    with pytest.raises(YunnaoError, match=r"排名|没有叫"):
        ranked({}, SETTINGS, by)


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("  response:", "  answer_rate:", "没有叫 answer_rate 的指标"),
        ("weights: {}", "weights: {solved: 0}", "weights"),
        ("weights: {}", "weights: {beauty: 3}", "没有叫 beauty 的指标"),
        ("{from: 95, ", "{from: 80, ", "从高到低"),
        ("{from: 0, title: {zh: 正常", "{from: 2, title: {zh: 正常", "最后一档从 0 起"),
        ("order: catalogue", "order: best", "order"),
        ("tone: good", "tone: red", "tone"),
        ("least: 10", "fewest: 10", "没有这个键"),
    ],
)
def test_what_is_written_wrongly_is_a_sentence(tmp_path: Path, old: str, new: str, says: str) -> None:
    (tmp_path / "measures.yaml").write_text(WRITTEN.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DefinitionError, match=says) as refused:
        measure_settings(tmp_path)
    assert str(refused.value).startswith("measures.yaml：")


def test_a_district_has_its_own_or_what_ships(tmp_path: Path) -> None:
    assert measure_settings(tmp_path) == SETTINGS
    (tmp_path / "measures.yaml").write_text(WRITTEN.replace("least: 10", "least: 3"), encoding="utf-8")
    assert measure_settings(tmp_path).least == 3


def test_the_starter_changes_nothing_and_is_the_shipped_file_once_its_signs_are_taken_away(tmp_path: Path) -> None:
    own = tmp_path / "measures.yaml"
    own.write_text(starter_measures(), encoding="utf-8")
    assert measure_settings(tmp_path) == SETTINGS
    said = {line for line in WRITTEN.splitlines() if not line.startswith("#")}
    lines = [bare if (bare := line.removeprefix("# ")) in said else line for line in starter_measures().splitlines()]
    own.write_text("\n".join(lines).replace("least: 10", "least: 11"), encoding="utf-8")
    assert measure_settings(tmp_path) == SETTINGS.model_copy(update={"least": 11})
