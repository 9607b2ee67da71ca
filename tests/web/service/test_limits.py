"""The limiter: so often within a while, each address for itself, and no more memory than it needs."""

import pytest

from yunnao.web.service.limits import Limiter


def test_so_often_within_a_while() -> None:
    now = 0.0
    limiter = Limiter(2, 60, lambda: now)
    for _ in range(2):
        assert limiter.may("a")
        limiter.note("a")
    assert not limiter.may("a")
    assert limiter.may("b")
    now = 59.9
    assert not limiter.may("a")
    now = 60.0
    assert limiter.may("a")


def test_old_addresses_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yunnao.web.service.limits._MOST_ADDRESSES", 10)
    limiter = Limiter(1, 60)
    for number in range(100):
        limiter.note(str(number))
    assert [limiter.may(str(number)) for number in (0, 99)] == [True, False]
