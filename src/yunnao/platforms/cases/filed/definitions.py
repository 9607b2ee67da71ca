"""The flow of a filed case as its owner writes it: states, typed steps between them, and clocks that steps start and stop.

A clock counts the time until something is due. It starts and stops with steps, never with states, so that a case which goes back
and forth between departments keeps the clock that the citizen sees.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, TypeAdapter, model_validator

from yunnao.access.roles import Role
from yunnao.kernel.declaration import Id, Ids, Label, Strict, Words, one_or_more, validated
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.span import Span, WrittenSpan

OPENED = "opened"
"""The event that opens a case; clocks may start with it."""

Given = str | int | bool
Roles = Annotated[list[Role], BeforeValidator(one_or_more), Field(min_length=1)]
Steps = Annotated[list[Id], BeforeValidator(one_or_more)]
Signal = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}(>[a-z][a-z0-9_]{1,60})?$")]
"""A step, or a step that leads to a state: ``call_back>redoing``."""
Signals = Annotated[list[Signal], BeforeValidator(one_or_more), Field(min_length=1)]


class GivenField(Strict):
    """Something that is given with a step or with the case itself.

    Attributes:
        kind: `text`, `department` (an id), `choice` (one of `values`), `truth`, `number` (a whole one), `date`.
        required: whether it must be given.
        at_most: the largest number, or the most characters of a text.
    """

    title: Label
    kind: Literal["text", "department", "choice", "truth", "number", "date"]
    values: dict[str, Label] = Field(default_factory=dict)
    required: bool = True
    at_most: int | None = None

    @model_validator(mode="after")
    def _whole(self) -> "GivenField":
        if (self.kind == "choice") != bool(self.values):
            raise ValueError("values 只能也必须写给 kind: choice")
        if self.at_most is not None and self.kind not in ("text", "number"):
            raise ValueError("at_most 只能写给 text 和 number")
        return self


class Turn(Strict):
    """Where a step leads instead of its `to`; the first turn that fits is taken.

    Attributes:
        when: field given with the step -> the value, or one of the values, that it must have.
        taken_at_most: step -> how often the case has seen it so far, at most.
    """

    when: dict[Id, Given | list[Given]] = Field(default_factory=dict)
    taken_at_most: dict[Id, int] = Field(default_factory=dict)
    to: Id


class Extension(Strict):
    """A step that gives a running clock more time: as many working days as the field given with the step says."""

    clock: Id
    working_days: Id


class FiledStep(Strict):
    """An allowed move (环节) of a filed case.

    Attributes:
        from_: the states it starts from.
        to: the state it leads to; the same one if absent.
        turns: where it leads instead, depending on what is given.
        by: roles that may take it.
        automatic: whether the machine may take it, too.
        needs_reason: whether a reason must be given.
        any_department: whether officers of other departments than the case's may take it.
        gives: what is given with it, by name.
        times: how often it may be taken in one case; without limit if absent.
        not_by: another person than who took the steps named.
        assigns: the field that names the department the case goes to.
        sets: fields that become attributes of the case.
        in_time: a clock that must not have passed; where it has, the step is too late.
        extends, pauses, resumes: what it does to clocks.
        notifies: roles that are told; `citizen` tells the citizen.
        citizen: what the citizen reads about it; nothing if absent.
    """

    id: Id
    title: Label
    from_: Ids = Field(alias="from")
    to: Id | None = None
    turns: list[Turn] = Field(default_factory=list)
    by: Roles
    automatic: bool = False
    needs_reason: bool = False
    any_department: bool = False
    gives: dict[Id, GivenField] = Field(default_factory=dict)
    times: Annotated[int, Field(ge=1)] | None = None
    not_by: Steps = Field(default_factory=list)
    assigns: Id | None = None
    sets: Steps = Field(default_factory=list)
    in_time: Id | None = None
    extends: Extension | None = None
    pauses: Steps = Field(default_factory=list)
    resumes: Steps = Field(default_factory=list)
    notifies: Annotated[list[Role], BeforeValidator(one_or_more)] = Field(default_factory=list)
    citizen: Label | None = None


class FiledState(Strict):
    """Where a case can be, in the words of officers and of the citizen."""

    title: Label
    citizen: Label


class ByAttribute(Strict):
    """A span that depends on an attribute of the case."""

    attribute: Id
    spans: dict[str, WrittenSpan]
    otherwise: WrittenSpan


class Clock(Strict):
    """A time limit (时限).

    Attributes:
        starts: signals (a step, a step to a state, or `opened`) with which it starts; while it runs, they do not start it again.
        stops: signals with which it stops.
        within: how long it runs; the day it starts on is not counted.
        warning: how many working days before its end it turns yellow.
        cites: where the limit comes from.
        citizen: whether the citizen sees it as their own.
    """

    id: Id
    title: Label
    starts: Signals
    stops: Signals
    within: WrittenSpan | ByAttribute
    warning: Annotated[int, Field(ge=0)] = 1
    cites: Words
    evidence: Literal["source", "partly", "verify", "knowledge"] | None = None
    citizen: bool = False

    @property
    def uncertain(self) -> bool:
        """Whether the limit is 待核: it rests on something that nobody has read in full."""
        return self.evidence not in (None, "source")

    def span(self, attributes: Mapping[str, Given]) -> Span:
        """How long it runs for a case with these attributes."""
        if isinstance(self.within, ByAttribute):
            value = str(attributes.get(self.within.attribute, ""))
            return self.within.spans.get(value, self.within.otherwise)
        return self.within


class FiledFlow(Strict):
    """How one kind of filed case goes.

    Attributes:
        prefix: capital letters that its numbers begin with.
        attributes: what is known about a case besides its text; steps may set them anew.
        closed: the states in which nothing more is expected, though a step may still lead on.
    """

    id: Id
    opened_by: Literal["filing"]
    prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,4}$")]
    title: Label
    starts: Id
    closed: Ids
    states: dict[Id, FiledState]
    attributes: dict[Id, GivenField] = Field(default_factory=dict)
    clocks: list[Clock] = Field(min_length=1)
    steps: list[FiledStep] = Field(min_length=1)

    @model_validator(mode="after")
    def _whole(self) -> "FiledFlow":
        for problem in _problems(self):
            raise ValueError(problem)
        return self

    def step(self, id_: str) -> FiledStep | None:
        """The step called ``id_``, if any."""
        return next((step for step in self.steps if step.id == id_), None)

    def clock(self, id_: str) -> Clock:
        """The clock called ``id_``.

        Raises:
            StopIteration: there is none.
        """
        return next(clock for clock in self.clocks if clock.id == id_)

    def steps_from(self, state: str) -> list[FiledStep]:
        """The steps that start from ``state``, in written order."""
        return [step for step in self.steps if state in step.from_]


def _problems(flow: FiledFlow) -> Iterator[str]:
    steps, clocks = [step.id for step in flow.steps], [clock.id for clock in flow.clocks]
    for name in (OPENED, *steps, *clocks):
        if [OPENED, *steps].count(name) > 1 or clocks.count(name) > 1:
            yield f"{name} 用了两次（opened 留给系统）；请改名"
    states = {flow.starts, *flow.closed} | {s for step in flow.steps for s in step.from_}
    states |= {s for step in flow.steps for s in ([step.to] if step.to else []) + [turn.to for turn in step.turns]}
    for state in sorted(states - set(flow.states)):
        yield f"状态 {state} 没有在 states 中声明；请补上它的标题"
    for clock in flow.clocks:
        for signal in sorted({*clock.starts, *clock.stops}):
            name, _, state = signal.partition(">")
            if name not in (OPENED, *steps) or (state and state not in flow.states):
                yield f"时钟 {clock.id} 写了不存在的环节或状态 {signal}"
        if isinstance(clock.within, ByAttribute) and clock.within.attribute not in flow.attributes:
            yield f"时钟 {clock.id} 用了没有声明的属性 {clock.within.attribute}"
    for step in flow.steps:
        yield from _step_problems(flow, step, set(steps), set(clocks))
    yield from _ways(flow)


def _step_problems(flow: FiledFlow, step: FiledStep, steps: set[str], clocks: set[str]) -> Iterator[str]:
    named = {*step.pauses, *step.resumes, *([step.in_time] if step.in_time else [])}
    named |= {step.extends.clock} if step.extends else set()
    for name in sorted(named - clocks):
        yield f"环节 {step.id} 写了不存在的时钟 {name}"
    for name in sorted({*step.not_by, *(s for turn in step.turns for s in turn.taken_at_most)} - steps):
        yield f"环节 {step.id} 写了不存在的环节 {name}"
    fields = {name for turn in step.turns for name in turn.when} | set(step.sets)
    fields |= {step.assigns} if step.assigns else set()
    fields |= {step.extends.working_days} if step.extends else set()
    for name in sorted(fields - set(step.gives)):
        yield f"环节 {step.id} 用了没有给出的 {name}；请写在 gives 中"
    if step.assigns and step.gives[step.assigns].kind != "department":
        yield f"环节 {step.id} 的 assigns 要指向 kind: department 的一项"
    if step.extends and step.gives[step.extends.working_days].kind != "number":
        yield f"环节 {step.id} 的 extends 要指向 kind: number 的一项"
    for name in step.sets:
        if name not in flow.attributes:
            yield f"环节 {step.id} 的 sets 写了没有声明的属性 {name}"


def _ways(flow: FiledFlow) -> Iterator[str]:
    onward = {
        state: {to for step in flow.steps_from(state) for to in [step.to or state, *(t.to for t in step.turns)]}
        for state in flow.states
    }
    reached, fresh = {flow.starts}, {flow.starts}
    while fresh:
        fresh = {to for state in fresh for to in onward[state]} - reached
        reached |= fresh
    for state in sorted(set(flow.states) - reached):
        yield f"状态 {state} 从起点走不到；请补环节或删去"
    for state in sorted(set(flow.states) - set(flow.closed)):
        if not onward[state] - {state}:
            yield f"状态 {state} 没有离开它的环节，办件会停在这里；请补环节，或写进 closed"


_FLOWS = TypeAdapter(list[FiledFlow])


def is_filed(document: Any) -> bool:
    """Whether an item of a ``case.yaml`` is the flow of a filed case."""
    return isinstance(document, dict) and document.get("opened_by") == "filing"


def read_filed_flows(document: Any, source: str) -> dict[str, FiledFlow]:
    """The flows of filed cases in a parsed ``case.yaml`` by id, in written order; ``source`` names it in errors.

    Raises:
        DefinitionError: something in one is not as declared here, or two share an id.
    """
    items = [item for item in document if is_filed(item)] if isinstance(document, list) else []
    flows: list[FiledFlow] = validated(_FLOWS, items, source)
    by_id = {flow.id: flow for flow in flows}
    if len(by_id) != len(flows):
        raise DefinitionError(f"{source}：有两个流程用了同一个 id；请改名")
    return by_id


def checked(fields: Mapping[str, GivenField], given: Mapping[str, Any], departments: Mapping[str, Any]) -> str | None:
    """Why ``given`` does not suit ``fields``, as a Chinese sentence; none if it does."""
    for name in given:
        if name not in fields:
            allowed = "、".join(f"{id_}（{field.title.zh}）" for id_, field in fields.items()) or "无"
            return f"没有叫 {name} 的一项；可以给：{allowed}"
    for name, field in fields.items():
        value = given.get(name)
        if value is None or value == "":
            if field.required:
                return f"缺少“{field.title.zh}”（{name}）；请补上"
            continue
        problem = _unsuited(field, value, departments)
        if problem:
            return f"“{field.title.zh}”（{name}）{problem}"
    return None


def _unsuited(field: GivenField, value: Any, departments: Mapping[str, Any]) -> str | None:
    match field.kind:
        case "truth":
            return None if isinstance(value, bool) else "只能是 true 或 false"
        case "number":
            if not isinstance(value, int) or isinstance(value, bool) or value < 1:
                return "要是一个正整数"
            too_large = field.at_most is not None and value > field.at_most
            return f"最多 {field.at_most}，现在是 {value}" if too_large else None
        case "choice":
            options = "、".join(f"{id_}（{title.zh}）" for id_, title in field.values.items())
            return None if value in field.values else f"没有 {value!r} 这个选项；可选：{options}"
        case "department":
            return None if value in departments else f"没有部门 {value!r}；现有：{'、'.join(sorted(departments))}"
        case "date":
            return None if _is_date(value) else f"{value!r} 不是日期；请写成 2026-01-31"
    most = field.at_most or 2000
    if not isinstance(value, str):
        return "要是文字"
    if len(value) > most:
        return f"最多 {most} 个字，现在有 {len(value)} 个；请缩短"
    return "不能有控制字符" if any(ord(sign) < 32 and sign not in "\n\t" for sign in value) else None


def _is_date(value: Any) -> bool:
    try:
        return isinstance(value, str) and bool(dt.date.fromisoformat(value))
    except ValueError:
        return False
