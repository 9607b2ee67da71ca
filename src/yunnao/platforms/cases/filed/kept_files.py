"""Attachments on disk: each file under its SHA-256, whole or absent; never changed, only removed.

A file is written first, then the event that names it. An interruption in between leaves a file that nobody names, which
`rounds/sweep.py` removes in time. Whoever writes the event looks, in its transaction, whether the file is there (`there`): files are
removed in such transactions alone, so that an event never names one that is just being removed.
"""

import hashlib
import os
import re
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yunnao.storage.files import disk_errors, make_folder, sync_folder, write_privately

FOLDER = "attachments"
_DIGEST = re.compile(r"[0-9a-f]{64}")


def is_digest(name: object) -> bool:
    """Whether a file may be kept under this name."""
    return isinstance(name, str) and _DIGEST.fullmatch(name) is not None


@dataclass(frozen=True)
class Stamp:
    """By which it is seen whether a file was written anew: its inode, and when it was changed (ns since 1970)."""

    inode: int
    changed: int


class KeptFiles:
    """The attachments below a folder: ``ab/abcd...``, by the first two digits of the digest."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writing = threading.Lock()

    def keep(self, content: bytes) -> str:
        """Keep a file; its SHA-256. One that is there is written anew, so that it counts as fresh.

        Raises:
            YunnaoError: the disk is full or refuses.
        """
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        with self._writing:  # the same photo twice at once would be under construction under one name
            make_folder(path.parent)
            write_privately(path, content)
        return digest

    def there(self, digest: str) -> bool:
        """Whether a file is kept under this digest."""
        return self.stamp(digest) is not None

    def content(self, digest: str) -> bytes | None:
        """A file's bytes, if it is there and still is what its name says."""
        try:
            found = self._path(digest).read_bytes()
        except OSError:
            return None
        return found if hashlib.sha256(found).hexdigest() == digest else None

    def stamp(self, digest: str) -> Stamp | None:
        """The stamp of a file; none if it is not there."""
        try:
            status = self._path(digest).stat()
        except OSError:
            return None
        return Stamp(status.st_ino, status.st_mtime_ns)

    def remove(self, digest: str) -> None:
        """Remove a file for good, if it is there; in a transaction that shuts out whoever may be about to name it.

        Raises:
            YunnaoError: the disk refuses.
        """
        path = self._path(digest)
        with disk_errors(path):
            path.unlink(missing_ok=True)
            if path.parent.is_dir():
                sync_folder(path.parent)

    def digests(self) -> Iterator[str]:
        """Every file that is kept, by its digest."""
        for path in sorted(self._folder.glob("??/*")):
            if is_digest(path.name):
                yield path.name

    def remove_leftovers(self, before: int) -> None:
        """Remove what was under construction when a process was killed, if last changed before an instant (ns since 1970)."""
        for path in self._folder.glob("??/.*.tmp"):
            with suppress(OSError):
                if path.stat().st_mtime_ns < before:
                    os.unlink(path)

    def _path(self, digest: str) -> Path:
        if not is_digest(digest):
            raise ValueError("a digest is 64 hexadecimal digits")
        return self._folder / digest[:2] / digest
