"""Files are whole or absent; the home has one writer."""

import errno
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from yunnao.kernel.errors import HomeBusy, YunnaoError
from yunnao.storage.files import (
    copy_with_hash,
    disk_error,
    home_lock,
    make_folder,
    remove_leftovers,
    sha256_of,
    temporary_beside,
    write_atomically,
)


def test_a_write_replaces_and_leaves_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")
    write_atomically(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.json"
    write_atomically(path, b"old")

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(YunnaoError, match="磁盘已满"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_other_refusals_are_sentences_too() -> None:
    sentence = str(disk_error(PermissionError(errno.EACCES, "Permission denied"), Path("x")))
    assert "写不了 x" in sentence
    assert "没有改动" in sentence


def test_the_lock_keeps_others_out_and_lets_its_holder_in_again(tmp_path: Path) -> None:
    refused: list[BaseException] = []

    def other() -> None:
        try:
            with home_lock(tmp_path, timeout=0.05):
                pass
        except HomeBusy as error:
            refused.append(error)

    with home_lock(tmp_path), home_lock(tmp_path, timeout=0.05):
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert "正被另一个命令占用" in str(refused[0])
    with home_lock(tmp_path, timeout=0.05):
        pass


def test_the_lock_holds_against_another_process(tmp_path: Path) -> None:
    code = (
        "import sys, pathlib\nfrom yunnao.storage.files import home_lock\n"
        "with home_lock(pathlib.Path(sys.argv[1])):\n print('held', flush=True); sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(HomeBusy), home_lock(tmp_path, timeout=0.05):
            pass
        process.kill()
    with home_lock(tmp_path, timeout=1):  # a dead holder holds nothing
        pass


def test_a_home_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="yunnao init"), home_lock(tmp_path / "none"):
        pass


def test_copies_carry_their_hash_and_leftovers_go(tmp_path: Path) -> None:
    source, target = tmp_path / "a", temporary_beside(tmp_path / "b")
    source.write_bytes(b"x" * 3_000_000)
    assert copy_with_hash(source, target) == sha256_of(source) == sha256_of(target)
    remove_leftovers(tmp_path)
    assert not target.exists()
    assert source.exists()


def test_folders_are_made_with_those_above(tmp_path: Path) -> None:
    make_folder(tmp_path / "a" / "b")
    make_folder(tmp_path / "a" / "b")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(YunnaoError):
        make_folder(tmp_path / "file" / "c")
