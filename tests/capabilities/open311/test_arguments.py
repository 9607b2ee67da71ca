"""Arguments as the specification defines them: defaults, caps, what overrides what, and refusals that say what to do."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yunnao.capabilities.open311.arguments import Wanted, read_brought, read_wanted
from yunnao.capabilities.open311.documents import Refused

NOW = dt.datetime(2026, 9, 24, 12, tzinfo=dt.UTC)
DAYS = dt.timedelta(days=90)
POST = [("service_code", "help"), ("lat", "36.067"), ("long", "120.383"), ("description", "路灯不亮")]


def wanted(**given: str) -> Wanted:
    return read_wanted(list(given.items()), NOW)


def test_without_arguments_the_last_ninety_days_and_a_thousand() -> None:
    found = wanted()
    assert (found.start, found.end, found.page_size) == (NOW - DAYS, NOW, 1000)
    assert (found.ids, found.codes, found.status, found.extensions) == (None, (), None, False)


def test_one_date_alone_sets_the_other() -> None:
    assert wanted(end_date="2026-03-01T00:00:00Z").start == dt.datetime(2026, 3, 1, tzinfo=dt.UTC) - DAYS
    assert (
        wanted(start_date="2026-03-01T00:00:00+08:00").end - wanted(start_date="2026-03-01T00:00:00+08:00").start
        == DAYS
    )


def test_an_empty_argument_is_absent() -> None:
    assert wanted(status="", service_request_id=" ", start_date="") == wanted()


def test_lists_are_separated_by_commas() -> None:
    found = wanted(service_request_id="a, b,a", service_code="001,002", status="open,closed")
    assert found.ids == ("a", "b")
    assert found.codes == ("001", "002")
    assert found.status is None
    assert wanted(status="closed").status == "closed"


def test_pages() -> None:
    found = wanted(page="3", page_size="20", extensions="true")
    assert (found.offset, found.page_size, found.extensions) == (40, 20, True)


def test_a_plus_that_a_query_turned_into_a_blank() -> None:
    assert wanted(start_date="2026-09-01T00:00:00 08:00").start.utcoffset() == dt.timedelta(hours=8)


@pytest.mark.parametrize(
    "given",
    [
        {"status": "done"},
        {"start_date": "yesterday"},
        {"start_date": "2026-01-01T00:00:00"},
        {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
        {"start_date": "2026-02-01T00:00:00Z", "end_date": "2026-01-01T00:00:00Z"},
        {"start_date": "9999-12-31T00:00:00Z"},
        {"end_date": "0001-01-02T00:00:00Z"},
        {"page": "0"},
        {"page": "x"},
        {"page_size": "1001"},
        {"page_size": "９"},
        {"service_request_id": ",".join(map(str, range(1001)))},
    ],
)
def test_what_is_not_usable_is_refused(given: dict[str, str]) -> None:
    with pytest.raises(Refused) as refused:
        wanted(**given)
    assert refused.value.status == 400


@given(st.dictionaries(st.sampled_from(["start_date", "end_date", "page", "status", "service_request_id"]), st.text()))
def test_no_query_is_worse_than_refused(given: dict[str, str]) -> None:
    try:
        found = wanted(**given)
    except Refused:
        return
    assert dt.timedelta() <= found.end - found.start <= DAYS


def test_a_request_is_read() -> None:
    more = [
        ("attribute[a]", "1"),
        ("attribute[b][]", "2"),
        ("attribute[b][]", "3"),
        ("first_name", "三"),
        ("last_name", "张"),
    ]
    found = read_brought([*POST, *more, ("phone", "138"), ("email", "")])
    assert (found.latitude, found.longitude, found.name, found.phone, found.email) == (
        36.067,
        120.383,
        "张 三",
        "138",
        "",
    )
    assert found.attributes == {"a": ("1",), "b": ("2", "3")}


def test_an_address_is_a_place_too() -> None:
    assert read_brought([*POST[:1], POST[3], ("address_string", "示例路 1 号")]).address == "示例路 1 号"


@pytest.mark.parametrize(
    "pairs",
    [
        POST[1:],
        [POST[0], POST[3]],
        POST[:3],
        [*POST[:3], ("description", "长" * 4001)],
        [POST[0], ("lat", "36"), POST[3]],
        [POST[0], ("lat", "91"), *POST[2:]],
        [POST[0], ("lat", "nan"), *POST[2:]],
        [POST[0], ("lat", "north"), *POST[2:]],
    ],
)
def test_what_is_missing_is_refused(pairs: list[tuple[str, str]]) -> None:
    with pytest.raises(Refused) as refused:
        read_brought(pairs)
    assert refused.value.status == 400
