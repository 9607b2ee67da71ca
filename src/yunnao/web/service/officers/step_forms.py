"""A form for every step that an officer may take, made from the flow's definition."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from yunnao.kernel.numbers import yuan_text
from yunnao.kernel.text import Language, Text
from yunnao.platforms.cases.filed.definitions import FiledFlow, FiledStep, GivenField
from yunnao.web.service.officers.words import officer_labels

_ONE_LINE = 100
"""Texts that may be longer get several lines."""


@dataclass(frozen=True, kw_only=True)
class FormField:
    """Something that a step asks.

    Attributes:
        control: `lines`, `line`, `number`, `money` (in yuan), `date`, `radio`, `select` or `case`.
        options: (value, words) where one is chosen; of a line, what may be written in it.
        most: characters, or the largest number; none where there is no limit.
        written: what is in it now.
    """

    name: str
    title: str
    control: str
    required: bool
    options: tuple[tuple[str, str], ...] = ()
    most: int | None = None
    written: str = ""


@dataclass(frozen=True, kw_only=True)
class StepForm:
    """A step that the officer may take now.

    Attributes:
        onward: whether it moves the case to another state.
        sentence: why it was refused.
        reason: what is in the field for the reason.
        open: whether it is shown unfolded.
    """

    id: str
    title: str
    needs_reason: bool
    onward: bool
    fields: tuple[FormField, ...]
    sentence: str = ""
    reason: str = ""
    open: bool = False


@dataclass(frozen=True, kw_only=True)
class Tried:
    """A step that was asked for and refused: what was written, and why not."""

    step: str
    written: Mapping[str, str]
    sentence: str


@dataclass(frozen=True, kw_only=True)
class Suggestions:
    """What is probably meant.

    Attributes:
        options: field of one line -> what may be written in it.
        department: to which a case is sent that has been to none.
    """

    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    department: str = ""


def step_forms(
    flow: FiledFlow,
    state: str,
    steps: tuple[FiledStep, ...],
    attributes: Mapping[str, object],
    departments: Mapping[str, Text],
    language: Language,
    tried: Tried | None,
    suggestions: Suggestions,
) -> list[StepForm]:
    """The forms, steps that move the case on first; one that was refused keeps what was written.

    Args:
        attributes: of the case; fields that set one begin with what it is.
    """
    forms = []
    for step in steps:
        refused = tried if tried is not None and tried.step == step.id else None
        before = {name: _now(step.gives.get(name), attributes[name]) for name in step.sets if name in attributes}
        if step.assigns and flow.starts == state:
            before[step.assigns] = suggestions.department
        written = dict(refused.written) if refused else before
        onward = any(to not in (None, state) for to in (step.to, *(turn.to for turn in step.turns)))
        forms.append(
            StepForm(
                id=step.id,
                title=step.title.zh if language == "zh" else step.title.en,
                needs_reason=step.needs_reason,
                onward=onward,
                fields=tuple(
                    _field(name, each, departments, language, written.get(name, ""), suggestions.options.get(name, ()))
                    for name, each in step.gives.items()
                    if not each.by_machine
                ),
                sentence=refused.sentence if refused else "",
                reason=written.get("reason", "") if refused else "",
                open=refused is not None,
            )
        )
    return sorted(forms, key=lambda form: not form.onward)


def _now(declared: GivenField | None, value: object) -> str:
    """What an attribute is, as its field of a form has it: money in yuan."""
    return (
        yuan_text(value) if declared is not None and declared.kind == "money" and isinstance(value, int) else str(value)
    )


def _field(
    name: str,
    declared: GivenField,
    departments: Mapping[str, Text],
    language: Language,
    written: str,
    suggested: tuple[str, ...],
) -> FormField:
    t, most = officer_labels(language), declared.at_most
    control, options = "line", tuple[tuple[str, str], ...]()
    match declared.kind:
        case "truth":
            control, options = "radio", (("true", t.yes), ("false", t.no))
        case "choice":
            options = tuple((id_, label.zh if language == "zh" else label.en) for id_, label in declared.values.items())
            control = "radio" if len(options) < 5 else "select"
        case "department":
            options = tuple((id_, title.in_(language)) for id_, title in departments.items())
            control = "select"
        case "text":
            most = most or 2000
            control = "line" if most <= _ONE_LINE else "lines"
            options = tuple((each, each) for each in suggested) if control == "line" else ()
        case _:
            control = declared.kind
    return FormField(
        name=name,
        title=declared.title.zh if language == "zh" else declared.title.en,
        control=control,
        required=declared.required,
        options=options,
        most=most,
        written=written,
    )
