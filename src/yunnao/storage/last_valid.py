"""A file that people change while a service runs, and what it said when it was last right: a mistake in it stops nothing."""

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.rereading import mark

T = TypeVar("T")

_LOG = logging.getLogger("yunnao.files")


class LastValid(Generic[T]):
    """What a file said when it was last right; read and checked as a whole whenever it has changed, and only then.

    Args:
        where: the file; or which file it is, asked each time. It need not exist, if ``read`` says so.
        read: reads it.
        agree: raises where what is new may not follow what is in force.

    Attributes:
        problem: why what the file says now is not in force, as a Chinese sentence; empty if it is.
    """

    def __init__(
        self, where: Path | Callable[[], Path], read: Callable[[Path], T], agree: Callable[[T, T], None] | None = None
    ) -> None:
        self._where = where
        self._read = read
        self._agree = agree
        self._lock = threading.Lock()
        self._seen: object = None
        self._kept: tuple[T] | None = None
        self.problem = ""

    @property
    def path(self) -> Path:
        """The file, as of now."""
        return self._where if isinstance(self._where, Path) else self._where()

    def __call__(self) -> T:
        """What is in force.

        Raises:
            YunnaoError: the file was not right yet since this process began.
        """
        path = self.path
        seen = mark(path) or path  # a file that is gone has changed, too
        with self._lock:
            if self._kept is None:
                self._kept = (self._read(path),)
                self._seen = seen
            elif seen != self._seen:
                self._follow(path, self._kept[0])
                self._seen = seen
            return self._kept[0]

    def _follow(self, path: Path, in_force: T) -> None:
        try:
            new = self._read(path)
            if self._agree is not None:
                self._agree(in_force, new)
        except YunnaoError as error:
            self.problem = str(error)
            _LOG.warning("%s 改动后不能用，仍按原来的办：%s", path.name, error)
            return
        self._kept, self.problem = (new,), ""
        _LOG.info("%s 已改动，从现在起按新的办", path.name)
