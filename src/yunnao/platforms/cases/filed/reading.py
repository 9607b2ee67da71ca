"""Flows of filed cases as they are read, and what a flow may not say: every mistake as a Chinese sentence."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from pydantic import TypeAdapter

from yunnao.kernel.declaration import validated
from yunnao.kernel.errors import DefinitionError
from yunnao.platforms.cases.definitions import is_filed
from yunnao.platforms.cases.filed.definitions import (
    BEFORE,
    OPENED,
    ByAttribute,
    ByDate,
    ByGiven,
    Clock,
    FiledFlow,
    FiledStep,
    Revision,
)
from yunnao.platforms.cases.span import Span

_FLOWS = TypeAdapter(list[FiledFlow])


def read_filed_flows(document: Any, source: str) -> dict[str, FiledFlow]:
    """The flows of filed cases in a parsed ``case.yaml`` by id, in written order; ``source`` names it in errors.

    Raises:
        DefinitionError: something in one is not as declared here, or two share an id.
    """
    items = [item for item in document if is_filed(item)] if isinstance(document, list) else []
    flows: list[FiledFlow] = validated(_FLOWS, items, source)
    by_id = {flow.id: flow for flow in flows}
    for flow in flows:
        for problem in flow_problems(flow):
            raise DefinitionError(f"{source}：{flow.id}：{problem}")
    if len(by_id) != len(flows):
        raise DefinitionError(f"{source}：有两个流程用了同一个 id；请改名")
    return by_id


def flow_problems(flow: FiledFlow) -> Iterator[str]:
    """Every mistake in a flow that its parts do not show by themselves."""
    steps, clocks = [step.id for step in flow.steps], [clock.id for clock in flow.clocks]
    for name in (OPENED, *steps, *clocks):
        if [OPENED, *steps].count(name) > 1 or clocks.count(name) > 1:
            yield f"{name} 用了两次（opened 留给系统）；请改名"
    states = {flow.starts, *flow.closed} | {s for step in flow.steps for s in step.from_}
    states |= {
        to for step in flow.steps for to in [step.to, *(turn.to for turn in step.turns)] if to not in (None, BEFORE)
    }
    for state in sorted(states - set(flow.states)):
        yield f"状态 {state} 没有在 states 中声明；请补上它的标题"
    for clock in flow.clocks:
        for signal in sorted({*clock.starts, *clock.stops}):
            name, _, state = signal.partition(">")
            if name not in (OPENED, *steps) or (state and state not in flow.states):
                yield f"时钟 {clock.id} 写了不存在的环节或状态 {signal}"
        for problem in (
            *span_problems(flow, clock.within),
            *revision_problems(flow, clock.revisions),
            *own_limit_problems(flow, clock),
        ):
            yield f"时钟 {clock.id} {problem}"
    for step in flow.steps:
        yield from _step_problems(flow, step, set(steps), set(clocks))
    yield from _following_problems(flow)
    yield from _share_problems(flow)
    yield from _ways(flow)


def span_problems(flow: FiledFlow, within: Span | ByAttribute | ByGiven | ByDate) -> Iterator[str]:
    """What a time limit names that the flow does not have."""
    if isinstance(within, ByDate):
        day = flow.attributes.get(within.until)
        if day is None or day.kind != "date" or not day.required:
            yield f"的 until 要指向 kind: date 的必填属性，不能是 {within.until}"
    if not isinstance(within, ByAttribute):
        return
    attribute = flow.attributes.get(within.attribute)
    if attribute is None:
        yield f"用了没有声明的属性 {within.attribute}；现有：{'、'.join(flow.attributes)}"
    elif attribute.kind != "choice":
        yield f"用的属性 {within.attribute} 不是 kind: choice，不能据它定时限"
    else:
        for value in sorted(set(within.spans) - set(attribute.values)):
            yield f"写了属性 {within.attribute} 没有的取值 {value}；可选：{'、'.join(attribute.values)}"


def revision_problems(flow: FiledFlow, revisions: Sequence[Revision]) -> Iterator[str]:
    """What is wrong with dated time limits: their order, or what they name."""
    for earlier, later in pairwise(revision.from_ for revision in revisions):
        if later <= earlier:
            yield f"{later} 写在 {earlier} 之后；请按 from 从早到晚写，同一天只写一行"
    for revision in revisions:
        for problem in span_problems(flow, revision.within):
            yield f"{revision.from_} 起{problem}"


def own_limit_problems(flow: FiledFlow, clock: Clock) -> Iterator[str]:
    """What is wrong with limits that some values of an attribute have of their own."""
    if clock.own is None:
        return
    attribute = flow.attributes.get(clock.own.attribute)
    if attribute is None or attribute.kind != "text" or clock.per_share:
        yield f"的 own 要指向 kind: text 的属性，不能是 {clock.own.attribute}；协办的时钟不能写"
    for path, revisions in clock.own.limits.items():
        for problem in revision_problems(flow, revisions):
            yield f"“{path}”：{problem}"


def _step_problems(flow: FiledFlow, step: FiledStep, steps: set[str], clocks: set[str]) -> Iterator[str]:
    named = {*step.pauses, *step.resumes, *([step.in_time] if step.in_time else [])}
    named |= {step.extends.clock} if step.extends else set()
    for name in sorted(named - clocks):
        yield f"环节 {step.id} 写了不存在的时钟 {name}"
    named = {
        *step.not_by,
        *(s for turn in step.turns for s in turn.taken_at_most),
        *([step.undoes] if step.undoes else []),
    }
    for name in sorted(named - steps):
        yield f"环节 {step.id} 写了不存在的环节 {name}"
    fields = {name for turn in step.turns for name in turn.when} | set(step.sets)
    fields |= {step.assigns} if step.assigns else set()
    fields |= {name for name in (step.follows, step.opens_share, step.closes_share) if isinstance(name, str)}
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


def _following_problems(flow: FiledFlow) -> Iterator[str]:
    """Whatever could strand a case that follows another, or let it be in two places."""
    following, leaving = flow.following, [step for step in flow.steps if step.leaves]
    merging = [step for step in flow.steps if step.follows]
    for name, attribute in flow.attributes.items():
        if attribute.kind == "case":
            yield f"属性 {name} 不能是 kind: case；它只能随环节给出"
    if bool(merging) != bool(leaving) or len(leaving) > 1 or (merging and not flow.carried_to):
        yield "并单（follows）要有且只有一个拆单的环节（leaves）和至少一个由主单带办的环节（carries，写明 to）"
    for step in merging:
        field = step.gives[step.follows or ""]
        if field.kind != "case" or not field.required:
            yield f"环节 {step.id} 的 follows 要指向 kind: case 的必填项"
        if step.to is None or step.to in flow.closed or step.to in step.from_:
            yield f"环节 {step.id} 并单后要到一个单独的、未办结的状态；请写明 to"
    for step in flow.steps:
        if (step.to == BEFORE) != step.leaves or (step.leaves and set(step.from_) != following):
            yield f"环节 {step.id}：leaves 要与 to: {BEFORE} 一起写，from 要写全并单的状态 {'、'.join(sorted(following))}"
        for state in step.from_:
            into = flow.destinations(step, state) & following
            if not step.follows and into - {state}:
                yield f"环节 {step.id} 不是并单，不能到 {'、'.join(sorted(into))}"
            if state in following and not step.leaves and flow.destinations(step, state) != {state}:
                yield f"环节 {step.id} 不能让并单的办件离开 {state}；只有 leaves 和主单带办的环节可以"


def _share_problems(flow: FiledFlow) -> Iterator[str]:
    """Whatever could leave a share open for ever, or a clock of one without an end."""
    openers = [step for step in flow.steps if step.opens_share]
    closers = [step for step in flow.steps if step.closes_share]
    shared = set(flow.states).intersection(*(step.from_ for step in closers)) if closers else set()
    if bool(openers) != bool(closers) or (openers and not shared):
        yield "协办要有开始的环节（opens_share）和在同样状态下结束的环节（closes_share）"
    for step in flow.steps:
        for name in (step.opens_share, step.closes_share):
            if isinstance(name, str) and (step.gives[name].kind != "department" or not step.gives[name].required):
                yield f"环节 {step.id}：协办要指向 kind: department 的必填项，不能是 {name}"
        if (step.closes_share is True and not step.of_share) or (step.of_share and step.opens_share):
            yield f"环节 {step.id}：closes_share: true 要与 of_share 一起写，opens_share 不能"
        for state in step.from_:
            away = flow.destinations(step, state) - shared
            if away and not step.after_shares and (step.opens_share or state in shared):
                yield f"环节 {step.id} 从 {state} 到 {'、'.join(sorted(away))} 会丢下没有答复的协办；请写 after_shares: true"
    for clock in flow.clocks:
        yield from _share_clock_problems(flow, clock, {step.id for step in closers})


def _share_clock_problems(flow: FiledFlow, clock: Clock, closers: set[str]) -> Iterator[str]:
    if clock.per_share != isinstance(clock.within, ByGiven) or (clock.inside and not clock.per_share):
        yield f"时钟 {clock.id}：per_share 要与 within: {{given: …}} 一起写，inside 只能写给它"
    if not isinstance(clock.within, ByGiven):
        return
    for name in clock.inside:
        if name not in [each.id for each in flow.clocks if not each.per_share]:
            yield f"时钟 {clock.id} 写了不存在的时钟 {name}（inside）"
    for signal in clock.starts:
        step = flow.step(signal)
        field = step.gives.get(clock.within.given) if step and step.opens_share else None
        if field is None or field.kind != "number" or not field.required:
            yield f"时钟 {clock.id} 要由开始协办、给出天数 {clock.within.given} 的环节起，不能是 {signal}"
    if set(clock.stops) != closers:
        yield f"时钟 {clock.id} 要停在每个结束协办的环节：{'、'.join(sorted(closers))}"


def _ways(flow: FiledFlow) -> Iterator[str]:
    onward = {
        state: {to for step in flow.steps_from(state) for to in flow.destinations(step, state)} for state in flow.states
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
