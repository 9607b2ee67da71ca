"""What the numbers of a clause state: name, kind, direction and comparator, for lists of numbers member by member."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from yunnao.scenarios.plan.quantities import Comparator, Direction, Kind
from yunnao.scenarios.plan.reading.clean import Span
from yunnao.scenarios.plan.reading.counting import list_members
from yunnao.scenarios.plan.reading.hedges import comparator, is_aspired, without_hedge
from yunnao.scenarios.plan.reading.indicators import indicator
from yunnao.scenarios.plan.reading.kinds import direction, kind
from yunnao.scenarios.plan.reading.mentions import Mention
from yunnao.scenarios.plan.reading.phrases import counts, is_plain_noun, starts_with_verb, without_leads
from yunnao.scenarios.plan.reading.topics import Around, Topic

_JOINER = re.compile(r"^(?:[、，]|和|及|与|以及|或)?$")
_HEDGED_END = re.compile(r"^(?:及?以上|左右|以内|以下)")
_JOINS = re.compile(r"^[^，]{0,16}?(?:[、和及与]|以及)[^，]*$")
_SAYS_NOTHING = re.compile(
    r"^(?:[、，]|和|及|与|力争|争取|确保|保持在?|稳定在|不低于|以上|左右|以内|超过|超|近|约|达到|达|突破|实现|到)*$"
)
_NEGATIVE = re.compile(r"(?:(?:^|[^\da-z%])-|(?<![减欠增抱])负)$")
_SIGN = re.compile(r"(?<=[、，和及与])(?:-|负)$")
_SIGNS = ("-", "负")
_TO_ONE = re.compile(r"^[:：]1(?![\d.])")
_INHERITED = frozenset({"growth_yoy", "rate_change", "share"})
"""Kinds of percentages, which the next one shares where nothing new is said."""
_PERIODS = ("年", "个季度", "个月")
_FOR_YEARS = re.compile(r"(?:已?连续|已|累计)$")
_SAYS_AGAIN = re.compile(r"^(?:[、，]|力争|争取|努力|冲刺|达到|突破|实现|超过|达|到)*$")
_FAR = 300
"""How many characters around a number can name it: what is longer is no clause, and must not be read again for every number."""
_STANDARDS = ("标准", "待遇", "定额", "补助", "养老金", "工资")


@dataclass(frozen=True, slots=True)
class Statement:
    """What one number states.

    Attributes:
        clause: the smallest clause around it.
        aspired: 力争 or the like stands before it.
        again: it says of the number before it what is striven for (增长10%，力争12%).
    """

    mention: Mention
    clause: Span
    name: str
    kind: Kind
    direction: Direction
    comparator: Comparator
    aspired: bool
    again: bool


def statements(
    words: str, clause: Span, members: Sequence[Mention], topic: Topic, previous: Statement | None
) -> list[Statement]:
    """What the numbers ``members`` of ``clause`` state.

    Args:
        words: the cleaned text.
        topic: what the sentence has been speaking of; brought up to date.
        previous: the statement before them in the sentence.
    """
    said: list[Statement] = []
    places = _lists(words, members)
    for index, one in enumerate(members):
        place, count = places[index]
        start = _behind(words, members[index - 1]) if index else clause[0]
        more = members[index + 1 : index + 3]
        before = _TO_ONE.sub("", words[max(start, one.start - _FAR) : one.start])
        end = more[0].start if more else clause[1]
        after = words[_behind(words, one) : end][:_FAR]
        after = _TO_ONE.sub("", after)
        end = more[1].start if len(more) > 1 else clause[1]
        beyond = words[_behind(words, more[0]) : end][:_FAR] if more else ""
        beyond = beyond.partition("、")[0] if len(more) > 1 else beyond
        last = said[-1] if said else previous
        listed = last if place else None
        found, way = _kind(words, one, before, after, topic, last, first=index == 0, listed=listed is not None)
        if listed is not None:
            around = Around(topic.lead, after, "", True, one.unit.base, found, way, place, count)
            name = indicator(around, replace(topic))
        else:
            topic.lead = before
            topic.members = list_members(before, count, topic.passed) or (topic.members if count > 1 else ())
            name = indicator(Around(before, after, beyond, index == 0, one.unit.base, found, way, 0, count), topic)
            if count == 1:
                topic.remember()
        if one.part and "产业" in words[clause[0] : one.start]:
            name = f"第{'一二三'[one.part - 1]}产业增加值比重"
        topic.passed = ""
        aspired = is_aspired(words, clause[0], one.start)
        said.append(
            Statement(
                mention=one,
                clause=clause,
                name=name,
                kind=found,
                direction=way,
                comparator=_comparator(words, one, clause[0], listed),
                aspired=aspired,
                again=aspired and bool(_SAYS_AGAIN.match(before)),
            )
        )
    return said


def _lists(words: str, members: Sequence[Mention]) -> list[tuple[int, int]]:
    """For every number of a clause its place in a list of numbers that share their words, and how many the list has."""
    groups: list[int] = []
    for index, one in enumerate(members):
        if index and not one.rank:
            before = members[index - 1]
            between = _SIGN.sub("", _HEDGED_END.sub("", words[before.stop : one.start]))
            if _JOINER.match(between) and (between or before.unit.text == one.unit.text):
                groups[-1] += 1
                continue
        groups.append(1)
    return [(place, count) for count in groups for place in range(count)]


def _behind(words: str, one: Mention) -> int:
    """Where the words behind a number begin: after its unit and 以上, 左右."""
    hedged = _HEDGED_END.match(words[one.stop : one.stop + 4])
    return one.stop + (hedged.end() if hedged else 0)


def _kind(
    words: str,
    one: Mention,
    before: str,
    after: str,
    topic: Topic,
    last: Statement | None,
    *,
    first: bool,
    listed: bool,
) -> tuple[Kind, Direction]:
    if _NEGATIVE.search(before):
        return _kind(words, one, before[:-1], after, topic, last, first=first, listed=listed)[0], "down"
    whole = before
    if last is not None and last.mention.unit.base in _PERIODS and one.unit.text == "%" and _SAYS_NOTHING.match(before):
        before = whole = _FOR_YEARS.sub("", topic.lead) + before  # 增速连续3年超10%
    if one.unit.base.endswith("元") and topic.passed.endswith(_STANDARDS):
        whole = topic.passed + before  # the clause before names the standard that the number changes
    found = kind(one, whole, after, before.endswith("第") and not one.rank)
    way: Direction = direction(before, topic.subject) if found in ("growth_yoy", "rate_change") else "none"
    if last is None or one.rank:
        return found, way
    percent = one.unit.text == "%"
    if listed and one.unit.text == last.mention.unit.text and _SAYS_NOTHING.match(before):
        signed = words[max(0, last.mention.start - 1) : last.mention.start] in _SIGNS  # 增长-9.7%、11.4%
        return last.kind, direction(topic.lead.rstrip("-负"), topic.subject) if signed else last.direction
    if (
        percent
        and last.kind in _INHERITED
        and _SAYS_NOTHING.match(before)
        and (not first or _goes_on(words, last, one, before, after))
    ):
        return last.kind, last.direction
    if found != "level" or last.kind not in ("increment", "cumulative") or one.unit.base.endswith("元"):
        return found, way
    adjoining = not first and without_hedge(before) == topic.consumed
    joined = not first and _JOINS.match(before) and not starts_with_verb(without_leads(before))
    following = (
        first
        and last.kind == "increment"
        and words[last.clause[1] : one.start - len(before)] == "，"
        and is_plain_noun(before)
        and not before.startswith("每")
    )
    if adjoining or joined or (following and counts(one.unit.base)):
        return last.kind, way
    return found, way


def _goes_on(words: str, last: Statement, one: Mention, before: str, after: str) -> bool:
    """Whether a clause that begins with a number speaks of what the one before did: 力争达到7%, and not 八成小区."""
    between = words[last.clause[1] : one.start - len(before)]
    return between in ("，", "、") and (bool(before) or not after)


def _comparator(words: str, one: Mention, clause_start: int, listed: Statement | None) -> Comparator:
    """Its own, or that of the number before it in its list (突破6.5亿吨、2400万标箱)."""
    own = comparator(words, one, clause_start)
    return listed.comparator if own == "=" and listed is not None and listed.comparator in (">", "≥") else own
