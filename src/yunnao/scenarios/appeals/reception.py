"""Reception: messages from anywhere become cases, are classified, and sent to the department in charge where that is clear."""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from yunnao.capabilities.classification.model import Model, as_text, classify
from yunnao.platforms.cases.filed.filing import Filed, Filing
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.appeals.responsibilities import Responsibilities

FLOW = "appeal"
_BATCH = 250
Progress = Callable[[str, float], None]


class Desk(Protocol):
    """What reception needs of the cases: to file, and to take steps."""

    def file(self, filings: Sequence[Filing]) -> list[Filed]:
        """See `FiledCases.file`."""
        ...

    def take_many(self, wanted: Sequence[tuple[str, Asked]]) -> dict[str, str]:
        """See `FiledCases.take_many`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Category:
    """What a message is about: a category, and how sure the classifier is of it in thousandths (absent: somebody said so)."""

    name: str
    confidence: int | None


@dataclass(frozen=True, kw_only=True)
class Received:
    """How many messages were new, had been filed before, were dispatched by the machine, and wait for an officer."""

    new: int
    known: int
    dispatched: int
    waiting: int


def categories(model: Model | None, filings: Sequence[Filing], named: Mapping[str, str]) -> list[Category | None]:
    """Of each filing: as named by where it comes from (filing key -> category), else by the model, else none."""
    found: list[Category | None] = [None] * len(filings)
    if model is not None and filings:
        result = classify(model, [as_text(filing.title, filing.body) for filing in filings])
        for place, (best, confidence) in enumerate(zip(result.best[:, 0], result.confidence, strict=True)):
            found[place] = Category(name=model.categories[int(best)], confidence=max(1, int(confidence * 1000)))
    for place, filing in enumerate(filings):
        if filing.key in named:
            found[place] = Category(name=named[filing.key], confidence=None)
    return found


def receive(
    desk: Desk,
    filings: Sequence[Filing],
    *,
    model: Model | None,
    named: Mapping[str, str],
    responsibilities: Responsibilities,
    now: dt.datetime,
    progress: Progress = lambda _what, _share: None,
) -> Received:
    """File messages and bring each as far as the machine may; safe to repeat with the same ones.

    Args:
        named: filing key -> category, where the system that the message comes from has one.
        now: when the machine takes its steps.

    Raises:
        YunnaoError: a filing is not usable; those of earlier batches are filed, and known when they come again.
    """
    new = known = dispatched = 0
    for start, batch in _batches(filings):
        progress(f"受理 {start:,}/{len(filings):,}", start / len(filings))
        filed = desk.file(batch)
        fresh = [(f.case_id, filing) for f, filing in zip(filed, batch, strict=True) if f.new]
        new, known = new + len(fresh), known + len(batch) - len(fresh)
        found = categories(model, [filing for _, filing in fresh], named)
        wanted: list[tuple[str, Asked]] = []
        for (case_id, _), category in zip(fresh, found, strict=True):
            if category is not None:
                steps = _steps(category, responsibilities, now)
                dispatched += len(steps) - 1
                wanted += [(case_id, step) for step in steps]
        desk.take_many(wanted)
    return Received(new=new, known=known, dispatched=dispatched, waiting=new - dispatched)


def _batches(filings: Sequence[Filing]) -> Iterator[tuple[int, Sequence[Filing]]]:
    for start in range(0, len(filings), _BATCH):
        yield start, filings[start : start + _BATCH]


def _steps(category: Category, responsibilities: Responsibilities, now: dt.datetime) -> list[Asked]:
    given: dict[str, object] = {"category": category.name}
    if category.confidence is not None:
        given["confidence"] = category.confidence
    steps = [Asked(step="classify", actor=None, at=now, given=given)]
    department = responsibilities.department(category.name, category.confidence)
    if department is not None:
        steps.append(Asked(step="dispatch", actor=None, at=now, given={"department": department}))
    return steps
