"""A policy as its owner writes it: the closed vocabulary of a policy file, validated; nothing in it is parsed as code."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, model_validator

from yunnao.kernel.declaration import Id, Label, Strict, Words, one_or_more

Exact = bool | int | Decimal | dt.date | str
Evidence = Literal["source", "partly", "verify", "knowledge", "not_found"]

UNCERTAIN: frozenset[str] = frozenset({"partly", "verify", "knowledge", "not_found"})
"""Evidence that is shown as 待核: anything but the text itself."""


OneOrMore = Annotated[
    list[Words], BeforeValidator(one_or_more, json_schema_input_type=Words | list[Words]), Field(min_length=1)
]


class Validity(Strict):
    """Both days belong to it; no `to` means no stated end."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "Validity":
        if self.to is not None and self.to < self.from_:
            raise ValueError(f"有效期止日 {self.to} 早于起日 {self.from_}")
        return self

    def includes(self, day: dt.date) -> bool:
        """Whether ``day`` is within."""
        return self.from_ <= day and (self.to is None or day <= self.to)

    def overlaps(self, other: "Validity") -> bool:
        """Whether some day is within both."""
        return self.includes(max(self.from_, other.from_)) and other.includes(max(self.from_, other.from_))


Unit = Literal["CNY", "share", "person", "month", "day", "year", "count", "code", "date"]


class ParameterValue(Strict):
    """A value of a parameter with the days it is in force and its citation; until the next one begins, if no `to`."""

    from_: dt.date = Field(alias="from")
    to: dt.date | None = None
    value: Exact
    unit: Unit
    cites: Words
    evidence: Evidence | None = None
    note: Words | None = None


ParameterTable = Mapping[str, Sequence[ParameterValue]]


def in_force(values: Sequence[ParameterValue], day: dt.date) -> ParameterValue | None:
    """The value in force on ``day``, if any: the one that began last."""
    live = [v for v in values if v.from_ <= day and (v.to is None or day <= v.to)]
    return max(live, key=lambda v: v.from_) if live else None


class Condition(Strict):
    """A test on one fact, or a group of tests.

    A test names a `fact`, exactly one comparison, and what it cites. `valid` limits a test inside an `any` to some days.
    """

    all: list["Condition"] | None = Field(None, min_length=1)
    any: list["Condition"] | None = Field(None, min_length=1)
    not_: "Condition | None" = Field(None, alias="not")
    of: list["Condition"] | None = Field(None, min_length=1)

    fact: Id | None = None
    is_: Exact | None = Field(None, alias="is")
    is_not: Exact | None = None
    at_least: Exact | None = None
    at_most: Exact | None = None
    more_than: Exact | None = None
    less_than: Exact | None = None
    before: dt.date | str | None = None
    in_: list[Exact] | str | None = Field(None, alias="in")
    within: list[Exact] | None = Field(None, min_length=2, max_length=2)

    id: Id | None = None
    title: Label | None = None
    cites: Words | None = None
    evidence: Evidence | None = None
    note: Words | None = None
    valid: Validity | None = None

    @model_validator(mode="after")
    def _one_form(self) -> "Condition":
        forms = [name for name in ("all", "any", "not_", "of", "fact") if getattr(self, name) is not None]
        if len(forms) != 1:
            raise ValueError("一个条件必须且只能写 all、any、not、of、fact 中的一种")
        if self.fact is None:
            if forms == ["of"] and not (isinstance(self.at_least, int) and 1 <= self.at_least <= len(self.of or [])):
                raise ValueError("“of” 前要写 at_least: 个数，且不超过条件总数")
            extra = [name for name in (*COMPARISONS, "id", "valid") if getattr(self, name) is not None]
            if extra and not (forms == ["of"] and extra == ["at_least"]):
                raise ValueError(f"组合条件里不能写 {', '.join(extra)}")
            return self
        if len([name for name in COMPARISONS if getattr(self, name) is not None]) != 1:
            raise ValueError(
                f"事实 {self.fact} 的条件必须且只能写一种比较：{'、'.join(n.rstrip('_') for n in COMPARISONS)}"
            )
        if not self.cites:
            raise ValueError(f"事实 {self.fact} 的条件没有写依据（cites）：没有依据的条件不能发布")
        return self

    def tests(self) -> Iterator["Condition"]:
        """The tests on facts in it, in written order."""
        if self.fact is not None:
            yield self
        for group in (self.all, self.any, self.of, [self.not_] if self.not_ else None):
            for item in group or []:
                yield from item.tests()


COMPARISONS = ("is_", "is_not", "at_least", "at_most", "more_than", "less_than", "before", "in_", "within")


class Grants(Strict):
    """What a policy gives.

    Attributes:
        kind: the form of the benefit.
        amount: id of the amount in `facts.py`; none where the benefit is not a sum of money.
        terms: in words: what is given, for how long.
        note: what the computation leaves out.
    """

    kind: Literal[
        "payment", "tax_relief", "fee_relief", "deferral", "price_discount", "rate", "supervision", "prohibition"
    ]
    amount: Id | None = None
    terms: Label | None = None
    note: Words | None = None
    evidence: Evidence | None = None


class Prohibition(Strict):
    """What no policy may grant: a text that has a word of every group is refused.

    Attributes:
        words: the groups; case, width, signs and spaces beside Chinese make no difference.
        apart: phrases that mean something else, set aside before the words are looked for.
    """

    words: list[Annotated[list[Words], Field(min_length=1)]] = Field(min_length=1)
    apart: list[Words] = Field(default_factory=list)


