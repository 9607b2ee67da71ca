"""Phrases that a group shares; never parts of a number by which somebody could be called."""

import pytest

from yunnao.capabilities.topics.phrases import phrase_counts, telling_phrases


def test_what_sets_a_group_apart_comes_first() -> None:
    group = ["搅拌站噪音扰民", "搅拌站夜里噪音", "搅拌站粉尘"]
    everywhere = phrase_counts([*group, "路灯不亮", "公交车站太远", "垃圾没有人清"])
    assert telling_phrases(group, everywhere, 6)[0] == "搅拌站"


@pytest.mark.parametrize("number", ["13812345678", "138****5678", "0532-88123456"])
def test_no_part_of_a_number_is_a_shared_word(number: str) -> None:
    group = [f"路灯不亮，电话{number}", f"路灯坏了，电话{number}"]
    found = telling_phrases(group, phrase_counts(group), 5)
    assert "路灯" in found
    assert not any(sign.isdecimal() for phrase in found for sign in phrase)
