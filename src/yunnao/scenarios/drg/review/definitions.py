"""What is asked of a reviewer, and from which numbers on: `questions.yaml`, shipped or the district's own."""

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Label, Strict, Words, validated
from yunnao.kernel.errors import DefinitionError

SHIPPED = Path(__file__).with_name("questions.yaml")
FILE = Path("drg") / "questions.yaml"
"""In a district's home: its own thresholds."""

Kind = Literal["coding_mix", "split_stays", "low_cliff", "readmission", "high_multiples", "ungrouped", "review_share"]
NEEDS: Mapping[Kind, frozenset[str]] = {
    "coding_mix": frozenset({"chance", "least_stays", "least_rise"}),
    "split_stays": frozenset({"days", "chance", "least_found", "times"}),
    "low_cliff": frozenset({"line", "width", "chance", "least_stays"}),
    "readmission": frozenset({"days", "chance", "least_found", "times"}),
    "high_multiples": frozenset({"share", "least_stays"}),
    "ungrouped": frozenset({"chance", "least_stays", "times"}),
    "review_share": frozenset({"share"}),
}
"""Exactly these limits are written for each question."""


class Limit(Strict):
    """A number from which a question is asked, and where it comes from.

    Attributes:
        value: days, stays, a share (0.05 is 5 %), or how many times the expected.
        evidence: as of clocks; other than `source` it is 待核.
    """

    value: Annotated[Decimal, Field(gt=0, le=1000)]
    cites: Words
    evidence: Literal["source", "partly", "verify", "knowledge"] | None = None


class QuestionDefinition(Strict):
    """One kind of question.

    Attributes:
        asks: the question, in words that accuse nobody.
        innocent: proper reasons that explain the same numbers.
    """

    id: Kind
    title: Label
    asks: Label
    innocent: Annotated[list[Label], Field(min_length=1)]
    limits: dict[str, Limit]

    def limit(self, name: str) -> float:
        """A limit as a number for counting with."""
        return float(self.limits[name].value)

    def whole(self, name: str) -> int:
        """A limit that counts days or stays."""
        return int(self.limits[name].value)


Definitions = Mapping[Kind, QuestionDefinition]
_LIST = TypeAdapter(list[QuestionDefinition])


def load_questions(home: Path | None = None) -> Definitions:
    """The district's own questions if it keeps a file of them, else those that are shipped; by kind, in written order.

    Raises:
        DefinitionError: the file is not as declared, a question stands twice, or its limits are not those that it needs.
    """
    own = home / FILE if home else None
    path = own if own and own.exists() else SHIPPED
    listed: list[QuestionDefinition] = validated(_LIST, strict_yaml.read(path), path.name)
    found = {each.id: each for each in listed}
    if len(found) != len(listed):
        raise DefinitionError(f"{path.name}：有一问写了两次；请删去一个")
    for each in listed:
        if set(each.limits) != NEEDS[each.id]:
            raise DefinitionError(
                f"{path.name}：{each.id} 的 limits 要写且只写 {'、'.join(sorted(NEEDS[each.id]))}；"
                f"现在是 {'、'.join(sorted(each.limits)) or '空的'}"
            )
    return found
