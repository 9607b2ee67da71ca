"""Finding filed cases on both databases, and the follow-up code of a filing that is delivered twice."""

import datetime as dt

import sqlalchemy as sa

from tests.platforms.cases.filed.desk import Desk, filing
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.upkeep import Upkeep


def ids(desk: Desk, **wanted: object) -> list[str]:
    return [view.case.case_id for view in desk.cases.search(Wanted(flow="appeal", **wanted))]  # type: ignore[arg-type]


def test_the_newest_first_by_day_kind_and_end(desk: Desk) -> None:
    first = desk.on("2026-09-21").file("a", attributes={"kind": "help"})
    second = desk.on("2026-09-22").file("b", attributes={"kind": "complaint"})
    third = desk.file("c", attributes={"category": '"kind":"help"'})
    assert ids(desk) == [third, second, first]
    assert ids(desk, kinds=["help"]) == [first]
    assert ids(desk, kinds=["help", "complaint"]) == [second, first]
    assert ids(desk, kinds=[None]) == [third]
    assert ids(desk, kinds=["he%", "_elp"]) == []
    assert ids(desk, ids=[first, "SQ-none"], kinds=["complaint"]) == [first]
    noon = dt.datetime(2026, 9, 21, 12, tzinfo=CHINA)
    assert ids(desk, end=noon) == [first]
    assert ids(desk, start=noon) == [third, second]
    assert ids(desk, start=noon - dt.timedelta(hours=2), end=noon) == [first]
    assert ids(desk, closed=True) == []
    assert ids(desk, closed=False, limit=1, offset=1) == [second]
    assert ids(desk, offset=3) == []


def test_what_is_found_is_what_is_got(desk: Desk) -> None:
    number = desk.handled()
    (found,) = desk.cases.search(Wanted(flow="appeal"))
    got = desk.cases.get(number)
    assert (found.events, found.standing, found.clocks) == (got.events, got.standing, got.clocks)
    assert (found.title, found.body, found.person.contact) == (got.title, got.body, None)


def test_a_repeated_filing_is_told_its_code_again_only_where_it_may_be(desk: Desk) -> None:
    once, again = (desk.cases.file([filing("web:secret-1", repeatable=True)])[0] for _ in range(2))
    assert (once.new, again.new) == (True, False)
    assert again.case_id == once.case_id == desk.cases.filed_as("web:secret-1")
    assert once.code is not None
    assert again.code == once.code
    assert desk.cases.opens(once.case_id, once.code)
    other = desk.cases.file([filing("web:secret-2", repeatable=True)])[0]
    assert other.code != once.code
    plain = desk.cases.file([filing("web:open")])[0]
    assert plain.code is not None
    assert desk.cases.file([filing("web:open")])[0].code is None
    assert desk.cases.filed_as("web:none") is None


def test_many_filings_of_one_transaction_and_twice_the_same_among_them(desk: Desk) -> None:
    keys = [f"api:{number}" for number in range(600)]
    filed = desk.cases.file([filing(key) for key in [*keys, keys[0]]])
    assert [answer.case_id for answer in filed[:-1]] == [f"SQ20260924-{number:05d}" for number in range(1, 601)]
    assert (filed[-1].case_id, filed[-1].new) == (filed[0].case_id, False)
    assert [answer.new for answer in desk.cases.file([filing(key) for key in keys])] == [False] * 600
    assert Upkeep(desk.cases).differing() == []
    assert (desk.audit.verify().broken, desk.audit.verify().lines) == (None, 1)
    assert desk.cases.opens(filed[0].case_id, filed[0].code or "")


def test_more_than_a_day_of_five_digits(desk: Desk) -> None:
    number = desk.file("first")
    with desk.records.write() as connection:
        row = dict(connection.execute(sa.select(store.CASES)).mappings().one())
        row |= {"case_id": number[:-5] + "99999", "filing_key": "last"}
        store.insert(connection, store.CASES, [row])
    assert [desk.file("next"), desk.file("after")] == ["SQ20260924-100000", "SQ20260924-100001"]
