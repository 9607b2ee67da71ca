"""Fetching of media: photos and recordings that the channel's platform keeps become attachments of the case that they came with.

What waits was written with the case (`filed/media.py`). A try that fails is repeated after growing pauses; what cannot be had is
given up, with the reason, which the desk shows. Cut off after the step and before the note, the same file comes again under
the same digest, and is known.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Protocol

from yunnao.capabilities.media.medium import Medium, NotUsable
from yunnao.capabilities.media.reading import read_medium
from yunnao.kernel.errors import StepRefused
from yunnao.kernel.moment import instant_text
from yunnao.platforms.cases.filed.attaching import attached, attaching_step
from yunnao.platforms.cases.filed.attachment import Attachment
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.media import WaitingMedium, media_of, note_medium
from yunnao.platforms.cases.filed.rounds.channels import NotFetched
from yunnao.platforms.cases.filed.rounds.task import Going, always
from yunnao.platforms.cases.filed.service import FiledCases
from yunnao.platforms.cases.filed.workflow import Asked

PAUSES = tuple(dt.timedelta(minutes=each) for each in (0.5, 2, 5, 15, 60, 180, 360))
"""After the first, second, ... failure; the last one again and again."""
MOST_TRIES = 17
"""Within three days, for which WeChat keeps temporary media."""
_FAILURES_IN_A_ROW = 3


class Source(Protocol):
    """A platform that keeps media."""

    def fetch(self, media_id: str, most: int) -> bytes:
        """A medium of at most so many bytes.

        Raises:
            NotFetched: it cannot be had, now or ever.
        """
        ...


def keep(files: KeptFiles, medium: Medium) -> Attachment:
    """Keep the file of a medium; what an event says of it.

    Raises:
        YunnaoError: the disk is full or refuses.
    """
    return Attachment(
        sha256=files.keep(medium.content),
        media_type=medium.media_type,
        size=len(medium.content),
        width=medium.width,
        height=medium.height,
    )


class MediaFetching:
    """The fetching of one district; ``most``: bytes of one file."""

    def __init__(self, cases: FiledCases, files: KeptFiles, source: Source, most: int) -> None:
        self._cases = cases
        self._files = files
        self._source = source
        self._most = most

    def round(self, going: Going = always) -> Mapping[str, int]:
        """Fetch what is due: how many were `fetched`, are to be tried again (`again`), and were `given_up`."""
        counts, failures = {"fetched": 0, "again": 0, "given_up": 0}, 0
        now = instant_text(self._cases.clock())
        with self._cases.records.read() as connection:
            due = [each for each in media_of(connection) if not each.given_up and each.due_at <= now]
        for waiting in due:
            if not going() or failures >= _FAILURES_IN_A_ROW:
                break
            after = self._tried(waiting)
            with self._cases.records.write() as connection:
                note_medium(connection, after or waiting, done=after is None)
            counts["fetched" if after is None else "given_up" if after.given_up else "again"] += 1
            failures = failures + 1 if after is not None and not after.given_up else 0
        return counts

    def _tried(self, waiting: WaitingMedium) -> WaitingMedium | None:
        """How it waits after a try; none if it is fetched."""
        try:
            problem = self._attach(waiting.case_id, read_medium(self._source.fetch(waiting.media_id, self._most)))
            for_good = problem is not None
        except NotUsable as error:
            problem, for_good = error.text.zh, True
        except NotFetched as error:
            problem, for_good = str(error), error.for_good
        except StepRefused:
            problem, for_good = "办件正在变动", False
        if problem is None:
            return None
        tries = waiting.tries + 1
        due = self._cases.clock() + PAUSES[min(tries, len(PAUSES)) - 1]
        return replace(
            waiting,
            tries=tries,
            problem=problem,
            due_at=instant_text(due),
            given_up=for_good or tries >= MOST_TRIES,
        )

    def _attach(self, case_id: str, medium: Medium) -> str | None:
        """Add it to the case; why that is not possible any more, if it is not.

        Raises:
            StepRefused: somebody has just taken a step.
        """
        view = self._cases.get(case_id)
        step = attaching_step(view.flow)
        if step is None or view.standing.state not in step.from_:
            return "取到时办件已经答复或办结，没有附上"
        attachment = keep(self._files, medium)
        if attachment.sha256 not in attached(view.events):
            self._cases.take(
                case_id,
                Asked(
                    step=step.id,
                    actor=None,
                    at=self._cases.clock(),
                    attachments=(attachment,),
                    seen=len(view.events),
                ),
            )
        return None
