"""Character n-grams: against a plain reading of the definition, on any text."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.grams import LONGEST, grams, written

_TEXTS = st.lists(st.text(st.sampled_from("市政府A a1。，\n\x00９Ｚ-😀\ud800㐀𠀀é"), max_size=12), max_size=6)


def folded(text: str) -> str:
    """What of a text of the alphabet above is looked at."""
    kept = {"９": "9", "Ｚ": "z", "A": "a"}
    return "".join(kept.get(c, c) for c in text if c not in "。，\n\x00-😀\ud800 ")


@given(_TEXTS, st.integers(1, LONGEST))
def test_every_n_gram_of_every_text_and_nothing_across_texts(texts: list[str], longest: int) -> None:
    found = grams(texts, longest=longest)
    got = Counter((row, written(key)) for row, key in zip(found.rows.tolist(), found.keys.tolist(), strict=True))
    wanted = Counter(
        (row, plain[start : start + length])
        for row, plain in enumerate(map(folded, texts))
        for length in range(1, longest + 1)
        for start in range(len(plain) - length + 1)
    )
    assert got == wanted


@given(_TEXTS)
def test_positions_point_at_the_characters(texts: list[str]) -> None:
    everything = "".join(texts)
    found = grams(texts, longest=LONGEST)
    for start, end, key in zip(found.starts.tolist(), found.ends.tolist(), found.keys.tolist(), strict=True):
        assert folded(everything[start:end]) == written(key)


def test_words_and_raw_text_are_one_text() -> None:
    words, raw = grams(["市 西湖 建筑 A3 区"]), grams(["市西湖，建筑Ａ3区！"])
    assert words.keys.tolist() == raw.keys.tolist()


@pytest.mark.parametrize(("shortest", "longest"), [(0, 2), (3, 2), (1, LONGEST + 1)])
def test_lengths_that_no_integer_holds(shortest: int, longest: int) -> None:
    with pytest.raises(ValueError, match="n-grams"):
        grams(["市"], shortest=shortest, longest=longest)
