"""Documents as the specification writes them: roots, items, empty fields, errors; XML and JSON say the same."""

import datetime as dt
import json

import pytest
import xmltodict
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.open311 import shapes
from yunnao.capabilities.open311.documents import Refused, document, error_document, w3c_time

NOON = dt.datetime(2026, 9, 24, 12, tzinfo=dt.timezone(dt.timedelta(hours=8)))
SERVICE = shapes.Service(
    code="001",
    name="Cans left out 24x7",
    description="Garbage or recycling cans that have been left out.",
    group="sanitation",
    keywords=("lorem", "ipsum"),
    attributes=(
        shapes.Attribute(
            code="make", datatype="singlevaluelist", required=True, description="Make?", values={"1": "Ford"}
        ),
    ),
)


def test_the_list_of_services_in_both_forms() -> None:
    service = shapes.service_object(SERVICE)
    assert json.loads(document("services", [service], "json")) == [service]
    assert document("services", [service], "xml") == (
        '<?xml version="1.0" encoding="utf-8"?>\n<services><service><service_code>001</service_code>'
        "<service_name>Cans left out 24x7</service_name><description>Garbage or recycling cans that have been left out."
        "</description><metadata>true</metadata><type>realtime</type><keywords>lorem, ipsum</keywords>"
        "<group>sanitation</group></service></services>\n"
    )


def test_a_definition_is_one_object() -> None:
    definition = shapes.definition_object(SERVICE)
    assert json.loads(document("service_definition", definition, "json")) == definition
    (attribute,) = definition["attributes"]
    assert list(attribute) == [
        "variable",
        "code",
        "datatype",
        "required",
        "datatype_description",
        "order",
        "description",
        "values",
    ]
    read = xmltodict.parse(document("service_definition", definition, "xml"))["service_definition"]
    assert read["attributes"]["attribute"]["values"]["value"] == {"key": "1", "name": "Ford"}
    assert read["attributes"]["attribute"]["datatype_description"] is None


def test_a_request_has_every_field_of_the_specification_in_order() -> None:
    request = shapes.ServiceRequest(
        id="0042",
        is_open=True,
        status_notes="",
        service=SERVICE,
        description=None,
        agency=None,
        requested=NOON,
        updated=NOON,
        expected=None,
    )
    assert list(shapes.request_object(request)) == [
        "service_request_id",
        "status",
        "status_notes",
        "service_name",
        "service_code",
        "description",
        "agency_responsible",
        "service_notice",
        "requested_datetime",
        "updated_datetime",
        "expected_datetime",
        "address",
        "address_id",
        "zipcode",
        "lat",
        "long",
        "media_url",
    ]
    xml = document("service_requests", [shapes.request_object(request)], "xml")
    assert "<service_requests><request><service_request_id>0042</service_request_id><status>open</status>" in xml
    assert "<requested_datetime>2026-09-24T12:00:00+08:00</requested_datetime>" in xml
    assert "<expected_datetime/><address/><address_id/><zipcode/><lat/><long/><media_url/>" in xml


def test_an_empty_list_is_an_empty_root() -> None:
    assert document("service_requests", [], "xml").endswith("<service_requests></service_requests>\n")
    assert document("service_requests", [], "json") == "[]"


def test_an_error_in_both_forms() -> None:
    refused = Refused(403, "no key")
    assert json.loads(error_document(refused, "json")) == [{"code": 403, "description": "no key"}]
    assert "<errors><error><code>403</code><description>no key</description></error></errors>" in error_document(
        refused, "xml"
    )


def test_discovery() -> None:
    found = shapes.discovery_object("http://x/v2", "us", "2026-01-01", ["text/xml", "application/json"])
    read = xmltodict.parse(document("discovery", found, "xml"))["discovery"]
    assert read["endpoints"]["endpoint"]["formats"]["format"] == ["text/xml", "application/json"]
    assert read["endpoints"]["endpoint"]["specification"] == shapes.SPECIFICATION


@given(st.text())
def test_any_text_gives_xml_that_others_can_read(text: str) -> None:
    xml = document("service_requests", [{"description": text}], "xml")
    assert "request" in xmltodict.parse(xml.encode(errors="replace"))["service_requests"]


def test_a_time_needs_its_zone() -> None:
    assert w3c_time(NOON.astimezone(dt.UTC)) == "2026-09-24T04:00:00+00:00"
    with pytest.raises(ValueError, match="zone"):
        w3c_time(NOON.replace(tzinfo=None))
