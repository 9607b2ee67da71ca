"""Delivery over real HTTP: at least once, each by itself, over restarts; undeliverable where nobody takes it for good."""

import datetime as dt
import hashlib
import hmac
import os
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa

from tests.platforms.cases.filed.desk import OPERATOR, Desk, filing, handler
from tests.platforms.cases.filed.rounds.receivers import Asked, Receiver, receiver
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.rounds.channels import Channel
from yunnao.platforms.cases.filed.rounds.delivery import MOST_TRIES, PAUSES, Delivery
from yunnao.platforms.cases.filed.rounds.gateway import Gateway
from yunnao.platforms.cases.filed.rounds.store import SENDING
from yunnao.platforms.cases.filed.rounds.undelivered import Undelivered
from yunnao.platforms.cases.filed.rounds.wechat import WeChatMessages
from yunnao.platforms.cases.filed.workflow import Asked as Step

KEY = b"a key of sixteen"
ECOLOGY = handler("ecology")


def gateway(desk: Desk, url: str) -> Gateway:
    return Gateway(f"{url}/messages", KEY, lambda: desk.now.timestamp())


def sender(desk: Desk, *channels: Channel, since: dt.datetime | None = None) -> Delivery:
    return Delivery(desk.records, desk.audit, channels, desk.clock, since)


def outbox(desk: Desk) -> set[str]:
    with desk.records.read() as connection:
        return set(connection.execute(sa.select(store.OUTBOX.c.message_id)).scalars())


def delivered(desk: Desk) -> set[str]:
    with desk.records.read() as connection:
        return set(connection.execute(sa.select(store.DELIVERIES.c.message_id)).scalars())


@pytest.fixture
def good() -> Iterator[Receiver]:
    with receiver(lambda _asked: (200, {})) as found:
        yield found


@pytest.mark.parametrize("change", ["UPDATE {} SET delivered_at = 'x'", "DELETE FROM {}", "INSERT"])
def test_a_record_of_delivery_that_was_altered_removed_or_put_in_is_found(
    desk: Desk, good: Receiver, change: str
) -> None:
    number = desk.handled()
    sender(desk, gateway(desk, good.url)).round()
    lines = [line["number"] for line in desk.audit.lines() if line["kind"] == "message_delivered"]
    assert len(lines) == len(delivered(desk))
    assert desk.audit.verify().broken is None
    desk.take(number, "answer", ECOLOGY, answer="已停工。")
    (undelivered, *_) = sorted(outbox(desk) - delivered(desk))
    with desk.records.write() as connection:
        for trigger in ("no_update", "no_delete") if desk.records.dialect == "sqlite" else ("append_only",):
            on = "" if desk.records.dialect == "sqlite" else " ON filed_delivery"
            connection.exec_driver_sql(f"DROP TRIGGER filed_delivery_{trigger}{on}")
        if change == "INSERT":  # nobody would get that message any more
            connection.execute(sa.insert(store.DELIVERIES).values(message_id=undelivered, delivered_at="x"))
        else:
            connection.exec_driver_sql(change.format("filed_delivery"))
    verdict = desk.audit.verify()
    assert verdict.broken == (desk.audit.head().number + 1 if change == "INSERT" else min(lines))


def test_the_gateway_gets_signed_json_once(desk: Desk, good: Receiver) -> None:
    case_id = desk.handled()
    desk.take(case_id, "answer", ECOLOGY, answer="好了")
    sending = sender(desk, gateway(desk, good.url))
    assert sending.round() == {"delivered": 4, "later": 0, "undeliverable": 0}
    assert sum(sending.round().values()) == 0
    assert delivered(desk) == outbox(desk) == {asked.headers["Idempotency-Key"] for asked in good.asked}
    for asked in good.asked:
        timestamp = asked.headers["X-Yunnao-Timestamp"]
        assert timestamp == str(int(desk.now.timestamp()))
        right = hmac.new(KEY, f"{timestamp}.".encode() + asked.body, hashlib.sha256).hexdigest()
        assert asked.headers["X-Yunnao-Signature"] == f"sha256={right}"
    by_recipient = {(asked.json["recipient"], asked.json["contact"], asked.json["department"]) for asked in good.asked}
    assert by_recipient == {
        ("handler", None, "ecology"),
        ("operator", None, "ecology"),
        ("citizen", "13800000000", None),
    }
    assert any("生态环境分局已答复" in asked.json["text"] for asked in good.asked)


