"""The Open311 door against its specification, over real HTTP; a live round with `georeport`, a client written by others."""

import datetime as dt
import secrets
from itertools import count
from typing import Any

import pytest
import requests
import xmltodict
from georeport import GeoReport

from tests.web.service.served import KEY, Served

ROOT = "/open311/v2"
POSTED = {"api_key": KEY, "service_code": "help", "lat": "36.067", "long": "120.383", "description": "路灯不亮 <请> 修"}
WRITTEN = (
    "service_request_id status status_notes service_name service_code description agency_responsible service_notice "
    "requested_datetime updated_datetime expected_datetime address address_id zipcode lat long media_url"
)
FIELDS = WRITTEN.split()


def post(service: Served, form: str = "json", **more: str) -> requests.Response:
    return service.post(f"{ROOT}/requests.{form}", POSTED | more)


def posted(service: Served, **more: str) -> str:
    answer = post(service, **more)
    assert answer.status_code == 200, answer.text
    return str(answer.json()[0]["service_request_id"])


def found(service: Served, **query: str) -> list[dict[str, Any]]:
    answer = service.get(f"{ROOT}/requests.json", params=query)
    assert answer.status_code == 200, answer.text
    listed: list[dict[str, Any]] = answer.json()
    return listed


def ids(service: Served, **query: str) -> list[str]:
    return [str(each["service_request_id"]) for each in found(service, **query)]


_UNUSED_DAYS = count()


@pytest.fixture
def alone(service: Served) -> Served:
    """The service on a day on which nobody else files: each test has one of its own."""
    service.now = service.now.replace(year=2025) + dt.timedelta(days=next(_UNUSED_DAYS))
    return service


# services


@pytest.mark.parametrize(("form", "kind"), [("xml", "text/xml"), ("json", "application/json")])
def test_forms_have_their_content_type_and_utf_8(service: Served, form: str, kind: str) -> None:
    for path in ("services", "services/help", "requests", "discovery"):
        assert service.get(f"{ROOT}/{path}.{form}").headers["content-type"] == f"{kind}; charset=utf-8"


def test_services_say_the_same_in_both_forms(service: Served) -> None:
    listed = service.get(f"{ROOT}/services.json").json()
    assert [each["service_code"] for each in listed] == [
        "consultation",
        "help",
        "complaint",
        "report",
        "suggestion",
        "emergency",
        "unsorted",
    ]
    read = xmltodict.parse(service.get(f"{ROOT}/services.xml").content)["services"]["service"]
    assert [each["service_name"] for each in read] == [each["service_name"] for each in listed]
    assert {each["type"] for each in listed} == {"realtime"}
    assert listed[0]["metadata"] is True
    assert read[0]["metadata"] == "true"


def test_a_definition(service: Served) -> None:
    definition = service.get(f"{ROOT}/services/help.json").json()
    assert definition["service_code"] == "help"
    assert [attribute["code"] for attribute in definition["attributes"]] == ["category"]
    assert definition["attributes"][0]["datatype"] == "string"
    assert definition["attributes"][0]["variable"] is True
    read = xmltodict.parse(service.get(f"{ROOT}/services/help.xml").content)
    assert read["service_definition"]["attributes"]["attribute"]["code"] == "category"


@pytest.mark.parametrize("path", ["services/none", "requests/SQ1", "tokens/none-none-none-none", "services.html"])
def test_what_is_not_there_is_404_in_the_form_asked_for(service: Served, path: str) -> None:
    path = path if "." in path else f"{path}.json"
    answer = service.get(f"{ROOT}/{path}")
    assert answer.status_code == 404
    if path.endswith("json"):
        assert answer.json()[0]["code"] == 404
        assert answer.json()[0]["description"]
    xml = service.get(
        f"{ROOT}/{path.removesuffix('json').removesuffix('html')}xml"
        if "html" not in path
        else f"{ROOT}/services/none.xml"
    )
    assert xmltodict.parse(xml.content)["errors"]["error"]["code"] == "404"


# POST


def test_a_post_gives_an_id_and_never_a_token_beside_it(service: Served) -> None:
    (receipt,) = post(service).json()
    assert list(receipt) == ["service_request_id", "service_notice", "account_id"]
    assert receipt["account_id"] is None
    code = receipt["service_notice"].split("查询码 ")[1][:8]
    assert service.district.filed.opens(receipt["service_request_id"], code)


def test_a_post_in_xml(service: Served) -> None:
    answer = xmltodict.parse(post(service, "xml").content)["service_requests"]["request"]
    assert answer["service_request_id"].startswith("SQ")
    assert "account_id" in answer


