"""What must hold when the dust has settled: what was told is kept, once; rows, events, messages and audit lines agree."""

import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bench.kills.doors import WITH_PHOTO
from bench.kills.gateway import Gateway
from bench.kills.ledger import Ledger
from bench.service.server import YUNNAO
from yunnao.app import District
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.messages import CITIZEN, messages_of
from yunnao.platforms.cases.filed.named_files import named
from yunnao.platforms.cases.filed.upkeep import Upkeep

_MARK = re.compile(r"[ms]-\w+-\d+-z")


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a check found: how many were looked at, and what is wrong."""

    what: str
    looked_at: int
    wrong: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Kept:
    """Mark -> (number, step) of everything that is kept; the step of an appeal is empty."""

    marks: dict[str, tuple[str, str]]
    doubled: tuple[str, ...]
    cases: int


def check(home: Path, ledger: Ledger, gateway: Gateway) -> Iterator[Found]:
    """Every check in turn; the service does not run."""
    district = District(home)
    try:
        kept = _kept(district)
        yield Found(what="marks kept twice", looked_at=len(kept.marks), wrong=kept.doubled)
        yield Found(
            what="acknowledged appeals lost",
            looked_at=len(ledger.appeals),
            wrong=tuple(m for m, r in ledger.appeals.items() if kept.marks.get(m, ("", ""))[0] != r.number),
        )
        opens = district.filed.opens
        yield Found(
            what="numbers that their code does not open",
            looked_at=len(ledger.appeals),
            wrong=tuple(r.number for r in ledger.appeals.values() if not opens(r.number, r.code)),
        )
        yield Found(
            what="acknowledged steps lost",
            looked_at=len(ledger.steps),
            wrong=tuple(m for m, said in ledger.steps.items() if kept.marks.get(m) != said),
        )
        yield Found(
            what="rows of the projection unlike their events",
            looked_at=kept.cases,
            wrong=tuple(Upkeep(district.filed).differing()),
        )
        yield _photos(district)
        yield _messages(district)
        yield from _delivered(district, gateway)
        lines = [line for line in district.audit.lines(limit=10**9) if line["kind"] == "cases_filed"]
        counted = sum(line["details"]["count"] for line in lines)
        yield Found(
            what="appeals unlike what the audit log counts",
            looked_at=kept.cases,
            wrong=() if counted == kept.cases else (f"{counted}",),
        )
    finally:
        district.records.close()
    verified = subprocess.run([str(YUNNAO), "audit", "verify", str(home)], capture_output=True, text=True, check=False)
    said = verified.stdout + verified.stderr
    lines_said = re.search(r"共 ([\d,]+) 条", said)
    yield Found(
        what="broken lines of the audit log",
        looked_at=int(lines_said[1].replace(",", "")) if lines_said else 0,
        wrong=() if verified.returncode == 0 else (said.strip(),),
    )


def _kept(district: District) -> _Kept:
    words, events = store.WORDS.c, store.EVENTS.c
    with district.records.read() as connection:
        steps = {
            (row.case_id, row.seq): row.step
            for row in connection.execute(sa.select(events.case_id, events.seq, events.step))
        }
        cases = connection.execute(sa.select(sa.func.count()).select_from(store.CASES)).scalar_one()
        found: list[tuple[str, tuple[str, str]]] = []
        for row in connection.execute(sa.select(words.case_id, words.place, words.text)):
            mark = _MARK.search(row.text)
            if mark and row.place == "body":
                found.append((mark[0], (row.case_id, "")))
            elif mark and row.place.endswith(".reason"):
                found.append((mark[0], (row.case_id, steps[row.case_id, int(row.place.partition(".")[0])])))
    times = Counter(mark for mark, _ in found)
    return _Kept(dict(found), tuple(mark for mark, often in times.items() if often > 1), cases)


def _photos(district: District) -> Found:
    """Every appeal that came with a photo names one whose file is there, and no other appeal does; the audit log's check hashes them."""
    words = store.WORDS.c
    with district.records.read() as connection:
        came = sa.select(words.case_id).where(words.place == "body", words.text.startswith(WITH_PHOTO))
        wanted = set(connection.execute(came).scalars())
        kept = {
            each.case_id
            for each in named(connection)
            if district.attachments.content(each.attachment.sha256) is not None
        }
    return Found(what="photos lost, or of another appeal", looked_at=len(wanted), wrong=tuple(sorted(wanted ^ kept)))


def _messages(district: District) -> Found:
    """The outbox holds exactly the messages that the events call for."""
    filed = district.filed
    with district.records.read() as connection:
        ids = connection.execute(sa.select(store.OUTBOX.c.message_id)).scalars()
        kept = {id_ for id_ in ids if id_.split(":")[1].isdigit()}  # those of steps; reminders name a clock there
        wanted: set[str] = set()
        for case_id in connection.execute(sa.select(store.CASES.c.case_id)).scalars().all():
            flow, events = filed.history(connection, case_id)
            for many in range(1, len(events) + 1):
                rows = messages_of(case_id, flow, events[:many], filed.around.departments)
                wanted |= {row["message_id"] for row in rows}
    return Found(what="messages missing or without an event", looked_at=len(wanted), wrong=tuple(sorted(kept ^ wanted)))


def waiting(home: Path) -> int:
    """How many messages are still on their way to the gateway."""
    district = District(home)
    _ = district.filed
    try:
        with district.records.read() as connection:
            return len(_on_their_way(connection))
    finally:
        district.records.close()


def _for_the_gateway(connection: Connection) -> set[str]:
    """Every message that can be sent: to officers, and to citizens who left a contact."""
    out, persons = store.OUTBOX.c, store.PERSONS.c
    statement = sa.select(out.message_id).outerjoin(store.PERSONS, persons.case_id == out.case_id)
    return set(connection.execute(statement.where((out.recipient != CITIZEN) | persons.contact.is_not(None))).scalars())


def _on_their_way(connection: Connection) -> set[str]:
    recorded = set(connection.execute(sa.select(store.DELIVERIES.c.message_id)).scalars())
    return _for_the_gateway(connection) - recorded


def _delivered(district: District, gateway: Gateway) -> Iterator[Found]:
    """Each message was handed over, is recorded as delivered, and was processed once; nobody else's messages came."""
    with district.records.read() as connection:
        wanted = _for_the_gateway(connection)
        unrecorded = _on_their_way(connection)
    yield Found(
        what="messages that never reached the gateway, or that nobody sent",
        looked_at=len(wanted),
        wrong=tuple(sorted(wanted ^ set(gateway.processed))),
    )
    yield Found(what="messages not recorded as delivered", looked_at=len(wanted), wrong=tuple(sorted(unrecorded)))
    yield Found(what="messages with a wrong signature", looked_at=len(wanted), wrong=("forged",) * gateway.forged)
