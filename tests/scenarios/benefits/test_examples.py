"""The worked examples: each comes out as written, and every policy shows each of its outcomes."""

import pytest

from tests.scenarios.benefits.loaded import benefits
from yunnao.catalogue.examples import differences
from yunnao.platforms.decisions.definitions import Example

EXAMPLES = benefits().examples


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: f"{example.policy}: {example.example}")
def test_an_example_comes_out_as_written(example: Example) -> None:
    assert differences(benefits(), example) == []


def test_every_policy_that_is_switched_on_shows_every_outcome() -> None:
    shown: dict[str, set[str]] = {}
    for example in EXAMPLES:
        shown.setdefault(example.policy, set()).add(example.expect.outcome)
    for policy in benefits().policies.values():
        if policy.switched_on and policy.id != "upscale_first_time_example":
            assert shown[policy.id] == {"granted", "refused", "undetermined"}, policy.id


def test_every_granting_policy_has_an_example() -> None:
    granting = {policy.id for policy in benefits().policies.values() if policy.grant_when is not None}
    assert granting == {example.policy for example in EXAMPLES}


def test_no_sentence_is_written_twice_for_a_policy() -> None:
    sentences = [(example.policy, example.example) for example in EXAMPLES]
    assert len(sentences) == len(set(sentences))
