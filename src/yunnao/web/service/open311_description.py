"""The OpenAPI description of the Open311 door."""

from typing import Any

from yunnao.capabilities.open311.arguments import MOST_DESCRIPTION, MOST_REQUESTS
from yunnao.web.service.description import body_of, path_parameter, query_parameter, says
from yunnao.web.service.plain import FORM
from yunnao.web.service.uploads import MULTIPART

_KINDS = ("text/xml", "application/json")
_FORM = path_parameter("form", {"type": "string", "enum": ["xml", "json"]})
_KEY = query_parameter("api_key", about="of a system that the district knows; opens what citizens wrote")
_WHOLE = {"type": "integer", "minimum": 1}
_OBJECT: dict[str, Any] = {"type": "object"}
_LIST: dict[str, Any] = {"type": "array", "items": _OBJECT}
_ERRORS: dict[str, Any] = {
    "type": "array",
    "items": {
        "type": "object",
        "required": ["code", "description"],
        "properties": {"code": {"type": "integer"}, "description": {"type": "string"}},
    },
}


def _described(
    what: str,
    *parameters: dict[str, Any],
    shape: dict[str, Any] = _LIST,
    refusals: tuple[int, ...] = (400, 404),
    **more: Any,
) -> dict[str, Any]:
    responses = {200: says(what, *_KINDS, json=shape)}
    responses |= {status: says("code and description of what is wrong", *_KINDS, json=_ERRORS) for status in refusals}
    return {"responses": responses, "openapi_extra": {"parameters": [_FORM, *parameters], **more}}


DISCOVERY = _described("where the endpoint is", shape=_OBJECT)
SERVICES = _described("every service")
DEFINITION = _described("what a service asks", path_parameter("code"), shape=_OBJECT)
REQUESTS = _described(
    "requests, the newest first",
    query_parameter("service_request_id", about="comma-separated; overrides all others"),
    query_parameter("service_code", about="comma-separated"),
    query_parameter("start_date", {"type": "string", "format": "date-time"}),
    query_parameter("end_date", {"type": "string", "format": "date-time"}),
    query_parameter("status", about="open, closed, or both, comma-separated"),
    query_parameter("page", _WHOLE),
    query_parameter("page_size", _WHOLE | {"maximum": MOST_REQUESTS}),
    query_parameter("extensions", {"type": "string", "enum": ["true", "false"]}),
    _KEY,
    refusals=(400, 403, 404, 503),
)
REQUEST = _described(
    "a list of one request",
    path_parameter("number"),
    query_parameter("extensions", {"type": "string", "enum": ["true", "false"]}),
    _KEY,
    refusals=(400, 403, 404, 503),
)
TOKEN = _described("the request that was posted so", path_parameter("token"), refusals=(400, 404, 503))
_POSTED: dict[str, Any] = {
    "type": "object",
    "required": ["service_code", "description"],
    "properties": {
        "api_key": {"type": "string"},
        "service_code": {"type": "string"},
        "description": {"type": "string", "maxLength": MOST_DESCRIPTION},
        "lat": {"type": "number"},
        "long": {"type": "number"},
        **{
            name: {"type": "string"}
            for name in (
                "address_string",
                "address_id",
                "email",
                "first_name",
                "last_name",
                "phone",
                "media_url",
            )
        },
    },
}
_WITH_PHOTOS: dict[str, Any] = _POSTED | {
    "properties": _POSTED["properties"]
    | {"media": {"type": "array", "items": {"type": "string", "format": "binary"}, "maxItems": 10}}
}
_BODIES = body_of(FORM, _POSTED)
_BODIES["content"] |= body_of(MULTIPART, _WITH_PHOTOS)["content"]
POST = _described(
    "the number, and the follow-up code in service_notice",
    _KEY,
    {
        "name": "Idempotency-Key",
        "in": "header",
        "required": False,
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,80}$"},
    },
    refusals=(400, 403, 404, 503),
    requestBody=_BODIES,
)
