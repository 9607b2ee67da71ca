"""Parts of the OpenAPI description for handlers that read the request themselves."""

from collections.abc import Mapping
from typing import Any

TEXT = {"type": "string"}


def query_parameter(name: str, schema: Mapping[str, Any] | None = None, about: str = "") -> dict[str, Any]:
    """An optional argument in the query."""
    return {"name": name, "in": "query", "required": False, "schema": dict(schema or TEXT), "description": about}


def path_parameter(name: str, schema: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A part of the path."""
    return {"name": name, "in": "path", "required": True, "schema": dict(schema or TEXT)}


def body_of(media_type: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """A body that has to be sent."""
    return {"required": True, "content": {media_type: {"schema": dict(schema)}}}


def says(what: str, *media_types: str, json: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """An answer in one of these media types; ``json``: the schema of what is JSON, the others are text."""
    schemas = {kind: json if json is not None and kind == "application/json" else TEXT for kind in media_types}
    return {"description": what, "content": {kind: {"schema": dict(schema)} for kind, schema in schemas.items()}}
