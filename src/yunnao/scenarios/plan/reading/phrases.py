"""Cutting a clause around a number: what leads in, the verb, the noun that is counted, what is said of it."""

import re
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import table

_EXAMPLES = re.compile(r"^.*等(?!级|值|比|候|于|次|离子|高线|奖|教育|学校|待)(?=.)")
_TRAIL = re.compile(r"(?:[、，和与的以之其]|(?<![惠涉普])及)+$")
_HEAD_NOISE = re.compile(
    r"^[—、，和及与的之；。：”’）\s]+(?=.)|^(?:以及|并|且|同时|\d{1,2}[.、]|[一二三四五六七八九十]+是|按[^，]{2,6}计算)(?=.)|^[两三四五十]年(?=[完累新建])"
    r"|^(?:到|至|截至|展望)?(?:19|20)\d{2}(?:年度?)?(?:底|末)?(?=.)|^[“‘]?十[一二三四五六]五[”’]?(?:时期|期间)?(?=.)"
)
_LOOSE = re.compile(r"(?:近|超|约|达|共|逾|总计|合计|分别|等|中)+$")
_PLACES = re.compile(
    r"城镇|城市|农村|乡村|城乡|市区|县域|男性?|女性?|进口|出口|内资|外资|国有|民营|省级|市级|国家级|第?[一二三]产业?"
)
_RESIDENTS = re.compile(r"(?:城镇|农村|城乡)(?:常住)?居民")
_PART_OF = re.compile(r"(?:增加值|总产值|产值|销售收入|收入|投资|出口|进口|贷款|人口|消费量)?占.+$")
_GROWN = re.compile(r"(?:增速|增幅|降幅|涨幅)$")
_RATE = re.compile(r"[\u4e00-\u9fff]{2}率")
_RATED = re.compile(r"(.{2,}?)[\u4e00-\u9fff]{2}率")
_NEEDS_SUBJECT = (
    "占",
    "居全",
    "居首",
    "居第",
    "对全",
    "高于",
    "低于",
    "快于",
    "高出",
    "较",
    "比上",
    "比年",
    "比去",
    "比全",
    "位居",
    "位列",
    "列全",
    "稳居",
)
_BRACKETS = re.compile(r"（[^）]*）|\[\d+\]")
_STOP = re.compile(r"[，；：。！？\n\r）]|——")


@cache
def alternatives(name: str) -> list[str]:
    """The words of a table's pattern that are no patterns themselves, the longest first."""
    return sorted(table("phrases")[name].split("|"), key=len, reverse=True)


@cache
def _at_start(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(alternatives(name))})")


@cache
def _at_end(name: str) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(alternatives(name))})$")


@cache
def _predicates() -> re.Pattern[str]:
    return re.compile(table("phrases")["predicates"])


def plain(words: str) -> str:
    """Without brackets, footnote marks and spaces."""
    return _BRACKETS.sub("", words).replace(" ", "").replace("\t", "")


def without_leads(words: str) -> str:
    """Without words of time, place, manner and connection at the beginning."""
    while True:
        words = _HEAD_NOISE.sub("", words)
        match = _at_start("leads").match(words)
        if (
            not match
            or match.end() == len(words)
            or (starts_with_verb(words) and len(starts_with_verb(words)) >= match.end())
        ):
            return words
        words = words[match.end() :]


def is_lead(words: str) -> bool:
    """Whether ``words`` only lead in (全国, 目前)."""
    match = _at_start("leads").match(words)
    return match is not None and match.end() == len(words)


def starts_with_verb(words: str) -> str:
    """The verb that ``words`` begin with; empty where they begin with none."""
    match = _at_start("verbs").match(words)
    return match.group() if match else ""


def ends_with_verb(words: str) -> str:
    """The verb that ``words`` end with; empty where they end with none."""
    match = _at_end("verbs").search(words)
    return match.group() if match else ""


def without_links(words: str) -> str:
    """Without verbs at the end that only join the noun to its number."""
    while match := _at_end("links").search(words):
        if match.start() == match.end():
            break
        words = words[: match.start()]
    return _TRAIL.sub("", words)


def after_examples(words: str) -> str:
    """Of 京东方、芯恩等企业 only what they are examples of; a verb before them stays."""
    match = _EXAMPLES.match(words)
    if not match:
        return words
    return starts_with_verb(without_leads(words)) + words[match.end() :]


