"""Naming what is counted or measured: the noun before or behind the number, its verb, its subject carried over."""

import re
from functools import cache

from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.phrases import (
    after_examples,
    attribute_at_end,
    counts,
    ends_with_verb,
    is_complete,
    is_dependent,
    is_lead,
    noun_at_start,
    plain,
    shared,
    starts_with_verb,
    with_head,
    without_leads,
    without_links,
)
from yunnao.scenarios.plan.reading.topics import Around, Topic

_LONGEST = 32
_LONGEST_SAID = 24
_SHORT_WHOLE = 14
_LONGEST_PASSED = 24
_OPEN = (*"等的对为与和、及将把在向共超近，年市区", "首批")
_SAID_NOISE = re.compile(r"^(?:分别|全部|已|均|成功|顺利|总规模.*|总投资.*|在.{2,}|共|达(?!成|产)|超|近|约|的|被)+")
CHANGE = re.compile(
    r"(?:同口径|可比口径|自然口径|[两三四五六七八九十]年|按[^，]{2,8}计算|同比|环比|年均|平均|累计|分别|实际|名义|均|预计|力争|争取|确保|可比|整体|较[^，。；、]{1,6}?|比(?![例重率值])[^，。；、]{1,6}?)*"
    r"(?:增长|上升|提升|提高|增加(?!值)|扩大|上涨|涨|下降|降低|减少|下跌|回落|缩短|压缩|压减|改善|跃升|前移|收窄|增产|减产|增收|减收|降|减|增|再增加)(?:了|率|幅|速度)?"
    r"(?:分别|均|各|不低于|不少于|不超过|高于|超过|超|近|约|突破|达到|达|为|预计|力争|再|在|控制在|低于|大约)*$"
)
"""A change at the end of the words before a number: 同比增长, 比上年下降, 较全省分别缩短."""
_LIST = re.compile(r"[、和及与]")
_CLUSTER = re.compile(r"^(.*?)(?:[一二三四五六七八九十两]+大|\d+大)(.+)$")
_THRESHOLD = re.compile(r"^新?的?(?:大关|台阶|门槛|关口)")
_MORE = re.compile(r"(?:同比|环比|[比较][^，]{1,6})(?:净)?(增加|减少)$")
"""Nothing but a change: it is of what the clause before speaks of."""
_TOWN_AND_COUNTRY = re.compile(r"城乡(?!收入比|融合|建设)")
_QUALITIES = re.compile(r"(?:[\u4e00-\u9fff]{2,3}性[、和及])+[\u4e00-\u9fff]{2,3}性")
_OWNERS = re.compile(
    r"(?:园|区|港|市|县|镇|街道|中心|集团|平台|大会|论坛|博览会|节|会|局|校|院|公司|云脑|产业|片区|基地|新城|”|’)$"
)
_CONTAINS = re.compile(r"(?:包括|涵盖|包含|集|分为|设有)")
_TIMES_OF = re.compile(r"(?:分别)?(?:是|为|约为|相当于|达到?).*的$")
_GROWN = re.compile(r"(?:[比较][^，]{1,5})?(?:增加|减少|扩大|净增|增收)$")
_EVENTS = re.compile(r"(?:论坛|大会|博览会|[啤酒文化旅游购物]节|展览会|交易会|峰会|展会|开发区|园区|平台)$")
_ACTS = re.compile(
    r"(?:引进|签约|实施|建设|建成|培育|完成|新增|举办|落地|开工|竣工|打造|认定|推进|吸引|扩展|扩大|覆盖|办理|开通|启用|导入|拥有|集聚)"
)


@cache
def _attributes() -> re.Pattern[str]:
    return re.compile(rf"^(?:{table('phrases')['attributes']})")


def subject_of(before: str) -> str:
    """The noun of ``before`` with its verb: without what leads in, without examples, without verbs that only join."""
    return without_links(after_examples(without_leads(before)))


def whole_subject(before: str) -> str:
    """The same with its examples, where that is short: 人工智能等产业产值."""
    whole = without_links(without_leads(before))
    return whole if len(whole) <= _SHORT_WHOLE else subject_of(before)


def member_of(subject: str, words: Around) -> str:
    """Of a coordinated subject the member that the number belongs to."""
    if words.members < 2:
        return subject
    verb = starts_with_verb(subject)
    listed = _split(subject[len(verb) :], words.members)
    if len(listed) != words.members:
        return subject
    return verb + shared(listed)[words.member]


def list_members(subject: str, count: int, passed: str) -> tuple[str, ...]:
    """The members of a coordinated subject that ``count`` numbers belong to; empty where it is none.

    Where the subject needs another noun (产值), the clause before may list them: 新材料、装备制造、绿色食品三大产业集群.
    """
    if count < 2:
        return ()
    name = subject_of(CHANGE.sub("", plain(subject)))
    listed = _split(name, count)
    if len(listed) == count:
        return tuple(shared(listed))
    if (
        is_dependent(name)
        and (cluster := _CLUSTER.match(passed))
        and len(listed := _split(cluster.group(1), count)) == count
    ):
        return tuple(one + cluster.group(2) + name for one in listed)
    return ()


