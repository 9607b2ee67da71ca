"""Files of attachments held against the events that name them: what is missing or altered, and what nobody names any more.

An attachment is *named* as long as it was neither removed from its case nor erased with it. Several cases may bring the same photo;
its file goes with the last of them.
"""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.rows import LINE
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.attachment import ATTACHED, DETACHED, Attachment, attachments_from
from yunnao.platforms.cases.filed.kept_files import KeptFiles, is_digest
from yunnao.platforms.cases.filed.word_digests import cases_with
from yunnao.storage.records import Records

_FRESH = 3_600 * 1_000_000_000
"""Nanoseconds in which a file that was written is also named, if its filing was not cut off."""
_AT_A_TIME = 10_000
_TOGETHER = 500
"""Cases in one statement."""


@dataclass(frozen=True, kw_only=True)
class Named:
    """An attachment that an event (with its audit line) brought and no event removed; `erased`: whether it went with personal data."""

    case_id: str
    line: int
    attachment: Attachment
    erased: bool


def named(connection: Connection, *which: sa.ColumnElement[bool]) -> Iterator[Named]:
    """What events name, of those that fit ``which`` (all events of a case or none); by number."""
    events, erased = store.EVENTS.c, store.ERASED.c
    marked = sa.or_(*(events.given.contains(f'"{name}":') for name in (ATTACHED, DETACHED)))
    columns = (events.case_id, events.seq, events.given, store.EVENTS.c[LINE].label("line"))
    statement = (
        sa.select(*columns, sa.func.coalesce(erased.seq, 0).label("until"))
        .outerjoin(store.ERASED, erased.case_id == events.case_id)
        .where(marked, *which)
        .order_by(events.case_id, events.seq)
    )
    case_id, found = "", dict[str, Named]()
    for row in connection.execute(statement.execution_options(yield_per=_AT_A_TIME)):
        if row.case_id != case_id:
            yield from found.values()
            case_id, found = row.case_id, {}
        brought, removed = _said(row.given)
        for each in brought:
            found[each.sha256] = Named(case_id=case_id, line=row.line, attachment=each, erased=row.seq <= row.until)
        found.pop(removed, None)
    yield from found.values()


def _said(text: str) -> tuple[tuple[Attachment, ...], str]:
    """What a row brings and removes; nothing if it was altered into something else, which its own line shows."""
    try:
        given = json.loads(text)
        brought = tuple(each for each in attachments_from(given) if is_digest(each.sha256))
        return brought, str(given.get(DETACHED))
    except (ValueError, TypeError, AttributeError):
        return (), ""


def attachments_of(connection: Connection, case_ids: Collection[str]) -> set[str]:
    """The digests of what these cases brought and did not remove, erased or not."""
    return {each.attachment.sha256 for each in named(connection, store.EVENTS.c.case_id.in_(sorted(case_ids)))}


def attachment_counts(connection: Connection, case_ids: Sequence[str]) -> dict[str, int]:
    """Case -> how many attachments it has, that were neither removed nor erased; cases without any are left out."""
    counts: Counter[str] = Counter()
    for start in range(0, len(case_ids), _TOGETHER):
        some = store.EVENTS.c.case_id.in_(case_ids[start : start + _TOGETHER])
        counts.update(each.case_id for each in named(connection, some) if not each.erased)
    return dict(counts)


def altered_files(files: KeptFiles) -> Callable[[Connection], Iterator[tuple[int, str]]]:
    """What `Audit.verify` looks at: of every attachment whose file is missing or not what its digest says, audit line and name.

    One that was erased lawfully, as the audit log says of its case after it came, may be missing; it may not be altered.
    """

    def check(connection: Connection) -> Iterator[tuple[int, str]]:
        if not store.is_there(connection):
            return
        erased = cases_with(connection, AuditEvent.PERSONAL_DATA_ERASED)
        for each in named(connection):
            digest = each.attachment.sha256
            lawful = each.erased and each.line < erased.get(each.case_id, 0) and not files.there(digest)
            if not lawful and files.content(digest) is None:
                yield each.line, f"{each.case_id} 附件 {digest}"

    return check


def remove_unnamed(records: Records, files: KeptFiles, digests: Collection[str]) -> int:
    """Remove those of these files that no case names any more; how many there were.

    What is named is read before the transaction that removes, so that nobody waits for it; a file that was written anew meanwhile stays.
    Of one that was written lately, its event may have come since: then it is read once more, in the transaction.

    Raises:
        YunnaoError: the record store is busy, or the disk refuses.
    """
    stamps = {digest: stamp for digest in digests if (stamp := files.stamp(digest)) is not None}
    if not stamps:
        return 0
    with records.read() as connection:
        kept = _digests(connection)
    left = {digest: stamp for digest, stamp in stamps.items() if digest not in kept}
    if not left:
        return 0
    count = 0
    with records.write() as connection:
        if any(time.time_ns() - stamp.changed < _FRESH for stamp in left.values()):
            kept = _digests(connection)
        for digest, stamp in left.items():
            if digest not in kept and files.stamp(digest) == stamp:
                files.remove(digest)
                count += 1
    return count


def _digests(connection: Connection) -> set[str]:
    return {each.attachment.sha256 for each in named(connection) if not each.erased}
