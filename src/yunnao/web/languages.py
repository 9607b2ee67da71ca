"""Language tags of pages and of pieces of text on them."""

import re
from collections.abc import Mapping

from yunnao.kernel.text import Language

LANGUAGE_TAG: Mapping[Language, str] = {"zh": "zh-CN", "en": "en"}

_CHINESE = re.compile(r"[\u3400-\u9fff]")
_LATIN_WORDS = re.compile(r"[A-Za-z]{2,}\W+[A-Za-z]{2,}")


def language_of(text: str) -> str:
    """The language tag of a piece of text; empty where it is neither (numbers, codes)."""
    if _CHINESE.search(text):
        return LANGUAGE_TAG["zh"]
    return LANGUAGE_TAG["en"] if _LATIN_WORDS.search(text) else ""