def _split(words: str, count: int) -> list[str]:
    if count == 2 and _TOWN_AND_COUNTRY.match(words):
        return [f"{'城市' if '低保' in words else '城镇'}{words[2:]}", f"农村{words[2:]}"]
    if count == 2 and "存贷款" in words:
        return [words.replace("存贷款", "存款"), words.replace("存贷款", "贷款")]
    return [one for one in _LIST.split(words) if one]


def counted(before: str, after: str, words: Around, topic: Topic) -> str:
    """The name of what a number counts or measures that is neither a change, a share nor a place in an order."""
    joined = not words.first and bool(re.match(r"^[、和及与]|^$", before))
    lead = without_leads(last_part(before))
    if words.unit in table("phrases")["time_of"] and re.search(r"(?:连续|累计|历时)$", lead):
        if ((subject := re.sub(r"(?:连续|累计|历时)$", "", lead)) and not after) or (
            subject and not starts_with_verb(subject)
        ):
            topic.noun = topic.subject = subject
        return f"{lead}{after}{with_head('', words.unit)}"
    if (more := _MORE.match(lead)) is not None and (carried := topic.subject or topic.noun) and not after:
        return (
            f"{carried}{more.group(1)}额"
            if words.unit.endswith("元")
            else with_head(carried + more.group(1), words.unit)
        )
    lead = "" if is_lead(lead) else lead
    noun, said = _noun_behind(after, words)
    if lead.endswith("首批") and not noun:
        noun, said = noun_at_start(after.lstrip("、"), before_number=False)
    if lead.endswith("第"):
        lead = ""
    attribute = attribute_at_end(without_links(lead))
    if attribute and lead.removesuffix(attribute).endswith("等") and (zone := _zone_in(without_verb(lead))):
        topic.owner = zone
    if attribute and noun and (after.startswith("的") or not counts(words.unit)):
        verb = starts_with_verb(lead)
        topic.noun = topic.subject = noun
        topic.verb = "" if verb == attribute else verb
        return _owned(topic.owner, f"{topic.verb if not topic.owner else ''}{noun}{attribute}")
    counting = not words.unit or counts(words.unit) or words.unit in table("units")["heads"]["人数"]
    if noun and (counting or _takes_what_follows(lead)):
        return _from_after(lead, noun, said, words, topic, joined)
    if words.unit == "倍" and _TIMES_OF.match(lead):
        return _carried("", said, words, topic)
    name = re.sub(r"等$", "", member_of(subject_of(lead), words))
    if words.member < len(topic.members) and words.members > 1 and (not name or is_dependent(name)):
        return with_head(topic.members[words.member], words.unit)
    if not name or is_dependent(name):
        return _carried(name, said, words, topic) or without_links(lead) or said[:_LONGEST]
    verb = starts_with_verb(name)
    owner = topic.owner if verb and verb != name else ""
    if not verb and joined and topic.verb and topic.noun:
        name, verb = topic.verb + name, topic.verb
    if verb == name:
        name = verb + (said if said and words.unit in ("人次", "人", "次") else topic.passed or topic.noun)
        owner = topic.owner if said else ""
    elif not verb and words.unit.endswith("吨") and not is_complete(name):
        name += "产量"
    topic.verb, topic.noun = verb, name[len(verb) :] or name
    if (grown := _GROWN.search(topic.noun)) is not None and grown.start():
        topic.noun = topic.noun[: grown.start()]
        name += "额" if words.unit.endswith("元") else ""
    topic.subject = topic.noun
    topic.name = with_head(name, words.unit)
    return _owned(owner, topic.name)


def _owned(owner: str, name: str) -> str:
    """The name with the zone or event it belongs to, where it does not say so and that does not make it too long."""
    if not owner or owner[:4] in name or len(owner) + len(name) > _LONGEST:
        return name
    return owner + name


def last_part(before: str) -> str:
    """Of 通过国家审核、申请基金规模 the last part, where what follows 、 has a verb of its own."""
    cut = max(before.rfind("、"), before.rfind("，"))
    if (
        cut > 5
        and len(before) - cut > 2
        and starts_with_verb(without_leads(before[cut + 1 :]))
        and "等" not in before[cut:]
    ):
        return before[cut + 1 :]
    return before


def _noun_behind(after: str, words: Around) -> tuple[str, str]:
    """The noun behind a number, or behind the next one where only 的 or 总规模达 stands between; and what is said of it."""
    after = _THRESHOLD.sub("", after)
    noun, said = noun_at_start(after, before_number=bool(words.beyond))
    if words.beyond and (after in ("", "的") or (not noun and _attributes().match(after))):
        return noun_at_start(words.beyond, before_number=False)[0], ""
    if noun.endswith("级") and words.beyond:
        head = noun_at_start(words.beyond, before_number=False)[0]
        return noun + re.sub(r"^.{1,2}级", "", head), said
    return noun, said


