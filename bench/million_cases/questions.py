"""What is asked of the store at its full size, in the process and over HTTP, and how long each answer takes."""

import random
import secrets
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import requests
import sqlalchemy as sa

from bench.million_cases.filling import FOLLOW_UP_CODE
from bench.service.homes import DEPARTMENTS
from bench.service.officers import signed_in
from yunnao.app import District
from yunnao.platforms.cases.filed import store
from yunnao.platforms.cases.filed.filing import Filing, Person
from yunnao.platforms.cases.filed.searching import Wanted
from yunnao.platforms.cases.filed.workflow import Asked

OFFICERS = ("ecology.handler", "centre")
Ask = Callable[[int], object]
"""Asks once; the number says for the how-manieth time."""


@dataclass(frozen=True, kw_only=True)
class Question:
    """Something that is asked again and again.

    Attributes:
        bar: milliseconds that its 99th percentile may take, if the issue sets one.
    """

    title: str
    ask: Ask
    times: int = 200
    bar: float | None = None


@dataclass(frozen=True)
class Answered:
    """How long the answers took, in milliseconds."""

    milliseconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The answer in the middle."""
        return statistics.median(self.milliseconds)

    @property
    def p99(self) -> float:
        """99 of 100 answers are as quick."""
        return sorted(self.milliseconds)[max(0, -(-len(self.milliseconds) * 99 // 100) - 1)]


def answered(question: Question) -> Answered:
    """Ask; one answer before that is not counted."""
    question.ask(0)
    spent = []
    for number in range(1, question.times + 1):
        started = time.perf_counter()
        question.ask(number)
        spent.append((time.perf_counter() - started) * 1000)
    return Answered(tuple(spent))


def some_numbers(district: District, many: int, chance: random.Random) -> Sequence[str]:
    """Numbers of cases all over the store."""
    cases = store.CASES.c
    with district.records.read() as connection:
        first, last = connection.execute(sa.select(sa.func.min(cases.case_id), sa.func.max(cases.case_id))).one()
        days = range(int(first[2:10]), int(last[2:10]) + 1)
        found: list[str] = []
        while len(found) < many:
            start = f"{first[:2]}{chance.choice(days)}-{chance.randrange(1, 1800):05d}"
            next_one = sa.select(cases.case_id).where(cases.case_id >= start).order_by(cases.case_id).limit(1)
            found += connection.execute(next_one).scalars()
    return found


def in_process(district: District, numbers: Sequence[str]) -> list[Question]:
    """Questions to the desk itself."""
    filed, departments = district.filed, list(DEPARTMENTS)
    fresh: list[str] = []

    def file(number: int) -> None:
        filing = Filing(
            flow="appeal",
            channel="api",
            key=f"bench:new:{secrets.token_hex(8)}",
            title="路灯不亮",
            body=f"第 {number} 件：路灯不亮，请修。",
            person=Person(contact="13800000000"),
            repeatable=True,
        )
        fresh.append(filed.file([filing])[0].case_id)

    def classify(number: int) -> None:
        asked = Asked(step="classify", actor=None, at=district.clock(), given={"category": "城乡建设"})
        filed.take(fresh[number], asked)

    def of_department(number: int) -> str:
        return departments[number % len(departments)]

    def search(**wanted: object) -> Ask:
        return lambda _number: filed.search(Wanted(flow="appeal", limit=100, **wanted))  # type: ignore[arg-type]

    return [
        Question(title="inbox of a department, the first 100", ask=lambda n: filed.inbox(department=of_department(n)), bar=100),
        Question(title="inbox of all departments, the first 100", ask=lambda _n: filed.inbox(), bar=100),
        Question(title="closed cases of a department, the first 100", ask=lambda n: filed.inbox(department=of_department(n), closed=True)),
        Question(title="open and closed of a department", ask=lambda n: filed.inbox(department=of_department(n), closed=None)),
        Question(title="one case with events and words", ask=lambda n: filed.get(numbers[n])),
        Question(title="the newest 100 with events and words", ask=search(), times=50),
        Question(title="the newest 100 of a rare kind", ask=search(kinds=("emergency",)), times=50),
        Question(title="the newest 100 open ones", ask=search(closed=False), times=50),
        Question(title="filing one, committed", ask=file),
        Question(title="one step, committed", ask=classify),
    ]  # fmt: skip


def at_the_desk(url: str) -> Iterator[Question]:
    """Pages of an officer of a department, and of the centre."""
    for actor in OFFICERS:
        with signed_in(url, actor) as session:
            for title, path in (("inbox", "/desk"), ("every open one", "/desk?state=open")):

                def get(_number: int, session: requests.Session = session, path: str = path) -> None:
                    answer = session.get(url + path, timeout=60, allow_redirects=False)
                    if answer.status_code != 200:
                        raise RuntimeError(f"{path}: {answer.status_code}")

                yield Question(title=f"HTTP: desk of {actor}: {title}", ask=get, bar=100)


def over_http(url: str, numbers: Sequence[str]) -> Iterator[Question]:
    """Questions to the service, one at a time over one connection."""
    with requests.Session() as session:

        def wanted(answer: requests.Response, status: int = 200) -> None:
            if answer.status_code != status:
                raise RuntimeError(f"{answer.status_code}: {answer.text[:200]}")

        def follow(number: int) -> None:
            form = {"number": numbers[number], "code": FOLLOW_UP_CODE}
            wanted(session.post(f"{url}/follow", data=form, timeout=60))

        def file(number: int) -> None:
            wanted(session.post(f"{url}/api/v1/appeals", json={"text": f"第 {number} 件"}, timeout=60), 201)

        def get(path: str) -> Ask:
            return lambda _number: wanted(session.get(url + path, timeout=60))

        yield Question(title="HTTP: filing one (JSON)", ask=file)
        yield Question(title="HTTP: the page that follows an appeal", ask=follow)
        yield Question(
            title="HTTP: Open311, a request", ask=lambda n: get(f"/open311/v2/requests/{numbers[n]}.json")(n)
        )
        for title, asked in (
            ("requests of 90 days", "page_size=50"),
            ("open emergencies", "page_size=50&status=open&service_code=emergency"),
        ):
            yield Question(title=f"HTTP: Open311, {title}", ask=get(f"/open311/v2/requests.json?{asked}"), times=50)


@contextmanager
def timed() -> Iterator[list[float]]:
    """The seconds that the block takes, once it has ended."""
    seconds: list[float] = []
    started = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - started)
