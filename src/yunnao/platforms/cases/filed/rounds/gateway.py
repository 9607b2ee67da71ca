"""The district's message gateway (SMS, 政务微信): a signed POST of JSON.

Headers: ``Idempotency-Key`` is the message's id, by which the gateway tells a repeat; ``X-Yunnao-Timestamp`` is in seconds since 1970;
``X-Yunnao-Signature`` is ``sha256=`` and the hexadecimal HMAC-SHA256, with the shared key, of timestamp, a dot, and the body's bytes.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass, field

from yunnao.platforms.cases.filed.messages import CITIZEN
from yunnao.platforms.cases.filed.rounds.channels import Answer, Outgoing, Unreachable, request

_AGAIN = {401, 403, 408, 409, 425, 429}
"""Refusals that pass: a wrong key until it is put right, a repeat that is still being handled, too much at once."""


def signature(key: bytes, timestamp: str, body: bytes) -> str:
    """The signature of a body (see the module)."""
    return f"sha256={hmac.new(key, timestamp.encode() + b'.' + body, 'sha256').hexdigest()}"


@dataclass(frozen=True)
class Gateway:
    """The gateway at `url`; `seconds` answers the present time in seconds since 1970."""

    url: str = field(repr=False)
    key: bytes = field(repr=False)
    seconds: Callable[[], float]
    name: str = "消息网关"

    def suits(self, message: Outgoing) -> bool:
        """See `Channel`: officers are known to the gateway, a citizen by what they left."""
        return message.recipient != CITIZEN or bool(message.contact)

    def send(self, message: Outgoing) -> Answer:
        """See `Channel`."""
        content = {
            "message_id": message.message_id,
            "case": message.case_id,
            "recipient": message.recipient,
            "department": message.department,
            "contact": message.contact,
            "channel": message.channel,
            "text": message.text,
            "written_at": message.written_at,
        }
        body, timestamp = json.dumps(content, ensure_ascii=False).encode(), str(int(self.seconds()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": message.message_id,
            "X-Yunnao-Timestamp": timestamp,
            "X-Yunnao-Signature": signature(self.key, timestamp, body),
        }
        try:
            status, _ = request(self.url, body, headers)
        except Unreachable as error:
            return Answer(what="later", problem=f"{self.name}没有应答（{error}）")
        if 200 <= status < 300:
            return Answer(what="delivered")
        later = status in _AGAIN or status >= 500 or status < 400
        return Answer(what="later" if later else "refused", problem=f"{self.name}答复 {status}")