def test_without_channels_messages_stay_and_are_sent_once_there_is_one(desk: Desk, good: Receiver) -> None:
    desk.handled("web:1")
    assert sum(sender(desk).round().values()) == 0
    assert delivered(desk) == set()
    wechat = WeChatMessages(good.url, "appid", "secret")
    assert sender(desk, wechat).round()["pages"] == 2  # this citizen did not come by WeChat
    assert good.asked == []
    assert sender(desk, wechat, gateway(desk, good.url)).round()["delivered"] == 2


def test_what_was_written_before_a_day_is_left_to_the_pages(desk: Desk, good: Receiver) -> None:
    desk.handled("web:1")
    desk.on("2026-09-28")
    desk.handled("web:2")
    since = desk.now - dt.timedelta(hours=1)
    assert sender(desk, gateway(desk, good.url), since=since).round()["delivered"] == 2


def test_a_citizen_without_contact_reads_it_on_the_page(desk: Desk, good: Receiver) -> None:
    case_id = desk.cases.file([filing("web:1")])[0].case_id
    anonymous = desk.cases.file([_anonymous()])[0].case_id
    for each in (case_id, anonymous):
        desk.take(each, "dispatch", OPERATOR, department="ecology")
    counts = sender(desk, gateway(desk, good.url)).round()
    assert (counts["delivered"], counts["pages"], counts["undeliverable"]) == (3, 1, 0)


def _anonymous() -> Filing:
    return replace(filing("web:2"), person=Person())


def test_a_message_that_is_refused_does_not_hold_up_the_others(desk: Desk) -> None:
    numbers = [desk.handled(f"web:{number}") for number in range(6)]
    broken = numbers[0]

    def answer(asked: Asked) -> tuple[int, Any]:
        return (500 if asked.json["case"] == broken else 400 if asked.json["case"] == numbers[1] else 200), {}

    with receiver(answer) as found:
        sending = sender(desk, gateway(desk, found.url))
        assert sending.round() == {"delivered": 8, "later": 2, "undeliverable": 2}
        tries = [0]
        for pause in (*PAUSES, *([PAUSES[-1]] * 30)):
            desk.now += pause - dt.timedelta(seconds=1)
            assert sum(sending.round().values()) == 0  # not before its time
            desk.now += dt.timedelta(seconds=1)
            counts = sender(desk, gateway(desk, found.url)).round()  # another process: pauses are kept
            tries.append(counts["later"])
            if counts["undeliverable"]:
                break
        assert len(tries) == MOST_TRIES
        undelivered = Undelivered(desk.records, desk.audit, desk.clock)
        left = undelivered.newest()
        assert {each.case_id for each in left} == {broken, numbers[1]}
        assert {each.problem for each in left} == {"消息网关答复 500", "消息网关答复 400"}
        assert sorted(each.recipient for each in left) == ["citizen", "citizen", "handler", "handler"]
        assert {each.tries for each in left} == {1, MOST_TRIES}
        assert (undelivered.count(), len(undelivered.newest(3))) == (4, 3)
        found.answer = lambda _asked: (200, {})
        assert undelivered.try_again("zhou", [left[0].message_id, "nonsense"]) == 1
        assert undelivered.try_again("zhou", [left[0].message_id]) == 0  # it is on its way
        assert sending.round()["delivered"] == 1
        assert undelivered.try_again("zhou") == 3
        assert sending.round()["delivered"] == 3
        assert undelivered.try_again("zhou") == undelivered.count() == 0
    assert delivered(desk) == outbox(desk)
    noted = [line for line in desk.audit.lines(1_000) if line["kind"] == "messages_tried_again"]
    assert sorted(line["details"]["count"] for line in noted) == [1, 3]
    assert {line["actor"] for line in noted} == {"zhou"}
    assert desk.audit.verify().broken is None


