"""A district that is served over real HTTP on a free port, with a clock that the test sets, and officers who act beside it."""

import datetime as dt
import socket
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import requests
import uvicorn

from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.catalogue.home import make_home
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.rounds.task import Task
from yunnao.platforms.cases.filed.workflow import Asked
from yunnao.settings import STARTER, WebKeys
from yunnao.web.service.application import application

KEY = "a-key-of-a-partner"
DESK = Actor("desk", "示例台", frozenset({Role.OPERATOR, Role.CENTRE}), "centre")
THURSDAY = dt.datetime(2026, 9, 24, 10, tzinfo=CHINA)
"""Before the holidays of Mid-Autumn and of the National Day."""


@dataclass
class Served:
    """A running service.

    Attributes:
        now: what its clock shows.
    """

    url: str
    district: District
    now: dt.datetime = THURSDAY

    def get(self, path: str, **more: Any) -> requests.Response:
        """GET ``path``."""
        return requests.get(self.url + path, timeout=30, **more)

    def post(self, path: str, data: Any = None, **more: Any) -> requests.Response:
        """POST to ``path``."""
        return requests.post(self.url + path, data=data, timeout=30, **more)

    def file(self, **fields: str) -> tuple[str, str]:
        """File an appeal by JSON; its number and code."""
        answer = self.post("/api/v1/appeals", json={"text": "路灯不亮，请修。", **fields})
        assert answer.status_code == 201, answer.text
        return answer.json()["number"], answer.json()["code"]

    def take(self, number: str, step: str, actor: Actor = DESK, reason: str | None = None, **given: Any) -> None:
        """A step by an officer."""
        asked = Asked(step=step, actor=actor, at=self.now, reason=reason, given=given)
        self.district.filed.take(number, asked)

    def answered(self, number: str, department: str = "ecology") -> None:
        """Bring an appeal to its answer."""
        handler = Actor("h", "示例", frozenset({Role.HANDLER}), department)
        self.take(number, "dispatch", department=department)
        self.take(number, "sign_in", handler)
        self.take(number, "answer", handler, answer="已修好，请查看。")


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


OFFICES: Mapping[str, str] = {"ecology": "生态环境分局", "health": "卫生健康局"}
"""Departments that have officers."""


def make_district(home: Path, database: str = "", **web: Any) -> Path:
    """A district's home; ``web``: settings of intake."""
    settings = {"public_url": "https://example.org", "posts_per_minute": 10_000, "wrong_codes_per_hour": 1_000} | web
    lines = [
        f"web: {{{', '.join(f'{name}: {value!r}' for name, value in settings.items())}}}"
        if line.startswith("web:")
        else line
        for line in STARTER.splitlines()
    ]
    text = "\n".join(lines).replace('database_url: ""', f"database_url: {database!r}")
    make_home(home, OFFICES, text + "\n")
    return home


@contextmanager
def served(
    home: Path,
    keys: WebKeys | None = None,
    environment: Mapping[str, str] | None = None,
    tasks: Sequence[Task] = (),
) -> Iterator[Served]:
    """The service of ``home``, until the end of the block."""
    port = free_port()
    service = Served(f"http://127.0.0.1:{port}", None)  # type: ignore[arg-type]
    service.district = District(home, lambda: service.now, environment or {})
    app = application(service.district, keys or WebKeys(wechat_token="token", open311={KEY: "partner"}), tasks)
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="warning", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server has not started"
        time.sleep(0.01)
    try:
        yield service
    finally:
        server.should_exit = True
        thread.join(10)
        service.district.records.close()
