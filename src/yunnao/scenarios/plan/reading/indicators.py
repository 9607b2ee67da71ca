"""Naming what is counted, as a statistician heads the column: the noun with its verb, its subject carried over, without the number."""

import re
from dataclasses import replace

from yunnao.scenarios.plan.reading.counting import CHANGE, counted, last_part, member_of, subject_of, whole_subject
from yunnao.scenarios.plan.reading.hedges import without_hedge
from yunnao.scenarios.plan.reading.lexicon import table
from yunnao.scenarios.plan.reading.phrases import (
    is_dependent,
    noun_at_start,
    plain,
    with_head,
    without_leads,
    without_links,
)
from yunnao.scenarios.plan.reading.topics import Around, Topic

_LONGEST = 32
_LONGEST_SAID = 20
_LONGEST_PASSED = 24
_OPEN = (*"等的对为与和、及将把在向共超近，年市区", "首批")
_SAID_NOISE = re.compile(r"^(?:分别|全部|已|均|成功|顺利|总规模.*|总投资.*|在.{2,}|共|达(?!成|产)|超|近|约|的|被)+")
_CHANGE_FIRST = re.compile(r"^(?:降低|压减|压缩|提高|提升|缩短|减少|增加|下调|上调)(?=.)")
_RANK = re.compile(
    r"(?:分居|分列|分别居|分别列|分别位居|稳居|位居|位列|名列|跃居|排名|蝉联|跻身|入围|首次入围|进入|挺进|登上|荣登|居|列|排|保持|夺得|获得?|均居|荣获|获|进位|升至|跃升|均列|均为|名次)(?!民)(?:了|在|到|至)?"
)
_OF_PLANNED = re.compile(r"^(为|占|达到?|相当于|(?:分别)?完成(?:了)?)([^，。；、]{0,6}(?:预算|计划|任务|目标)数?)的?$")
"""A share of what was planned: 为预算的98.9%, 完成年度计划的47%."""
_DONE = re.compile(r"(?:实现|完成)(?!投资|.{0,4}任务|.{0,4}计划)(?=.{4,})")
_TREND = re.compile(
    r"(.{3,16}?)(?:由.{1,2}转.{1,2}|止跌(?:回升|企稳)?|企稳(?:回升)?|触底反弹|逆势(?:增长|上扬)"
    r"|(?:稳步|平稳|快速|较快|持续|稳定)(?:增长|提升|回升|提高|上升|下降))$"
)
"""A clause without a number that says how something went: 固定资产投资由降转升."""
_RATE_PASSED = re.compile(
    r"(.{2,20}?(?:率|占比|比重|比例))(?:首次|再次|历史性)?(?:过半|突破|提升|提高|上升|下降|改善|创新高)$"
)
_TO_WHOLE = re.compile(r"对.{1,12}(?:贡献率|贡献度|增长贡献|拉动率)")
_PULLED = re.compile(r"(?:拉动|带动|拉低|影响)[^，。；]{2,12}$")
_COMPARED = re.compile(r"(?:塌|欠|差|落后于?|高于|低于|快于|慢于|好于|高出|低出|领先)")
_FROM = re.compile(
    r"(?:(?:由|从|自|到|至)?(?:19|20)\d{2}年(?:底|末)?的?|(?:去年|上年|同期|去年同期|上年同期)的)?(?:由|从)?$"
)
_MOVED = re.compile(
    r"^(.{2,}?)(?:由|从)(全[国省市区县])?$|^()(?:上升|提升|跃升|前移|下降)(?:至|到|为)(全[国省市区县])?$"
)
_PLACED = ("排名", "位次", "名次")
_OPEN_BRACKET = re.compile(r"^(.*)（([^）]{1,12})$")
_RATE_IN_BRACKETS = re.compile(r"（([^）]{3,16}率)）[^（）]{0,6}$")
_SCOPED = re.compile(r"^(?:全[省市国区县]|全省|全球)占比")
_LIST = re.compile(r"[、和及与]")
_SHRINKING = re.compile(r"(?:事故|死亡|浓度|能耗|排放|污染|用水量|电耗|水耗|案件|发案|投诉|信访|成本|费|亏损|pm)")


def indicator(words: Around, topic: Topic) -> str:
    """The name; ``topic`` is brought up to date for the numbers behind."""
    before = plain(without_hedge(words.before))
    if topic.consumed and not words.first and before.startswith(topic.consumed):
        before = before[len(topic.consumed) :]
    topic.consumed = ""
    before = _FROM.sub("", before)
    after = plain(words.after)
    if after.startswith("（"):  # 幼儿园173所（81所民办）: the bracket goes on behind the next number
        after, words = "", replace(words, after="", beyond="")
    name = _name(_opened(before), after, words, topic)
    if words.kind == "level" and words.unit.endswith("元") and (done := _DONE.match(name)):
        name = name[done.end() :]
    return _short(name)


