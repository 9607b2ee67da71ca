"""What a WeChat service account receives: messages and events as XML.

Source: 微信公众平台 开发文档, 接收普通消息 and 接收事件推送. The XML is parsed by `defusedxml`: documents with a DTD, entities or external
references are refused.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

EVENT = "event"
_MOST_BYTES = 64 * 1024
_KNOWN = {"ToUserName", "FromUserName", "CreateTime", "MsgType", "MsgId"}


class NotAMessage(ValueError):
    """What came is no message of a WeChat service account."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message or an event.

    Attributes:
        account: of ours, that it was sent to (ToUserName).
        openid: of the person who sent it (FromUserName); personal data.
        created: seconds since 1970.
        kind: text, image, voice, video, shortvideo, location, link, event, or one that is not known yet.
        id: MsgId, kept as text; empty for events.
        fields: everything else, by WeChat's own names.
    """

    account: str
    openid: str
    created: int
    kind: str
    id: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """The same for every delivery of one message: by MsgId, or for events by person, second, event and its key."""
        if self.id:
            return f"{self.account}:{self.id}"
        event = (self.fields.get("Event", ""), self.fields.get("EventKey", ""))
        return ":".join((self.account, self.openid, str(self.created), *(part for part in event if part)))

    @property
    def position(self) -> tuple[float, float] | None:
        """Latitude and longitude in degrees of a location message, in GCJ-02 as WeChat in China sends them; none if there are none."""
        try:
            latitude, longitude = float(self.fields["Location_X"]), float(self.fields["Location_Y"])
        except (KeyError, ValueError):
            return None
        return (latitude, longitude) if abs(latitude) <= 90 and abs(longitude) <= 180 else None


def read_message(xml: bytes) -> Message:
    """The message in a request's body, or in what has been decrypted.

    Raises:
        NotAMessage: it is no XML, an XML that is not safe to read, or lacks what every message has.
    """
    values = read_fields(xml)
    created = values.get("CreateTime", "")
    if not all(values.get(name) for name in ("ToUserName", "FromUserName", "MsgType")):
        raise NotAMessage("ToUserName, FromUserName or MsgType is missing")
    if not (created.isascii() and created.isdigit() and len(created) <= 12):
        raise NotAMessage("CreateTime is not a number of seconds")
    if values["MsgType"] != EVENT and not values.get("MsgId"):
        raise NotAMessage("MsgId is missing")
    return Message(
        account=values["ToUserName"],
        openid=values["FromUserName"],
        created=int(created),
        kind=values["MsgType"],
        id=values.get("MsgId", "") if values["MsgType"] != EVENT else "",
        fields={name: text for name, text in values.items() if name not in _KNOWN},
    )


def read_fields(xml: bytes) -> dict[str, str]:
    """Name -> text of everything directly below the root ``<xml>``; `Encrypt` is among them in encrypted mode.

    Raises:
        NotAMessage: it is no XML, too large, or not safe to read.
    """
    if len(xml) > _MOST_BYTES:
        raise NotAMessage("too large")
    try:
        root = fromstring(xml, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        raise NotAMessage("not XML, or XML with definitions of its own") from None
    if root.tag != "xml":
        raise NotAMessage("the root is not xml")
    return {child.tag: (child.text or "").strip() for child in root}
