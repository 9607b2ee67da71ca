"""Wrong attempts: so many within an hour, whichever process counts, over restarts, and no more rows than are kept; on each database."""

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from yunnao.access import attempts
from yunnao.access.attempts import ATTEMPTS, Attempts, Counted
from yunnao.kernel.moment import CHINA
from yunnao.storage.records import Records

SOMEBODY, ELSE = Counted("password.address", "203.0.113.7"), Counted("password.address", "203.0.113.8")


class Clock:
    """A clock that the test sets."""

    now = dt.datetime(2026, 9, 24, 10, tzinfo=CHINA)

    def __call__(self) -> dt.datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def counting(records: Records, clock: Clock, most: int = 3) -> Attempts:
    return Attempts(records, clock, most, b"secret")


def test_so_many_within_an_hour_each_for_itself(records: Records, clock: Clock) -> None:
    wrong = counting(records, clock)
    for _ in range(3):
        assert wrong.may(SOMEBODY)
        assert wrong.note(SOMEBODY)
        clock.now += dt.timedelta(minutes=10)
    assert not wrong.may(SOMEBODY)
    assert not wrong.note(SOMEBODY)
    assert wrong.may(ELSE)
    assert wrong.may(Counted("code.address", SOMEBODY.who))
    assert not wrong.may(ELSE, SOMEBODY)
    assert not wrong.note(ELSE, SOMEBODY)  # then neither is noted
    clock.now += dt.timedelta(minutes=30, microseconds=-1)
    assert not wrong.may(SOMEBODY)
    clock.now += dt.timedelta(microseconds=1)  # an hour after the first
    assert wrong.may(SOMEBODY)
    assert wrong.note(SOMEBODY)
    assert not wrong.may(SOMEBODY)


def test_another_process_and_one_that_was_started_again_count_on(target: str, clock: Clock) -> None:
    one, other = Records.open(target), Records.open(target)
    for store in (one, other, one):
        assert counting(store, clock).note(SOMEBODY)
    assert not counting(other, clock).may(SOMEBODY)
    one.close()
    other.close()
    again = Records.open(target)
    assert not counting(again, clock).may(SOMEBODY)
    again.close()


def test_at_once_from_several_processes_no_more_than_the_limit_is_noted(target: str, clock: Clock) -> None:
    stores = [Records.open(target) for _ in range(4)]
    counting(stores[0], clock)  # the table is there
    noted: list[bool] = []
    start = threading.Barrier(len(stores))

    def guess(store: Records) -> None:
        wrong = counting(store, clock, 5)
        start.wait()
        noted.extend(wrong.note(SOMEBODY) for _ in range(4))

    threads = [threading.Thread(target=guess, args=[store]) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (sum(noted), len(noted)) == (5, 16)
    for store in stores:
        store.close()


def test_what_says_nothing_any_more_is_swept_away(records: Records, clock: Clock) -> None:
    wrong = counting(records, clock)
    for number in range(20):
        wrong.note(Counted("password.address", str(number)))
    clock.now += dt.timedelta(hours=1)
    wrong.note(SOMEBODY)
    with records.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ATTEMPTS)).scalar() == 1


def test_no_more_rows_than_are_kept_and_the_oldest_go(
    records: Records, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts, "MOST_KEPT", 10)
    wrong = counting(records, clock, 1)
    account = Counted("password.account", "operator")
    wrong.note(account)
    for number in range(30):
        clock.now += dt.timedelta(seconds=1)
        wrong.note(Counted("password.unknown", str(number)))
    with records.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(ATTEMPTS)).scalar() == 11
    assert [wrong.may(Counted("password.unknown", str(number))) for number in (0, 29)] == [True, False]
    assert not wrong.may(account)  # names that are nobody's push out no account


def test_a_row_does_not_grow_with_the_attempts_and_holds_no_address(records: Records, clock: Clock) -> None:
    for most in (2, 1):
        wrong = counting(records, clock, most)
        for _ in range(5):
            wrong.note(SOMEBODY)
            clock.now += dt.timedelta(minutes=40)
    with records.read() as connection:
        (row,) = connection.execute(sa.select(ATTEMPTS)).all()
    assert len(row.times) < 40
    assert SOMEBODY.who not in str(tuple(row))


def test_a_clock_that_was_set_back_excuses_nothing(records: Records, clock: Clock) -> None:
    wrong = counting(records, clock, 1)
    wrong.note(SOMEBODY)
    clock.now -= dt.timedelta(minutes=5)
    assert not wrong.may(SOMEBODY)
