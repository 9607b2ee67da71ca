"""Media that a channel's platform keeps for a case until we fetch them: what waits is a row that is written with the case."""

import datetime as dt
import json
from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.kernel.moment import instant_text
from yunnao.platforms.cases.filed import store

_START = "media:"
_FIRST = dt.timedelta(seconds=5)
"""After filing: what is untouched is classified before a fetched photo is one more event."""


@dataclass(frozen=True, kw_only=True)
class WaitingMedium:
    """Something that waits to be fetched.

    Attributes:
        media_id: by which the platform knows it.
        due_at: an instant as text, from which on it is tried.
        problem: why the last try failed.
        given_up: whether it is tried no more.
    """

    case_id: str
    place: int
    media_id: str
    due_at: str
    tries: int = 0
    problem: str = ""
    given_up: bool = False

    @property
    def name(self) -> str:
        """Of its row."""
        return f"{_START}{self.case_id}:{self.place}"


def waiting_media(case_id: str, media: Sequence[str], at: dt.datetime) -> list[dict[str, Any]]:
    """Rows of `store.PROGRESS` for media that a new case brings."""
    due = instant_text(at + _FIRST)
    return [
        _row(WaitingMedium(case_id=case_id, place=place, media_id=id_, due_at=due)) for place, id_ in enumerate(media)
    ]


def _row(waiting: WaitingMedium) -> dict[str, Any]:
    return {"name": waiting.name, "value": json.dumps(asdict(waiting), ensure_ascii=False, sort_keys=True)}


def media_of(connection: Connection, case_id: str | None = None) -> list[WaitingMedium]:
    """What waits to be fetched or was given up: of one case, or of all."""
    start = f"{_START}{case_id}:" if case_id else _START
    progress = store.PROGRESS.c
    statement = sa.select(progress.value).where(progress.name >= start, progress.name < f"{start[:-1]};")
    return [
        WaitingMedium(**json.loads(value)) for value in connection.execute(statement.order_by(progress.name)).scalars()
    ]


def forget_media(connection: Connection, case_ids: Collection[str]) -> None:
    """Wait for nothing more of these cases."""
    for each in (each for case_id in case_ids for each in media_of(connection, case_id)):
        note_medium(connection, each, done=True)


def note_medium(connection: Connection, waiting: WaitingMedium, *, done: bool) -> None:
    """Note how a try went; one that is done waits no more."""
    own = store.PROGRESS.c.name == waiting.name
    if done:
        connection.execute(sa.delete(store.PROGRESS).where(own))
    else:
        connection.execute(sa.update(store.PROGRESS).where(own).values(value=_row(waiting)["value"]))
