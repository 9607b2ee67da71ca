"""Passwords of officers: hashed by scrypt with a salt of their own, in a file of the home that its owner alone may read.

Parameters as OWASP's Password Storage Cheat Sheet has them for scrypt (N=2^15, r=8, p=3); each entry records its own, so that
they can be raised later. Length is asked for and nothing else, as NIST SP 800-63B advises (5.1.1.2, memorized secrets).
"""

import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path
from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError

from yunnao.kernel.declaration import Strict
from yunnao.kernel.errors import DefinitionError, YunnaoError
from yunnao.storage.files import write_privately
from yunnao.storage.rereading import Rereading

FILE = "passwords"
SHORTEST, LONGEST = 10, 200
"""Characters of a password."""

_N, _R, _P = 2**15, 8, 3
_MEMORY = 64 << 20
_OTHERS = 0o077
_Hex = Annotated[str, Field(pattern=r"^[0-9a-f]{32,128}$")]


class _Entry(Strict):
    n: Annotated[int, Field(ge=2, le=2**20)] = _N
    r: Annotated[int, Field(ge=1, le=32)] = _R
    p: Annotated[int, Field(ge=1, le=16)] = _P
    salt: _Hex
    hash: _Hex


_ENTRIES = TypeAdapter(dict[str, _Entry])
_NOBODY = _Entry(salt=secrets.token_hex(16), hash=secrets.token_hex(32))
"""What the password of an unknown officer is held against: it takes as long, and fits nothing."""


def problem(password: str, actor: str) -> str | None:
    """Why ``password`` is no password for ``actor``, as a Chinese sentence; none if it is."""
    if not SHORTEST <= len(password) <= LONGEST:
        return f"密码要有 {SHORTEST} 到 {LONGEST} 个字符，现在有 {len(password)} 个；可以用几个词连成一句"
    if actor in password or len(set(password)) < SHORTEST // 2:
        return "密码太容易猜到；请不要含自己的用户名，也不要只重复几个字符"
    return None


class Passwords:
    """The passwords of a district.

    Args:
        path: of the file; it need not exist.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._entries = Rereading(path, _read)

    def set(self, actor: str, password: str) -> None:
        """Give ``actor`` a password; call it with the home locked.

        Raises:
            YunnaoError: it is too short or too easy, or the file cannot be written.
        """
        refused = problem(password, actor)
        if refused:
            raise YunnaoError(f"{refused}。密码没有改动")
        salt = secrets.token_hex(16)
        entry = _Entry(salt=salt, hash=salt)
        entries = {**self._entries(), actor: entry.model_copy(update={"hash": _hashed(entry, password)})}
        write_privately(self._path, _ENTRIES.dump_json(entries, indent=1))

    def fits(self, actor: str, password: str) -> bool:
        """Whether ``password`` is that of ``actor``; takes as long where there is no such officer.

        Raises:
            YunnaoError: the file cannot be read, or others may read it.
        """
        found = self._entries().get(actor)
        entry = found or _NOBODY
        right = hmac.compare_digest(_hashed(entry, password[:LONGEST]), entry.hash)
        return right and found is not None and len(password) <= LONGEST

    def mark(self, actor: str) -> str | None:
        """Something that changes whenever the password of ``actor`` does; none while they have none.

        Raises:
            YunnaoError: the file cannot be read, or others may read it.
        """
        found = self._entries().get(actor)
        return hashlib.sha256(f"{found.salt}:{found.hash}".encode()).hexdigest() if found else None


def _hashed(entry: _Entry, password: str) -> str:
    text = unicodedata.normalize("NFKC", password).encode(errors="replace")
    salt = bytes.fromhex(entry.salt)
    return hashlib.scrypt(text, salt=salt, n=entry.n, r=entry.r, p=entry.p, maxmem=2 * _MEMORY, dklen=32).hex()


def _read(path: Path) -> dict[str, _Entry]:
    try:
        if path.stat().st_mode & _OTHERS:
            raise YunnaoError(f"{path}：别的用户也能读；请先运行 chmod 600 {path}")
        return _ENTRIES.validate_json(path.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise YunnaoError(f"{path}：读不了（{error.strerror or error}）；请检查权限") from None
    except ValidationError:
        raise DefinitionError(f"{path}：不是密码文件，或已损坏；请删去它，再用 yunnao password 重新设置") from None
