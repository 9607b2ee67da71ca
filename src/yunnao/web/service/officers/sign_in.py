"""Who has signed in: passwords tried, sessions begun, found and ended, each with its line in the audit log."""

import asyncio
from dataclasses import dataclass
from pathlib import Path

from starlette.concurrency import run_in_threadpool

from yunnao.access.actors import Actor, Actors
from yunnao.access.passwords import FILE, Passwords
from yunnao.access.sessions import Session, Sessions
from yunnao.app import District
from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.storage.rereading import Rereading
from yunnao.web.service.desk import TooMany
from yunnao.web.service.limits import Limiter

_UNKNOWN = "unknown"
"""The actor in the audit line of a name that is nobody's: people type passwords where names belong."""
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
        self._actors = Rereading(district.home / "actors.yaml", _officers)
        self._passwords = Passwords(district.home / FILE)
        self._sessions = Sessions(district.records, lambda: district.clock())
        most = district.settings.web.wrong_passwords_per_hour
        self._addresses, self._accounts = Limiter(most, 3600), Limiter(most, 3600)
        self._alone = asyncio.Lock()
        self._waiting = 0

    async def begin(self, name: str, password: str, address: str) -> str:
        """Begin a session; its token. One attempt at a time, so that a limit is not passed by trying at once.

        Raises:
            TooMany: this address or this account got too many wrong, or too many people wait.
            NotSignedIn: name and password do not belong together.
        """
        if self._waiting >= _MOST_WAITING:
            raise TooMany("现在登录的人太多；请过一会儿再试")
        self._waiting += 1
        try:
            async with self._alone:
                if not (self._addresses.may(address) and self._accounts.may(name)):
                    raise TooMany("输错密码的次数太多；请一小时后再试，或请管理员重设密码（yunnao password）")
                token = await run_in_threadpool(self._tried, name, password)
                if token is None:
                    self._addresses.note(address)
                    self._accounts.note(name)
                    raise NotSignedIn("用户名或密码不对；请再输一次")
                return token
        finally:
            self._waiting -= 1

    def _tried(self, name: str, password: str) -> str | None:
        actor, mark = self._actors().get(name), self._passwords.mark(name)
        right = self._passwords.fits(name, password)
        audit = self._district.audit
        with audit.writing() as connection:
            if actor is None or mark is None or not right:
                audit.append(connection, AuditEvent.SIGN_IN_FAILED, actor.id if actor else _UNKNOWN, {})
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
        actor = self._actors().get(session.actor)
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


def _officers(path: Path) -> dict[str, Actor]:
    return {actor.id: actor for actor in Actors.load(path)}
