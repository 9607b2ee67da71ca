"""Retention: how long a closed case keeps its person and the personal data in its words, and their erasure on request.

First the person's name and contact are erased, personal data in every text is masked for good, and attachments are removed; later,
if the district says so, the hash of the contact and the texts themselves go, too. Events hold digests of words and attachments alone, so
history keeps nothing of what is erased and the audit chain stays whole. The audit log says which cases, never what was in them.

Source: 个人信息保护法 arts. 19 and 47: no longer than necessary; erasure when the purpose is reached, or at the person's request.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.audit.events import AuditEvent
from yunnao.capabilities.personal_data import masked
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.copies import Place, copies, followed
from yunnao.platforms.cases.filed.events import MACHINE
from yunnao.platforms.cases.filed.kept_files import KeptFiles
from yunnao.platforms.cases.filed.media import forget_media
from yunnao.platforms.cases.filed.named_files import attachments_of, remove_unnamed
from yunnao.platforms.cases.filed.rounds import store as rounds
from yunnao.platforms.cases.filed.rounds.task import Going, always
from yunnao.platforms.cases.filed.seals import salted, seals_of
from yunnao.platforms.cases.filed.service import FiledCases
from yunnao.platforms.cases.filed.store import ERASED

REMOVED = "（保存期限已过，内容已删除）"
"""What stands where a text was."""
_AT_A_TIME = 100
_ROUND = "retention"


@dataclass(frozen=True, kw_only=True)
class Terms:
    """Days after the day a case is closed: until its person is erased and its words masked, and until its words are removed.

    None keeps.
    """

    persons_days: int | None = None
    words_days: int | None = None


class Retention:
    """The retention of one district; ``files`` are those of attachments, which cannot be masked and go with the persons."""

    def __init__(self, cases: FiledCases, terms: Terms, files: KeptFiles | None = None) -> None:
        self._cases = cases
        self._terms = terms
        self._files = files

    def round(self, going: Going = always) -> Mapping[str, int]:
        """Erase what is past its term; the closed cases are gone through once a day.

        Returns:
            In how many cases the person was erased and the words masked (`masked`), or the words removed (`removed`).
        """
        counts = {"masked": 0, "removed": 0}
        today = self._cases.clock().astimezone(CHINA).date()
        done = f"{today} {self._terms.persons_days} {self._terms.words_days}"
        with self._cases.records.read() as connection:
            if rounds.progress(connection, _ROUND) == done:
                return counts
        for name, days, removed in (
            ("removed", self._terms.words_days, True),
            ("masked", self._terms.persons_days, False),
        ):
            if days is not None:
                counts[name] = self._erase_until(today - dt.timedelta(days=days), removed, going)
        if going():
            with self._cases.records.write() as connection:
                rounds.note_progress(connection, _ROUND, done)
        return counts

    def erase(self, case_id: str, actor: Actor, reason: str) -> None:
        """Erase a closed case's person (name, contact and its hash) and mask personal data in its words, now.

        Raises:
            YunnaoError: no such case, it is not closed, it has no reason, or this actor may not.
        """
        if Role.CENTRE not in actor.roles:
            raise YunnaoError(f"{actor.name} 没有“云脑中心”角色，不能清除个人信息；请由中心办理")
        if not reason.strip():
            raise YunnaoError("请写明清除的理由（--reason）")
        with self._cases.audit.writing() as connection:
            self._cases.history(connection, case_id)
            now = connection.execute(sa.select(store.NOW).where(store.NOW.c.case_id == case_id)).mappings().first()
            if now is None or not now["closed"]:
                raise YunnaoError(f"办件 {case_id} 还没有办结，办理和回访还要用到联系方式；请办结后再清除")
            self._erase(connection, {case_id: now["seq"]}, False, actor.id, reason.strip(), hashes=True)
        self._remove_files([case_id])

    def _erase_until(self, last: dt.date, removed: bool, going: Going) -> int:
        now, erased, count, after = store.NOW.c, ERASED.c, 0, ""
        left = sa.or_(
            erased.case_id.is_(None), erased.seq < now.seq, *([erased.removed == sa.false()] if removed else [])
        )
        while going():
            statement = (
                sa.select(now.case_id, now.seq)
                .outerjoin(ERASED, erased.case_id == now.case_id)
                .where(now.closed == sa.true(), now.since < last.isoformat(), left, now.case_id > after)
                .order_by(now.case_id)
                .limit(_AT_A_TIME)
            )
            with self._cases.records.read() as connection:
                if not connection.execute(statement.limit(1)).first():
                    break
            with self._cases.audit.writing() as connection:
                found = {row.case_id: row.seq for row in connection.execute(statement)}
                if found:
                    reason = f"{self._terms.words_days if removed else self._terms.persons_days} days after closing"
                    self._erase(connection, found, removed, MACHINE, reason, hashes=removed)
            self._remove_files(found)
            count += len(found)
            after = max(found, default=after)
        return count

    def _erase(
        self,
        connection: Connection,
        cases: Mapping[str, int],
        removed: bool,
        actor: str,
        reason: str,
        *,
        hashes: bool,
    ) -> None:
        """Erase the persons of these cases (number -> events so far), and mask or remove their words."""
        persons = self._erase_persons(connection, cases, hashes)
        forget_media(connection, cases)
        words = self._blacken(connection, store.WORDS.c.case_id.in_(cases), removed)
        connection.execute(sa.delete(ERASED).where(ERASED.c.case_id.in_(cases)))
        rows = [{"case_id": case_id, "seq": seq, "removed": removed} for case_id, seq in cases.items()]
        store.insert(connection, ERASED, rows)
        details = {
            "cases": sorted(cases), "persons": len(persons), "words": len(words), "removed": removed, "reason": reason
        }  # fmt: skip
        seals = seals_of(connection, persons | words)
        self._cases.audit.append(connection, AuditEvent.PERSONAL_DATA_ERASED, actor, details, seals)
        for lead, followers in followed(connection, cases).items():
            for follower in followers:
                if follower not in cases:
                    self._erase_copies(connection, lead, follower, actor, reason)

    def _remove_files(self, cases: Collection[str]) -> None:
        """Remove the files of what was erased with these cases, where no other case names them; cut off before, the sweep does it."""
        if self._files is not None and cases:
            with self._cases.records.read() as connection:
                digests = attachments_of(connection, cases)
            remove_unnamed(self._cases.records, self._files, digests)

    def _erase_copies(self, connection: Connection, lead: str, follower: str, actor: str, reason: str) -> None:
        """Mask personal data in what a case was given along with its lead; the rest of its words has its own term."""
        flow, events = self._cases.history(connection, lead)
        of = copies(flow, lead, events, {follower: self._cases.history(connection, follower)[1]})
        words = store.WORDS.c
        own = sa.and_(words.case_id == follower, words.place.in_([place for _, place in of]))
        if left := self._blacken(connection, own, removed=False):
            details = {"cases": [follower], "persons": 0, "words": len(left), "removed": False, "reason": reason}
            seals = seals_of(connection, left)
            self._cases.audit.append(connection, AuditEvent.PERSONAL_DATA_ERASED, actor, details, seals)

    @staticmethod
    def _erase_persons(connection: Connection, cases: Collection[str], hashes: bool) -> dict[Place, str]:
        """The digest of what is left of each person of whom anything was known: nothing, or the hash of the contact with a new salt."""
        persons = store.PERSONS.c
        known = sa.or_(persons.name.is_not(None), persons.contact.is_not(None), persons.contact_sha256.is_not(None))
        gone = {"name": None, "contact": None} | ({"contact_sha256": None} if hashes else {})
        found = connection.execute(sa.select(store.PERSONS).where(persons.case_id.in_(cases), known)).mappings()
        left = [salted({**row, **gone}) for row in found]
        if left:
            values: dict[str, Any] = {
                name: sa.bindparam(f"new_{name}") for name in ("name", "contact", "contact_sha256", "salt")
            }
            update = sa.update(store.PERSONS).where(persons.case_id == sa.bindparam("of")).values(**values)
            connection.execute(
                update, [{"of": row["case_id"]} | {f"new_{name}": row[name] for name in values} for row in left]
            )
        return {(row["case_id"], store.PERSON): store.person_digest(row) for row in left}

    def _blacken(self, connection: Connection, which: sa.ColumnElement[bool], removed: bool) -> dict[Place, str]:
        """Case, place -> digest of what stands there now, of every text that changed."""
        words, at = store.WORDS.c, instant_text(self._cases.clock())
        changed = [
            {"of": row.case_id, "at_place": row.place, "shown": shown, "when": at}
            for row in connection.execute(sa.select(store.WORDS).where(which)).all()
            if (shown := REMOVED if removed else masked(row.text)) != row.text
        ]
        if changed:
            own = (words.case_id == sa.bindparam("of"), words.place == sa.bindparam("at_place"))
            update = sa.update(store.WORDS).where(*own)
            connection.execute(update.values(text=sa.bindparam("shown"), redacted_at=sa.bindparam("when")), changed)
            rounds.note_blackened(connection, at)
        return {(row["of"], row["at_place"]): store.sha256(row["shown"]) for row in changed}
