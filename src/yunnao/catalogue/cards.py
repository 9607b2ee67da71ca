"""Which scenarios are installed, and what a desk needs of each: its identity card and the flows of what people file.

Nothing of policies and facts is read here, so that a service for citizens is up soon, whatever stands in a policy.
"""

from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Label, Strict, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.text import Text

if TYPE_CHECKING:
    from yunnao.platforms.cases.filed.definitions import FiledFlow

GROUP = "yunnao.scenarios"


class ScenarioCard(Strict):
    """`scenario.yaml`: the identity card of a scenario."""

    id: Id
    title: Label
    summary: Label
    owner: Id
    departments: Annotated[dict[Id, Label], Field(min_length=1)]


def installed_scenarios() -> dict[str, str]:
    """Scenario id -> the module of its package, of every installed package that offers one."""
    return {point.name: point.value for point in sorted(entry_points(group=GROUP), key=lambda point: point.name)}


def shipped_scenarios() -> frozenset[str]:
    """Ids of those that come with Yunnao itself."""
    return frozenset(id_ for id_, module in installed_scenarios().items() if module.startswith("yunnao."))


def installed_departments() -> dict[str, str]:
    """Department id -> Chinese title, of every installed scenario; see `department_titles`."""
    return {id_: title.zh for id_, title in department_titles().items()}


def department_titles() -> dict[str, Text]:
    """Department id -> title, of every installed scenario.

    Raises:
        DefinitionError: a card is missing or wrong.
    """
    departments: dict[str, Text] = {}
    for module in installed_scenarios().values():
        departments |= titles(read_card(folder_of(module)).departments)
    return departments


def installed_filed_flows() -> "dict[str, FiledFlow]":
    """Flow id -> flow, of what people file in every installed scenario.

    Raises:
        DefinitionError: a flow is not as declared.
    """
    flows: dict[str, FiledFlow] = {}
    for module in installed_scenarios().values():
        flows |= filed_flows_in(read_cases(folder_of(module)))
    return flows


def filed_flows_in(cases: list[Any]) -> "dict[str, FiledFlow]":
    """The flows of filed cases among the written ones; what they are made of is imported with them, asking needs none of it.

    Raises:
        DefinitionError: a flow is not as declared.
    """
    from yunnao.platforms.cases.filed.reading import read_filed_flows

    return read_filed_flows(cases, "case.yaml")


def folder_of(module: str) -> Path:
    """The folder of the scenario in the package ``module``."""
    return Path(str(import_module(module).__file__)).parent


def has_policy(module: str, policy: str, published: Path) -> bool:
    """Whether the scenario in the package ``module``, or the district in the folder ``published``, has ``policy``: files are named so."""
    return any(
        path.stem == policy for folder in (folder_of(module) / "policies", published) for path in folder.glob("*.yaml")
    )


def read_card(folder: Path) -> ScenarioCard:
    """The card of the scenario in ``folder``.

    Raises:
        DefinitionError: it is missing or wrong.
    """
    path = folder / "scenario.yaml"
    card: ScenarioCard = validated(TypeAdapter(ScenarioCard), strict_yaml.read(path), path.name)
    return card


def read_cases(folder: Path) -> list[Any]:
    """The flows of the scenario in ``folder`` as they are written; none where it has no ``case.yaml``.

    Raises:
        DefinitionError: it is no list.
    """
    path = folder / "case.yaml"
    cases = strict_yaml.read(path) if path.exists() else []
    if not isinstance(cases, list):
        raise DefinitionError("case.yaml：应是一个列表，每项一个流程（以“- id:”开头）")
    return cases


def titles(labels: dict[str, Label]) -> dict[str, Text]:
    """Labels as they are read, by id."""
    return {id_: Text(label.zh, label.en) for id_, label in labels.items()}
