"""How often one address may do something within a while; kept in memory, forgotten with the process. What is got wrong is counted in the
record store instead (`access/attempts.py`)."""

import time
from collections import OrderedDict, deque
from collections.abc import Callable

_MOST_ADDRESSES = 50_000


class Limiter:
    """Counts what each address did within the last while.

    Args:
        most: how often it may be done.
        seconds: how long the while is.
        clock: seconds that only grow.
    """

    def __init__(self, most: int, seconds: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._seconds = seconds
        self._clock = clock
        self._done: OrderedDict[str, deque[float]] = OrderedDict()

    def may(self, address: str) -> bool:
        """Whether ``address`` may do it (once more)."""
        done = self._recent(address)
        return done is None or len(done) < self._most

    def note(self, address: str) -> None:
        """``address`` has done it."""
        done = self._recent(address)
        if done is None:
            done = self._done[address] = deque(maxlen=self._most)
            while len(self._done) > _MOST_ADDRESSES:
                self._done.popitem(last=False)
        done.append(self._clock())

    def _recent(self, address: str) -> deque[float] | None:
        done = self._done.get(address)
        if done is None:
            return None
        self._done.move_to_end(address)
        while done and done[0] <= self._clock() - self._seconds:
            done.popleft()
        return done
