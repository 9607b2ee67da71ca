"""The head of the log (末条): number and hash of its last line, and where it is kept outside of the table."""

import json
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.files import write_atomically

FILE = "audit-head.json"
"""In the district's home: the head after the last command that wrote; it may lag behind, never run ahead."""

_TEXT = re.compile(r"(?:([0-9]{1,18}):)?([0-9a-f]{64})")


_reached: dict[Path, "Head"] = {}


@dataclass(frozen=True, slots=True)
class Head:
    """The last line of the log: its number and hash; before the first, 0 and 64 zeros."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Noted:
    """A head as somebody noted it.

    Attributes:
        number: of the line; none if only its hash was noted.
        where: who says so, in Chinese.
    """

    number: int | None
    hash: str
    where: str

    def __str__(self) -> str:
        return self.hash if self.number is None else f"{self.number}:{self.hash}"


def reached(path: Path, head: Head) -> None:
    """``head`` has been committed: `keep` is to put it into the file ``path``."""
    _reached[path] = head


def keep() -> None:
    """Put every head that was reached into its file, whole or not at all; at the end of each command that wrote.

    Best effort: what stops a file from being written takes nothing back, and the next head covers all lines before.
    """
    while _reached:
        path, head = _reached.popitem()
        with suppress(YunnaoError):
            write_atomically(path, (json.dumps({"number": head.number, "hash": head.hash}) + "\n").encode())


def parsed(text: str, where: str) -> Noted:
    """The head written ``number:hash``, or its hash alone.

    Raises:
        YunnaoError: it is neither.
    """
    match = _TEXT.fullmatch(text.strip().lower())
    if not match:
        raise YunnaoError(f"{where}：{text!r} 不是审计日志的末条；应是 64 位十六进制的哈希，或“条号:哈希”")
    return Noted(int(match[1]) if match[1] else None, match[2], where)


def kept(path: Path) -> Noted | None:
    """The head in the file ``path``; none if there is no file.

    Raises:
        YunnaoError: the file is damaged.
    """
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        return parsed(f"{int(document['number'])}:{document['hash']}", path.name)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError):
        raise YunnaoError(f"{path} 读不懂；它可能被改动过，请从备份恢复后再核验") from None