def _name(before: str, after: str, words: Around, topic: Topic) -> str:
    if words.kind == "rank":
        return _rank(before, topic)
    if words.kind in ("growth_yoy", "rate_change") and (name := _changed(before, words, topic)) is not None:
        return name
    if words.kind == "share":
        return _share(before, after, words, topic)
    return counted(before, after, words, topic)


def _opened(before: str) -> str:
    """Of 甲、乙（装机 within the bracket the noun it belongs to: 乙装机."""
    match = _OPEN_BRACKET.match(before)
    return match.group(1).split("、")[-1] + match.group(2) if match else before


def _short(name: str) -> str:
    name = name.upper()  # PM2.5, GDP, 5G as a statistician writes them
    name = name.strip("、，；：。的“”‘’ ") if name.count("“") != name.count("”") else name.strip("、，；：。的 ")
    return name if len(name) <= _LONGEST else name[-_LONGEST:]


def _changed(before: str, words: Around, topic: Topic) -> str | None:
    match = CHANGE.search(before)
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
    if pulled := _PULLED.match(without_leads(before)):
        return f"{topic.subject or topic.noun}{pulled.group()}幅度"
    if words.members > 1 and len(topic.members) == words.members:
        return _growth_name(topic.members[words.member], words)
    subject = member_of(whole_subject(before[: match.start()]), words)
    if not subject and (
        tail := re.search(r"(?:增长|提高|降低|减少|增加|提升|缩短|再增加)([^，；。、\d]{2,8})$", before)
    ):
        subject = tail.group(1)
    if subject.startswith("每人"):
        subject = topic.passed or ""
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
    if words.members > 1 and len(topic.recent) >= words.members:
        return topic.recent[words.member - words.members]
    if words.first and (trend := _TREND.match(topic.passed)):
        topic.subject = topic.noun = without_leads(trend.group(1))
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
    if words.unit.endswith("元"):
        return f"{subject}{verb}额"
    return (
        f"{subject}{verb}幅度"
        if not words.unit.endswith(("天", "日", "小时"))
        else f"{subject}{verb}{with_head('', words.unit)}"
    )


def _rank(before: str, topic: Topic) -> str:
    before = re.sub(r"[第前]$", "", before)
    if (moved := _MOVED.match(before)) is not None:
        subject = moved.group(1) or ""
        subject = subject if without_leads(subject) in _PLACED else without_leads(subject)
        subject = subject or topic.subject or topic.noun
        scope = moved.group(2) or moved.group(4) or ""
        topic.subject = topic.noun = subject
        return subject if subject.endswith(_PLACED) else f"{subject}{scope}排名"
    match = _RANK.search(before)
    if match is None:
        scope = before.strip("、，和及与")
        subject = (topic.subject or topic.noun) + scope
        return subject if subject.endswith(_PLACED) else f"{subject}排名"
    subject, scope = without_leads(before[: match.start()]), before[match.end() :]
    subject = re.sub(r"^在|中$|里$", "", subject).strip("、，")
    if again := _RANK.match(scope):
        scope = scope[again.end() :]
    if not subject or is_dependent(subject):
        subject = (topic.noun or topic.subject) + subject
    topic.subject = subject
    scope = scope.strip("、，")
    return f"{subject}{scope}" if f"{subject}{scope}".endswith(_PLACED) else f"{subject}{scope}排名"


def _share(before: str, after: str, words: Around, topic: Topic) -> str:
    if after.startswith("的") and before.endswith(("、", "，")):
        before = ""
    if after.startswith("的") and not without_links(subject_of(last_part(before))):
        noun, said = noun_at_start(after, before_number=bool(words.beyond))
        if noun and said:
            return f"{noun}{said}比例"
    if _TO_WHOLE.match(before.strip("、，和及与")):
        return f"{topic.subject or topic.noun}{without_links(before.strip('、，和及与'))}"
    if (called := _RATE_IN_BRACKETS.search(words.before)) is not None:
        topic.rate = topic.name = called.group(1)
        return called.group(1)
    if (aimed := _OF_PLANNED.match(before.lstrip("、，和及与"))) and (carried := topic.subject or topic.noun):
        done = "完成" if "完成" in aimed.group(1) else "占"
        topic.rate = topic.name = f"{carried}{done}{aimed.group(2)}比例"
        return topic.rate
    scoped = _SCOPED.match(before.strip("、，和及与"))
    name = scoped.group() if scoped else member_of(whole_subject(before), words)
    if not name:
        noun, _ = noun_at_start(after, before_number=bool(words.beyond))
        if not noun and words.first and (rate := _RATE_PASSED.match(topic.passed)):
            topic.subject = topic.noun = topic.rate = topic.name = without_leads(rate.group(1))
            return topic.rate
        return noun or topic.subject or topic.noun or topic.name
    if scoped or is_dependent(name) or name.startswith("对"):
        carried = topic.subject or topic.noun
        name = carried + name
    else:
        topic.subject = topic.noun = re.sub(r"(?:全[市省国区县])?占.*$", "", name) or name
    if "占" in name and not name.endswith(("占比", "比重", "比例", "率", "份额")):
        name += "比重"
    topic.name = topic.rate = name
    return name
