"""Prohibitions bind every policy of a scenario, wherever it comes from: its own, published, or put into the home by hand."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.decisions.definitions import Policy, Prohibition

_BETWEEN = re.compile(r"[\W_]+")
_BESIDE_CHINESE = re.compile(r"(?<=[\u3400-\u9fff]) | (?=[\u3400-\u9fff])")


def hold_prohibitions(scenario: Scenario) -> None:
    """Refuse a policy that grants what another one prohibits while both are valid.

    A prohibition binds whether or not it is 待核: what may be forbidden is not granted until somebody has made sure.

    Raises:
        DefinitionError: a policy is prohibited; the message cites what prohibits it.
    """
    bans = [(policy, policy.prohibits) for policy in scenario.policies.values() if policy.prohibits is not None]
    for policy in scenario.policies.values() if bans else ():
        if policy.grant_when is None:
            continue
        texts = [_plain(text) for text in ("\n".join(_said(policy, scenario)), *_cited(policy))]
        for other, ban in bans:
            named = next((found for text in texts if (found := _banned_words(text, ban))), ())
            if named and policy.valid.overlaps(other.valid):
                raise DefinitionError(
                    f"政策 {policy.id}：属于禁止的内容（{'、'.join(named)}），依据 {'；'.join(other.cites)}"
                    f"（{other.title.zh}）；不能发布，也不能据此决定。请改写，或移走 {policy.id}.yaml"
                )


def _said(policy: Policy, scenario: Scenario) -> Iterator[str]:
    """What a policy says it grants and for what: its own words, and the titles of what it tests and pays."""
    yield policy.id
    yield from _words(policy.model_dump(mode="json", by_alias=True, exclude_none=True))
    facts = scenario.facts.get(policy.subject)
    if facts is None:
        return
    computed = {**facts.derived_facts, **facts.amounts}
    definitions = {**facts.observed, **{id_: derived.definition for id_, derived in computed.items()}}
    tested = [test.fact or "" for test in policy.grant_when.tests()] if policy.grant_when else []
    for id_ in (*tested, policy.grants.amount or ""):
        if id_ in definitions:
            yield from (definitions[id_].title.zh, definitions[id_].title.en, definitions[id_].meaning)


def _words(document: Any) -> Iterator[str]:
    """Titles, terms and notes, however deep."""
    if isinstance(document, dict):
        for key, value in document.items():
            if key in ("zh", "en", "note") and isinstance(value, str):
                yield value
            yield from _words(value)
    elif isinstance(document, list):
        for item in document:
            yield from _words(item)


def _cited(policy: Policy) -> Iterator[str]:
    """Document titles; each stands for itself, since a law is cited for many reasons."""
    yield from policy.cites
    yield from (test.cites or "" for test in (policy.grant_when.tests() if policy.grant_when else ()))


@lru_cache(maxsize=1024)  # the words of a prohibition are held against every policy
def _plain(text: str) -> str:
    """Without what can hide a word: case, width, signs, and spaces beside Chinese."""
    lines = (_BETWEEN.sub(" ", line) for line in unicodedata.normalize("NFKC", text).casefold().split("\n"))
    return "\n".join(_BESIDE_CHINESE.sub("", line) for line in lines)


def _banned_words(text: str, ban: Prohibition) -> tuple[str, ...]:
    """A word of every group that is in the text; none if some group has no word in it."""
    for phrase in sorted(ban.apart, key=len, reverse=True):
        text = text.replace(_plain(phrase), "\n")
    found = [next((word for word in group if _plain(word) in text), None) for group in ban.words]
    return tuple(word for word in found if word is not None) if None not in found else ()
