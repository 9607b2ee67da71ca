"""What the house does beside the doors while the service runs: each task in a thread of its own, again and again, until the service ends.

A task that fails says so in one line, without anybody's data, and is tried again after a growing pause; the doors and the others go on.
While many file at once, the tasks give way between their pieces of work: the record store has one writer, and who files waits for an
answer. They get a short turn now and then, so that a crowd that does not end holds nothing up for good.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.rounds.task import Task

_LOG = logging.getLogger("yunnao.upkeep")
_LONGEST_PAUSE = 300.0
_PATIENCE = 10.0
"""Seconds that a task gives way at most before it has its turn."""
_TURN = 0.2
"""Seconds of a turn while the doors are crowded."""
_LOOK = 0.1
"""Seconds between looks at the doors."""


class BesideTheDoors:
    """The tasks of a running service.

    Args:
        crowded: whether many are filing at this moment.
    """

    def __init__(self, tasks: Sequence[Task], crowded: Callable[[], bool]) -> None:
        self._tasks = tasks
        self._crowded = crowded
        self._ended = threading.Event()
        self._threads = ThreadPoolExecutor(max(len(tasks), 1), thread_name_prefix="upkeep")
        self._loops: list[asyncio.Task[None]] = []
        self._wake = asyncio.Event()

    def start(self) -> None:
        """Begin; the first rounds at once."""
        self._loops = [asyncio.create_task(self._repeat(task)) for task in self._tasks]

    async def stop(self) -> None:
        """End as soon as each task has finished the piece of work that it is at."""
        self._ended.set()
        self._wake.set()
        await asyncio.gather(*self._loops)
        self._threads.shutdown()

    async def _repeat(self, task: Task) -> None:
        failures, loop, going = 0, asyncio.get_running_loop(), _GivingWay(self._crowded, self._ended)
        while not self._ended.is_set():
            try:
                await loop.run_in_executor(self._threads, lambda: going() and task.run(going))
                failures = 0
            except Exception as error:  # whatever it was, the next round tries again
                failures += 1
                said = str(error) if isinstance(error, YunnaoError) else type(error).__name__
                _LOG.warning("%s（%s）没有做成，过一会儿再试：%s", task.title, task.name, said)
            pause = min(task.every * 2 ** min(failures, 20), max(_LONGEST_PAUSE, task.every))
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue


class _GivingWay:
    """Whether one task goes on; answers when it is its turn, or the service ends."""

    def __init__(self, crowded: Callable[[], bool], ended: threading.Event) -> None:
        self._crowded = crowded
        self._ended = ended
        self._turn_until = time.monotonic()

    def __call__(self) -> bool:
        asked = time.monotonic()
        if asked < self._turn_until:
            return not self._ended.is_set()
        while self._crowded() and time.monotonic() < asked + _PATIENCE:
            if self._ended.wait(_LOOK):
                return False
        self._turn_until = time.monotonic() + _TURN
        return not self._ended.is_set()
