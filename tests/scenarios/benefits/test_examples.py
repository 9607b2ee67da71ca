"""The worked examples: each comes out as written, and every policy shows each outcome and both sides of each condition."""

import pytest

from tests.scenarios.benefits.loaded import benefits
from yunnao.catalogue.examples import decide_example, differences
from yunnao.platforms.decisions.definitions import Example

EXAMPLES = benefits().examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.policy}: {example.example}")
def test_an_example_comes_out_as_written(example: Example) -> None:
    assert differences(benefits(), example) == []


def test_every_policy_shows_every_outcome_and_every_condition_both_ways() -> None:
    outcomes: dict[str, set[str]] = {}
    states: dict[tuple[str, str], set[str]] = {}
    for example in EXAMPLES:
        decision, _ = decide_example(benefits(), example)
        outcomes.setdefault(example.policy, set()).add(decision.outcome)
        for condition, state in decision.conditions.items():
            states.setdefault((example.policy, condition), set()).add(state)
    one_sided = [place for place, seen in states.items() if not {"met", "not_met"} <= seen]
    assert all(shown == {"granted", "refused", "undetermined"} for shown in outcomes.values()), outcomes
    assert one_sided == []


def test_every_granting_policy_has_an_example() -> None:
    granting = {policy.id for policy in benefits().policies.values() if policy.grant_when is not None}
    assert granting == {example.policy for example in EXAMPLES}


def test_no_sentence_is_written_twice_for_a_policy() -> None:
    sentences = [(example.policy, example.example) for example in EXAMPLES]
    assert len(sentences) == len(set(sentences))