def test_what_is_posted_is_what_is_filed(service: Served) -> None:
    more = {
        "attribute[category]": "道路照明",
        "first_name": "三",
        "last_name": "张",
        "phone": "138",
        "media_url": "http://e.org/a.jpg",
    }
    view = service.district.filed.get(posted(service, address_string="示例路", **more))
    assert view.case.channel == "open311.partner"
    assert dict(view.standing.attributes) == {
        "category": "道路照明",
        "coordinates": "36.067000,120.383000",
        "kind": "help",
        "place": "示例路",
    }
    assert view.body == "路灯不亮 <请> 修\n附件：http://e.org/a.jpg"
    assert (view.person.name, view.person.contact) == ("张 三", "138")


@pytest.mark.parametrize(
    ("more", "status"),
    [
        ({"api_key": ""}, 403),
        ({"api_key": "a-wrong-key"}, 403),
        ({"service_code": "none"}, 404),
        ({"service_code": ""}, 400),
        ({"description": ""}, 400),
        ({"description": "长" * 4001}, 400),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "91"}, 400),
        ({"attribute[colour]": "red"}, 400),
        ({"attribute[category]": "长" * 61}, 400),
    ],
)
def test_a_post_that_is_not_usable(service: Served, more: dict[str, str], status: int) -> None:
    answer = post(service, **more)
    assert (answer.status_code, answer.json()[0]["code"]) == (status, status)
    assert xmltodict.parse(post(service, "xml", **more).content)["errors"]["error"]["code"] == str(status)


def test_a_body_that_is_no_form(service: Served) -> None:
    assert service.post(f"{ROOT}/requests.json", json=POSTED).status_code == 400


def test_a_repeated_post_is_the_same_one_and_can_be_asked_for_by_its_token(service: Served) -> None:
    token = secrets.token_urlsafe(18)
    answers = [
        service.post(f"{ROOT}/requests.json", POSTED, headers={"Idempotency-Key": token}).json() for _ in range(2)
    ]
    assert answers[0] == answers[1]
    number = answers[0][0]["service_request_id"]
    assert service.get(f"{ROOT}/tokens/{token}.json").json() == [{"service_request_id": number, "token": token}]
    read = xmltodict.parse(service.get(f"{ROOT}/tokens/{token}.xml").content)
    assert read["service_requests"]["request"] == {"service_request_id": number, "token": token}
    short = service.post(f"{ROOT}/requests.json", POSTED, headers={"Idempotency-Key": "1"})
    assert short.status_code == 400


# GET requests


def test_a_request_has_every_field(service: Served) -> None:
    number = posted(service, address_string="示例路")
    (one,) = service.get(f"{ROOT}/requests/{number}.json", params={"api_key": KEY}).json()
    assert list(one) == FIELDS
    assert one["status"] == "open"
    assert one["status_notes"] == "已受理"
    assert one["description"] == POSTED["description"]
    assert one["requested_datetime"] == "2026-09-24T10:00:00+08:00"
    # five working days from Thursday 24 September 2026 reach over the holidays: Friday 9 October
    assert one["expected_datetime"] == "2026-10-09T23:59:59+08:00"
    assert (one["lat"], one["long"], one["address"]) == (36.067, 120.383, "示例路")
    read = xmltodict.parse(service.get(f"{ROOT}/requests/{number}.xml").content)["service_requests"]["request"]
    assert list(read) == FIELDS


def test_without_a_key_words_and_places_stay_with_the_citizen(service: Served) -> None:
    number = posted(service, address_string="示例路", phone="13800000000")
    for query in ("", "?extensions=true"):
        (one,) = service.get(f"{ROOT}/requests/{number}.json{query}").json()
        assert (one["description"], one["address"], one["lat"], one["long"]) == (None, None, None, None)
        assert "notes" not in one.get("extended_attributes", {})
    assert "13800000000" not in service.get(f"{ROOT}/requests/{number}.json", params={"api_key": KEY}).text


def test_with_a_key_personal_data_is_masked_nevertheless(service: Served) -> None:
    number, _ = service.file(text="路灯不亮，请打13800000000", place="示例路3号楼2单元501室")
    service.answered(number)
    service.take(number, "call_back", solved=False, satisfied="dissatisfied", comment="请打13800000000")
    query = {"api_key": KEY, "extensions": "true"}
    (one,) = service.get(f"{ROOT}/requests/{number}.json", params=query).json()
    assert one["description"].startswith("路灯不亮，请打138")
    assert "示例路3号楼" in one["address"]
    assert "501" not in one["address"]
    for path in (f"/requests/{number}.json", f"/requests/{number}.xml", "/requests.json"):
        assert "13800000000" not in service.get(ROOT + path, params=query).text


def test_a_wrong_key_is_refused_for_reading_too(service: Served) -> None:
    assert service.get(f"{ROOT}/requests.json", params={"api_key": "wrong"}).status_code == 403


