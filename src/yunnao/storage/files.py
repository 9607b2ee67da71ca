"""Files that are whole or absent: atomic writes, the home's lock, hashes, and a full disk said in a sentence."""

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from yunnao.kernel.errors import HomeBusy, YunnaoError

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CHUNK = 1 << 20


@contextmanager
def home_lock(home: Path, timeout: float = 10) -> Iterator[None]:
    """Hold the home against every other writer; the same thread may enter again.

    Raises:
        HomeBusy: another command still holds it after ``timeout`` seconds.
        YunnaoError: the lock file cannot be made.
    """
    if not home.is_dir():
        raise YunnaoError(f"{home} 不是一个区的目录；请先用 yunnao init 建立，或检查路径")
    lock = FileLock(home / "lock", is_singleton=True)
    try:
        lock.acquire(timeout=timeout)
    except Timeout:
        raise HomeBusy(f"{home} 正被另一个命令占用，等了 {timeout:g} 秒仍未放开；请等它结束后再试一次") from None
    except OSError as error:
        raise disk_error(error, home / "lock") from error
    try:
        yield
    finally:
        lock.release()


def disk_error(error: OSError, path: Path) -> YunnaoError:
    """The sentence for an operating system's refusal to write ``path``."""
    if error.errno in _FULL:
        return YunnaoError(f"磁盘已满，写不下 {path}；原有数据没有改动。请腾出空间后重试")
    return YunnaoError(f"写不了 {path}（{error.strerror or error}）；原有数据没有改动。请检查路径和权限后重试")


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """Turn every OSError inside into a `YunnaoError` that names ``path``."""
    try:
        yield
    except OSError as error:
        raise disk_error(error, path) from error


def make_folder(path: Path) -> None:
    """Make ``path`` and what is above it, and make that last.

    Raises:
        YunnaoError: it cannot be made.
    """
    with disk_errors(path):
        missing = [folder for folder in (path, *path.parents) if not folder.exists()]
        path.mkdir(parents=True, exist_ok=True)
        for folder in missing:
            sync_folder(folder.parent)


def write_atomically(path: Path, content: bytes) -> None:
    """Put ``content`` at ``path``: after this it is there for good; on any failure the old file is untouched.

    Raises:
        YunnaoError: the disk is full or refuses.
    """

    def write(temporary: Path) -> None:
        with temporary.open("wb") as stream:
            stream.write(content)

    replace_with(path, write)


def write_privately(path: Path, content: bytes) -> None:
    """`write_atomically`, readable by its owner alone from its first byte on.

    Raises:
        YunnaoError: the disk is full or refuses.
    """

    def write(temporary: Path) -> None:
        temporary.unlink(missing_ok=True)  # one left by an earlier process has that one's permissions
        with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(content)

    replace_with(path, write)


def replace_with(path: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` make a temporary file beside ``path``, then put it in its place.

    Raises:
        YunnaoError: the disk is full or refuses.
    """
    temporary = temporary_beside(path)
    try:
        with disk_errors(path):
            try:
                write(temporary)
            except Exception:
                _write_on(temporary)
                raise
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink()


def _write_on(path: Path) -> None:
    """Write some more: libraries say in words of their own that a disk is full, the system says it as an OSError."""
    with path.open("ab") as stream:
        stream.write(bytes(_CHUNK))
        stream.flush()
        os.fsync(stream.fileno())


def temporary_beside(path: Path) -> Path:
    """A name for a file under construction; `remove_leftovers` knows it."""
    return path.with_name(f".{path.name}.{os.getpid()}.tmp")


def sync_folder(folder: Path) -> None:
    """Make renames in ``folder`` last."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_with_hash(source: Path, target: Path) -> str:
    """Copy a file's bytes to ``target`` (not atomically) and return their SHA-256 in hex.

    Raises:
        OSError: reading or writing fails.
    """
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(_CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    return digest.hexdigest()


def sha256_of(path: Path) -> str:
    """SHA-256 of a file in hex.

    Raises:
        OSError: the file cannot be read.
    """
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def remove_leftovers(folder: Path) -> None:
    """Remove what an interrupted command left under construction in ``folder``. Call it with the home locked."""
    for leftover in folder.glob(".*.tmp"):
        with suppress(OSError):
            shutil.rmtree(leftover) if leftover.is_dir() else leftover.unlink()
