"""A file that people change while a service runs: read again when it has changed, and only then."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Rereading(Generic[T]):
    """What a file says now.

    Args:
        path: of the file.
        read: reads it; what it raises is raised each time, until the file is right again.
    """

    def __init__(self, path: Path, read: Callable[[Path], T]) -> None:
        self._path = path
        self._read = read
        self._kept: tuple[tuple[int, int, int] | None, T] | None = None

    def __call__(self) -> T:
        """What the file says now."""
        mark = self._mark()
        if self._kept is None or self._kept[0] != mark:
            self._kept = (mark, self._read(self._path))
        return self._kept[1]

    def _mark(self) -> tuple[int, int, int] | None:
        """Changes with every change of the file; none while there is no file."""
        try:
            found = self._path.stat()
        except OSError:
            return None
        return (found.st_ino, found.st_mtime_ns, found.st_size)