def noun_at_start(words: str, *, before_number: bool) -> tuple[str, str]:
    """The noun that ``words`` begin with, and what is said of it.

    Args:
        words: those behind a number and its unit.
        before_number: another number follows them: a list ends at its first 、.
    """
    if words.startswith(("、", "和", "及", "与")):
        return "", ""
    stop = _STOP.search(words)
    within = words[: stop.start()] if stop else words
    if before_number and "、" in within and not stop:
        cut = within.index("、")
        if not within[:cut].endswith(("性", "级", "化")):
            within = within[:cut]
    noun, said = within, ""
    place = 0
    while match := _predicates().search(within, place):
        if _inside_quotation(within, match.start()):
            place = match.end()
            continue
        if match.start() == 0 and match.end() < len(within) and place == 0:
            head = within.rpartition("的")[2] if "的" in within and not before_number else ""
            behind = noun_at_start(head, before_number=False)[0] if head else ""
            return (behind, within[: -len(head) - 1]) if len(behind) > 1 else ("", within)
        noun, said = within[: match.start()], within[match.start() :]
        break
    if "的" in noun.strip("的"):
        owner, _, owned = noun.strip("的").rpartition("的")
        noun = owned or owner
    return _TRAIL.sub("", _LOOSE.sub("", noun.lstrip("的"))), said


def _inside_quotation(words: str, place: int) -> bool:
    return words.count("“", 0, place) > words.count("”", 0, place)


def is_dependent(words: str) -> bool:
    """Whether the noun needs another one before it (总投资, 占比)."""
    words = re.sub(r"^(?:完成|实现|可实现)(?=.)", "", words)
    match = _at_start("dependent").match(words)
    return not words or words.startswith(_NEEDS_SUBJECT) or (match is not None and match.end() == len(words))


def attribute_at_end(words: str) -> str:
    """总投资, 总规模 at the end of ``words``, of the noun that follows the number."""
    match = _at_end("attributes").search(words)
    return match.group() if match else ""


def is_complete(name: str) -> bool:
    """Whether a name says by its last word what is measured."""
    return bool(_at_end("complete").search(name))


def with_head(name: str, unit: str) -> str:
    """``name`` as a column is headed: 引进项目 counted in 个 → 引进项目数."""
    if is_complete(name) and (name.endswith(("数", "量")) or unit not in table("units")["heads"]["数"]):
        return name
    times = table("phrases")["time_of"]
    if unit in times:
        return name + str(times[unit])
    if unit in ("公里", "千米") and name.endswith(("路", "铁路", "公路", "高速", "线路", "高铁")):
        return f"{name}里程"
    for head, units in table("units")["heads"].items():
        if unit in units:
            if head == "人数" and name.endswith(("人", "人才", "人员", "者", "员", "家", "师", "生", "群体")):
                return f"{name}数"
            return f"{name}{head}"
    return name


def shared(subjects: list[str]) -> list[str]:
    """Members of a list with the head that only the last one has: 货物、集装箱吞吐量 → 货物吞吐量, 集装箱吞吐量."""
    places = _RESIDENTS if subjects[0].endswith("居民") else _PLACES
    if (first := places.match(subjects[-1])) and all(places.fullmatch(one) for one in subjects[:-1]):
        return [*(one + subjects[-1][first.end() :] for one in subjects[:-1]), subjects[-1]]
    if (rated := _RATED.fullmatch(subjects[0])) and all(_RATE.fullmatch(one) for one in subjects[1:]):
        return [subjects[0], *(rated.group(1) + one for one in subjects[1:])]  # 诉求办结率、满意率
    if (grown := _GROWN.search(subjects[-1])) and grown.start():
        whole = shared([*subjects[:-1], subjects[-1][: grown.start()]])
        return [one if _GROWN.search(one) else one + grown.group() for one in whole]
    if part := _PART_OF.search(subjects[-1]):
        return [one if "占" in one else one + part.group() for one in subjects[:-1]] + subjects[-1:]
    match = _at_end("shared_heads").search(subjects[-1])
    if not match or len(match.group()) == len(subjects[-1]):
        return subjects
    return [one if _at_end("shared_heads").search(one) else one + match.group() for one in subjects]


def counts(unit: str) -> bool:
    """Whether the unit is a measure word of things that are counted one by one."""
    return unit in table("units")["heads"]["数"]


def is_plain_noun(words: str) -> bool:
    """Whether ``words`` are a noun alone: no verb, nothing that joins a number, no noun that needs another one."""
    noun = without_leads(words)
    return (
        len(noun) > 1
        and noun == words
        and not starts_with_verb(noun)
        and without_links(noun) == noun
        and not is_dependent(noun)
    )
