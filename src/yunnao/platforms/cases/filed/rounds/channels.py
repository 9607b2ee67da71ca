"""How a message leaves the house: what a channel is, what it may answer, and plain HTTP without following anybody elsewhere."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import IO, Literal, Protocol

SECONDS = 10
"""How long a receiver may take."""
_MOST_BYTES = 65_536


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """A message to be sent.

    Attributes:
        recipient: a role, or `citizen`.
        department: whose officers are meant; none for citizen and centre.
        contact: of the citizen, as far as known; never of officers.
        channel: by which the case came.
    """

    message_id: str
    case_id: str
    recipient: str
    department: str | None
    text: str
    written_at: str
    contact: str | None = field(default=None, repr=False)
    channel: str = ""


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a message: `delivered`, `later` (to be tried again), `refused` for good, or `elsewhere` (by another channel).

    `problem` says why not, without contents or contacts.
    """

    what: Literal["delivered", "later", "refused", "elsewhere"]
    problem: str = ""


class Channel(Protocol):
    """A way out."""

    @property
    def name(self) -> str:
        """What officers call it."""
        ...

    def suits(self, message: Outgoing) -> bool:
        """Whether it can reach the recipient."""
        ...

    def send(self, message: Outgoing) -> Answer:
        """Send a message; what goes wrong is an answer, too."""
        ...


class Unreachable(Exception):
    """Nobody answered, or not in time; the text holds no address."""


class NotFetched(Exception):
    """A medium that a platform did not hand out; the text says why, without its id; `for_good`: whether it never will."""

    def __init__(self, problem: str, *, for_good: bool = False) -> None:
        super().__init__(problem)
        self.for_good = for_good


class _Nowhere(urllib.request.HTTPRedirectHandler):
    """A message goes where the settings say and nowhere else."""

    def redirect_request(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
        newurl: str,
    ) -> None:
        return None


_OPENER = urllib.request.build_opener(_Nowhere)


def request(
    url: str, body: bytes | None = None, headers: Mapping[str, str] | None = None, most: int = _MOST_BYTES
) -> tuple[int, bytes]:
    """POST ``body`` to ``url`` (GET without one): the status, and the beginning (``most`` bytes) of what was answered.

    The standard library's client: no HTTP client is among the dependencies, and a few requests a second need no pool.

    Raises:
        Unreachable: there was no answer, or it broke off.
    """
    asked = urllib.request.Request(url, body, dict(headers or {}))
    try:
        with _OPENER.open(asked, timeout=SECONDS) as answer:
            content = answer.read(most)
            if answer.length and len(content) < most:  # what is read in part is not an error to the client by itself
                raise Unreachable("IncompleteRead")
            return answer.status, content
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read(_MOST_BYTES)
    except (OSError, http.client.HTTPException) as error:
        raise Unreachable(type(error).__name__) from None
