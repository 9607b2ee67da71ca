"""The responsibility catalogue (派单目录): which department is in charge of which category, and when the machine may dispatch."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError

SHIPPED = Path(__file__).with_name("responsibilities.yaml")


class _Written(Strict):
    revision: Annotated[int, Field(ge=1)]
    cites: Words
    automatic_from: Annotated[int, Field(ge=0, le=1000)]
    categories: Annotated[dict[Words, Id], Field(min_length=1)]


@dataclass(frozen=True, kw_only=True)
class Responsibilities:
    """One revision of the catalogue.

    Attributes:
        automatic_from: the classifier's confidence, in thousandths, from which on the machine dispatches; below, an officer does.
        departments: category -> department.
    """

    revision: int
    automatic_from: int
    departments: Mapping[str, str]

    def department(self, category: str, confidence: int | None) -> str | None:
        """Where the machine may send a message of this category; none if an officer has to decide.

        ``confidence`` is absent where a person, or the system the message comes from, named the category.
        """
        if confidence is not None and confidence < self.automatic_from:
            return None
        return self.departments.get(category)


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
    for category, department in written.categories.items():
        if department not in departments:
            known = "、".join(sorted(departments))
            raise DefinitionError(f"{path.name}：类别“{category}”的部门 {department} 不存在；现有：{known}")
    return Responsibilities(
        revision=written.revision, automatic_from=written.automatic_from, departments=dict(written.categories)
    )
