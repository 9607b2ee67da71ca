"""A matter as somebody brings it, and what becomes of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from yunnao.platforms.cases.filed.attachment import Attachment


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who brings a matter, as far as they say; `contact` is a telephone number, an openid or an address."""

    name: str | None = None
    contact: str | None = None


@dataclass(frozen=True, kw_only=True)
class Filing:
    """A matter as it is brought.

    Attributes:
        key: of the delivery (channel and its own id); the same one again is the same case.
        attributes: the flow's attributes, as far as known.
        at: when it was received; now, if absent.
        repeatable: whether who delivers it again is told its follow-up code again, as after a lost answer; only where nobody else
            can know the key.
        attachments: photos that came with it; their files are kept.
        media: ids of what the channel's platform keeps for it, to be fetched afterwards (`rounds/media.py`).
    """

    flow: str
    channel: str
    key: str
    title: str
    body: str
    person: Person = field(default_factory=Person)
    attributes: Mapping[str, Any] = field(default_factory=dict)
    at: dt.datetime | None = None
    repeatable: bool = False
    attachments: tuple[Attachment, ...] = ()
    media: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Filed:
    """What became of a filing: the number to ask by, the code that opens it (for a new or repeatable one), and whether it is new.

    Attributes:
        same: whether what is filed under this key says the same words; two systems may number their messages alike.
    """

    case_id: str
    code: str | None
    new: bool
    same: bool = True
