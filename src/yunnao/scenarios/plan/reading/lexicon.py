"""The tables of words beside this module, compiled once."""

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from yunnao.kernel import strict_yaml

DIGITS = "零一二三四五六七八九十百千两"


@cache
def table(name: str) -> Mapping[str, Any]:
    """The table ``name``.yaml."""
    document: Mapping[str, Any] = strict_yaml.read(Path(__file__).with_name(f"{name}.yaml"))
    return document


def last_match(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    """The last place where ``pattern`` matches."""
    matches = list(pattern.finditer(text))
    return matches[-1] if matches else None


def words(value: str | Sequence[str]) -> list[str]:
    """Words that a table writes with 、 between them, or as a list of such."""
    lines = [value] if isinstance(value, str) else value
    return [word for line in lines for word in str(line).split("、") if word]


def either(listed: Iterable[str]) -> str:
    """A pattern for any of the words, the longest first."""
    return "|".join(map(re.escape, sorted(set(listed), key=lambda word: (-len(word), word))))
