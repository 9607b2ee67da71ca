"""A flow (流程) as its owner writes it in `case.yaml`: states, the steps between them, who may take them, by when.

A step's times count from the day the case entered the state that the step starts from; that day itself is not counted.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError, model_validator

from yunnao.access.roles import Role
from yunnao.kernel import strict_yaml
from yunnao.kernel.declaration import Id, Ids, Label, Strict, Words, one_or_more, problem_sentence
from yunnao.kernel.errors import DefinitionError
from yunnao.kernel.numbers import fen_from_yuan
from yunnao.platforms.cases.span import WrittenSpan

Evidence = Literal["source", "partly", "verify", "knowledge", "not_found"]
StepKind = Literal[
    "confirm", "decline", "review", "publish", "object", "clear", "reject", "send_back", "pay", "supply", "close"
]
Need = Literal["reason", "document"]

MACHINE_STEPS: Mapping[str, str] = {
    "proposed": "提出",
    "amended": "按新数据调整",
    "withdrawn": "收回",
    "proposed_again": "重新提出",
    "entitlement_lost": "标记：不再符合条件",
    "amount_differs": "标记：金额有变",
    "entitlement_restored": "取消标记",
}
"""What a run may record by itself, with Chinese titles. None of them pays, refuses or marks anybody."""


class AmountTest(Strict):
    """The case's amount against a parameter of the flow, written ``$name``."""

    more_than: Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_]{1,60}$")] | None = None
    at_most: Annotated[str, Field(pattern=r"^\$[a-z][a-z0-9_]{1,60}$")] | None = None

    @model_validator(mode="after")
    def _one(self) -> "AmountTest":
        if (self.more_than is None) == (self.at_most is None):
            raise ValueError("amount 必须且只能写 more_than 或 at_most 中的一种")
        return self

    @property
    def parameter(self) -> str:
        """The parameter's name, without ``$``."""
        return (self.more_than or self.at_most or "")[1:]

    def holds(self, amount: int, bound: int) -> bool:
        """Whether it is true of ``amount``; both in fen."""
        return amount > bound if self.more_than else amount <= bound


class When(Strict):
    """When a step is the right one; the closed list of what may be asked."""

    amount: AmountTest


class Step(Strict):
    """An allowed move (环节).

    Attributes:
        from_: the states it starts from.
        by: roles that may take it; any one of them.
        any_department: whether officers of other departments than the case's may take it.
        within: when it is due; taking it later is possible, and overdue.
        not_before: how much time must have passed in full; the step is possible from the day after.
        until: the last day on which it is possible at all.
        needs: what must be given with it.
        not_by: another person than who took the previous step, or than who took the steps named.
        when: it is the right step for such amounts only.
        kind: what it means; a step of kind `pay` is taken by a payment batch only.
        notifies: roles to be told.
    """

    id: Id
    title: Label
    from_: Ids = Field(alias="from")
    to: Id
    by: Annotated[list[Role], BeforeValidator(one_or_more), Field(min_length=1)]
    any_department: bool = False
    within: WrittenSpan | None = None
    not_before: WrittenSpan | None = None
    until: WrittenSpan | None = None
    needs: Annotated[list[Need], BeforeValidator(one_or_more)] = Field(default_factory=list)
    not_by: Literal["previous"] | list[Id] = Field(default_factory=list)
    when: When | None = None
    kind: StepKind | None = None
    notifies: Annotated[list[Role], BeforeValidator(one_or_more)] = Field(default_factory=list)


class State(Strict):
    """Where a case can be."""

    title: Label


class FlowParameter(Strict):
    """A parameter's value in yuan, with the day it comes into force and its citation."""

    from_: dt.date = Field(alias="from")
    value: int | Decimal
    unit: Literal["CNY"]
    cites: Words
    evidence: Evidence | None = None
    note: Words | None = None


class Withdrawal(Strict):
    """From which states a run takes back what is no longer due, to which end, and why if the run gives no reason."""

    from_: Ids = Field(alias="from")
    to: Id
    reason: Words


class Overdue(Strict):
    """What an overdue case is called, and who is told."""

    title: Label
    notifies: Annotated[list[Role], BeforeValidator(one_or_more), Field(min_length=1)]


class Flow(Strict):
    """How one kind of case goes.

    Attributes:
        starts: the state a run opens it in.
        ends: states without a further step.
        withdrawal: what a run may take back by itself.
        flagged_in: states in which a lost entitlement is only marked: an officer acts on it, payment refuses it.
    """

    id: Id
    title: Label
    starts: Id
    ends: Ids
    states: dict[Id, State]
    withdrawal: Withdrawal
    flagged_in: list[Id] = Field(default_factory=list)
    parameters: dict[Id, list[FlowParameter]] = Field(default_factory=dict)
    steps: list[Step] = Field(min_length=1)
    overdue: Overdue

    @model_validator(mode="after")
    def _whole(self) -> "Flow":
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    def step(self, id_: str) -> Step | None:
        """The step called ``id_``, if any."""
        return next((step for step in self.steps if step.id == id_), None)

    def step_title(self, id_: str) -> str:
        """The Chinese title of a step of the flow or of a run; the id itself of one that is gone."""
        step = self.step(id_)
        return step.title.zh if step else MACHINE_STEPS.get(id_, id_)

    def steps_from(self, state: str) -> list[Step]:
        """The steps that start from ``state``, in written order."""
        return [step for step in self.steps if state in step.from_]

    @property
    def payment(self) -> Step | None:
        """The step that a payment batch takes, if the flow pays."""
        return next((step for step in self.steps if step.kind == "pay"), None)

    def parameter(self, name: str, day: dt.date) -> int:
        """The value of ``name`` in force on ``day``, in fen.

        Raises:
            DefinitionError: no value is in force on that day.
        """
        live = [value for value in self.parameters[name] if value.from_ <= day]
        if not live:
            raise DefinitionError(f"流程 {self.id}：参数 {name} 在 {day} 还没有值；请在 case.yaml 中补上")
        return fen_from_yuan(max(live, key=lambda value: value.from_).value)


