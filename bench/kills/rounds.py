"""Round after round: the service is started, people use it, it is killed at a random instant, its database now and then, too."""

import random
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bench.kills.checks import waiting
from bench.kills.citizens import Citizen
from bench.kills.doors import ENVIRONMENT
from bench.kills.gateway import Gateway
from bench.kills.ledger import Ledger
from bench.service.databases import Postgres
from bench.service.server import Server, free_port

_CITIZENS = 8
_LONGEST_LIFE = 2.0
"""Seconds after it answers at which the service is killed at the latest."""
_DURING_START = 0.2
"""Share of rounds in which it is killed before it answers."""
_OFFICER_ROUNDS = 5
"""The officer's process is killed once in so many rounds."""
DATABASE_ROUNDS = 20
_WORKS_AGAIN_SECONDS = 30
_NOTHING_SENT_SECONDS = 120


@dataclass
class Rounds:
    """What happened in the rounds.

    Attributes:
        starts: seconds from start to first answer, of each round that got so far.
        in_flight: requests that were under way when the service was killed.
    """

    kills: int = 0
    during_start: int = 0
    officer_kills: int = 0
    database_kills: int = 0
    starts: list[float] = field(default_factory=list)
    in_flight: list[int] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def usual_start(self) -> float:
        """Seconds that a start takes, as far as known."""
        return statistics.median(self.starts) if self.starts else 1.5


class _Officer:
    """The officer's process and the thread that reads what it has done."""

    def __init__(self, home: Path, seed: int, ledger: Ledger) -> None:
        command = [sys.executable, "-m", "bench.kills.officer", str(home), str(seed), f"{ledger.run}{seed}"]
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self._reader = threading.Thread(target=self._read, args=(ledger,), daemon=True)
        self._reader.start()

    def _read(self, ledger: Ledger) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.endswith("\n"):
                mark, number, step = line.split()
                ledger.taken(mark, number, step)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
        self._reader.join()
        assert self._process.stdout is not None
        self._process.stdout.close()


def killed(
    home: Path,
    kills: int,
    seed: int,
    gateway: Gateway,
    postgres: Postgres | None = None,
    report: Callable[[Rounds, Ledger], None] = lambda _rounds, _ledger: None,
    database_rounds: int = DATABASE_ROUNDS,
) -> tuple[Rounds, Ledger]:
    """Use and kill the service of ``home``; at the end it does not run.

    Args:
        gateway: where the home's messages go; at the end, all have arrived.
        postgres: the server behind the home's records, if it is to be killed, too.
        report: told after each round.
        database_rounds: PostgreSQL is killed once in so many rounds.

    Raises:
        RuntimeError: the service ended by itself, or did not work again.
    """
    chance, port, started = random.Random(seed), free_port(), time.perf_counter()
    ledger, rounds = Ledger(run=f"{seed:x}"), Rounds()
    officer, last = _Officer(home, 0, ledger), None
    try:
        with _citizens(f"http://127.0.0.1:{port}", ledger, seed):
            for number in range(1, kills + 1):
                _round(home, port, ledger, rounds, chance, postgres if number % database_rounds == 0 else None)
                if number % _OFFICER_ROUNDS == 0:
                    officer.kill()
                    rounds.officer_kills += 1
                    officer = _Officer(home, number, ledger)
                rounds.seconds = time.perf_counter() - started
                report(rounds, ledger)
            last = Server(home, port, ENVIRONMENT)
            last.wait()
            _wait_for_more(ledger)
        officer.kill()
        _wait_until_sent(home, gateway)
    finally:
        officer.kill()
        if last is not None:
            last.stop()
    return rounds, ledger


@contextmanager
def _citizens(url: str, ledger: Ledger, seed: int) -> Iterator[None]:
    ended = threading.Event()
    with ThreadPoolExecutor(_CITIZENS) as pool:
        people = [pool.submit(Citizen(url, ledger, ended, seed * 100 + n).live) for n in range(_CITIZENS)]
        try:
            yield
        finally:
            ended.set()
        for person in people:
            person.result()


def _round(
    home: Path, port: int, ledger: Ledger, rounds: Rounds, chance: random.Random, postgres: Postgres | None
) -> None:
    server = Server(home, port, ENVIRONMENT)
    try:
        if chance.random() < _DURING_START and postgres is None:
            time.sleep(chance.uniform(0.0, rounds.usual_start))
            rounds.during_start += 1
        else:
            rounds.starts.append(server.wait())
            time.sleep(_LONGEST_LIFE * chance.random() ** 2)  # most of all soon after the start, where rounds are short
            if postgres is not None:
                _kill_database(postgres, ledger, rounds, outlived=chance.random() < 0.5)
        rounds.in_flight.append(ledger.waiting)
    finally:
        server.kill()
    rounds.kills += 1


def _kill_database(postgres: Postgres, ledger: Ledger, rounds: Rounds, *, outlived: bool) -> None:
    """Kill it under the running service; where the service outlives it, it must work again without a restart."""
    postgres.kill()
    rounds.database_kills += 1
    if not outlived:
        time.sleep(0.05)
    postgres.start_again()
    if outlived:
        _wait_for_more(ledger)


def _wait_until_sent(home: Path, gateway: Gateway) -> None:
    """Nobody works any more: what is to be sent arrives. What has stopped to arrive is left to the checks, which count it."""
    gateway.in_order = True
    fewest, ends = waiting(home), time.monotonic() + _NOTHING_SENT_SECONDS
    while fewest and time.monotonic() < ends:
        time.sleep(0.5)
        if (many := waiting(home)) < fewest:
            fewest, ends = many, time.monotonic() + _NOTHING_SENT_SECONDS


def _wait_for_more(ledger: Ledger) -> None:
    before, ends = len(ledger.appeals), time.monotonic() + _WORKS_AGAIN_SECONDS
    while len(ledger.appeals) < before + _CITIZENS:
        if time.monotonic() > ends:
            raise RuntimeError("nothing is acknowledged any more")
        time.sleep(0.01)
