"""Reception: messages from anywhere become cases, are classified, and sent to the department in charge where that is clear."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from yunnao.capabilities.classification.model import Model, as_text, classify
from yunnao.kernel.moment import Clock
from yunnao.platforms.cases.filed.filing import Filed, Filing
from yunnao.platforms.cases.filed.rounds.untouched import Untouched
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.scenarios.appeals.responsibilities import FLOW as FLOW
from yunnao.scenarios.appeals.responsibilities import Responsibilities

_BATCH = 250
_LONGEST_NAME = 60
"""Of a category, as `case.yaml` has it."""
_TOGETHER = 25
"""Untouched cases of one transaction: few, since the doors wait for it."""
Progress = Callable[[str, float], None]


class Desk(Protocol):
    """What reception needs of the cases: to file, and to take steps."""

    def file(
        self, filings: Sequence[Filing], actor: str = ..., steps: Mapping[str, Sequence[Asked]] | None = ...
    ) -> list[Filed]:
        """See `FiledCases.file`."""
        ...

    def take_many(self, wanted: Sequence[tuple[str, Asked]]) -> dict[str, str]:
        """See `FiledCases.take_many`."""
        ...


@dataclass(frozen=True, kw_only=True)
class Category:
    """What a message is about: a category, how sure the classifier is of it in thousandths (absent: somebody said so), and what else it
    may be, likeliest first."""

    name: str
    confidence: int | None
    others: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Received:
    """How many messages were new, had been filed before, were dispatched by the machine, and wait for an officer.

    Attributes:
        clashing: filing key -> the case that was filed under it before with other words; the message is not filed.
    """

    new: int
    known: int
    dispatched: int
    waiting: int
    clashing: Mapping[str, str] = field(default_factory=dict)


def categories(model: Model, texts: Sequence[tuple[str, str]]) -> list[Category]:
    """What messages (title, body) are about, by the model."""
    if not texts:
        return []
    result = classify(model, [as_text(title, body) for title, body in texts])
    names = [[model.categories[int(place)] for place in places] for places in result.best]
    return [
        Category(name=best, confidence=max(1, int(sure * 1000)), others=tuple(others))
        for (best, *others), sure in zip(names, result.confidence, strict=True)
    ]


def receive(
    desk: Desk,
    filings: Sequence[Filing],
    *,
    model: Model | None,
    named: Mapping[str, str],
    responsibilities: Responsibilities,
    now: dt.datetime,
    streets: Sequence[str] = (),
    progress: Progress = lambda _what, _share: None,
) -> Received:
    """File messages and bring each as far as the machine may, in the transaction that files it; safe to repeat with the same ones.

    Args:
        named: filing key -> category, where the system that the message comes from has one.
        now: when the machine takes its steps.
        streets: of the district.

    Raises:
        YunnaoError: a filing is not usable; those of earlier batches are filed, and known when they come again.
    """
    new = known = dispatched = 0
    clashing: dict[str, str] = {}
    for start in range(0, len(filings), _BATCH):
        batch = filings[start : start + _BATCH]
        progress(f"受理 {start:,}/{len(filings):,}", start / len(filings))
        found = {
            filing.key: Category(name=named[filing.key], confidence=None)
            for filing in batch
            if 0 < len(named.get(filing.key, "")) <= _LONGEST_NAME
        }
        if model is not None:
            unnamed = [filing for filing in batch if filing.key not in named]
            said = categories(model, [(filing.title, filing.body) for filing in unnamed])
            found |= {filing.key: category for filing, category in zip(unnamed, said, strict=True)}
        where = {
            filing.key: street_of(streets, str(filing.attributes.get("place", "")), filing.title, filing.body)
            for filing in batch
        }
        steps = {key: steps_for(each, responsibilities, now, where[key]) for key, each in found.items()}
        filed = desk.file(batch, steps=steps)
        fresh = [filing.key for each, filing in zip(filed, batch, strict=True) if each.new]
        clashing |= {filing.key: each.case_id for each, filing in zip(filed, batch, strict=True) if not each.same}
        new, known = new + len(fresh), known + len(batch) - len(fresh)
        dispatched += sum(len(steps.get(key, ())) > 1 for key in fresh)
    return Received(
        new=new, known=known - len(clashing), dispatched=dispatched, waiting=new - dispatched, clashing=clashing
    )


def street_of(streets: Sequence[str], place: str, *texts: str) -> str | None:
    """The street that is named in the place, else in the texts; none if it is not exactly one."""
    for text in (place, "\n".join(texts)):
        named = [street for street in streets if street in text]
        # 柳花泊 within 柳花泊街道 is the same one
        longest = [street for street in named if not any(street != other and street in other for other in named)]
        if longest:
            return longest[0] if len(longest) == 1 else None
    return None


def steps_for(
    category: Category, responsibilities: Responsibilities, now: dt.datetime, street: str | None = None
) -> list[Asked]:
    """What the machine does with an untouched case of this category; each step only if nobody has done anything else."""
    given: dict[str, object] = {"category": category.name}
    if category.confidence is not None:
        given["confidence"] = category.confidence
    if street is not None:
        given["street"] = street
    given |= {f"category_{place}": name for place, name in enumerate(category.others[:2], 2)}
    steps = [Asked(step="classify", actor=None, at=now, given=given, seen=1)]
    department = responsibilities.department(category.name, category.confidence)
    if department is not None:
        chosen = {"department": department, "chosen_by": "machine", "catalogue": responsibilities.revision}
        steps.append(Asked(step="dispatch", actor=None, at=now, given=chosen, seen=2))
    return steps


class Reception:
    """Reception of what was filed at the doors: untouched appeals are classified, and dispatched where that is clear.

    What is untouched is read off the records, and each case is brought along in one transaction, so a round may be cut off anywhere,
    and two processes may receive at once. Model and catalogue are read again when their files have changed.

    Args:
        untouched: of a flow, so many cases at most that have their opening event alone and follow a number.
        model: reads the model from its file.
        streets: of the district.
    """

    def __init__(
        self,
        desk: Desk,
        untouched: Callable[[str, int, str], Sequence[Untouched]],
        *,
        model: Callable[[], Model],
        responsibilities: Callable[[], Responsibilities],
        clock: Clock,
        streets: Sequence[str] = (),
    ) -> None:
        self._streets = streets
        self._desk = desk
        self._untouched = untouched
        self._model = model
        self._responsibilities = responsibilities
        self._clock = clock

    def round(self, going: Callable[[], bool] = lambda: True) -> Mapping[str, int]:
        """Bring every untouched appeal along: how many were `classified`, and `dispatched` thereof.

        One whose steps are refused is passed over until the next round, so that it holds up none of those behind it.

        Args:
            going: asked before each batch whether to go on; it may wait until the doors are less crowded.

        Raises:
            YunnaoError: model or catalogue cannot be read.
        """
        counts, after = {"classified": 0, "dispatched": 0}, ""
        while going() and (cases := self._untouched(FLOW, _TOGETHER, after)):
            now = self._clock()
            said = categories(self._model(), [(case.title, case.body) for case in cases])
            steps = {
                case.case_id: steps_for(
                    category,
                    self._responsibilities(),
                    now,
                    street_of(self._streets, case.place, case.title, case.body),
                )
                for case, category in zip(cases, said, strict=True)
            }
            refused = self._desk.take_many([(case_id, step) for case_id, own in steps.items() for step in own])
            done = {case_id: own for case_id, own in steps.items() if case_id not in refused}
            counts["classified"] += len(done)
            counts["dispatched"] += sum(len(own) > 1 for own in done.values())
            if len(cases) < _TOGETHER:
                break
            after = cases[-1].case_id
        return counts
