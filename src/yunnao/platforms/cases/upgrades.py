"""Upgrades of a record store that an older program made: each once, in one transaction with its line in the audit log.

What was written stays as it is; the digest of a row passes over empty columns (`audit/rows.py`), so the chain holds with new columns,
too. What is only a projection of it is made anew.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.audit.events import AuditEvent
from yunnao.audit.log import Audit
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import Clock, instant_text
from yunnao.kernel.working_days import WorkingCalendar
from yunnao.platforms.cases import store
from yunnao.platforms.cases.filed import store as filed_store
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.events import MACHINE
from yunnao.platforms.cases.filed.histories import TOGETHER, numbers, project_anew
from yunnao.platforms.cases.filed.rounds import store as rounds_store
from yunnao.platforms.cases.filed.seals import seals_of
from yunnao.platforms.cases.filed.word_digests import older
from yunnao.storage import revisions
from yunnao.storage.records import Records

REVISION = 5
"""Of the tables as they are declared now. A change to a table takes a new number and a method of `Upgrades`."""

_AUDITED_DELIVERIES = 5
"""The revision from which on deliveries are audited, and redactions sealed."""

_METADATA = (store.METADATA, filed_store.METADATA, rounds_store.METADATA)
_PROJECTION = {filed_store.NOW.name, filed_store.SHARES.name}
_TOLD_EVERY = 20 * TOGETHER


class Upgrades:
    """Brings a store to `REVISION`.

    Args:
        flows, calendar: what the projection is made by.
        audit: of the store; asked for when the store is known to be an older one.
        lock: the home's.
        tell: is told in Chinese how far it is, if there is anything to do.
        others: tables of other platforms, which are completed like those of cases.
    """

    def __init__(
        self,
        records: Records,
        flows: Callable[[], Mapping[str, FiledFlow]],
        calendar: Callable[[], WorkingCalendar],
        audit: Callable[[], Audit],
        clock: Clock,
        lock: Callable[[], AbstractContextManager[None]],
        tell: Callable[[str], object],
        others: Sequence[sa.MetaData] = (),
    ) -> None:
        self._records = records
        self._flows = flows
        self._calendar = calendar
        self._audit = audit
        self._clock = clock
        self._lock = lock
        self._tell = tell
        self._others = others

    def run(self) -> None:
        """Number an empty store; bring an older one to this revision, as a whole or not at all.

        Raises:
            HomeBusy: there is something to do, and another command is writing.
            YunnaoError: the store is newer than this program, or was not made by it; nothing has changed.
        """
        with self._records.read() as connection:
            found = revisions.revision(connection)
        if found == REVISION:
            return
        self._refuse_newer(found)
        with self._lock():
            if found is None:
                with self._records.write() as connection:
                    if revisions.revision(connection) is None:  # another process may have been faster
                        revisions.number(connection, REVISION, instant_text(self._clock()))
                return
            audit = self._audit()
            with audit.writing() as connection:
                found = revisions.revision(connection)
                self._refuse_newer(found)
                cases = self._upgrade(audit, connection, found or REVISION)
        if cases is not None:
            self._tell(f"✓ 记录库已从第 {found} 版升级到第 {REVISION} 版；原有记录没有改动，重算了 {cases:,} 件的现状")

    def _refuse_newer(self, found: int | None) -> None:
        if found is not None and found > REVISION:
            raise YunnaoError(
                f"记录库是第 {found} 版，比这个程序认识的（第 {REVISION} 版）新，没有改动；请改用当时的或更新的 yunnao"
            )

    def _upgrade(self, audit: Audit, connection: Connection, found: int) -> int | None:
        """How many cases were projected anew; none if another process has done everything."""
        if found == REVISION:
            return None
        self._tell(f"记录库是第 {found} 版，正在升级到第 {REVISION} 版，请不要中断；中断了也不会损坏，再运行一次即可")
        cases = 0
        for to, step in {2: self._second, 3: self._third, 4: self._fourth, 5: self._fifth}.items():
            if to > found:
                cases += step(connection)
                revisions.number(connection, to, instant_text(self._clock()))
        details = {"from": found, "to": REVISION, "cases": cases}
        taken_up = [filed_store.DELIVERIES] if found < _AUDITED_DELIVERIES else []
        if taken_up:
            self._seal(audit, connection)
        audit.append(connection, AuditEvent.STORE_UPGRADED, MACHINE, details, older=taken_up)
        return cases

    def _second(self, connection: Connection) -> int:
        """Revision 2: merged and shared cases, categories and streets in inboxes, the tables of the rounds, numbered stores."""
        changed = set().union(*(revisions.complete(connection, metadata) for metadata in _METADATA))
        return self._project(connection) if changed & _PROJECTION else 0

    def _third(self, connection: Connection) -> int:
        """Revision 3: digests of persons are salted."""
        for metadata in _METADATA:
            revisions.complete(connection, metadata)
        return 0

    def _fourth(self, connection: Connection) -> int:
        """Revision 4: the tables of targets, their owners and results. They are new, so no row of any other is touched."""
        for metadata in self._others:
            revisions.complete(connection, metadata)
        return 0

    def _fifth(self, connection: Connection) -> int:
        """Revision 5: deliveries are audited, redactions and erasures are sealed; wrong passwords and codes are counted in the store."""
        for metadata in (*_METADATA, *self._others):
            revisions.complete(connection, metadata)
        return 0

    @staticmethod
    def _seal(audit: Audit, connection: Connection) -> None:
        """Seal as they stand, in pieces with a line each, what was redacted or erased before there were seals."""
        for left in older(connection):
            seals = seals_of(connection, left)
            audit.append(connection, AuditEvent.WORDS_SEALED, MACHINE, {"places": len(left)}, seals)

    def _project(self, connection: Connection) -> int:
        flows, calendar, done, after = self._flows(), self._calendar(), 0, ""
        while piece := numbers(connection, filed_store.CASES.c.case_id, after=after):
            project_anew(connection, flows, piece, calendar)
            done, after = done + len(piece), piece[-1]
            if done % _TOLD_EVERY == 0:
                self._tell(f"已重算 {done:,} 件的现状")
        return done