def _problems(flow: Flow) -> Iterator[str]:
    yield from _names(flow)
    yield from _details(flow)
    yield from _ways(flow)


def _names(flow: Flow) -> Iterator[str]:
    ids = [step.id for step in flow.steps]
    for id_ in ids:
        if ids.count(id_) > 1:
            yield f"有两个环节都叫 {id_}；请改名"
        if id_ in MACHINE_STEPS:
            yield f"环节不能叫 {id_}：这个名字留给系统自动记录的事件；请改名"
    named = {flow.starts, *flow.ends, *flow.withdrawal.from_, flow.withdrawal.to, *flow.flagged_in}
    named |= {state for step in flow.steps for state in (*step.from_, step.to)}
    for state in sorted(named - set(flow.states)):
        yield f"状态 {state} 没有在 states 中声明；请补上它的标题"
    for step in flow.steps:
        for other in [] if step.not_by == "previous" else step.not_by:
            if other not in ids:
                yield f"环节 {step.id} 的 not_by 写了不存在的环节 {other}"


def _details(flow: Flow) -> Iterator[str]:
    for name, values in flow.parameters.items():
        days = [value.from_ for value in values]
        if not values or len(set(days)) != len(days):
            yield f"参数 {name} 没有值，或同一天起有两个值；请改成每个起始日一个值"
    for step in flow.steps:
        if step.when and step.when.amount.parameter not in flow.parameters:
            yield f"环节 {step.id} 用了没有声明的参数 {step.when.amount.parameter}"
    pays = [step for step in flow.steps if step.kind == "pay"]
    if len(pays) > 1 or any(len(step.from_) != 1 for step in pays):
        yield "kind: pay 的环节最多一个，且只能从一个状态开始"
    if flow.withdrawal.to not in flow.ends:
        yield f"withdrawal 的 to（{flow.withdrawal.to}）必须是一个终点（ends）"
    if flow.starts not in flow.withdrawal.from_:
        yield f"withdrawal 的 from 必须包含起点 {flow.starts}：还没有人办理的事项，依据没了就要收回"
    both = set(flow.withdrawal.from_) & set(flow.flagged_in)
    if both:
        yield f"状态 {sorted(both)[0]} 同时写在 withdrawal 和 flagged_in 中；只能留一处"
    for state in sorted({*flow.withdrawal.from_, *flow.flagged_in} & set(flow.ends)):
        yield f"终点 {state} 不能写在 withdrawal 的 from 或 flagged_in 中"


def _ways(flow: Flow) -> Iterator[str]:
    if flow.starts in flow.ends:
        yield f"起点 {flow.starts} 不能同时是终点"
    for state in flow.states:
        steps = flow.steps_from(state)
        if state in flow.ends:
            if steps:
                yield f"终点 {state} 之后还有环节 {steps[0].id}；请去掉其一"
        elif not any(step.until is None for step in steps):
            yield f"状态 {state} 没有随时可走的下一步，办件会停在这里；请补一个环节"
        elif not any(step.within for step in steps):
            yield f"状态 {state} 的环节都没有写时限（within）；请至少写一个"
    onward = {state: {step.to for step in flow.steps_from(state)} for state in flow.states}
    reached = _closure({flow.starts}, onward) | {flow.withdrawal.to}
    for state in sorted(set(flow.states) - reached):
        yield f"状态 {state} 从起点走不到；请补环节或删去"
    backward = {state: {other for other in onward if state in onward[other]} for state in flow.states}
    for state in sorted(set(flow.states) - _closure(set(flow.ends), backward)):
        yield f"状态 {state} 走不到任何终点；请补环节"


def _closure(start: set[str], onward: dict[str, set[str]]) -> set[str]:
    seen, fresh = set(start), set(start)
    while fresh:
        fresh = {target for state in fresh for target in onward.get(state, set())} - seen
        seen |= fresh
    return seen


_FLOWS = TypeAdapter(list[Flow])


def is_filed(document: Any) -> bool:
    """Whether an item of a ``case.yaml`` is the flow of a filed case, which `filed.reading` reads."""
    return isinstance(document, dict) and document.get("opened_by") == "filing"


def read_flows(document: Any, source: str) -> dict[str, Flow]:
    """The flows of a parsed document by id, in written order; ``source`` names it in errors.

    Raises:
        DefinitionError: something in it is not as declared here, or two flows share an id.
    """
    if not isinstance(document, list):
        raise DefinitionError(f"{source}：应是一个列表，每项一个流程（以“- id:”开头）")
    try:
        flows = _FLOWS.validate_python(document)
    except ValidationError as error:
        raise DefinitionError(f"{source}：{problem_sentence(error, document)}") from None
    by_id = {flow.id: flow for flow in flows}
    if len(by_id) != len(flows):
        raise DefinitionError(f"{source}：有两个流程用了同一个 id；请改名")
    return by_id


def load_flows(path: Path) -> dict[str, Flow]:
    """The flows of a scenario's ``case.yaml`` by id.

    Raises:
        DefinitionError: as `read_flows`, or the file cannot be read.
    """
    return read_flows(strict_yaml.read(path), path.name)
