"""Every sentence that a run keeps, or a path of grouping says, has English words; codes stay as they are."""

import re

import pytest

from yunnao.capabilities.drg import reasons, stay
from yunnao.capabilities.drg.one import group_stay
from yunnao.capabilities.drg.stay import COLUMNS, Stay
from yunnao.capabilities.drg.vocabulary import WORDS, Word
from yunnao.scenarios.drg.sample_year import sample_year
from yunnao.scenarios.drg.scheme_files import SAMPLE_SCHEME, load_scheme
from yunnao.scenarios.drg.settlement.stored_words import stored

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
FORMS = [
    text
    for name, text in vars(reasons).items()
    if name.startswith("_") and isinstance(text, str) and CHINESE.search(text)
]
INVALID = [text for text in vars(stay).values() if isinstance(text, str) and CHINESE.search(text) and len(text) < 40]


@pytest.mark.parametrize("form", FORMS)
def test_reasons_of_grouping(form: str) -> None:
    assert not CHINESE.search(stored(form.format("I63.900"), "en"))
    assert stored(form.format("I63.900"), "zh") == form.format("I63.900")


@pytest.mark.parametrize("sentence", INVALID)
def test_what_is_no_stay(sentence: str) -> None:
    assert not CHINESE.search(stored(f"病案无效：{sentence}", "en"))


@pytest.mark.parametrize(
    "word", [*{each.text: each for found in WORDS.values() for each in found}.values()], ids=lambda word: word.text
)
def test_words_of_rules(word: Word) -> None:
    told = stored(f"{word.meaning} 3" if word.kind in ("bounded", "named") else word.meaning, "en")
    assert not CHINESE.search(told)


@pytest.mark.parametrize(
    ("kept", "told"),
    [
        ("3 例，少于 6 例，变异系数大于 1", "3 stays, fewer than 6, coefficient of variation above 1"),
        ("经评议改为 XA11，办件 DY20240101-00001", "decided after review: XA11, case DY20240101-00001"),
        ("统筹记账未知，没有预拨", "the claim is not known; nothing is prepaid"),
        ("主要诊断 A17.000+G01* 不在任何 MDC 的诊断表里", "the principal diagnosis A17.000+G01* is in no MDC's list"),
        ("", ""),
    ],
)
def test_what_a_settlement_keeps(kept: str, told: str) -> None:
    assert stored(kept, "en") == told


def test_paths_of_a_sample_are_english_but_for_names_of_the_scheme() -> None:
    scheme = load_scheme(SAMPLE_SCHEME)
    adrgs = [adrg for mdc in scheme.mdcs for adrg in mdc.adrgs]
    every = [each.title for part in (scheme.mdcs, adrgs, scheme.groups) for each in part]
    sites = {site for mdc in scheme.mdcs for found in mdc.test.sites.values() for site in found}
    names = re.compile("|".join(sorted(map(re.escape, {*filter(None, every), *sites}), key=len, reverse=True)))
    steps = set()
    for row in sample_year(scheme, stays=600, hospitals=3).stays.iter_rows(named=True):
        steps |= set(group_stay(Stay(**{name: row[name] for name in COLUMNS}), scheme).path)
    assert len(steps) > 300
    left = [step for step in steps if CHINESE.search(names.sub("", stored(step, "en")))]
    assert left == []
