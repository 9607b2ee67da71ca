"""Words and persons held against the digests that the events keep of them, so that `yunnao audit verify` sees a citizen's text or
contact altered or gone.

Texts that were blacked out, and persons that were erased, are no longer what their digest says. They pass if the audit log says of their
case that words were redacted or personal data erased.
"""

import json
from collections.abc import Iterator, Sequence, Set
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import LINES
from yunnao.audit.rows import LINE
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.histories import TOGETHER, numbers


def altered_words(connection: Connection) -> Iterator[tuple[int, str]]:
    """Of every text and person that is not what its event brought, and of every one that no event brought: audit line of the event, place.

    A text that no event has a digest of is said of the event that its place names, else of the case's first.
    Read in pieces, however many cases there are.
    """
    if not store.is_there(connection):
        return
    blackened, after = cases_with(connection, AuditEvent.WORDS_REDACTED, AuditEvent.PERSONAL_DATA_ERASED), ""
    while piece := numbers(connection, store.CASES.c.case_id, after=after):
        after = piece[-1]
        events, words = store.EVENTS.c, store.WORDS.c
        brought: dict[tuple[str, str], tuple[int, str]] = {}
        lines: dict[tuple[str, str], int] = {}
        statement = sa.select(events.case_id, events.seq, events.words, store.EVENTS.c[LINE]).where(
            events.case_id.in_(piece)
        )
        for case_id, seq, digests, line in connection.execute(statement.order_by(events.case_id, events.seq)):
            lines[case_id, str(seq)] = line
            for place, digest in _object(digests).items():
                brought[case_id, place] = line, digest
        kept = sa.select(words.case_id, words.place, words.text, words.redacted_at).where(words.case_id.in_(piece))
        for case_id, place, text, redacted_at in connection.execute(kept):
            seq = place.partition(".")[0]
            own = lines.get((case_id, seq)) or lines.get((case_id, "1"), 0)
            line, digest = brought.pop((case_id, place), (own, ""))
            right = case_id in blackened if redacted_at is not None else store.sha256(text) == digest
            if not right:
                yield line, f"{case_id} {place}"
        yield from _altered_persons(connection, piece, brought, blackened)
        yield from ((line, f"{case_id} {place}") for (case_id, place), (line, _) in brought.items())
        if len(piece) < TOGETHER:
            break


def _altered_persons(
    connection: Connection, piece: Sequence[str], brought: dict[tuple[str, str], tuple[int, str]], blackened: Set[str]
) -> Iterator[tuple[int, str]]:
    """The persons among those of these cases; what they are held against is taken out of ``brought``.

    Events from before there was a digest of the person have none.
    """
    persons = sa.select(store.PERSONS).where(store.PERSONS.c.case_id.in_(piece))
    for row in connection.execute(persons).mappings():
        line, digest = brought.pop((row["case_id"], store.PERSON), (0, None))
        erased = row["case_id"] in blackened and row["name"] is row["contact"] is row["salt"] is None
        if digest is not None and not erased and digest != store.person_digest(dict(row)):
            yield line, f"{row['case_id']} {store.PERSON}"


def cases_with(connection: Connection, *kinds: AuditEvent) -> set[str]:
    """The cases of which the audit log says one of these: that words were redacted, or personal data erased."""
    found: set[str] = set()
    said = sa.select(LINES.c.details).where(LINES.c.kind.in_([str(kind) for kind in kinds]))
    for text in connection.execute(said).scalars():
        details = _object(text)
        found.update(details.get("cases") or [details.get("case")])
    return found


def _object(text: str) -> dict[str, Any]:
    """The object that a text is; an empty one if it was altered into something else, which its own line or row then shows."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
