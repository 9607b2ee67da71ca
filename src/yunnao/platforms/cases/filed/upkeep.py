"""Upkeep of filed cases: the projection held against the events, words blacked out."""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from yunnao.access.actors import Actor
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import instant_text
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.copies import Place, carried, copies, followed
from yunnao.platforms.cases.filed.histories import TOGETHER, kept_rows, numbers, project_anew, projected
from yunnao.platforms.cases.filed.rounds.store import note_blackened
from yunnao.platforms.cases.filed.seals import seals_of
from yunnao.platforms.cases.filed.service import FiledCases


class Upkeep:
    """What is done with filed cases by the house itself, not by those who handle them; read in pieces, however many there are."""

    def __init__(self, cases: FiledCases) -> None:
        self.cases = cases
        self.records = cases.records

    def differing(self) -> list[str]:
        """Numbers of the cases whose row of the projection is not what their events say."""
        return [case_id for piece in self._pieces() for case_id in piece]

    def rebuild(self, *, running: bool = False) -> int:
        """Make the rows of the projection anew that are not what the events say; how many changed.

        Args:
            running: only those that are open or have a deadline, as after a new calendar.
        """
        changed, now = 0, store.NOW.c
        for wrong in self._pieces(*([sa.or_(now.closed == sa.false(), now.due_on.is_not(None))] if running else [])):
            with self.records.write() as connection:  # what they say by now
                project_anew(connection, self.cases.flows, wrong, self.cases.around.calendar)
            changed += len(wrong)
        return changed

    def _pieces(self, *where: sa.ColumnElement[bool]) -> Iterator[list[str]]:
        """The numbers of differing cases, piece by piece in their order, each piece read at one moment.

        First of all cases, then of rows without a case; with a condition on rows of the projection, of those that fit alone.
        """
        for column in (store.NOW.c.case_id,) if where else (store.CASES.c.case_id, store.NOW.c.case_id):
            after, more = "", True
            while more:
                with self.records.read() as connection:
                    piece = numbers(connection, column, *where, after=after)
                    known = bool(where) or column is store.CASES.c.case_id
                    wrong = self._wrong(connection, piece, known)
                if wrong:
                    yield wrong
                more = len(piece) == TOGETHER
                after = piece[-1] if piece else after

    def _wrong(self, connection: Connection, piece: Sequence[str], known: bool) -> list[str]:
        """Of these numbers those whose row differs from the events; of those that are not ``known``, rows without a case."""
        if not known:
            cases = store.CASES.c.case_id
            there = set(connection.execute(sa.select(cases).where(cases.in_(piece))).scalars())
            return [case_id for case_id in piece if case_id not in there]
        right = projected(connection, self.cases.flows, piece, self.cases.around.calendar)
        kept = kept_rows(connection, piece)
        return [case_id for case_id in piece if kept.get(case_id) != right.get(case_id)]

    def redact(self, case_id: str, place: str, wanted: str, actor: Actor, reason: str) -> None:
        """Black out ``wanted`` wherever it stands in the words at ``place`` (``title``, ``body``, or SEQ.FIELD), for good.

        An answer that was carried along to other cases is blacked out in all of them, whichever of them is named; each has a line in
        the audit log.

        Raises:
            YunnaoError: no such case or place, or it does not stand there.
        """
        with self.cases.audit.writing() as connection:
            places = self._everywhere(connection, case_id, place)
            texts = {each: self._text(connection, each) for each in places}
            own = texts[case_id, place]
            if not wanted or own is None or wanted not in own:
                raise YunnaoError(f"办件 {case_id} 的 {place} 里没有要遮盖的文字；请核对")
            at = instant_text(self.cases.clock())
            note_blackened(connection, at)
            for (case, where), text in texts.items():
                if text is not None and wanted in text:
                    words = store.WORDS.c
                    update = sa.update(store.WORDS).where(words.case_id == case, words.place == where)
                    left = text.replace(wanted, "█" * len(wanted))
                    connection.execute(update.values(text=left, redacted_at=at))
                    details = {"case": case, "place": where, "reason": reason}
                    seals = seals_of(connection, {(case, where): store.sha256(left)})
                    self.cases.audit.append(connection, AuditEvent.WORDS_REDACTED, actor.id, details, seals)

    def _everywhere(self, connection: Connection, case_id: str, place: str) -> list[Place]:
        """The place itself, then the others that hold the same words: those of the lead and of all that were carried along with it."""
        flow, events = self.cases.history(connection, case_id)
        seq = place.partition(".")[0]
        lead_id = carried(flow, events).get(int(seq), case_id) if seq.isascii() and seq.isdigit() else case_id
        lead = self.cases.history(connection, lead_id)[1]
        followers = followed(connection, [lead_id]).get(lead_id, [])
        of = copies(flow, lead_id, lead, {each: self.cases.history(connection, each)[1] for each in followers})
        origin = of.get((case_id, place), (case_id, place))
        others = [origin, *(copy for copy, original in of.items() if original == origin)]
        return [(case_id, place), *(each for each in others if each != (case_id, place))]

    @staticmethod
    def _text(connection: Connection, place: Place) -> str | None:
        words = store.WORDS.c
        statement = sa.select(words.text).where(words.case_id == place[0], words.place == place[1])
        return connection.execute(statement).scalar()
