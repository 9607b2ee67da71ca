"""kill -9 of the server while citizens file at once: no acknowledged appeal is lost, none is doubled, the audit chain is whole."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from tests.platforms.cases.databases import postgres_uri, target
from tests.web.service.served import free_port, make_district
from yunnao.app import District
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.upkeep import Upkeep

__all__ = ["postgres_uri", "target"]

YUNNAO = Path(sys.executable).with_name("yunnao")
CITIZENS = 8


class Citizens:
    """People who file without end, each appeal until it is acknowledged, and remember what they were told."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.ended = threading.Event()
        self.told: dict[str, tuple[str, str]] = {}

    def file(self, citizen: int) -> None:
        """File one appeal after another; after a broken line, the same one again."""
        with requests.Session() as session:
            for matter in range(10**6):
                key = f"citizen-{citizen:03d}-matter-{matter:06d}"
                while not self.ended.is_set():
                    try:
                        answer = session.post(
                            f"{self.url}/api/v1/appeals",
                            json={"text": f"第 {matter} 件：路灯不亮"},
                            headers={"Idempotency-Key": key},
                            timeout=10,
                        )
                    except requests.RequestException:
                        time.sleep(0.02)
                        continue
                    if answer.status_code == 201:
                        said = answer.json()
                        self.told[key] = (said["number"], said["code"])
                        break
                if self.ended.is_set():
                    return


def killed_and_checked(home: Path, kills: int, seed: int) -> int:
    """Serve, kill and serve again; then compare what was told with what is kept. How many were acknowledged."""
    chance, port = random.Random(seed), free_port()
    citizens = Citizens(f"http://127.0.0.1:{port}")
    command = [str(YUNNAO), "serve", str(home), "--port", str(port)]
    with ThreadPoolExecutor(CITIZENS) as people:
        filing = [people.submit(citizens.file, number) for number in range(CITIZENS)]
        try:
            for _ in range(kills):
                before = len(citizens.told)
                with subprocess.Popen(
                    command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ
                ) as server:
                    deadline = time.monotonic() + 60
                    while len(citizens.told) == before:  # it works again
                        assert server.poll() is None, "the server has ended by itself"
                        assert time.monotonic() < deadline, "nothing is acknowledged"
                        time.sleep(0.005)
                    time.sleep(chance.uniform(0.0, 0.3))
                    server.send_signal(signal.SIGKILL)
        finally:
            citizens.ended.set()
        for person in filing:
            person.result()
    check(home, citizens.told)
    return len(citizens.told)


def check(home: Path, told: dict[str, tuple[str, str]]) -> None:
    district = District(home)
    filed = district.filed
    with district.records.read() as connection:
        kept = connection.execute(sa.select(store.CASES.c.filing_key, store.CASES.c.case_id)).all()
        events = connection.execute(sa.select(sa.func.count()).select_from(store.EVENTS)).scalar_one()
    by_key: dict[str, list[str]] = {}
    for row in kept:
        by_key.setdefault(row.filing_key.split(":")[1], []).append(row.case_id)
    assert {key: numbers for key, numbers in by_key.items() if len(numbers) > 1} == {}
    assert {key: number for key, (number, _) in told.items() if by_key.get(key) != [number]} == {}
    for number, code in list(told.values())[:: max(1, len(told) // 50)]:
        assert filed.opens(number, code)
    verdict = district.audit.verify(district.known_heads())
    assert verdict.broken is None, verdict.sentence
    lines = [line for line in district.audit.lines(limit=10**6) if line["kind"] == "cases_filed"]
    assert sum(line["details"]["count"] for line in lines) == len(kept) == events
    assert len(kept) - len(told) <= CITIZENS  # at most one a person was committed and not told
    assert Upkeep(filed).differing() == []
    district.records.close()


@pytest.mark.timeout(900)
def test_killed_at_any_moment_while_citizens_file(target: str, tmp_path: Path) -> None:
    home = make_district(
        tmp_path / "home", database="" if target.startswith("sqlite") else target, posts_per_minute=10**6
    )
    assert killed_and_checked(home, kills=10, seed=20260924) > 10


@pytest.mark.slow
@pytest.mark.timeout(3 * 3600)
def test_killed_five_hundred_times(target: str, tmp_path: Path) -> None:
    home = make_district(
        tmp_path / "home", database="" if target.startswith("sqlite") else target, posts_per_minute=10**6
    )
    killed_and_checked(home, kills=500, seed=1)
