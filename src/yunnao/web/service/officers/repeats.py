"""Appeals that another one may repeat: an index of recent ones in memory, prepared beside the service and extended as they come in."""

import datetime as dt
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from yunnao.app import District
from yunnao.capabilities.personal_data import masked
from yunnao.capabilities.topics.messages import Message
from yunnao.capabilities.topics.repeats import Candidate, RecentMessages, prepare, similar
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.recent import Written, newest_numbers, written

DAYS = 120
MOST = 20_000
"""Appeals in the index after it has been prepared; it is prepared anew when a quarter has come on top."""

_LOG = logging.getLogger("yunnao.web")


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """An appeal that another one may repeat: the evidence, and its words as they stand now."""

    candidate: Candidate
    written: Written


class Repeats:
    """The index of one district's appeals."""

    def __init__(self, district: District, flow: FiledFlow) -> None:
        self._district = district
        self._flow = flow
        self._index: RecentMessages | None = None
        self._known: set[str] = set()
        self._lock = threading.Lock()
        self._beside = ThreadPoolExecutor(1, thread_name_prefix="repeats")
        self._preparing = False

    def start(self) -> None:
        """Begin to prepare the index; suggestions follow when that is done."""
        self._preparing = True
        self._beside.submit(self._prepare)

    def stop(self) -> None:
        """End; waits for what is being prepared."""
        self._beside.shutdown(cancel_futures=True)

    @property
    def ready(self) -> bool:
        """Whether suggestions can be made."""
        return self._index is not None

    def of(self, new: Written, top: int = 5) -> list[Repeat]:
        """The appeals that ``new`` may repeat, most alike first; none while the index is being prepared."""
        with self._lock:
            index = self._extended()
        if index is None or not index.messages:
            return []
        found = similar(_message(new), index, within=DAYS, top=top)
        now = {each.case_id: each for each in written(self._district.records, [each.message for each in found])}
        return [
            Repeat(candidate=_without_gone_words(each, new, now[each.message]), written=now[each.message])
            for each in found
            if each.message in now
        ]

    def _newest(self) -> list[str]:
        since = self._district.clock().astimezone(CHINA).date() - dt.timedelta(days=DAYS)
        return newest_numbers(self._district.records, self._flow, since, MOST)

    def _prepare(self) -> None:
        try:
            numbers = self._newest()[::-1]
            messages = [_message(each) for each in written(self._district.records, numbers)]
            index = prepare(messages)
            with self._lock:
                self._known = {message.id for message in messages}
                self._index = index
        except Exception:  # suggestions are a help: without them the desk goes on
            _LOG.exception("the index of recent appeals could not be prepared")
        finally:
            self._preparing = False

    def _extended(self) -> RecentMessages | None:
        """The index with all that came in since."""
        if self._index is None:
            return None
        fresh = [number for number in self._newest() if number not in self._known][::-1]
        if fresh:
            messages = [_message(each) for each in written(self._district.records, fresh)]
            everything = (*self._index.messages, *messages)
            few = len(everything) > 2 * self._index.turned.shape[1]  # which words are rare is to be learned anew
            self._index = prepare(everything) if few else self._index.extended(messages)
            self._known |= {message.id for message in messages}
        if len(self._known) > MOST * 5 // 4 and not self._preparing:
            self.start()
        return self._index


def _message(each: Written) -> Message:
    return Message(
        id=each.case_id, citizen=each.person or each.case_id, day=each.opened_on, title=each.title, body=each.body
    )


def _without_gone_words(candidate: Candidate, new: Written, other: Written) -> Candidate:
    """Without a place or words that are personal, or have been blacked out since the index was made."""
    texts = [masked(f"{each.title}\n{each.body}") for each in (new, other)]

    def stands(word: str) -> bool:
        return all(word in text for text in texts)

    return Candidate(
        message=candidate.message,
        likeness=candidate.likeness,
        same_citizen=candidate.same_citizen,
        days=candidate.days,
        place=candidate.place if stands(candidate.place) else "",
        words=tuple(word for word in candidate.words if stands(word)),
    )
