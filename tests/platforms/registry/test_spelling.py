"""Width, white space and what nobody sees."""

import sys

from yunnao.platforms.registry.spelling import WHITE_SPACE, clean


def test_white_space_is_what_python_calls_so() -> None:
    assert "".join(filter(str.isspace, map(chr, range(sys.maxunicode + 1)))) == WHITE_SPACE


def test_cleaning() -> None:
    assert clean("\ufeff　Ｆ５\u200b２８\xa0\n") == "F528"
    assert clean("甲 \u2060乙") == "甲 乙"
