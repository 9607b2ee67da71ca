"""Sentences that a run keeps, or that grouping says, in English: they are kept in Chinese, and made of a closed list of forms.

What is in no form stays as it is: codes, names and citations are the same in both languages.
"""

import re
from collections.abc import Mapping

from yunnao.kernel.text import Language

_OUTSIDE = "((?:[^：（）]|（[^）]*）)+)"
"""Words without a colon outside of brackets: titles before them may have colons of their own."""

_FORMS: Mapping[str, str] = {
    # why a stay has no group (capabilities/drg/reasons)
    "主要诊断是空的": "the principal diagnosis is empty",
    "主要诊断 (.+) 不在任何 MDC 的诊断表里": r"the principal diagnosis \1 is in no MDC's list",
    "主要诊断 (.+) 在诊断表里，但没有一个 MDC 的其他条件符合": r"the principal diagnosis \1 is listed, but no MDC's other conditions hold",
    "进入 (.+)，但没有一个 ADRG 的条件符合": r"entered \1, but no ADRG's conditions hold",
    "ADRG (.+) 在方案里没有 DRG": r"the scheme has no DRG for ADRG \1",
    "ADRG (.+) 的 DRG 条件没有一个符合": r"no DRG's conditions of ADRG \1 hold",
    "歧义病案：进入 (.+)，有有效手术，但没有一个手术类 ADRG 的条件符合": (
        r"ambiguous: entered \1 with a valid operation, but no surgical ADRG's conditions hold"
    ),
    "不是一次住院：(.+)": r"no stay: \1",
    "病案无效：(.*)": r"invalid stay: \1",
    "没有病案编号": "no number",
    "病案编号与前面的一行相同": "the number of a row before",
    "没有性别": "no sex",
    "性别不是男或女": "the sex is neither male nor female",
    "没有年龄": "no age",
    r"年龄不是 0 到 (\d+) 的数": r"the age is no number from 0 to \1",
    "日龄不是合理的天数": "the age in days is not possible",
    "没有诊断": "no diagnosis",
    "没有病组": "no group",
    # the path of grouping (capabilities/drg/one)
    rf"进入 (\S+)( .+)?：{_OUTSIDE}": r"entered \1\2: \3",
    rf"符合 (\S+)( .+)?：{_OUTSIDE}": r"meets \1\2: \3",
    rf"分入 (\S+)( .+)?：{_OUTSIDE}": r"grouped as \1\2: \3",
    r"(\S+) 的 ADRG 没有一个符合，接着试后面的 MDC": r"no ADRG of \1 holds; the next MDC is tried",
    r"其他诊断 (\S+) 是 (\S+)，计入": r"further diagnosis \1 is \2 and counts",
    r"其他诊断 (\S+) 是 (\S+)，不计：主要诊断 (\S+) 在它的排除表 (\S+) 里": (
        r"further diagnosis \1 is \2 and does not count: the principal diagnosis \3 is in its exclusion table \4"
    ),
    "其他诊断里没有 CC 或 MCC": "no further diagnosis is CC or MCC",
    "没有其他诊断": "no further diagnosis",
    # why a group is not stable, a stay is not priced (settlement/reference, pricing, preparing, settling)
    "裁剪后没有留下病案": "trimming left no stay",
    r"(\d+ 例，少于 \d+ 例)，(.+)": r"\1, \2",
    r"(\d+) 例，少于 (\d+) 例": r"\1 stays, fewer than \2",
    "算不出变异系数": "the variation is not defined",
    "变异系数大于 (.+)": r"coefficient of variation above \1",
    "公布的基准点数表里没有": "not in the published table of base points",
    "公布的表里写明不稳定": "not stable according to the published table",
    "基期没有这个病组的病案": "no stay of this group in the basis",
    "本区不按床日计点": "no points by bed-days in this district",
    "医疗机构没有床日标准": "the hospital has no tariff of a bed-day",
    "住院天数未知": "the days of stay are not known",
    "总费用未知": "the total cost is not known",
    "总费用为零": "the total cost is nil",
    "统筹记账未知，没有预拨": "the claim is not known; nothing is prepaid",
    "经评议改为 (.+)，办件 （无号）": r"decided after review: \1, case without a number",
    "经评议改为 (.+)，办件 (.+)": r"decided after review: \1, case \2",
}
_LISTS: Mapping[str, str] = {
    "主要诊断": "principal diagnosis",
    "任一诊断": "any diagnosis",
    "任一其他诊断": "any further diagnosis",
    "主要手术操作": "main procedure",
    "任一手术操作": "any procedure",
}
_WORDS: Mapping[str, str] = {
    "不看条件": "no condition",
    "年龄 0 岁": "age 0",
    r"出生 (\d+) 天及以内": r"at most \1 days old",
    "男性": "male",
    "女性": "female",
    "全部诊断合起来涉及两个以上身体部位": "all diagnoses together touch two body sites or more",
    "主要手术操作是有效手术": "the main procedure is a valid operation",
    "有任一有效手术": "some procedure is a valid operation",
    "主要手术操作不是有效手术": "the main procedure is no valid operation",
    "没有有效手术": "no valid operation",
    "有严重并发症或合并症（MCC）": "a major complication or comorbidity (MCC)",
    "有一般并发症或合并症（CC）": "a complication or comorbidity (CC)",
    "有 MCC 或 CC": "MCC or CC",
    "手术操作凑齐部分 (.+)": r"procedures of the parts \1",
    **{
        f"{zh}{no}在{which}列表": f"{en} {'not ' if no else ''}in {rank}list"
        for zh, en in _LISTS.items()
        for no in ("", "不")
        for which, rank in (("", "the "), ("第二", "the second "), ("第三", "the third "))
    },
    r"出生体重（克） (\S+)": r"birth weight in grams \1",
    r"年龄（岁） (\S+)": r"age in years \1",
    r"年龄（天） (\S+)": r"age in days \1",
    r"住院天数 (\S+)": r"days of stay \1",
    r"重症监护小时数 (\S+)": r"hours in intensive care \1",
    r"离院方式 (\S+)": r"way of discharge \1",
    r"科室 (\S+)": r"department \1",
}
"""Meanings of the words of a rule (capabilities/drg/vocabulary), each with what made it true in brackets behind."""

_COMPILED = [(re.compile(form), english) for form, english in ({**_FORMS, **_WORDS}).items()]
_BRACKETED = re.compile(r"(.+)（([^（）]*)）")
_JOINS = (("；", "; "), ("，或 ", ", or "), ("，", ", "), ("、", ", "))


def stored(sentence: str, language: Language) -> str:
    """A sentence that is kept in Chinese, in ``language``."""
    return sentence if language == "zh" or sentence.isascii() else _english(sentence)


def _english(sentence: str) -> str:
    for form, english in _COMPILED:
        if found := form.fullmatch(sentence):
            parts = (part or "" for part in found.groups())
            return _filled(
                english, [part if part.startswith(" ") else _english(part) for part in parts]
            )  # a title stays
    if bracketed := _BRACKETED.fullmatch(sentence):
        before, inside = bracketed.groups()
        return f"{_english(before)} ({_in_brackets(inside)})"
    for join, english in _JOINS:
        if join in sentence:
            return english.join(_english(part) for part in sentence.split(join))
    return sentence


def _filled(english: str, parts: list[str]) -> str:
    return re.sub(r"\\(\d)", lambda number: parts[int(number[1]) - 1], english)


def _in_brackets(inside: str) -> str:
    name, colon, codes = inside.partition("：")
    return f"{name}: {codes.replace('、', ', ')}" if colon else inside.replace("、", ", ")
