"""Publishing a policy: checked against the scenario and against what is prohibited, then kept in the district's home."""

import json
from pathlib import Path

from yunnao.catalogue.loader import check_policy, read_policy
from yunnao.catalogue.prohibitions import hold_prohibitions
from yunnao.catalogue.scenario import Scenario
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.decisions.compiled import compile_rules
from yunnao.platforms.decisions.definitions import Policy
from yunnao.platforms.decisions.rules import Rule
from yunnao.storage.files import home_lock, make_folder, write_atomically


def checked_policy(scenario: Scenario, file: Path) -> Policy:
    """The policy in ``file``, if it may be published.

    Raises:
        DefinitionError: it is not well written, names something that does not exist, grants what is prohibited, or would
            replace a shipped prohibition.
    """
    policy = read_policy(file)
    scenario = scenario.with_policy(policy)
    hold_prohibitions(scenario)  # the whole: a new prohibition must not catch what is published already
    decides = policy.grant_when is not None and policy.subject in scenario.facts
    rule = scenario.rule(policy.id) if decides else None
    check_policy(policy, scenario, rule)
    if rule is not None:
        _compile_for_every_value(rule, scenario)
    return policy


def _compile_for_every_value(rule: Rule, scenario: Scenario) -> None:
    """Make sure that the policy can decide on every day: a run must not be the first to find that a value does not suit.

    Raises:
        DefinitionError: a value does not suit its unit or fact, or a result may not fit.
    """
    valid = rule.policy.valid
    starts = {valid.from_} | {value.from_ for values in rule.policy.parameters.values() for value in values}
    for day in sorted(starts):
        if valid.includes(day):
            compile_rules([rule], day, frozenset(scenario.registers), shipped_calendar())


def publish_policy(scenario: Scenario, file: Path, folder: Path, home: Path) -> tuple[Policy, Path]:
    """Publish the policy in ``file``: keep it as ``folder/ID.yaml``, exactly as written; the policy and that file.

    Raises:
        DefinitionError: as `checked_policy`.
        YunnaoError: the home is busy or cannot be written.
    """
    policy = checked_policy(scenario, file)
    path = folder / f"{policy.id}.yaml"
    with home_lock(home):
        make_folder(folder)
        write_atomically(path, file.read_bytes())
    return policy, path


def policy_schema() -> str:
    """The JSON Schema of a policy file."""
    schema = Policy.model_json_schema(by_alias=True)
    return json.dumps(
        {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, ensure_ascii=False, indent=1
    )
