"""The responsibility catalogue (派单目录): who is in charge of which category, within what time, and when the machine may dispatch.

A category is a path of up to three levels (``城乡建设/供水/水压``). What a level does not say itself, the nearest level
above says. The classifier knows the uppermost level; deeper ones are named by officers or by the systems that messages come from.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.filed.definitions import ByAttribute, FiledFlow, FiledStep, Revision
from yunnao.platforms.cases.filed.limits import with_own_limits
from yunnao.platforms.cases.filed.paths import SEPARATOR, upwards

FLOW = "appeal"
"""In `case.yaml`."""
SHIPPED = Path(__file__).with_name("responsibilities.yaml")
_MOST_LEVELS = 3
_LONGEST_NAME = 60
"""Of a category, as `case.yaml` has it."""


class _Said(Strict):
    """What the catalogue says of a category; a department alone may be written without a key."""

    department: Id | None = None
    limits: list[Revision] = Field(default_factory=list)


def _said(written: Any) -> Any:
    return {"department": written} if isinstance(written, str) else written


class _Written(Strict):
    revision: Annotated[int, Field(ge=1)]
    cites: Words
    automatic_from: Annotated[int, Field(ge=0, le=1000)]
    categories: Annotated[dict[Words, Annotated[_Said, BeforeValidator(_said)]], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Responsibilities:
    """One revision of the catalogue.

    Attributes:
        automatic_from: the classifier's confidence, in thousandths, from which on the machine dispatches; below, an officer does.
        departments: category -> department, of those that say one themselves.
        limits: category -> its own overall limits in working days, each from a day on, of those that say some themselves.
        categories: every category, in written order.
    """

    revision: int
    automatic_from: int
    departments: Mapping[str, str]
    limits: Mapping[str, Sequence[Revision]] = field(default_factory=dict)
    categories: Sequence[str] = ()

    def in_charge(self, category: str) -> str | None:
        """The department in charge of a category, as the nearest level upwards says; none if nobody is."""
        return next((self.departments[level] for level in upwards(category) if level in self.departments), None)

    def department(self, category: str, confidence: int | None) -> str | None:
        """Where the machine may send a message of this category; none if an officer has to decide.

        ``confidence`` is absent where a person, or the system the message comes from, named the category.
        """
        if confidence is not None and confidence < self.automatic_from:
            return None
        return self.in_charge(category)


def noted(step: FiledStep, chosen_by: Literal["machine", "officer"], revision: int | None) -> dict[str, Any]:
    """What a step that sends an appeal to a department notes, if it declares that: who chose it, by which revision of the catalogue."""
    values = {"chosen_by": chosen_by, "catalogue": revision}
    return {name: value for name, value in values.items() if value is not None and name in step.gives}


def own_or_shipped(home: Path) -> Path:
    """Where the catalogue of the district in ``home`` is: its own, or the one that ships."""
    own = home / "appeals" / "responsibilities.yaml"
    return own if own.exists() else SHIPPED


def load_responsibilities(path: Path, departments: Mapping[str, object]) -> Responsibilities:
    """The catalogue in a file; ``departments`` are those there are.

    Raises:
        DefinitionError: something in it is not as declared, or names a department that does not exist.
    """
    written: _Written = validated(TypeAdapter(_Written), strict_yaml.read(path), path.name)
    for category, said in written.categories.items():
        if problem := _problem(category, said, departments):
            raise DefinitionError(f"{path.name}：类别“{category}”{problem}")
    return Responsibilities(
        revision=written.revision,
        automatic_from=written.automatic_from,
        departments={name: said.department for name, said in written.categories.items() if said.department},
        limits={name: said.limits for name, said in written.categories.items() if said.limits},
        categories=tuple(written.categories),
    )


def _problem(category: str, said: _Said, departments: Mapping[str, object]) -> str | None:
    levels = category.split(SEPARATOR)
    if len(levels) > _MOST_LEVELS or any(level != level.strip() or not level for level in levels):
        return f"写法不对；最多 {_MOST_LEVELS} 级，用 {SEPARATOR} 隔开，不留空，如 城乡建设/供水/水压"
    if len(category) > _LONGEST_NAME:
        return f"最多 {_LONGEST_NAME} 个字；请缩短"
    if said.department is not None and said.department not in departments:
        return f"的部门 {said.department} 不存在；现有：{'、'.join(sorted(departments))}"
    for revision in said.limits:
        within = revision.within
        spans = [*within.spans.values(), within.otherwise] if isinstance(within, ByAttribute) else [within]
        if not all(span.working for span in spans):
            return f"{revision.from_} 起的时限要以工作日计（working days）"
    return None


def with_catalogue(flows: Mapping[str, FiledFlow], catalogue: Responsibilities, source: str) -> dict[str, FiledFlow]:
    """``flows``, that of appeals with the limits of the catalogue; ``source`` names it in errors.

    Raises:
        DefinitionError: its limits do not fit the flow.
    """
    return {**flows, FLOW: with_own_limits(flows[FLOW], catalogue.limits, source)} if FLOW in flows else dict(flows)
