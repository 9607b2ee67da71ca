"""The objects of GeoReport v2, each with the fields of the specification in its order; an empty field is null."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from yunnao.capabilities.open311.documents import w3c_time

SPECIFICATION = "http://wiki.open311.org/GeoReport_v2"
Datatype = Literal["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]


@dataclass(frozen=True, kw_only=True)
class Attribute:
    """A further question that a service asks; `values` (key -> name) only where one is chosen."""

    code: str
    datatype: Datatype
    required: bool
    description: str
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Service:
    """Something that can be asked for."""

    code: str
    name: str
    description: str
    group: str
    keywords: tuple[str, ...] = ()
    attributes: tuple[Attribute, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ServiceRequest:
    """A request as it stands; coordinates in degrees, WGS84."""

    id: str
    is_open: bool
    status_notes: str
    service: Service
    description: str | None
    agency: str | None
    requested: dt.datetime
    updated: dt.datetime
    expected: dt.datetime | None
    address: str | None = None
    position: tuple[float, float] | None = None
    extended: Mapping[str, Any] | None = None


def service_object(service: Service) -> dict[str, Any]:
    """One of the list of services; each is answered at once (`realtime`)."""
    return {
        "service_code": service.code,
        "service_name": service.name,
        "description": service.description,
        "metadata": bool(service.attributes),
        "type": "realtime",
        "keywords": ", ".join(service.keywords),
        "group": service.group,
    }


def definition_object(service: Service) -> dict[str, Any]:
    """The definition of a service: what it asks."""
    attributes = [
        {
            "variable": True,
            "code": attribute.code,
            "datatype": attribute.datatype,
            "required": attribute.required,
            "datatype_description": None,
            "order": order,
            "description": attribute.description,
            "values": [{"key": key, "name": name} for key, name in attribute.values.items()],
        }
        for order, attribute in enumerate(service.attributes, 1)
    ]
    return {"service_code": service.code, "attributes": attributes}


def request_object(request: ServiceRequest) -> dict[str, Any]:
    """One of the list of requests."""
    latitude, longitude = request.position or (None, None)
    found = {
        "service_request_id": request.id,
        "status": "open" if request.is_open else "closed",
        "status_notes": request.status_notes,
        "service_name": request.service.name,
        "service_code": request.service.code,
        "description": request.description,
        "agency_responsible": request.agency,
        "service_notice": None,
        "requested_datetime": w3c_time(request.requested),
        "updated_datetime": w3c_time(request.updated),
        "expected_datetime": w3c_time(request.expected) if request.expected else None,
        "address": request.address,
        "address_id": None,
        "zipcode": None,
        "lat": latitude,
        "long": longitude,
        "media_url": None,
    }
    return found if request.extended is None else found | {"extended_attributes": dict(request.extended)}


def receipt_object(id_: str, notice: str) -> dict[str, Any]:
    """What a posted request is answered with."""
    return {"service_request_id": id_, "service_notice": notice, "account_id": None}


def token_object(id_: str, token: str) -> dict[str, Any]:
    """What a token stands for."""
    return {"service_request_id": id_, "token": token}


def discovery_object(url: str, contact: str, changeset: str, formats: Sequence[str]) -> dict[str, Any]:
    """The discovery document of one endpoint at ``url``."""
    return {
        "changeset": changeset,
        "contact": contact,
        "key_service": contact,
        "endpoints": [
            {
                "specification": SPECIFICATION,
                "url": url,
                "changeset": changeset,
                "type": "production",
                "formats": list(formats),
            }
        ],
    }
