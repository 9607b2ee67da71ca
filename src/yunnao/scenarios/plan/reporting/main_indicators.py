"""Which indicators a plan's report lists as its main ones, and whether they are expected or binding."""

from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Strict, Words, validated
from yunnao.scenarios.plan.linking.names import name_of

_FILE = Path(__file__).with_name("main_indicators.yaml")
ATTRIBUTES = {"expected": "预期性", "binding": "约束性"}
VERIFY = "待核"


class MainIndicator(Strict):
    """One indicator and its attribute."""

    name: Words
    attribute: Literal["expected", "binding"]


class MainIndicators(Strict):
    """`main_indicators.yaml`."""

    evidence: Literal["published", "verify"]
    cites: Words
    indicators: Annotated[list[MainIndicator], Field(min_length=1)]


@cache
def main_indicators() -> dict[str, tuple[str, str]]:
    """Series -> its name as the table prints it, and its attribute in words, marked where it is to be verified; in the order of the
    table.

    Raises:
        DefinitionError: the table is not as declared.
    """
    table: MainIndicators = validated(TypeAdapter(MainIndicators), strict_yaml.read(_FILE), _FILE.name)
    mark = f"（{VERIFY}）" if table.evidence == "verify" else ""
    return {name_of(each.name).series: (each.name, f"{ATTRIBUTES[each.attribute]}{mark}") for each in table.indicators}
