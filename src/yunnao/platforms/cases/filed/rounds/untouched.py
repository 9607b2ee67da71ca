"""Cases that nobody has touched since they were filed, found by an index however many others there are."""

import json
from dataclasses import dataclass

import sqlalchemy as sa

from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.rounds.store import ONE
from yunnao.storage.records import Records


@dataclass(frozen=True, kw_only=True)
class Untouched:
    """A case with its opening event alone."""

    case_id: str
    title: str
    body: str
    place: str = ""


def untouched(records: Records, flow: str, limit: int, after: str) -> list[Untouched]:
    """The first cases of a flow that follow the number ``after`` and have no event but their opening."""
    now, title, body = store.NOW.c, store.WORDS.alias("title"), store.WORDS.alias("body")
    statement = (
        sa.select(now.case_id, now.attributes, title.c.text.label("title"), body.c.text.label("body"))
        .join(title, sa.and_(title.c.case_id == now.case_id, title.c.place == "title"))
        .join(body, sa.and_(body.c.case_id == now.case_id, body.c.place == "body"))
        .where(now.flow == flow, now.seq == ONE, now.case_id > after)
        .order_by(now.case_id)
        .limit(limit)
    )
    with records.read() as connection:
        rows = connection.execute(statement).all()
    return [
        Untouched(
            case_id=row.case_id,
            title=row.title,
            body=row.body,
            place=str(json.loads(row.attributes).get("place", "")),
        )
        for row in rows
    ]