def _carried(name: str, said: str, words: Around, topic: Topic) -> str:
    """The name of a number whose clause does not say what is counted, or only by a word like 总投资, from the numbers before it."""
    noun = topic.passed if topic.passed and name else topic.noun or topic.subject or topic.passed
    if words.members > 1 and len(topic.recent) >= words.members:
        noun = topic.recent[words.member - words.members]
    if name.startswith(("总量", "总数", "总额")):
        result = _without_verbs(noun) + name
    elif name in ("出口", "进口") and "进出口" in noun:
        result = noun[: noun.index("进出口")] + name + "总额"
    elif words.unit == "倍" and not name:
        result = f"{noun}倍数"
    elif name == "人均":
        result = f"人均{noun}"
    elif name:
        result = noun if noun.endswith(name) else f"{'' if topic.passed else topic.verb}{noun}{name}"
    elif said and words.first:
        result = f"{said[:_LONGEST_SAID]}{'' if words.unit in ('人', '名', '位') else noun}"
    else:
        result = f"{topic.verb}{noun}" if noun else topic.name
    topic.name = with_head(result, words.unit) if result else ""
    return topic.name


def _without_verbs(noun: str) -> str:
    """市场主体日均新设 → 市场主体."""
    while verb := ends_with_verb(noun):
        if verb == noun:
            break
        noun = noun.removesuffix(verb)
    return re.sub(r"(?:日均|年均|累计|新)$", "", noun)


def _takes_what_follows(lead: str) -> bool:
    """Whether the number counts the noun behind it: nothing, a verb, examples or a preposition stands before."""
    return not lead or bool(ends_with_verb(lead)) or lead.endswith(_OPEN) or not without_links(lead)


def _from_after(lead: str, noun: str, said: str, words: Around, topic: Topic, joined: bool) -> str:
    examples = lead.endswith("等")
    verb = starts_with_verb(lead) if examples else ends_with_verb(lead) or starts_with_verb(lead)
    if joined and not verb:
        verb = topic.verb
    if _CONTAINS.match(lead):
        verb = ""
    doing = _SAID_NOISE.sub("", said)
    doing = "" if verb or words.beyond or len(doing) > _LONGEST_SAID or doing.count("、") > 1 else doing
    owner = _owner_in(lead, verb) or topic.owner
    if examples and not verb and owner and (act := _ACTS.search(lead)) is not None:
        verb = act.group()
    noun = _QUALITIES.sub("", noun) or noun
    topic.owner = owner
    topic.verb, topic.noun, topic.subject, topic.consumed = verb, noun, noun, noun
    topic.name = with_head(f"{verb}{doing}{noun}", words.unit)
    return _owned(owner, topic.name)


def _owner_in(lead: str, verb: str) -> str:
    """绿色园区 in 绿色园区引进京东方等: the place, event or body before the verb."""
    if lead.endswith("等") and not verb:
        act = _ACTS.search(lead, 2)
        owner = lead[: act.start()] if act else _zone_in(lead)
    else:
        owner = lead.removesuffix(verb) if verb and lead.endswith(verb) else ""
    owner = owner.removesuffix("扩展应用")
    return owner if 2 <= len(owner) <= 16 and _OWNERS.search(owner) and not _LIST.search(owner) else ""


def _zone_in(lead: str) -> str:
    zone = re.match(r"[^、，]{2,12}?(?:产业园|园区|开发区|经济区|生态园|高新区|示范区|商务区|文化区|科创区)", lead)
    return zone.group() if zone else ""


def without_verb(lead: str) -> str:
    """``lead`` without the verb it begins with."""
    return lead[len(starts_with_verb(lead)) :]


def noun_of(clause: str) -> str:
    """What a clause without a number speaks of: its noun without verb and examples; empty where it is long or says more."""
    words = without_leads(plain(clause))
    noun = after_examples(words[len(starts_with_verb(words)) :])
    if noun in ("年", "年度"):
        return ""
    return noun if len(noun) <= _LONGEST_PASSED else ""


def event_in(clause: str) -> str:
    """The event that a clause without a number names and says nothing of: its clauses are about it."""
    words = without_leads(plain(clause))
    return words if 4 <= len(words) <= 20 and _EVENTS.search(words) and not starts_with_verb(words) else ""


def term_of(footnote: str) -> str:
    """The term that a footnote explains: what stands before its colon."""
    term, colon, _ = footnote.partition("：")
    term = re.sub(r"[“”‘’\s]", "", plain(term))
    return term if colon and len(term) <= _LONGEST_PASSED else ""
