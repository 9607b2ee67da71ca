"""Deciding, and the words that spoke."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.capabilities.classification.made_model import model
from yunnao.capabilities.classification.evidence import explain
from yunnao.capabilities.classification.model import BATCH, as_text, classify


@given(st.lists(st.text(max_size=40), max_size=5))
def test_any_text_gets_an_answer(texts: list[str]) -> None:
    found = classify(model(), texts)
    assert found.best.shape == (len(texts), 3)
    assert (found.margin >= 0).all()
    assert ((found.confidence > 0) & (found.confidence <= 1)).all()
    for row in found.best.tolist():
        assert len(set(row)) == 3


def test_confidence_follows_the_margin() -> None:
    texts = ["公交车", "医院的公交车", "幼儿园收费", "拖欠工资", "油烟", "天气"]
    found = classify(model(), texts)
    assert np.argsort(found.margin).tolist() == np.argsort(found.confidence).tolist()


def test_a_batch_decides_as_one_message_does() -> None:
    texts = [f"第{number}路公交车不来" for number in range(BATCH + 3)]
    together = classify(model(), texts)
    alone = classify(model(), texts[-1:])
    assert together.best[-1].tolist() == alone.best[0].tolist()
    assert together.margin[-1] == alone.margin[0]


def test_evidence_is_in_the_message_and_readable() -> None:
    title, body = "工地拖欠工资", "包工头拖欠农民工工资三个月，劳动监察大队不管。"
    found = explain(model(), title, body)
    best = found.proposals[0]
    assert best.category == "劳动和社会保障"
    assert any("工资" in word for word in best.words)
    for proposal in found.proposals:
        assert len(proposal.words) <= 5
        assert all(len(word) > 1 and (word in title or word in body) for word in proposal.words)
    scores = [proposal.score for proposal in found.proposals]
    assert scores == sorted(scores, reverse=True)
    decided = classify(model(), [as_text(title, body)])
    assert found.confidence == decided.confidence[0]


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_message_can_be_explained(title: str, body: str) -> None:
    for proposal in explain(model(), title, body).proposals:
        assert all(word in title or word in body for word in proposal.words)
