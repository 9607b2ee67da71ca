"""`python -m bench.kills.officer HOME SEED RUN`: an officer's process that takes step after step, and is killed like the service.

Each committed step is a line on its output: mark, number, step. A line that was written is read even if its writer was killed.
"""

import random
import sys
import time
from pathlib import Path
from typing import Any

from bench.service.homes import DEPARTMENTS
from yunnao.access.actors import Actor
from yunnao.access.roles import Role
from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.definitions import FiledStep
from yunnao.platforms.cases.filed.workflow import Asked

_WANTED = ("dispatch", "sign_in", "contact", "answer", "send_back", "redispatch", "adjudicate", "settle")
_ANSWERED_BY_CITIZENS = "answered"

_PAUSE = 0.03
"""Seconds between two steps: an officer is no flood, and shares two cores with what is measured."""


class Officer:
    """Somebody who may do everything at every desk."""

    def __init__(self, home: Path, seed: int, run: str) -> None:
        self._district = District(home)
        self._chance = random.Random(seed)
        self._run = run
        self._taken = 0

    def work(self) -> None:
        """Take steps without end; what is refused or breaks is passed over."""
        while True:
            try:
                rows = self._district.filed.inbox(limit=400)
                for row in self._chance.sample(rows, min(20, len(rows))):
                    if row["state"] != _ANSWERED_BY_CITIZENS:
                        self._step(row["case_id"], row["department"])
                if not rows:
                    time.sleep(0.05)
            except YunnaoError:
                time.sleep(0.05)

    def _step(self, number: str, department: str | None) -> None:
        roles = frozenset({Role.HANDLER, Role.OPERATOR, Role.CENTRE})
        actor = Actor("officer", "示例", roles, department)
        view = self._district.filed.get(number, actor)
        possible = [step for step in view.allowed if step.id in _WANTED]
        if not possible:
            return
        step = self._chance.choice(possible)
        self._taken += 1
        mark = f"s-{self._run}-{self._taken:05d}-z"
        asked = Asked(
            step=step.id,
            actor=actor,
            at=self._district.clock(),
            reason=mark,
            given=self._given(step),
            seen=len(view.events),
        )
        self._district.filed.take(number, asked)
        sys.stdout.write(f"{mark} {number} {step.id}\n")
        sys.stdout.flush()
        time.sleep(_PAUSE)

    def _given(self, step: FiledStep) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for name, field in step.gives.items():
            if field.required:
                values[name] = {
                    "department": self._chance.choice(list(DEPARTMENTS)),
                    "choice": next(iter(field.values), ""),
                    "truth": True,
                    "number": 1,
                    "date": "2026-01-31",
                    "text": "已到现场处理。",
                }[field.kind]
        return values


if __name__ == "__main__":
    Officer(Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]).work()
