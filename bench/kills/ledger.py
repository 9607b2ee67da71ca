"""What people were told by the service, and what they tried; every appeal and every step carries a mark of its own."""

import itertools
import threading
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Receipt:
    """An acknowledged appeal: its number and follow-up code."""

    number: str
    code: str


@dataclass
class Ledger:
    """Shared by all who take part; each method is one step under a lock.

    Attributes:
        appeals: mark -> what was told.
        steps: mark -> (number, step) of acknowledged steps.
        tried: marks of appeals and steps that were sent at least once.
        waiting: requests that are under way now.
    """

    run: str
    appeals: dict[str, Receipt] = field(default_factory=dict)
    steps: dict[str, tuple[str, str]] = field(default_factory=dict)
    tried: set[str] = field(default_factory=set)
    doors: dict[str, int] = field(default_factory=dict)
    waiting: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _marks: "itertools.count[int]" = field(default_factory=itertools.count)

    def mark(self) -> str:
        """A new mark."""
        with self._lock:
            mark = f"m-{self.run}-{next(self._marks):07d}-z"
            self.tried.add(mark)
            return mark

    def filed(self, mark: str, door: str, receipt: Receipt) -> None:
        """An appeal was acknowledged at ``door``."""
        with self._lock:
            self.appeals[mark] = receipt
            self.doors[door] = self.doors.get(door, 0) + 1

    def taken(self, mark: str, number: str, step: str) -> None:
        """A step was acknowledged."""
        with self._lock:
            self.tried.add(mark)
            self.steps[mark] = (number, step)

    def sending(self, change: int) -> None:
        """A request begins (1) or ends (-1)."""
        with self._lock:
            self.waiting += change

    @property
    def acknowledged(self) -> int:
        """Appeals and steps so far."""
        return len(self.appeals) + len(self.steps)
