"""A message as these capabilities read it."""

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One citizen's message.

    Attributes:
        id: its number, unique among those handed in.
        citizen: who wrote it: anything that is the same for the same person (a hash will do).
        day: when it was received, in China.
        title: one line; may be empty.
        body: the text.
        likes: how many others agreed with it, where the channel counts that.
    """

    id: str
    citizen: str
    day: dt.date
    title: str
    body: str
    likes: int = 0