class Policy(Strict):
    """One published policy.

    Attributes:
        cites_evidence: of the document numbers, where it is another than that of the text; `period_evidence`: of the days.
        region: where it applies; decides only in a district whose regions include it.
        switched_on: false for a rule that is only from knowledge (待核) until an officer confirms it.
        delivery: automatic (免申即享), confirm (确认即享) or apply.
        opens: outcome -> the case flow it opens.
        period: how often one subject may be granted it.
        department: id of the department that owns it.
        parameter_titles: what people call the parameters.
        exclusive_with: policies that may not use the same person or thing; the exclusion itself is in the facts.
    """

    id: Id
    title: Label
    issuer: OneOrMore
    cites: OneOrMore
    region: Words
    valid: Validity
    evidence: Evidence
    period_evidence: Evidence | None = None
    cites_evidence: Evidence | None = None
    switched_on: bool = True
    delivery: Literal["automatic", "confirm", "apply"]
    department: Id
    subject: Id
    registers: list[Words] = Field(default_factory=list)
    period: Literal["once", "year", "quarter", "month"] = "year"
    parameters: dict[Id, list[ParameterValue]] = Field(default_factory=dict)
    parameter_titles: dict[Id, Label] = Field(default_factory=dict)
    grant_when: Condition | None = None
    grants: Grants
    opens: dict[Literal["granted", "refused", "undetermined"], Id] = Field(default_factory=dict)
    exclusive_with: list[Id] = Field(default_factory=list)
    prohibits: Prohibition | None = None
    source: list[Words] = Field(default_factory=list)
    note: Words | None = None

    @model_validator(mode="after")
    def _whole(self) -> "Policy":
        if (self.grant_when is None) != (self.prohibits is not None):
            raise ValueError("要么写 grant_when（给予），要么写 prohibits（禁止），且只能写一种")
        if self.evidence == "knowledge" and self.switched_on:
            raise ValueError("依据只是“知识”（knowledge）的政策必须 switched_on: false，核实后再启用")
        for name, values in self.parameters.items():
            _check_dates(name, values, self.valid)
        if strangers := set(self.parameter_titles) - set(self.parameters):
            raise ValueError(f"parameter_titles 里的 {'、'.join(sorted(strangers))} 不是本政策的参数；请改名或删去")
        return self

    def parameter(self, name: str, day: dt.date) -> ParameterValue | None:
        """The value of ``name`` in force on ``day``, if any."""
        return in_force(self.parameters.get(name, []), day)

    def decides(self, day: dt.date, regions: frozenset[str]) -> bool:
        """Whether it decides on ``day`` in a district with these ``regions``."""
        return self.switched_on and self.grant_when is not None and self.valid.includes(day) and self.region in regions

    def doubts(self, test: Condition, day: dt.date) -> bool:
        """Whether one of its tests, or a parameter in it as in force on ``day``, is to be verified (待核)."""
        written = [getattr(test, name) for name in COMPARISONS]
        named = [
            item[1:] for item in (*written, *(test.within or ())) if isinstance(item, str) and item.startswith("$")
        ]
        values = [self.parameter(name, day) for name in named]
        return bool({test.evidence, *(value.evidence for value in values if value is not None)} & UNCERTAIN)

    @property
    def uncertain(self) -> bool:
        """Whether anything in it is to be verified (待核)."""
        marks = {self.evidence, self.period_evidence, self.cites_evidence, self.grants.evidence}
        marks |= {v.evidence for values in self.parameters.values() for v in values}
        marks |= {test.evidence for test in self.grant_when.tests()} if self.grant_when else set()
        return bool(marks & UNCERTAIN)


def _check_dates(name: str, values: list[ParameterValue], valid: Validity) -> None:
    if not values:
        raise ValueError(f"参数 {name} 没有值")
    ordered = sorted(values, key=lambda v: v.from_)
    for earlier, later in pairwise(ordered):
        if later.from_ == earlier.from_ or (earlier.to is not None and later.from_ <= earlier.to):
            raise ValueError(f"参数 {name} 的两个值日期重叠：{earlier.from_} 与 {later.from_} 起；请改成前后相接")
        if earlier.to is not None and later.from_ > earlier.to + dt.timedelta(days=1):
            raise ValueError(f"参数 {name} 在 {earlier.to} 与 {later.from_} 之间没有值；请补上或改日期")
    if ordered[0].from_ > valid.from_:
        raise ValueError(f"参数 {name} 从 {ordered[0].from_} 才有值，政策从 {valid.from_} 起有效；请补上之前的值")
    last = ordered[-1].to
    if last is not None and (valid.to is None or last < valid.to):
        raise ValueError(f"参数 {name} 到 {last} 为止，政策之后仍有效；请补上之后的值")


class Expected(Strict):
    """What an example says must come out; only what is written is compared. `amount` in yuan as decimal text."""

    outcome: Literal["granted", "refused", "undetermined"]
    amount: str | None = None
    missing: list[Id] | None = None
    conditions: dict[Id, Literal["met", "not_met", "unknown"]] | None = None


class Example(Strict):
    """A worked example that an officer can read; test and documentation at once.

    Attributes:
        policy: id of the policy.
        example: a sentence saying what it shows.
        as_of: the day decided about.
        given: fact -> value in the unit people use (yuan, 0.055, true, date); facts not given are unknown. A derived fact may be
            given in place of what it derives from.
        rows: related register -> rows; a register not named has not been delivered, an empty list is "delivered, none".
        expect: the result.
    """

    policy: Id
    example: Words
    as_of: dt.date
    given: dict[Id, Exact | None] = Field(default_factory=dict)
    rows: dict[Id, list[dict[Id, Exact | None]]] = Field(default_factory=dict)
    expect: Expected
