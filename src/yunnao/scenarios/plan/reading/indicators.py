"""Naming what is counted, as a statistician heads the column: the noun with its verb, its subject carried over, without the number."""

import re
from dataclasses import dataclass
from functools import cache

from yunnao.scenarios.plan.quantities import Direction, Kind
from yunnao.scenarios.plan.reading.hedges import without_hedge
from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.phrases import (
    after_examples,
    attribute_at_end,
    ends_with_verb,
    is_dependent,
    noun_at_start,
    plain,
    shared,
    starts_with_verb,
    with_head,
    without_leads,
    without_links,
)

_LONGEST = 32
_LONGEST_SAID = 20
_LONGEST_PASSED = 24
_OPEN = (*"等的对为与和、及将把在向共超近，年市区", "首批")
_SAID_NOISE = re.compile(r"^(?:分别|全部|已|均|成功|顺利|总规模.*|总投资.*|在.{2,}|共|达(?!成|产)|超|近|约|的|被)+")
_CHANGE = re.compile(
    r"(?:同口径|可比口径|[两三四五六七八九十]年|按[^，]{2,8}计算|同比|环比|年均|平均|累计|分别|实际|名义|均|预计|力争|争取|确保|可比|整体|较[^，。；、]{1,6}?|比[^，。；、]{1,6}?)*"
    r"(?:增长|上升|提升|提高|增加(?!值)|扩大|上涨|涨|下降|降低|减少|下跌|回落|缩短|压缩|压减|改善|跃升|前移|收窄|增产|减产|增收|减收|降|减|增|再增加)(?:了|率|幅|速度)?"
    r"(?:分别|均|各|不低于|不少于|不超过|高于|超过|超|近|约|突破|达到|达|为|预计|力争|再|在|控制在|低于|大约)*$"
)
_CHANGE_FIRST = re.compile(r"^(?:降低|压减|压缩|提高|提升|缩短|减少|增加|下调|上调)(?=.)")
_RANK = re.compile(
    r"(?:稳居|位居|位列|名列|跃居|排名|蝉联|跻身|入围|首次入围|进入|挺进|登上|荣登|居|列|排|保持|夺得|获得?|均居|荣获|获|进位|升至|跃升|均列|均为|名次)(?!民)(?:了|在|到|至)?"
)
_TO_WHOLE = re.compile(r"对.{1,12}(?:贡献率|贡献度|增长贡献|拉动率)")
_COMPARED = re.compile(r"(?:高于|低于|快于|慢于|好于|高出|低出|领先)")
_FROM = re.compile(r"(?:由|从|自|到|至)?(?:(?:19|20)\d{2}年?(?:底|末)?的?)?(?:由|从)?$")
_SCOPED = re.compile(r"^(?:全[省市国区县]|全省|全球)占比")
_LIST = re.compile(r"[、和及与]")
_SHRINKING = re.compile(r"(?:事故|死亡|浓度|能耗|排放|污染|用水量|电耗|水耗|案件|发案|投诉|信访|成本|费|亏损|pm)")


@dataclass(slots=True)
class Topic:
    """What the sentence has been speaking of.

    Attributes:
        noun, verb, subject, name: of the number before.
        lead: the words before the first number of the present list.
        consumed: words between the last number and this one that already named the last.
        rate: the share that the number before states.
        members: names of the subjects of the last list.
        passed: the noun of the clause before, where that has no number.
    """

    noun: str = ""
    verb: str = ""
    subject: str = ""
    name: str = ""
    lead: str = ""
    consumed: str = ""
    rate: str = ""
    members: tuple[str, ...] = ()
    passed: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """The words around a number within its clause.

    Attributes:
        before: from the clause's start, or the unit of the number before, to the numeral.
        after: from the unit to the next number, or to the clause's end.
        beyond: the words behind the next number of the clause; empty where none follows.
        first: no number stands before it in the clause.
        unit: the unit's base.
        member, members: its place in a list of numbers that share one subject (0 and 1 where there is none).
    """

    before: str
    after: str
    beyond: str
    first: bool
    unit: str
    kind: Kind
    direction: Direction
    member: int
    members: int


@cache
def _attributes() -> re.Pattern[str]:
    return re.compile(rf"^(?:{table('phrases')['attributes']})")


