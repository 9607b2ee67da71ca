"""The flow of a filed case as its owner writes it: states, typed steps between them, and clocks that steps start and stop.

A clock counts the time until something is due. It starts and stops with steps, never with states, so that a case which goes back
and forth between departments keeps the clock that the citizen sees.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, model_validator

from yunnao.access.roles import Role
from yunnao.kernel.declaration import Id, Ids, Label, Strict, Words, one_or_more
from yunnao.platforms.cases.filed.paths import upwards
from yunnao.platforms.cases.span import Span, WrittenSpan

OPENED = "opened"
"""The event that opens a case; clocks may start with it."""
BEFORE = "before"
"""Where a step leads that ends following: the state that the case was in before it followed another one."""

Given = str | int | bool
Roles = Annotated[list[Role], BeforeValidator(one_or_more), Field(min_length=1)]
Steps = Annotated[list[Id], BeforeValidator(one_or_more)]
Signal = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,60}(>[a-z][a-z0-9_]{1,60})?$")]
"""A step, or a step that leads to a state: ``call_back>redoing``."""
Signals = Annotated[list[Signal], BeforeValidator(one_or_more), Field(min_length=1)]


class GivenField(Strict):
    """Something that is given with a step or with the case itself.

    Attributes:
        kind: `text`, `department` (an id), `choice` (one of `values`), `truth`, `number` (a whole one), `money` (kept in fen, asked
            for and shown in yuan), `date`, `case` (the number of another case of the same flow).
        required: whether it must be given.
        at_most: the largest number, or the most characters of a text.
        by_machine: the machine alone says it; no form asks an officer for it.
    """

    title: Label
    kind: Literal["text", "department", "choice", "truth", "number", "money", "date", "case"]
    values: dict[str, Label] = Field(default_factory=dict)
    required: bool = True
    at_most: int | None = None
    by_machine: bool = False

    @model_validator(mode="after")
    def _whole(self) -> "GivenField":
        if self.by_machine and self.required:
            raise ValueError("by_machine 的内容没有人能填，要写 required: false")
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
        to: the state it leads to; the same one if absent; with `leaves`, `before` stands for the state before it followed.
        turns: where it leads instead, depending on what is given.
        by: roles that may take it.
        automatic: whether the machine may take it, too.
        needs_reason: whether a reason must be given.
        any_department: whether officers of other departments than the case's may take it, or the roles of which they may.
        gives: what is given with it, by name.
        times: how often it may be taken in one case; without limit if absent.
        not_by: another person than who took the steps named.
        assigns: the field that names the department the case goes to.
        sets: fields that become attributes of the case.
        in_time: a clock that must not have passed; where it has, the step is too late.
        follows: the field that names the case which this one follows from then on (its lead, 主单).
        leaves: whether it ends following (拆单).
        opens_share: the field that names the department which co-handles the case (协办) from then on.
        of_share: whether it is taken by officers of a department that co-handles, whoever has the case; `times` counts within the share.
        closes_share: the field that names the department which co-handles no more, or true for that of the officer.
        after_shares: whether it is barred as long as a department co-handles.
        carries: whether the cases that follow this one take it along, in the same transaction, and follow no more.
        attaches: whether it brings attachments (photos), one at least.
        detaches: whether it removes one for good.
        undoes: a step that it takes back: possible while that one is in effect, which in turn is not taken twice while it is.
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
    any_department: bool | Roles = False
    gives: dict[Id, GivenField] = Field(default_factory=dict)
    times: Annotated[int, Field(ge=1)] | None = None
    not_by: Steps = Field(default_factory=list)
    assigns: Id | None = None
    sets: Steps = Field(default_factory=list)
    in_time: Id | None = None
    follows: Id | None = None
    leaves: bool = False
    carries: bool = False
    attaches: bool = False
    detaches: bool = False
    undoes: Id | None = None
    opens_share: Id | None = None
    of_share: bool = False
    closes_share: Id | Literal[True] | None = None
    after_shares: bool = False
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


class ByGiven(Strict):
    """A span that was given with the step that started it: a field with the number of working days."""

    given: Id


class ByDate(Strict):
    """A span that ends on the day which an attribute of the case says."""

    until: Id


Evidence = Literal["source", "partly", "verify", "knowledge"]


class Revision(Strict):
    """A time limit that takes the place of the earlier one for what starts on its day or later."""

    from_: dt.date = Field(alias="from")
    within: WrittenSpan | ByAttribute
    cites: Words
    evidence: Evidence | None = None


class OwnLimits(Strict):
    """Limits of their own for some values of a text attribute that is a path of levels.

    Attributes:
        limits: path -> what holds for it and the levels below it, each from a day on, in the order of the days; a scenario fills it
            from its catalogue.
    """

    attribute: Id
    limits: dict[str, tuple[Revision, ...]] = Field(default_factory=dict)


class Clock(Strict):
    """A time limit (时限).

    Attributes:
        starts: signals (a step, a step to a state, or `opened`) with which it starts; while it runs, they do not start it again.
        stops: signals with which it stops.
        within: how long it runs; the day it starts on is not counted.
        per_share: whether it runs for each department that co-handles by itself.
        inside: clocks of the case; it is due no later than those of them that run when it starts.
        warning: how many working days before its end it turns yellow.
        cites: where the limit comes from.
        revisions: what takes its place, each from a day on, in the order of the days; a district adds its own (`limits.yaml`).
        own: what goes before all that, where the nearest level upwards of the case's path has a limit in force.
        citizen: whether the citizen sees it as their own.
    """

    id: Id
    title: Label
    starts: Signals
    stops: Signals
    within: WrittenSpan | ByAttribute | ByGiven | ByDate
    per_share: bool = False
    inside: Steps = Field(default_factory=list)
    warning: Annotated[int, Field(ge=0)] = 1
    cites: Words
    evidence: Evidence | None = None
    revisions: tuple[Revision, ...] = ()
    own: OwnLimits | None = None
    citizen: bool = False

    def on(self, day: dt.date, attributes: Mapping[str, Given]) -> "Clock":
        """The clock with the limit that is in force for what starts on ``day``, in a case with these attributes."""
        revision = self._own(day, attributes) or _in_force(self.revisions, day)
        if revision is None:
            return self
        return self.model_copy(
            update={"within": revision.within, "cites": revision.cites, "evidence": revision.evidence}
        )

    def _own(self, day: dt.date, attributes: Mapping[str, Given]) -> Revision | None:
        if self.own is None or not self.own.limits:
            return None
        levels = upwards(str(attributes.get(self.own.attribute) or ""))
        found = (_in_force(self.own.limits.get(level, ()), day) for level in levels)
        return next((revision for revision in found if revision is not None), None)

    @property
    def changes(self) -> list[dt.date]:
        """The days on which some limit of it comes into force, in order."""
        own = self.own.limits.values() if self.own else ()
        return sorted({revision.from_ for revisions in (self.revisions, *own) for revision in revisions})

    @property
    def uncertain(self) -> bool:
        """Whether the limit is 待核: it rests on something that nobody has read in full."""
        return self.evidence not in (None, "source")

    def span(
        self, attributes: Mapping[str, Given], given: Mapping[str, Any] | None = None, start: dt.date | None = None
    ) -> Span:
        """How long it runs for a case with these attributes, started on a day by a step with which this was given."""
        if isinstance(self.within, ByDate):
            day = dt.date.fromisoformat(str(attributes[self.within.until]))
            return Span((day - (start or day)).days, working=False)
        if isinstance(self.within, ByGiven):
            return Span(int((given or {})[self.within.given]), working=True)
        if isinstance(self.within, ByAttribute):
            value = str(attributes.get(self.within.attribute, ""))
            return self.within.spans.get(value, self.within.otherwise)
        return self.within


def _in_force(revisions: Sequence[Revision], day: dt.date) -> Revision | None:
    return next((each for each in reversed(revisions) if each.from_ <= day), None)


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

    @property
    def leaving(self) -> FiledStep | None:
        """The step that ends following; none where cases do not follow one another."""
        return next((step for step in self.steps if step.leaves), None)

    @property
    def following(self) -> frozenset[str]:
        """The states of cases that follow another."""
        return frozenset(step.to for step in self.steps if step.follows and step.to)

    @property
    def carried_to(self) -> frozenset[str]:
        """The states to which a step leads that followers take along: a case that is there leads nobody any more."""
        return frozenset(step.to for step in self.steps if step.carries and step.to)

    def destinations(self, step: FiledStep, state: str) -> set[str]:
        """Every state to which ``step`` may lead from ``state``."""
        if step.to == BEFORE:
            return {before for each in self.steps if each.follows for before in each.from_}
        return {step.to or state, *(turn.to for turn in step.turns)}
