"""Citizens who file without end, each appeal until it is acknowledged, and who answer the call-back of those that were answered."""

import random
import threading
from collections.abc import Callable
from typing import Any

import requests

from bench.kills.doors import DELIVERIES
from bench.kills.ledger import Ledger, Receipt

_TIMEOUT = 10
_PAUSE = 0.2
"""Seconds before a broken line is tried again."""
_LOOKS_BACK = 0.4
"""How often a citizen looks at an earlier appeal rather than filing a new one."""
_OWN_STEPS = ("call_back", "reopen")


class Citizen:
    """One person.

    Args:
        ended: set when everybody is to go home.
    """

    def __init__(self, url: str, ledger: Ledger, ended: threading.Event, seed: int) -> None:
        self._url = url
        self._ledger = ledger
        self._ended = ended
        self._chance = random.Random(seed)
        self._own: list[Receipt] = []

    def live(self) -> None:
        """File and answer until it is over."""
        with requests.Session() as session:
            while not self._ended.is_set():
                if self._own and self._chance.random() < _LOOKS_BACK:
                    self._look_back(session, self._chance.choice(self._own[-50:]))
                else:
                    self._file(session)

    def _file(self, session: requests.Session) -> None:
        mark = self._ledger.mark()
        delivery = self._chance.choice(DELIVERIES)(self._url, session, f"路灯不亮，已经第三天了。{mark}")
        receipt = self._until(delivery.send)
        if receipt is not None:
            self._ledger.filed(mark, delivery.door, receipt)
            self._own.append(receipt)

    def _look_back(self, session: requests.Session, own: Receipt) -> None:
        """Look once; where the desk waits for the citizen, answer."""
        url, headers = f"{self._url}/api/v1/appeals/{own.number}", {"Follow-Up-Code": own.code}
        seen = self._sent(lambda: session.get(url, headers=headers, timeout=_TIMEOUT))
        if seen is None or seen.status_code != 200:
            return
        for step in _OWN_STEPS:
            if step in seen.json()["steps"]:
                self._step(session, url, headers, own.number, step, seen.json()["seen"])
                return

    def _step(
        self, session: requests.Session, url: str, headers: dict[str, str], number: str, step: str, seen: int
    ) -> None:
        """Take a step until it is known what became of it: acknowledged, read back after a broken line, or refused."""
        mark = self._ledger.mark()
        solved = self._chance.random() < 0.8
        given = {"solved": solved, "satisfied": "satisfied" if solved else "dissatisfied"}
        asked: Any = {"step": step, "given": given if step == "call_back" else {}, "reason": mark, "seen": seen}
        while not self._ended.is_set():
            answer = self._sent(lambda: session.post(f"{url}/steps", json=asked, headers=headers, timeout=_TIMEOUT))
            if answer is not None and answer.status_code == 409:
                answer = self._sent(lambda: session.get(url, headers=headers, timeout=_TIMEOUT))
                if answer is not None and answer.status_code == 200 and mark not in answer.text:
                    return  # somebody else was faster
            if answer is not None and answer.status_code == 200:
                self._ledger.taken(mark, number, step)
                return
            self._ended.wait(_PAUSE)

    def _until(self, send: Callable[[], Receipt | None]) -> Receipt | None:
        """What is acknowledged at last; none if it is over before."""
        while not self._ended.is_set():
            answer = self._sent(send)
            if answer is not None:
                return Receipt(answer.number, answer.code)
            self._ended.wait(_PAUSE)
        return None

    def _sent(self, send: Callable[[], Any]) -> Any:
        """The answer; none if the line broke."""
        self._ledger.sending(1)
        try:
            return send()
        except requests.RequestException:
            return None
        finally:
            self._ledger.sending(-1)