def test_a_gateway_that_is_down_is_asked_a_few_times_a_round(desk: Desk, good: Receiver) -> None:
    for number in range(10):
        desk.handled(f"web:{number}")
    asleep = gateway(desk, "http://127.0.0.1:9")  # the discard port: nobody listens
    assert sender(desk, asleep).round() == {"delivered": 0, "later": 3, "undeliverable": 0}
    desk.now += dt.timedelta(hours=1)
    assert sender(desk, gateway(desk, good.url)).round()["delivered"] == 20


def test_a_message_goes_nowhere_else(desk: Desk, good: Receiver) -> None:
    desk.handled()
    with receiver(lambda _asked: (307, good.url)) as elsewhere:
        assert sender(desk, gateway(desk, elsewhere.url)).round()["later"] == 2
    assert good.asked == []


# ---------------------------------------------------------------------- WeChat


class Platform:
    """WeChat's side: tokens that end, and citizens who are reached or not (openid -> errcode)."""

    def __init__(self, **codes: int) -> None:
        self.codes = codes
        self.tokens = 0
        self.valid = ""
        self.expires_in = 7200

    def __call__(self, asked: Asked) -> tuple[int, Any]:
        if asked.path == "/cgi-bin/token":
            assert asked.query == {"grant_type": "client_credential", "appid": "wxappid", "secret": "wxsecret"}
            self.tokens += 1
            self.valid = f"token-{self.tokens}"
            return 200, {"access_token": self.valid, "expires_in": self.expires_in}
        assert asked.path == "/cgi-bin/message/custom/send"
        if asked.query["access_token"] != self.valid:
            return 200, {"errcode": 40001, "errmsg": "invalid credential"}
        assert asked.json["msgtype"] == "text"
        return 200, {"errcode": self.codes.get(asked.json["touser"], 0), "errmsg": "…"}


def _by_wechat(desk: Desk, *openids: str) -> list[str]:
    numbers = []
    for openid in openids:
        brought = replace(filing(f"wechat:{openid}", channel="wechat"), person=Person(contact=openid))
        numbers.append(desk.cases.file([brought])[0].case_id)
        desk.take(numbers[-1], "dispatch", OPERATOR, department="ecology")
    return numbers


def test_wechat_citizens_are_told_by_wechat_and_else_by_the_gateway(desk: Desk, good: Receiver) -> None:
    _by_wechat(desk, "open_1", "open_2", "open_3")
    platform = Platform(open_2=45015, open_3=-1)
    now = [0.0]
    with receiver(platform) as found:
        wechat = WeChatMessages(found.url, "wxappid", "wxsecret", lambda: now[0])
        sending = sender(desk, wechat, gateway(desk, good.url))
        assert sending.round() == {"delivered": 5, "later": 1, "undeliverable": 0}
        assert platform.tokens == 1  # one token for all
        citizens = [asked.json["contact"] for asked in good.asked if asked.json["recipient"] == "citizen"]
        assert citizens == ["open_2"]
        sent = [asked.json["touser"] for asked in found.asked if asked.path.endswith("send")]
        assert sorted(sent) == ["open_1", "open_2", "open_3"]
        platform.codes, platform.valid = {}, "made invalid by somebody else"
        desk.now += dt.timedelta(minutes=1)
        assert sending.round()["delivered"] == 1  # the token was fetched anew
        assert platform.tokens == 2
        _by_wechat(desk, "open_4")
        now[0] += 7200 - 300
        assert sending.round()["delivered"] == 2
        assert platform.tokens == 3  # used no longer shortly before its end
    assert delivered(desk) == outbox(desk)


def test_without_a_gateway_the_window_that_is_over_is_undeliverable(desk: Desk) -> None:
    _by_wechat(desk, "open_2")
    with receiver(Platform(open_2=45015)) as found:
        sending = sender(desk, WeChatMessages(found.url, "wxappid", "wxsecret"))
        assert sending.round() == {"delivered": 0, "later": 0, "undeliverable": 1, "pages": 1}
        (left,) = Undelivered(desk.records, desk.audit, desk.clock).newest()
        assert left.problem == "微信客服消息答复 45015"


