"""What a page of the dictionary shows of a policy, as plain words in one language."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from yunnao.platforms.decisions.definitions import Policy


@dataclass(frozen=True, kw_only=True)
class ConditionView:
    """A group of conditions (`heading`, `items`), or one test (`fact` onwards)."""

    heading: str = ""
    items: tuple["ConditionView", ...] = ()
    fact: str = ""
    title: str = ""
    comparison: str = ""
    threshold: str = ""
    choices: tuple[str, ...] = ()
    parameter: str = ""
    cites: str = ""
    days: str = ""
    note: str = ""
    derived: bool = False
    formula: str = ""
    uncertain: str = ""

    def tests(self) -> Iterator["ConditionView"]:
        """The tests in it, in written order."""
        if self.fact:
            yield self
        for item in self.items:
            yield from item.tests()

    @property
    def sentence(self) -> str:
        """A test in one line."""
        value = self.threshold or "、".join(self.choices)
        return f"{self.title} {self.comparison} {value}".replace(" ：", "：").replace("： ", "：")


@dataclass(frozen=True, kw_only=True)
class ParameterRow:
    """One dated value of a parameter; `first` on the first of its values."""

    id: str
    title: str
    days: str
    value: str
    cites: str
    note: str
    uncertain: str
    now: bool
    span: int


@dataclass(frozen=True, kw_only=True)
class ExampleRow:
    """A worked example: what is given, line by line, and what comes out."""

    sentence: str
    as_of: str
    given: tuple[tuple[str, str], ...]
    outcome: str
    outcome_id: str
    amount: str
    missing: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AmountView:
    """The sum of money that a policy grants, and how it is arrived at."""

    title: str
    meaning: str
    formula: str
    cites: str
    uncertain: str
    reads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Source:
    """Where the text was read: a web address, or words."""

    address: str
    words: str


@dataclass(frozen=True, kw_only=True)
class PolicyView:
    """Everything the dictionary says about one policy, in one language."""

    policy: Policy
    page: str
    title: str
    other_title: str
    scenario: str
    department: str
    delivery: str
    delivery_means: str
    kind: str
    period: str
    days: str
    status: str
    status_id: str
    evidence: str
    uncertain: bool
    period_uncertain: str
    cites_uncertain: str
    terms: str
    grants_uncertain: str
    amount: AmountView | None
    conditions: ConditionView | None
    prohibited: tuple[str, ...]
    apart: tuple[str, ...]
    parameters: tuple[ParameterRow, ...]
    examples: tuple[ExampleRow, ...]
    exclusions: tuple[tuple[str, str], ...]
    sources: tuple[Source, ...]
    registers: tuple[str, ...]
    search: str = field(repr=False)
