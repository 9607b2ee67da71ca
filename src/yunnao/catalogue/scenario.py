"""A scenario as the catalogue knows it: everything its folder declares, loaded and cross-checked."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from yunnao.kernel.register import Register
from yunnao.kernel.text import Text
from yunnao.platforms.cases.definitions import Flow
from yunnao.platforms.decisions.definitions import Example, Policy
from yunnao.platforms.decisions.facts import Facts
from yunnao.platforms.indicators.definitions import Indicator


@dataclass(frozen=True, kw_only=True)
class Scenario:
    """One application scenario (应用场景).

    Attributes:
        id, title, summary: the identity card.
        owner: id of the department that owns it.
        departments: every department it names, with titles.
        folder: where its files are.
        facts: kind of subject -> its facts, observed and derived.
        policies: by id, in the order of their files' names.
        flows: case flows by id.
        sample: the module `sample` of the folder, if there is one.
    """

    id: str
    title: Text
    summary: Text
    owner: str
    departments: Mapping[str, Text]
    folder: Path
    facts: Mapping[str, Facts]
    policies: Mapping[str, Policy]
    examples: tuple[Example, ...]
    flows: Mapping[str, Flow]
    indicators: tuple[Indicator, ...]
    page: Mapping[str, Any]

    @property
    def registers(self) -> Mapping[str, Register]:
        """Every register it reads."""
        return {id_: register for facts in self.facts.values() for id_, register in facts.registers.items()}
