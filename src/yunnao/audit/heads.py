"""The head of the log (末条): number and hash of its last line, and where it is kept outside of the table."""

import json
import re
from dataclasses import dataclass
from pathlib import Path

from yunnao.kernel.errors import YunnaoError

FILE = "audit-head.json"
"""In the district's home: the head after the last command that wrote; it may lag behind, never run ahead."""

_TEXT = re.compile(r"(?:([0-9]{1,18}):)?([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Head:
    """A head of the log as it once was.

    Attributes:
        number: of the line; none if only its hash was noted.
        hash: of the line; 64 zeros before the first.
        where: who says so, in Chinese.
    """

    number: int | None
    hash: str
    where: str = ""

    def __str__(self) -> str:
        return self.hash if self.number is None else f"{self.number}:{self.hash}"


def parsed(text: str, where: str) -> Head:
    """The head written ``number:hash``, or its hash alone.

    Raises:
        YunnaoError: it is neither.
    """
    match = _TEXT.fullmatch(text.strip().lower())
    if not match:
        raise YunnaoError(f"{where}：{text!r} 不是审计日志的末条；应是 64 位十六进制的哈希，或“条号:哈希”")
    return Head(int(match[1]) if match[1] else None, match[2], where)


def kept(path: Path) -> Head | None:
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


def as_file(head: Head) -> bytes:
    """What the file holds."""
    return (json.dumps({"number": head.number, "hash": head.hash}) + "\n").encode()