def indicator(words: Around, topic: Topic) -> str:
    """The name; ``topic`` is brought up to date for the numbers behind."""
    before = plain(without_hedge(words.before))
    if topic.consumed and not words.first and before.startswith(topic.consumed):
        before = before[len(topic.consumed) :]
    topic.consumed = ""
    before = _FROM.sub("", before)
    after = plain(words.after)
    if words.kind == "rank":
        return _short(_rank(before, topic))
    if words.kind in ("growth_yoy", "rate_change") and (name := _changed(before, words, topic)) is not None:
        return _short(name)
    if words.kind == "share":
        return _short(_share(before, after, words, topic))
    return _short(_counted(before, after, words, topic))


def _short(name: str) -> str:
    name = name.upper()  # PM2.5, GDP, 5G as a statistician writes them
    name = name.strip("、，；：。的“”‘’ ") if name.count("“") != name.count("”") else name.strip("、，；：。的 ")
    return name if len(name) <= _LONGEST else name[-_LONGEST:]


def _member(subject: str, words: Around) -> str:
    """Of a coordinated subject the member that the number belongs to."""
    if words.members < 2:
        return subject
    verb = starts_with_verb(subject)
    listed = [one for one in _LIST.split(subject[len(verb) :]) if one]
    if len(listed) != words.members:
        return subject
    return verb + shared(listed)[words.member]


def list_members(subject: str, count: int) -> tuple[str, ...]:
    """The members of a coordinated subject that ``count`` numbers belong to; empty where it is none."""
    listed = [one for one in _LIST.split(_subject(plain(subject))) if one]
    return tuple(shared(listed)) if len(listed) == count > 1 else ()


def _subject(before: str) -> str:
    return without_links(after_examples(without_leads(before)))


def _changed(before: str, words: Around, topic: Topic) -> str | None:
    match = _CHANGE.search(before)
    if match is None:
        if (first := _CHANGE_FIRST.match(without_leads(before))) is not None:
            noun = without_links(without_leads(before)[first.end() :])
            topic.noun = topic.subject = noun
            return f"{noun}{first.group()}幅度"
        if not without_links(without_leads(before)):
            return _growth_name(_carried_subject(words, topic), words)
        if _COMPARED.match(without_leads(before)):
            return f"{topic.rate or topic.subject or topic.noun}{without_leads(before)}幅度"
        return None
    subject = _member(_subject(before[: match.start()]), words)
    if not subject and (
        tail := re.search(r"(?:增长|提高|降低|减少|增加|提升|缩短|再增加)([^，；。、\d]{2,8})$", before)
    ):
        subject = tail.group(1)
    if not subject or is_dependent(subject):
        carried = _carried_subject(words, topic)
        subject = carried if carried.endswith(subject) else carried + subject
    topic.subject = topic.noun = subject
    topic.verb = topic.rate = ""
    return _growth_name(subject, words)


def _carried_subject(words: Around, topic: Topic) -> str:
    """The subject of a change that names none: of points the share before it, of a list's member the same member of the list before."""
    if topic.rate and words.kind == "rate_change":
        return topic.rate
    if words.members > 1 and len(topic.members) == words.members:
        return topic.members[words.member]
    return topic.subject or topic.noun


def _grown(subject: str, words: Around) -> str:
    return "降幅" if words.direction == "down" and _SHRINKING.search(subject) else "增速"


def _growth_name(subject: str, words: Around) -> str:
    if words.kind == "growth_yoy":
        return subject if subject.endswith(("增速", "增幅", "涨幅", "降幅")) else subject + _grown(subject, words)
    verb = {"up": "提高", "down": "降低", "none": "变动"}[words.direction]
    if words.unit in table("units")["time"]:
        verb = {"up": "增加", "down": "缩短", "none": "变动"}[words.direction]
    if "位" in words.unit or "名次" in words.unit:
        return f"{subject}位次提升" if words.direction != "down" else f"{subject}位次下降"
    return (
        f"{subject}{verb}幅度"
        if not words.unit.endswith(("天", "日", "小时"))
        else f"{subject}{verb}{with_head('', words.unit)}"
    )


def _rank(before: str, topic: Topic) -> str:
    before = re.sub(r"[第前]$", "", before)
    match = _RANK.search(before)
    if match is None:
        scope = before.strip("、，和及与")
        return f"{topic.subject or topic.noun}{scope}排名"
    subject, scope = without_leads(before[: match.start()]), before[match.end() :]
    subject = re.sub(r"^在|中$|里$", "", subject).strip("、，")
    if again := _RANK.match(scope):
        scope = scope[again.end() :]
    if not subject or is_dependent(subject):
        subject = (topic.noun or topic.subject) + subject
    topic.subject = subject
    return f"{subject}{scope.strip('、，')}排名"


