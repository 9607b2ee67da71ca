"""Registering what is filed: many matters in one transaction, in as few statements as one would take."""

import datetime as dt
import hmac
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA, Clock, instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.definitions import FiledFlow, checked
from yunnao.platforms.cases.filed.events import opening
from yunnao.platforms.cases.filed.filing import Filed, Filing
from yunnao.platforms.cases.filed.messages import messages_of
from yunnao.platforms.cases.filed.projection import now_row
from yunnao.platforms.cases.filed.workflow import Surroundings

_CODE_SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
"""Signs of a follow-up code: none that is read as another."""
_CODE_LENGTH = 8
_MOST_TITLE, _MOST_BODY = 200, 8000


@dataclass(frozen=True, kw_only=True)
class Desk:
    """What registering needs; ``secret``: of the district, with which contacts are hashed and codes made."""

    flows: Mapping[str, FiledFlow]
    around: Surroundings
    clock: Clock
    audit: Audit
    secret: bytes


def check(filings: Sequence[Filing], flows: Mapping[str, FiledFlow], departments: Mapping[str, Any]) -> None:
    """Make sure that every filing is usable.

    Raises:
        YunnaoError: one is not; the sentence says which and why.
    """
    for filing in filings:
        problem = _problem(filing, flows, departments)
        if problem:
            raise YunnaoError(f"诉求“{filing.title[:20]}”（{filing.key}）不能受理：{problem}")


def _problem(filing: Filing, flows: Mapping[str, FiledFlow], departments: Mapping[str, Any]) -> str | None:
    flow = flows.get(filing.flow)
    if flow is None:
        return f"没有叫 {filing.flow} 的流程；现有：{'、'.join(flows)}"
    if not filing.body.strip() and not filing.title.strip():
        return "没有内容；请写明诉求"
    if len(filing.title) > _MOST_TITLE or len(filing.body) > _MOST_BODY:
        return f"标题最多 {_MOST_TITLE} 个字，内容最多 {_MOST_BODY} 个字；请缩短"
    return checked(flow.attributes, filing.attributes, departments)


@dataclass
class _Rows:
    """Rows to be written, by table."""

    cases: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    words: list[dict[str, Any]] = field(default_factory=list)
    persons: list[dict[str, Any]] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    now: list[dict[str, Any]] = field(default_factory=list)
    lines: list[dict[str, Any]] = field(default_factory=list)


def register(connection: Connection, filings: Sequence[Filing], desk: Desk, actor: str) -> list[Filed]:
    """Register matters that have been checked; one that was filed before, or twice among these, is answered with its number."""
    known = store.by_keys(connection, [filing.key for filing in filings])
    numbers = _Numbers(connection)
    rows, answers = _Rows(), []
    for filing in filings:
        code = _code(filing, desk.secret)
        before = known.get(filing.key)
        if before is not None:
            answers.append(Filed(case_id=before, code=code if filing.repeatable else None, new=False))
            continue
        at = filing.at or desk.clock()
        known[filing.key] = number = numbers.next(desk.flows[filing.flow].prefix, at.astimezone(CHINA).date())
        _add(rows, filing, number, code, at, desk, actor)
        answers.append(Filed(case_id=number, code=code, new=True))
    for table, made in (
        (store.CASES, rows.cases),
        (store.EVENTS, rows.events),
        (store.WORDS, rows.words),
        (store.PERSONS, rows.persons),
        (store.OUTBOX, rows.messages),
        (store.NOW, rows.now),
    ):
        store.insert(connection, table, made)
    desk.audit.append_all(connection, AuditEvent.FILED_EVENT, actor, rows.lines)
    return answers


def _add(rows: _Rows, filing: Filing, number: str, code: str, at: dt.datetime, desk: Desk, actor: str) -> None:
    flow = desk.flows[filing.flow]
    event = opening(flow.starts, at, actor, filing.attributes)
    texts = {"title": clean(filing.title), "body": clean(filing.body)}
    row = store.event_row(number, event, texts)
    contact = filing.person.contact
    rows.cases.append(
        {
            "case_id": number,
            "flow": filing.flow,
            "channel": filing.channel,
            "filing_key": filing.key,
            "opened_at": instant_text(at),
            "code_sha256": store.sha256(f"{number}:{code}"),
        }
    )
    rows.events.append(row)
    rows.words.extend({"case_id": number, "place": place, "text": text} for place, text in texts.items())
    rows.persons.append(
        {
            "case_id": number,
            "name": filing.person.name,
            "contact": contact,
            "contact_sha256": _hashed(contact, desk.secret) if contact else None,
        }
    )
    rows.messages.extend(messages_of(number, flow, [event], desk.around.departments))
    rows.now.append(now_row(number, flow, [event], desk.around.calendar))
    rows.lines.append(
        {
            "case": number,
            "seq": event.seq,
            "step": event.step,
            "to": event.to_state,
            "sha256": store.sha256(store.canonical(row)),
        }
    )


class _Numbers:
    """Free numbers; the first of a day is asked of the store, further ones follow it."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._free: dict[tuple[str, dt.date], Iterator[str]] = {}

    def next(self, prefix: str, day: dt.date) -> str:
        if (prefix, day) not in self._free:
            self._free[prefix, day] = store.numbers_from(store.next_number(self._connection, prefix, day))
        return next(self._free[prefix, day])


def _code(filing: Filing, secret: bytes) -> str:
    """A follow-up code; of a repeatable filing the same one each time, which nobody can tell without the secret."""
    if not filing.repeatable:
        return "".join(secrets.choice(_CODE_SIGNS) for _ in range(_CODE_LENGTH))
    number, base = int.from_bytes(hmac.digest(secret, f"code:{filing.key}".encode(), "sha256")), len(_CODE_SIGNS)
    return "".join(_CODE_SIGNS[number // base**place % base] for place in range(_CODE_LENGTH))


def _hashed(contact: str, secret: bytes) -> str:
    return hmac.new(secret, contact.strip().encode(), "sha256").hexdigest()


def clean(text: str) -> str:
    """Without signs that no person writes, line ends alike."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(sign for sign in lines if sign in "\n\t" or ord(sign) >= 32).strip()
