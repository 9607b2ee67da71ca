"""The aspects (方面) of a plan: the headings under which its targets stand, whatever a report calls them and however many there are."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from yunnao.platforms.indicators.targets.target import Target

SEPARATOR = " > "
_LEAST = 3
_NUMBER = re.compile(
    r"^\s*(?:第[一二三四五六七八九十百\d]+[章节篇部分]+\s*|[（(]?[一二三四五六七八九十百\d]+[)）、.．]\s*)"
)
_NO_HEADING = "其他目标"


@dataclass(frozen=True, slots=True)
class Aspect:
    """One aspect: its heading without its number, and the targets under it in the order of the text."""

    title: str
    targets: tuple[Target, ...]


def aspects(targets: Sequence[Target]) -> tuple[Aspect, ...]:
    """The aspects of a plan, in the order of its text.

    They are the outermost headings of which there are at least three; else those of the level that has the most.
    """
    ordered = sorted(targets, key=lambda each: (each.promised.begins, each.promised.ends))
    paths = [each.promised.section.split(SEPARATOR) if each.promised.section else [] for each in ordered]
    depth = _depth(paths)
    found: dict[tuple[str, ...], list[Target]] = {}
    for target, path in zip(ordered, paths, strict=True):
        found.setdefault(tuple(path[:depth]), []).append(target)
    return tuple(Aspect(_title(path), tuple(own)) for path, own in found.items())


def _depth(paths: Sequence[Sequence[str]]) -> int:
    deepest = max((len(path) for path in paths), default=0)
    counts = {depth: len({tuple(path[:depth]) for path in paths}) for depth in range(1, deepest + 1)}
    enough = [depth for depth, count in counts.items() if count >= _LEAST]
    if enough:
        return enough[0]
    return max(counts, key=lambda depth: (counts[depth], -depth), default=1)


def _title(path: tuple[str, ...]) -> str:
    return (_NUMBER.sub("", path[-1]) or path[-1]) if path else _NO_HEADING
