"""The closed vocabulary of a scheme: the words that gates, rules and splits are made of, joined by ``+``. Version 1.

A test passes where all of its words are true of a stay. What a word compares with stands beside it in the tables: codes in the
lists of the same MDC, ADRG or DRG, numbers and names in columns of the same row. Sources: the 48 rules and 49 splits of CHS-DRG
1.1 and of the local editions derived from it (https://github.com/OpenDRG/DRG_Python, Apache-2.0); those of CHS-DRG 1.1 as published
need the words above the line in `docs/drg-schemes.md` only.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

VERSION = 1
"""A table that needs words this version does not have is refused, never half understood."""

Kind = Literal[
    "always", "listed", "valid", "parts", "sites", "sex", "age_zero", "newborn", "bounded", "named", "complication"
]

DIAGNOSIS_LISTS = ("diagnosis", "diagnosis_2")
PROCEDURE_LISTS = ("procedure", "procedure_2", "procedure_3")
LISTS = (*DIAGNOSIS_LISTS, *PROCEDURE_LISTS)

NEWBORN_DAYS = 28
"""A newborn is at most so many days old (CHS-DRG: 新生儿, 出生 28 天及以内)."""


@dataclass(frozen=True, slots=True)
class Word:
    """One test on a stay.

    Attributes:
        text: as written in the tables.
        kind: how it is evaluated.
        where: which codes of the stay it looks at: ``principal``, ``any``, ``secondary`` (diagnoses after the first), ``main`` or
            ``any`` (procedures); of ``sex`` the sex, of ``complication`` the level.
        what: the list it compares with (`LISTS`), or the column of the stay whose value is bounded or named.
        negated: true of stays where the comparison fails.
        alternatives: of ``parts``: sets of numbered parts of the list, one of which has to be there in full.
        meaning: in Chinese, for explanations.
    """

    text: str
    kind: Kind
    where: str = ""
    what: str = ""
    negated: bool = False
    alternatives: tuple[frozenset[int], ...] = ()
    meaning: str = ""


BOUNDED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "birth_weight": ("birth_weight_g", "出生体重（克）"),
        "age": ("age_years", "年龄（岁）"),
        "age_in_days": ("age_days", "年龄（天）"),
        "days_of_stay": ("length_of_stay_days", "住院天数"),
        "icu_hours": ("icu_hours", "重症监护小时数"),
    }
)
"""Word -> the number of a stay that the row's bounds hold for, and its name."""

Side = Literal["min", "above", "below", "max"]
BOUNDS: tuple[Side, ...] = ("min", "above", "below", "max")
"""Before a number's name in a column: ``min`` ≥, ``above`` >, ``below`` <, ``max`` ≤."""

NAMED: Mapping[str, tuple[str, str]] = MappingProxyType(
    {"discharge_type": ("discharge_types", "离院方式"), "department": ("departments", "科室")}
)
"""Word (and column of a stay) -> the column of the row with the names that fit, ``|`` between them."""


def _words() -> dict[str, tuple[Word, ...]]:
    words = [
        Word("always", "always", meaning="不看条件"),
        Word("age_zero", "age_zero", meaning="年龄 0 岁"),
        Word("newborn", "newborn", meaning=f"出生 {NEWBORN_DAYS} 天及以内"),
        Word("male", "sex", "male", meaning="男性"),
        Word("female", "sex", "female", meaning="女性"),
        Word("two_body_sites", "sites", "any", meaning="全部诊断合起来涉及两个以上身体部位"),
        Word("main_procedure_valid", "valid", "main", meaning="主要手术操作是有效手术"),
        Word("any_procedure_valid", "valid", "any", meaning="有任一有效手术"),
        Word("no_main_procedure_valid", "valid", "main", negated=True, meaning="主要手术操作不是有效手术"),
        Word("no_valid_procedure", "valid", "any", negated=True, meaning="没有有效手术"),
        Word("mcc", "complication", "MCC", meaning="有严重并发症或合并症（MCC）"),
        Word("cc", "complication", "CC", meaning="有一般并发症或合并症（CC）"),
        *(Word(word, "bounded", what=column, meaning=name) for word, (column, name) in BOUNDED.items()),
        *(Word(word, "named", what=word, meaning=name) for word, (_, name) in NAMED.items()),
    ]
    places = {"principal": "主要诊断", "any": "任一诊断", "secondary": "任一其他诊断"}
    words += [
        _listed(f"{place}_diagnosis", place, kind, title, negated)
        for place, title in places.items()
        for kind in DIAGNOSIS_LISTS
        for negated in (False, True)
    ]
    places = {"main": "主要手术操作", "any": "任一手术操作"}
    words += [
        _listed(f"{place}_procedure", place, kind, title, negated)
        for place, title in places.items()
        for kind in PROCEDURE_LISTS
        for negated in (False, True)
    ]
    table: dict[str, tuple[Word, ...]] = {word.text: (word,) for word in words}
    either = Word("mcc_or_cc", "complication", "MCC or CC", meaning="有 MCC 或 CC")
    table["mcc_or_cc"] = (either,)
    for text, parts in _SEVERAL.items():
        table[text] = tuple(word for part in parts for word in table[part])
    return table


def _listed(stem: str, place: str, kind: str, title: str, negated: bool) -> Word:
    text = ("no_" if negated else "") + stem + kind[len("diagnosis" if "diagnosis" in kind else "procedure") :]
    number = {"2": "第二", "3": "第三"}.get(kind[-1], "")
    return Word(text, "listed", place, kind, negated, meaning=f"{title}{'不' if negated else ''}在{number}列表")


_SEVERAL: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "procedure_pair": ("any_procedure", "any_procedure_2"),
        "principal_diagnosis_age_zero": ("principal_diagnosis", "age_zero"),
        "principal_diagnosis_male": ("principal_diagnosis", "male"),
        "principal_diagnosis_female": ("principal_diagnosis", "female"),
        "principal_diagnosis_two_body_sites": ("principal_diagnosis", "two_body_sites"),
    }
)
"""Words of the published tables that stand for several."""

WORDS: Mapping[str, tuple[Word, ...]] = MappingProxyType(_words())
"""Text of a word -> what it stands for, in order; words on parts are of the form of `PARTS` besides."""

PARTS = re.compile(r"parts_([1-9](?:_[1-9])*(?:_or_[1-9](?:_[1-9])*)*)")
"""``parts_1_or_2_3``: a procedure of part 1, or one of part 2 and one of part 3."""


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a gate, rule or split.

    Raises:
        ValueError: one is not in the vocabulary; the argument is that word.
    """
    found: list[Word] = []
    for part in text.split("+"):
        name = part.strip()
        if name in WORDS:
            found += WORDS[name]
        elif match := PARTS.fullmatch(name):
            sets = tuple(frozenset(map(int, each.split("_"))) for each in match[1].split("_or_"))
            shown = "，或 ".join("、".join(str(number) for number in sorted(each)) for each in sets)
            found.append(
                Word(name, "parts", "any", "procedure", alternatives=sets, meaning=f"手术操作凑齐部分 {shown}")
            )
        else:
            raise ValueError(name)
    return tuple(dict.fromkeys(found))
