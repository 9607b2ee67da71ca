"""Answers of GeoReport v2 as XML and JSON: names of roots and items as in the specification's examples, JSON by the Spark convention."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from typing import Any, Literal
from xml.sax.saxutils import escape

Format = Literal["xml", "json"]
MEDIA_TYPES: dict[Format, str] = {"xml": "text/xml; charset=utf-8", "json": "application/json; charset=utf-8"}

_ITEMS = {
    "services": "service",
    "service_requests": "request",
    "attributes": "attribute",
    "values": "value",
    "errors": "error",
    "endpoints": "endpoint",
    "formats": "format",
    "notes": "note",
}
"""Name of a list -> name of what is in it, in XML."""


class Refused(Exception):
    """A request that is answered with an error; ``status`` is the HTTP status, too."""

    def __init__(self, status: int, description: str) -> None:
        super().__init__(description)
        self.status = status
        self.description = description


def document(root: str, content: Sequence[Any] | Mapping[str, Any], form: Format) -> str:
    """``content`` (a list of items, or one object) below ``root``; in JSON the root has no name."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False)
    return f'<?xml version="1.0" encoding="utf-8"?>\n{_element(root, content)}\n'


def error_document(refused: Refused, form: Format) -> str:
    """The document that says why a request was refused."""
    return document("errors", [{"code": refused.status, "description": refused.description}], form)


def w3c_time(moment: dt.datetime) -> str:
    """An instant as the specification writes it: to the second, with its zone.

    Raises:
        ValueError: it has no zone.
    """
    if moment.tzinfo is None:
        raise ValueError("an instant needs a time zone")
    return moment.isoformat(timespec="seconds")


def _element(name: str, value: Any) -> str:
    if value is None or value == "":
        return f"<{name}/>"
    return f"<{name}>{_inside(name, value)}</{name}>"


def _inside(name: str, value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_element(inner, item) for inner, item in value.items())
    if isinstance(value, list | tuple):
        return "".join(_element(_ITEMS[name], item) for item in value)
    if isinstance(value, bool):
        return "true" if value else "false"
    return escape("".join(sign for sign in str(value) if _in_xml(sign)))


def _in_xml(sign: str) -> bool:
    """Whether XML 1.0 has a place for a sign."""
    number = ord(sign)
    return sign in "\t\n\r" or 0x20 <= number <= 0xD7FF or 0xE000 <= number <= 0xFFFD or number >= 0x10000
