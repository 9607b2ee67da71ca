"""The sample's messages, and small ones made for a test."""

import datetime as dt

from yunnao.capabilities.topics.messages import Message
from yunnao.scenarios.appeals.message_files import read_messages
from yunnao.scenarios.appeals.sample_messages import SAMPLE

DAY = dt.date(2024, 5, 6)


def sample() -> list[Message]:
    return read_messages(SAMPLE)[0]


def message(id_: str, title: str, body: str = "", *, citizen: str = "", day: dt.date = DAY, likes: int = 0) -> Message:
    return Message(id=id_, citizen=citizen or id_, day=day, title=title, body=body, likes=likes)
