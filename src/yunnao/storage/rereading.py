"""A file that people change while a service runs: read again when it has changed, and only then."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

T = TypeVar("T")


class Rereading(Generic[T]):
    """What a file says now.

    Args:
        where: the file; or which file it is, asked each time.
        read: reads it; what it raises is raised each time, until the file is right again.
    """

    def __init__(self, where: Path | Callable[[], Path], read: Callable[[Path], T]) -> None:
        self._where = where
        self._read = read
        self._kept: tuple[tuple[Path, int, int, int], T] | None = None

    def __call__(self) -> T:
        """What the file says now; where there is none, it is read for each time, since none may say something, too."""
        path = self._where if isinstance(self._where, Path) else self._where()
        now = mark(path)
        if now is None:
            return self._read(path)
        if self._kept is None or self._kept[0] != now:
            self._kept = (now, self._read(path))
        return self._kept[1]


def mark(path: Path) -> tuple[Path, int, int, int] | None:
    """Changes with every change of the file, and with the file; none while there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return (path, found.st_ino, found.st_mtime_ns, found.st_size)
