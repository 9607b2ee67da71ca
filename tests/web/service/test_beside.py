"""The house beside the doors: what comes in is dispatched within seconds, failures are told and tried again, and the doors never wait."""

import asyncio
import datetime as dt
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
import requests

from tests.platforms.cases.filed.rounds.receivers import receiver
from tests.web.service.served import KEY, free_port, make_district, served
from yunnao.app import District
from yunnao.house import House
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.working_days import SHIPPED_TABLE
from yunnao.platforms.cases.filed.rounds.task import Going, Task
from yunnao.settings import WebKeys
from yunnao.web.service import beside

YUNNAO = Path(sys.executable).with_name("yunnao")
SAMPLE = Path(__file__).parents[3] / "src" / "yunnao" / "scenarios" / "appeals" / "sample_messages.csv"


def until(true: Callable[[], bool], seconds: float = 30) -> None:
    """Wait until something is true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it has not come true"
        time.sleep(0.02)


def setting(home: Path, name: str, text: str) -> None:
    """Put a line of district.yaml in place of the one of that name."""
    file = home / "district.yaml"
    lines = [text if line.startswith(f"{name}:") else line for line in file.read_text(encoding="utf-8").splitlines()]
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.timeout(300)
def test_an_appeal_is_dispatched_and_told_of_while_the_service_runs(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home")
    subprocess.run([YUNNAO, "appeals", "train", SAMPLE, "--model", home / "appeals.model"], check=True)
    (home / "appeals").mkdir()
    shipped = (SAMPLE.parent / "responsibilities.yaml").read_text(encoding="utf-8")
    certain = shipped.replace("automatic_from: 900", "automatic_from: 1")
    (home / "appeals" / "responsibilities.yaml").write_text(certain, encoding="utf-8")
    setting(home, "appeals", "appeals: {model: appeals.model, streets: [示例街道]}")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with receiver(lambda _asked: (200, {})) as gateway:
        setting(home, "messages", f"messages: {{gateway_url: {gateway.url!r}}}")
        environment = {**os.environ, "YUNNAO_GATEWAY_KEY": KEY}
        with subprocess.Popen([YUNNAO, "serve", home, "--port", str(port)], env=environment) as server:
            try:
                until(lambda: _answers(url))
                text = {"text": "示例街道烧烤店油烟直排，污染环境，请处理。", "telephone": "13800000000"}
                answer = requests.post(f"{url}/api/v1/appeals", json=text, timeout=10)
                assert answer.status_code == 201, answer.text
                number = answer.json()["number"]
                district = District(home)
                until(lambda: district.filed.get(number).standing.state == "dispatched", 20)  # a second or two
                until(lambda: len(gateway.asked) == 2, 20)
            finally:
                server.terminate()
                assert server.wait(20) == -signal.SIGTERM  # uvicorn ends in order, then says what ended it
    assert {asked.json["recipient"] for asked in gateway.asked} == {"handler", "citizen"}
    attributes = district.filed.get(number).standing.attributes
    assert (attributes["category"], attributes["street"]) == ("环境保护", "示例街道")
    assert district.audit.verify(district.known_heads()).broken is None
    district.records.close()


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.ConnectionError:
        return False


def test_a_task_that_fails_says_so_and_is_tried_again(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    rounds, going = [], threading.Event()

    def fails_twice(_going: Going) -> Mapping[str, int]:
        rounds.append(time.monotonic())
        if len(rounds) == 1:
            raise YunnaoError("记录库正忙；请稍后")
        if len(rounds) == 2:
            raise ValueError("13812345678")
        return {}

    def stands(still: Going) -> Mapping[str, int]:
        while still():
            time.sleep(0.01)
        going.set()
        return {}

    tasks = [
        Task(name="broken", title="坏的", every=0.02, run=fails_twice),
        Task(name="long", title="长的", every=1, run=stands),
    ]
    with caplog.at_level(logging.WARNING, "yunnao.upkeep"), served(make_district(tmp_path / "home"), tasks=tasks) as s:
        until(lambda: len(rounds) > 3)
        number, _ = s.file()
        assert number
        assert not going.is_set()
    assert going.is_set()
    said = [record.getMessage() for record in caplog.records if record.name == "yunnao.upkeep"]
    assert said == [
        "坏的（broken）没有做成，过一会儿再试：记录库正忙；请稍后",
        "坏的（broken）没有做成，过一会儿再试：ValueError",
    ]


def test_tasks_give_way_to_a_crowd_and_have_a_turn_if_it_does_not_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beside, "_PATIENCE", 0.5)
    crowd, pieces = threading.Event(), []

    def works(going: Going) -> Mapping[str, int]:
        while going():
            pieces.append(time.monotonic())
            time.sleep(0.02)
        return {}

    def long_pauses(since: float) -> int:
        return sum(after - before > 0.4 for before, after in pairwise([piece for piece in pieces if piece >= since]))

    async def run() -> float:
        doors = beside.BesideTheDoors([Task(name="long", title="长的", every=1, run=works)], crowd.is_set)
        doors.start()
        await asyncio.to_thread(until, lambda: len(pieces) > 20)
        crowd.set()
        crowded_at = time.monotonic()
        await asyncio.to_thread(until, lambda: long_pauses(crowded_at) >= 3)  # turns come
        taken = time.monotonic() - crowded_at
        await doors.stop()
        return taken

    assert asyncio.run(run()) > 1.2  # each after it has given way as long as its patience lasts


def test_a_calendar_that_is_adopted_reaches_the_running_service(tmp_path: Path) -> None:
    home = make_district(tmp_path / "home")
    with served(home, WebKeys()) as service:
        service.now = dt.datetime.fromisoformat("2026-12-28T10:00:00+08:00")
        number, code = service.file(telephone="13800000000")
        _write_notice(tmp_path)
        house = House(service.district)  # as this process began: by the old table
        assert service.district.filed.inbox()[0]["due_on"] == "2026-12-29"
        page = service.post("/follow", {"number": number, "code": code}).text
        assert "2027-01-05" in page
        assert "由 2027-01-05 改为" not in page
        other = House(District(home, lambda: service.now, {}))
        adopted = other.calendars.adopt(tmp_path / "notice.yaml")
        assert (adopted.cases, adopted.moved) == (1, 1)
        assert house.follow_calendar()["moved"] == 0
        page = service.post("/follow", {"number": number, "code": code}).text
        assert "2027 年放假安排公布后，期限由 2027-01-05 改为 2027-01-07。" in page
        assert "暂定" not in page
        english = service.post("/follow?lang=en", {"number": number, "code": code}).text
        assert "The deadline moved from 2027-01-05 to 2027-01-07 when the arrangement of 2027 was published." in english


def _write_notice(folder: Path) -> None:
    text = SHIPPED_TABLE.read_text(encoding="utf-8").replace("revision: 1", "revision: 2", 1)
    year = (
        '  "2027":\n    confirmed: true\n    notice: 示例\n    holidays: [[2027-01-01, 2027-01-05]]\n    make_up: []\n'
    )
    (folder / "notice.yaml").write_text(text[: text.index('  "2027":')] + year, encoding="utf-8")
