"""Learning from labelled texts."""

import numpy as np
import pytest
from sklearn.metrics import f1_score

from tests.capabilities.classification.made_model import model, rows
from yunnao.capabilities.classification.calibration import fit_sigmoid
from yunnao.capabilities.classification.model import classify
from yunnao.capabilities.classification.model_file import model_to_bytes
from yunnao.capabilities.classification.training import Labelled, train
from yunnao.capabilities.classification.validation import macro_f1
from yunnao.kernel.errors import YunnaoError


def test_the_sample_can_be_learned() -> None:
    assert model().macro_f1 > 0.7
    found = classify(model(), [row.text for row in rows()])
    guessed = [model().categories[place] for place in found.best[:, 0]]
    assert guessed == [row.category for row in rows()]


def test_the_same_rows_give_the_same_bytes() -> None:
    assert model_to_bytes(train(rows())) == model_to_bytes(model())


def test_two_categories_and_few_rows_are_enough() -> None:
    small = train([Labelled("公交车不来", "交通"), Labelled("医院挂号难", "卫生")])
    found = classify(small, ["公交车太挤", "医院收费", ""])
    assert [small.categories[place] for place in found.best[:2, 0]] == ["交通", "卫生"]
    assert found.best.shape == (3, 2)


@pytest.mark.parametrize("given", [[], [Labelled("公交车", "交通")], [Labelled("公交车", "交通")] * 9])
def test_fewer_than_two_categories_are_refused(given: list[Labelled]) -> None:
    with pytest.raises(YunnaoError, match="至少要两个类别"):
        train(given)


def test_texts_without_letters_are_refused() -> None:
    with pytest.raises(YunnaoError, match="没有文字"):
        train([Labelled("。。", "a"), Labelled("！！", "b")])


def test_progress_rises() -> None:
    told: list[float] = []
    train(rows()[:40], lambda _, share: told.append(share))
    assert told == sorted(told)
    assert told[0] == 0.0
    assert told[-1] < 1


def test_macro_f1_against_scikit_learn() -> None:
    random = np.random.default_rng(0)
    labels, guessed = random.integers(0, 5, 200), random.integers(0, 5, 200)
    assert macro_f1(labels, guessed, 5) == pytest.approx(f1_score(labels, guessed, average="macro"))


def test_confidence_is_calibrated_and_rises() -> None:
    random = np.random.default_rng(1)
    margin = random.uniform(0, 2, 20_000).astype(np.float32)
    right = random.random(20_000) < 1 / (1 + np.exp(-(3 * margin - 1)))
    slope, offset = fit_sigmoid(margin, right)
    assert slope == pytest.approx(3, abs=0.2)
    assert offset == pytest.approx(-1, abs=0.15)


def test_margins_that_mislead_do_not_turn_the_confidence_round() -> None:
    margin = np.linspace(0, 1, 100, dtype=np.float32)
    slope, _ = fit_sigmoid(margin, margin < 0.5)
    assert slope > 0