def _share(before: str, after: str, words: Around, topic: Topic) -> str:
    if after.startswith("的") and not without_links(_subject(_last_part(before))):
        noun, said = noun_at_start(after, before_number=bool(words.beyond))
        if noun and said:
            return f"{noun}{said}比例"
    if _TO_WHOLE.match(before.strip("、，和及与")):
        return f"{topic.subject or topic.noun}{before.strip('、，和及与').removesuffix('达').removesuffix('超')}"
    scoped = _SCOPED.match(before.strip("、，和及与"))
    name = scoped.group() if scoped else _member(_subject(before), words)
    if not name:
        noun, _ = noun_at_start(after, before_number=bool(words.beyond))
        return noun or topic.name or topic.subject or topic.noun
    if scoped or is_dependent(name) or name.startswith("对"):
        carried = topic.subject or topic.noun
        name = carried + name
    else:
        topic.subject = topic.noun = re.sub(r"(?:全[市省国区县])?占.*$", "", name) or name
    if "占" in name and not name.endswith(("占比", "比重", "比例", "率", "份额")):
        name += "比重"
    topic.name = topic.rate = name
    return name


def _counted(before: str, after: str, words: Around, topic: Topic) -> str:
    joined = not words.first and bool(re.match(r"^[、和及与]|^$", before))
    lead = without_leads(_last_part(before))
    if words.unit in table("phrases")["time_of"] and re.search(r"(?:连续|累计|历时)$", lead):
        if ((subject := re.sub(r"(?:连续|累计|历时)$", "", lead)) and not after) or (
            subject and not starts_with_verb(subject)
        ):
            topic.noun = topic.subject = subject
        return f"{lead}{after}{with_head('', words.unit)}"
    noun, said = _noun_behind(after, words)
    if lead.endswith("首批") and not noun:
        noun, said = noun_at_start(after.lstrip("、"), before_number=False)
    if lead.endswith("第"):
        lead = ""
    attribute = attribute_at_end(without_links(lead))
    if attribute and noun and (after.startswith("的") or words.unit not in table("units")["heads"]["数"]):
        verb = starts_with_verb(lead)
        topic.noun = topic.subject = noun
        topic.verb = "" if verb == attribute else verb
        return f"{topic.verb}{noun}{attribute}"
    counting = words.unit in table("units")["heads"]["数"] or words.unit in table("units")["heads"]["人数"]
    if noun and (counting or _takes_what_follows(lead)):
        return _from_after(lead, noun, said, words, topic, joined)
    name = re.sub(r"等$", "", _member(_subject(lead), words))
    if not name or is_dependent(name):
        return _carried(name, said, words, topic) or without_links(lead) or said[:_LONGEST]
    verb = starts_with_verb(name)
    if not verb and joined and topic.verb and topic.noun:
        name, verb = topic.verb + name, topic.verb
    if verb == name:
        name = verb + (f"{said}" if said and words.unit in ("人次", "人", "次") else topic.noun)
    topic.verb, topic.noun = verb, name[len(verb) :] or name
    topic.subject = topic.noun
    topic.name = with_head(name, words.unit)
    return topic.name


def _last_part(before: str) -> str:
    """Of 通过国家审核、申请基金规模 the last part, where what follows 、 has a verb of its own."""
    cut = max(before.rfind("、"), before.rfind("，"))
    if (
        cut > 0
        and len(before) - cut > 2
        and starts_with_verb(without_leads(before[cut + 1 :]))
        and "等" not in before[cut:]
    ):
        return before[cut + 1 :]
    return before


def _noun_behind(after: str, words: Around) -> tuple[str, str]:
    """The noun behind a number, or behind the next one where only 的 or 总规模达 stands between; and what is said of it."""
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
    if name.startswith(("总量", "总数", "总额")):
        result = _without_verbs(noun) + name
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
    doing = _SAID_NOISE.sub("", said)
    doing = "" if verb or words.beyond or len(doing) > _LONGEST_SAID else doing
    topic.verb, topic.noun, topic.subject, topic.consumed = verb, noun, noun, noun
    topic.name = with_head(f"{verb}{doing}{noun}", words.unit)
    return topic.name


def noun_of(clause: str) -> str:
    """What a clause without a number speaks of: its noun without verb and examples; empty where it is long or says more."""
    words = without_leads(plain(clause))
    noun = after_examples(words[len(starts_with_verb(words)) :])
    return noun if len(noun) <= _LONGEST_PASSED else ""
