"""Who has signed in: passwords tried, sessions begun, found and ended, each with its line in the audit log."""

import asyncio
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool

from yunnao.access.actors import Actor
from yunnao.access.attempts import Attempts, Counted
from yunnao.access.passwords import FILE, Passwords
from yunnao.access.sessions import Session, Sessions
from yunnao.app import District
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.settings import district_secret
from yunnao.web.service.desk import TooMany

_UNKNOWN = "unknown"
"""The actor in the audit line of a name that is nobody's: people type passwords where names belong."""
_TOO_MANY_WRONG = "输错密码的次数太多；请一小时后再试，或请管理员重设密码（yunnao password）"
_MOST_WAITING = 50


class NotSignedIn(YunnaoError):
    """A name and a password that do not belong together; which of them is wrong is not said."""


@dataclass(frozen=True, slots=True)
class Officer:
    """An officer who has signed in."""

    actor: Actor
    session: Session


class SignIn:
    """Signing in and out of one district."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._passwords = Passwords(district.home / FILE)
        self._sessions = Sessions(district.records, lambda: district.clock())
        most = district.settings.web.wrong_passwords_per_hour
        secret = district_secret(district.home)
        self._wrong = Attempts(district.records, lambda: district.clock(), most, secret)
        self._alone = asyncio.Lock()
        self._waiting = 0

    async def begin(self, name: str, password: str, address: str) -> str:
        """Begin a session; its token. One attempt at a time: each takes the machine a while.

        Raises:
            TooMany: this address or this account got too many wrong, or too many people wait.
            NotSignedIn: name and password do not belong together.
        """
        if self._waiting >= _MOST_WAITING:
            raise TooMany("现在登录的人太多；请过一会儿再试")
        self._waiting += 1
        try:
            async with self._alone:
                token = await run_in_threadpool(self._tried, name, password, address)
                if token is None:
                    raise NotSignedIn("用户名或密码不对；请再输一次")
                return token
        finally:
            self._waiting -= 1

    def _tried(self, name: str, password: str, address: str) -> str | None:
        """The token of a new session; none where name and password do not belong together.

        An answer is given and counted in one transaction, so that a limit is not passed by trying at once, at whatever process.
        """
        actor, mark = self._district.actors.officer(name), self._passwords.mark(name)
        known = "password.account" if actor else "password.unknown"  # names that are nobody's push out no account
        counted = Counted("password.address", address), Counted(known, name)
        if not self._wrong.may(*counted):
            raise TooMany(_TOO_MANY_WRONG)
        right = self._passwords.fits(name, password)
        audit = self._district.audit
        with audit.writing() as connection:
            if not self._wrong.may_in(connection, *counted):
                raise TooMany(_TOO_MANY_WRONG)
            if actor is None or mark is None or not right:
                audit.append(connection, AuditEvent.SIGN_IN_FAILED, actor.id if actor else _UNKNOWN, {})
                self._wrong.note_in(connection, *counted)
                return None
            audit.append(connection, AuditEvent.SIGNED_IN, actor.id, {})
            return self._sessions.begin(connection, actor.id, mark)

    def found(self, token: str) -> Officer | None:
        """Who has signed in under ``token``, if anybody; a session whose officer has left, or whose password changed, ends here.

        Raises:
            YunnaoError: the actors, the passwords or the record store cannot be read.
        """
        session = self._sessions.find(token) if token else None
        if session is None:
            return None
        actor = self._district.actors.officer(session.actor)
        if actor is not None and self._passwords.mark(actor.id) == session.password_mark:
            return Officer(actor, session)
        self.end(session, "revoked")
        return None

    def end(self, session: Session, why: str) -> None:
        """End a session; ``why`` goes to the audit log."""
        audit = self._district.audit
        with audit.writing() as connection:
            if self._sessions.end(connection, session):
                audit.append(connection, AuditEvent.SIGNED_OUT, session.actor, {"why": why})