def test_open_and_closed(alone: Served) -> None:
    first, second = posted(alone), posted(alone)
    alone.answered(first)
    alone.take(first, "call_back", solved=True, satisfied="satisfied")
    day = {"start_date": alone.now.isoformat(), "end_date": alone.now.isoformat()}
    assert ids(alone, status="closed", **day) == [first]
    assert ids(alone, status="open", **day) == [second]
    assert ids(alone, status="open,closed", **day) == [second, first]
    (one,) = found(alone, status="closed", **day)
    assert (one["status"], one["status_notes"], one["agency_responsible"]) == ("closed", "已办结", "生态环境分局")


def test_by_service(alone: Served) -> None:
    day = {"start_date": alone.now.isoformat(), "end_date": alone.now.isoformat()}
    first, second, third = (posted(alone, service_code=code) for code in ("help", "complaint", "unsorted"))
    assert ids(alone, service_code="help", **day) == [first]
    assert ids(alone, service_code="complaint,help", **day) == [second, first]
    assert ids(alone, service_code="unsorted", **day) == [third]
    assert ids(alone, service_code="none", **day) == []


def test_ids_override_all_other_arguments(service: Served) -> None:
    first, second = posted(service), posted(service)
    query = {"status": "closed", "service_code": "none", "start_date": "2020-01-01T00:00:00Z"}
    assert ids(service, service_request_id=f"{first},{second},SQ-none", **query) == [second, first]


def test_by_date_and_no_more_than_ninety_days(alone: Served) -> None:
    number = posted(alone)
    later = alone.now + dt.timedelta(seconds=1)
    assert number not in ids(alone, start_date=later.isoformat())
    assert number in ids(alone, end_date=alone.now.isoformat())
    alone.now += dt.timedelta(days=90)
    assert number in ids(alone)
    alone.now += dt.timedelta(days=1)
    assert number not in ids(alone)
    span = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"}
    assert alone.get(f"{ROOT}/requests.json", params=span).status_code == 400


def test_pages_beyond_the_end_are_empty(alone: Served) -> None:
    numbers = [posted(alone) for _ in range(3)][::-1]
    day = {"start_date": alone.now.isoformat(), "end_date": alone.now.isoformat(), "page_size": "2"}
    assert ids(alone, page="1", **day) == numbers[:2]
    assert ids(alone, page="2", **day) == numbers[2:]
    assert ids(alone, page="3", **day) == []
    xml = alone.get(f"{ROOT}/requests.xml", params={"page": "3", **day}).content
    assert xmltodict.parse(xml)["service_requests"] is None


def test_extensions_bring_the_history(service: Served) -> None:
    number = posted(service)
    service.answered(number)
    query = {"api_key": KEY, "extensions": "true"}
    (one,) = service.get(f"{ROOT}/requests/{number}.json", params=query).json()
    extended = one["extended_attributes"]
    assert (extended["state"], extended["channel"]) == ("answered", "open311.partner")
    assert [note["datetime"] for note in extended["notes"]] == ["2026-09-24T10:00:00+08:00"] * 3
    assert "已修好" in extended["notes"][-1]["description"]
    assert "extended_attributes" not in service.get(f"{ROOT}/requests/{number}.json").json()[0]
    read = xmltodict.parse(service.get(f"{ROOT}/requests/{number}.xml", params=query).content)
    assert len(read["service_requests"]["request"]["extended_attributes"]["notes"]["note"]) == 3


@pytest.mark.parametrize("query", [{"status": "done"}, {"page": "0"}, {"page_size": "1001"}, {"start_date": "x"}])
def test_arguments_that_are_not_usable(service: Served, query: dict[str, str]) -> None:
    answer = service.get(f"{ROOT}/requests.json", params=query)
    assert (answer.status_code, answer.json()[0]["code"]) == (400, 400)


# discovery and a client of others


def test_discovery_names_this_endpoint(service: Served) -> None:
    for path in ("/open311/discovery", f"{ROOT}/discovery"):
        (endpoint,) = service.get(f"{path}.json").json()["endpoints"]
        assert endpoint["url"] == "https://example.org/open311/v2"
        assert endpoint["formats"] == ["text/xml", "application/json"]
        assert xmltodict.parse(service.get(f"{path}.xml").content)["discovery"]["changeset"]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_round_with_georeport(alone: Served, form: str) -> None:
    numbers = {posted(alone), posted(alone)}
    client = GeoReport(alone.url + ROOT, output_format=form)
    codes = [each["service_code"] for each in client.get_service_list()]
    assert client.get_service_definition(codes[1])["service_code"] == "help"
    day = {"start_date": alone.now.isoformat(), "end_date": alone.now.isoformat()}
    listed = client.get_service_requests(service_code="help", status="open", **day)
    assert {each["service_request_id"] for each in listed} == numbers
    one = client.get_service_request(listed[0]["service_request_id"])
    one = one[0] if isinstance(one, list) else one
    assert one["service_request_id"] == listed[0]["service_request_id"]
    assert one["status"] == "open"
