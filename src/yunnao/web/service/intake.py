"""The intake queue: filings of concurrent requests go to the record store together, and none is acknowledged before its commit.

The record store has one writer at a time, and a commit waits for the disk. While one transaction runs, further filings gather;
they are the next transaction. So the more come in, the more share a commit.
"""

import asyncio
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.platforms.cases.filed.filing import Filed, Filing

MOST_TOGETHER = 200
_MOST_WAITING = 5_000
_FEW = 4
"""Filings in one transaction that are no crowd yet."""
_CROWDED_FOR = 0.5
"""Seconds after a crowd's transaction in which the next one is expected."""

_Waiting = tuple[Filing, "asyncio.Future[Filed]"]


class Intake:
    """The queue in front of `FiledCases.file`.

    Args:
        file: files several matters in one transaction.
    """

    def __init__(self, file: Callable[[Sequence[Filing]], list[Filed]]) -> None:
        self._file = file
        self._queue: asyncio.Queue[_Waiting] = asyncio.Queue(_MOST_WAITING)
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="intake")
        self._task: asyncio.Task[None] | None = None
        self._crowd_until = 0.0

    @property
    def crowded(self) -> bool:
        """Whether many are filing at this moment."""
        return time.monotonic() < self._crowd_until

    def start(self) -> None:
        """Begin to file what comes in."""
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """File what has come in, and end."""
        await self._queue.join()
        if self._task is not None:
            self._task.cancel()
        self._writer.shutdown()

    async def file(self, filing: Filing) -> Filed:
        """File one matter; returns when it has been committed. A caller that is cancelled does not take its filing back.

        Raises:
            HomeBusy: too many are waiting, or the record store is held by another.
            YunnaoError: it is not usable.
        """
        waiting: asyncio.Future[Filed] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((filing, waiting))
        except asyncio.QueueFull:
            raise HomeBusy("现在提交的人太多，这一件还没有受理；请过一会儿再提交") from None
        return await asyncio.shield(waiting)

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            batch = [await self._queue.get()]
            while len(batch) < MOST_TOGETHER and not self._queue.empty():
                batch.append(self._queue.get_nowait())
            crowd = len(batch) > _FEW
            if crowd:
                self._crowd_until = float("inf")  # until it is filed
            answers = await loop.run_in_executor(self._writer, self._answers, [filing for filing, _ in batch])
            if crowd:
                self._crowd_until = time.monotonic() + _CROWDED_FOR
            for (_, waiting), answer in zip(batch, answers, strict=True):
                self._queue.task_done()
                if isinstance(answer, Filed):
                    waiting.set_result(answer)
                else:
                    waiting.set_exception(answer)
                    waiting.exception()  # a caller that has gone away leaves nobody to ask for it

    def _answers(self, filings: Sequence[Filing]) -> Sequence[Filed | Exception]:
        """What became of each; one that is not usable does not hold up the others."""
        try:
            return self._file(filings)
        except HomeBusy as error:
            return [error] * len(filings)
        except YunnaoError as error:
            if len(filings) == 1:
                return [error]
            return [answer for filing in filings for answer in self._answers([filing])]
        except Exception as error:  # the queue goes on, whatever happened; each caller is told
            return [error] * len(filings)