@pytest.mark.parametrize("answer", [(200, {"errcode": 40125}), (200, []), (503, {})])
def test_no_token_is_tried_again_later(desk: Desk, answer: tuple[int, Any]) -> None:
    _by_wechat(desk, "open_1")
    with receiver(lambda _asked: answer) as found:
        assert sender(desk, WeChatMessages(found.url, "wxappid", "wxsecret")).round()["later"] == 1
    with receiver(Platform()) as found:
        desk.now += dt.timedelta(minutes=1)
        assert sender(desk, WeChatMessages(found.url, "wxappid", "wxsecret")).round()["delivered"] == 1


@pytest.mark.parametrize("answer", [{"errcode": None}, {"errcode": "?"}, {"errcode": []}])
def test_an_answer_that_makes_no_sense_holds_up_nobody_elses_message(desk: Desk, answer: Any, good: Receiver) -> None:
    _by_wechat(desk, "open_1")
    desk.handled("web:2")
    platform = Platform()

    def strange(asked: Asked) -> tuple[int, Any]:
        return (200, answer) if asked.path.endswith("send") else platform(asked)

    with receiver(strange) as found:
        sending = sender(desk, WeChatMessages(found.url, "wxappid", "wxsecret"), gateway(desk, good.url))
        counts = sending.round()
    assert counts["later"] == 1
    assert counts["delivered"] == len(outbox(desk)) - 1


# ---------------------------------------------------------------------- two processes, and kill -9

_PROGRAM = """
import sys
from tests.platforms.cases.filed.desk import Desk
from tests.platforms.cases.filed.rounds.test_delivery import gateway, sender
from yunnao.platforms.cases.filed.rounds import delivery
from yunnao.storage.records import Records
import datetime as dt
delivery._LEASE = dt.timedelta(seconds=float(sys.argv[3]))
desk = Desk(Records.open(sys.argv[1]))
sending = sender(desk, gateway(desk, sys.argv[2]))
print("ready", flush=True)
while True:
    sending.round()
"""


def _process(target: str, url: str, lease: float) -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", _PROGRAM, target, url, str(lease)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, env=os.environ, text=True)


def _until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 60
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _many(desk: Desk, count: int) -> None:
    desk.cases.file([filing(f"web:{number}") for number in range(count)])
    numbers = [row["case_id"] for row in desk.cases.inbox(limit=10_000)]
    step = Step(step="dispatch", actor=OPERATOR, at=desk.now, given={"department": "ecology"})
    desk.cases.take_many([(number, step) for number in numbers])


@pytest.mark.timeout(300)
def test_of_two_processes_one_sends(desk: Desk, target: str, good: Receiver) -> None:
    _many(desk, 100)
    processes = [_process(target, good.url, 90) for _ in range(2)]
    try:
        for process in processes:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
        _until(lambda: len(delivered(desk)) == 200)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert set(Counter(asked.headers["Idempotency-Key"] for asked in good.asked).values()) == {1}
    assert delivered(desk) == outbox(desk)


@pytest.mark.timeout(300)
def test_killed_at_any_moment_nothing_is_lost(desk: Desk, target: str, good: Receiver) -> None:
    _many(desk, 20)
    chance, kills = random.Random(7), 0
    while len(delivered(desk)) < 40:
        with _process(target, good.url, 90) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            before = len(good.asked)
            _until(lambda before=before: len(good.asked) > before)  # type: ignore[misc]
            time.sleep(chance.uniform(0.0, 0.3))
            process.send_signal(signal.SIGKILL)
            kills += 1
    seen = Counter(asked.headers["Idempotency-Key"] for asked in good.asked)
    assert set(seen) == outbox(desk) == delivered(desk)
    assert sum(seen.values()) - len(seen) <= kills  # at most the one that was on its way
    with desk.records.read() as connection:
        assert connection.execute(sa.select(sa.func.count()).select_from(SENDING)).scalar() == 0
