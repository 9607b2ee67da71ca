"""Files of a district that are read again when they have changed: the classifier's model, the responsibility catalogue."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from yunnao.capabilities.classification.model import Model
from yunnao.capabilities.classification.model_file import model_from_bytes
from yunnao.platforms.registry.formats import check_readable

Content = TypeVar("Content")


def load_model(path: Path) -> Model:
    """The model in a file.

    Raises:
        YunnaoError: it cannot be read, or is no model.
    """
    check_readable(path)
    return model_from_bytes(path.read_bytes(), path.name)


class Kept(Generic[Content]):
    """What a file holds, read when it is first asked for, and again when the file has changed.

    Args:
        where: the file; asked each time.
        read: raises `YunnaoError` where it cannot.
    """

    def __init__(self, where: Callable[[], Path], read: Callable[[Path], Content]) -> None:
        self._where = where
        self._read = read
        self._seen: tuple[Path, int, int] | None = None
        self._content: Content | None = None

    def __call__(self) -> Content:
        """The content as the file has it now."""
        path = self._where()
        seen = (path, path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else None
        if self._content is None or seen is None or seen != self._seen:
            self._content, self._seen = self._read(path), seen
        return self._content
