"""Words that a web copy was given by somebody else: advertisements, addresses, words put into the middle of phrases.

Nobody can list what will be injected. Five signs are used: an address; a seed word that no report says, grown as far as all its places
agree; a number with words that it cannot count, in several phrases; statistics: a string that returns in the middle of unrelated
phrases, whose characters go together nowhere else, and without which the phrases around it are whole again; and grammar: 同比 before a
change without a number.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import either, table
from yunnao.scenarios.plan.reading.units import unit_at

_LEAST_PLACES = 3
_MANY = 4
_SHORTEST, _LONGEST = 4, 16
_GROWN = 12
_DIGITS = re.compile(r"\d+")
_NUMBER_AND_WORDS = re.compile(r"(?<![\da-z.,])\d{3,6}[\u4e00-\u9fff]{2}")
_LATIN = "abcdefghijklmnopqrstuvwxyz0123456789."
_EDGE = re.compile(r"[，。；：、！？“”‘’（）《》\s\[\]\d]")
_CLAUSE = re.compile(r"[，。；：！？\n]")


@dataclass(frozen=True, slots=True)
class Injection:
    """Foreign words in cleaned text."""

    start: int
    end: int
    confidence: float


def injections(text: str) -> list[Injection]:
    """Every injection in ``text`` (cleaned, nothing taken out), in order, none overlapping another."""
    found = [*_addresses(text), *_seeded(text), *_numbered(text), *_recurring(text), *_misplaced(text)]
    kept: list[Injection] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


@cache
def _address() -> re.Pattern[str]:
    return re.compile(table("advertisements")["address"])


@cache
def _seeds() -> re.Pattern[str]:
    return re.compile(either(table("advertisements")["seeds"]))


def _addresses(text: str) -> Iterator[Injection]:
    for match in _address().finditer(text):
        yield Injection(match.start(), match.end(), 0.95)


def _seeded(text: str) -> Iterator[Injection]:
    places: dict[str, list[int]] = defaultdict(list)
    for match in _seeds().finditer(text):
        places[match.group()].append(match.start())
    for seed, starts in places.items():
        left, right = _agreement(text, starts, len(seed))
        for start in starts:
            yield Injection(start - left, start + len(seed) + right, 0.95 if len(starts) > 1 else 0.8)


def _agreement(text: str, starts: Sequence[int], length: int) -> tuple[int, int]:
    """How many characters to the left and to the right all places agree; of one place only Latin letters and digits to the left."""
    if len(starts) == 1:
        before = text[max(0, starts[0] - _GROWN) : starts[0]]
        return len(before) - len(before.rstrip(_LATIN)), 0
    left = right = 0
    while left < _GROWN and len({text[start - left - 1 : start - left] for start in starts}) == 1 and starts[0] > left:
        if _EDGE.match(text[starts[0] - left - 1]) and not text[starts[0] - left - 1].isdigit():
            break
        left += 1
    ends = [start + length for start in starts]
    while (
        right < _GROWN
        and len({text[end + right : end + right + 1] for end in ends}) == 1
        and ends[-1] + right < len(text)
    ):
        if _EDGE.match(text[ends[0] + right]):
            break
        right += 1
    return left, right


def _numbered(text: str) -> Iterator[Injection]:
    """A number with words that no number can count (5173游戏交易平台的), in the middle of several phrases."""
    places: dict[str, list[int]] = defaultdict(list)
    for match in _NUMBER_AND_WORDS.finditer(text):
        places[match.group()].append(match.start())
    known = table("advertisements")["service_numbers"]
    for seed, starts in places.items():
        digits = _DIGITS.match(seed)
        if (
            len(starts) < 2
            or digits is None
            or digits.group() in known
            or unit_at(text, starts[0] + digits.end(), chinese=False)
        ):
            continue
        _, right = _agreement(text, starts, len(seed))
        length = len(seed) + right
        lefts = {text[start - 1 : start] for start in starts}
        rights = {text[start + length : start + length + 1] for start in starts}
        inside = all(left and not _EDGE.match(left) for left in lefts) and not any(
            _EDGE.match(one) for one in rights if one
        )
        if inside and len(lefts) == len(starts) == len(rights) and length >= len(digits.group()) + 3:
            for start in starts:
                yield Injection(start, start + length, 0.85)


def _recurring(text: str) -> Iterator[Injection]:
    """The statistics: see the module."""
    for word, starts in _candidates(text).items():
        lefts = {text[start - 1] for start in starts}
        rights = {text[start + len(word)] for start in starts}
        if len(lefts) < _LEAST_PLACES or len(rights) < _LEAST_PLACES:
            continue
        rest = text.replace(word, "\n")
        pairs = [word[i : i + 2] for i in range(len(word) - 1)]
        foreign = sum(pair not in rest for pair in pairs)
        healed = sum(_joined(text, start, len(word)) in rest for start in starts)
        scattered = len(starts) > _LEAST_PLACES and min(len(lefts), len(rights)) + 1 >= len(starts)
        needed = 0 if scattered and len(starts) > _MANY else 1 if scattered else 2
        whole_again = foreign == len(pairs) and healed * 3 >= len(starts) * needed
        if whole_again or (word.endswith("的") and len(word) >= _SHORTEST and foreign * 3 >= len(pairs) * 2):
            for start in starts:
                yield Injection(start, start + len(word), 0.7)


def _joined(text: str, start: int, length: int) -> str:
    """The characters on both sides of a string, as they stand without it."""
    return text[start - 1] + text[start + length]


def _candidates(text: str) -> dict[str, list[int]]:
    """Longest strings that return in the middle of phrases at least three times; string -> its places."""
    places: dict[str, list[int]] = defaultdict(list)
    for start in range(1, len(text) - _SHORTEST):
        if not _EDGE.match(text[start - 1]):
            places[text[start : start + _SHORTEST]].append(start)
    found: dict[str, list[int]] = {}
    taken: set[int] = set()
    for seed, starts in places.items():
        if (
            len(starts) < _LEAST_PLACES
            or re.search(r"[，。；：、！？“”‘’（）《》\s]", seed)
            or taken.intersection(starts)
        ):
            continue
        if text.count(seed) != len(starts):
            continue  # it also stands at the edge of a phrase, as real words do
        length = _SHORTEST
        while length < _LONGEST and len({text[start : start + length + 1] for start in starts}) == 1:
            if starts[-1] + length >= len(text) - 1 or _EDGE.match(text[starts[0] + length]):
                break
            length += 1
        ends = [start + length for start in starts]
        if any(end >= len(text) or _EDGE.match(text[end]) for end in ends):
            continue
        word = text[starts[0] : starts[0] + length]
        found[word] = starts
        taken.update(range(starts[0], starts[0] + length))
        for start in starts[1:]:
            taken.update(range(start, start + length))
    return found


def _misplaced(text: str) -> Iterator[Injection]:
    """同比 where no phrase can take it: behind 稳, 步, 正常, or before a change that has no number."""
    hanging, joined = tuple(table("advertisements")["hanging"]), tuple(table("advertisements")["joined"])
    for rule in table("advertisements")["collocations"]:
        change = either(rule["before"])
        for match in re.finditer(f"{rule['word']}(?={change})", text):
            stop = _CLAUSE.search(text, match.end())
            clause = text[match.end() : stop.start() if stop else len(text)]
            measured = clause.startswith("持平") or re.match(
                f"(?:{change})[^，。；、]{{0,10}}?(?:\\d|[一二三四五六七八九十两百千][成倍番万亿个]|百分之|持平)",
                clause,
            )
            before = text[max(0, match.start() - 5) : match.start()]
            if before.endswith(joined) or (not measured and before.endswith(hanging)):
                yield Injection(match.start(), match.end(), 0.9)
            elif not measured:
                yield Injection(match.start(), match.end(), 0.4)
