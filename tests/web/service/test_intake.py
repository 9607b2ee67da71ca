"""The intake queue: batches, one bad filing among good ones, callers that go away, an end that files what has come in."""

import asyncio
import threading
from collections.abc import Sequence

import pytest

from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.platforms.cases.filed.filing import Filed, Filing
from yunnao.web.service.intake import MOST_TOGETHER, Intake


class Store:
    """Files in memory; the first transaction waits until it is let go."""

    def __init__(self) -> None:
        self.transactions: list[list[str]] = []
        self.held = threading.Event()
        self.held.set()

    def file(self, filings: Sequence[Filing]) -> list[Filed]:
        self.held.wait(10)
        keys = [filing.key for filing in filings]
        if "bad" in keys:
            raise YunnaoError("不能受理")
        if "bug" in keys:
            raise RuntimeError("bug")
        if "busy" in keys:
            raise HomeBusy("忙")
        self.transactions.append(keys)
        return [Filed(case_id=key, code="c", new=True) for key in keys]


def filing(key: str) -> Filing:
    return Filing(flow="appeal", channel="web", key=key, title="t", body="b")


async def _all(store: Store, keys: Sequence[str]) -> list[Filed | BaseException]:
    intake = Intake(store.file)
    intake.start()
    try:
        return await asyncio.gather(*(intake.file(filing(key)) for key in keys), return_exceptions=True)
    finally:
        await intake.stop()


def test_concurrent_filings_share_transactions() -> None:
    store = Store()
    keys = [str(number) for number in range(450)]
    answers = asyncio.run(_all(store, keys))
    assert [answer.case_id for answer in answers if isinstance(answer, Filed)] == keys
    assert [key for keys in store.transactions for key in keys] == keys
    assert len(store.transactions) <= 4
    assert max(map(len, store.transactions)) <= MOST_TOGETHER


def test_a_crowd_is_seen_while_it_files_and_for_a_moment_after() -> None:
    async def crowded() -> list[bool]:
        store = Store()
        intake = Intake(store.file)
        intake.start()
        await intake.file(filing("alone"))
        seen = [intake.crowded]
        store.held.clear()
        crowd = [asyncio.create_task(intake.file(filing(str(number)))) for number in range(20)]
        await asyncio.sleep(0.05)
        seen.append(intake.crowded)
        store.held.set()
        await asyncio.gather(*crowd)
        seen.append(intake.crowded)
        await asyncio.sleep(0.7)
        seen.append(intake.crowded)
        await intake.stop()
        return seen

    assert asyncio.run(crowded()) == [False, True, True, False]


def test_one_that_is_not_usable_does_not_hold_up_the_others() -> None:
    answers = asyncio.run(_all(Store(), ["1", "bad", "2"]))
    assert [getattr(answer, "case_id", str(answer)) for answer in answers] == ["1", "不能受理", "2"]


@pytest.mark.parametrize(("key", "error"), [("busy", HomeBusy), ("bug", RuntimeError)])
def test_trouble_reaches_every_caller_and_the_queue_goes_on(key: str, error: type[Exception]) -> None:
    async def scene() -> None:
        store = Store()
        intake = Intake(store.file)
        intake.start()
        with pytest.raises(error):
            await intake.file(filing(key))
        assert (await intake.file(filing("1"))).case_id == "1"
        await intake.stop()

    asyncio.run(scene())


def test_nothing_is_acknowledged_before_its_commit_and_a_caller_that_leaves_takes_nothing_back() -> None:
    async def scene() -> None:
        store = Store()
        store.held.clear()
        intake = Intake(store.file)
        intake.start()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(intake.file(filing("1")), 0.05)
        assert store.transactions == []
        store.held.set()
        await intake.stop()
        assert store.transactions == [["1"]]

    asyncio.run(scene())


def test_too_many_are_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("yunnao.web.service.intake._MOST_WAITING", 2)
    store = Store()
    answers = asyncio.run(_all(store, ["1", "2", "3"]))
    assert [type(answer) for answer in answers] == [Filed, Filed, HomeBusy]
