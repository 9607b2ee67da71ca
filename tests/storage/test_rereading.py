"""A file that changes is read again, and only then."""

from pathlib import Path

import pytest

from yunnao.storage.files import write_atomically
from yunnao.storage.rereading import Rereading


def test_a_file_is_read_again_when_it_has_changed(tmp_path: Path) -> None:
    path, read = tmp_path / "file", []

    def reading(where: Path) -> str:
        read.append(where)
        return where.read_text()

    kept = Rereading(path, reading)
    with pytest.raises(FileNotFoundError):
        kept()
    write_atomically(path, b"one")
    assert (kept(), kept()) == ("one", "one")
    assert len(read) == 2
    write_atomically(path, b"two")  # as long as before
    assert kept() == "two"
    path.unlink()
    with pytest.raises(FileNotFoundError):
        kept()


def test_another_file_is_read_when_it_takes_the_place_of_the_first(tmp_path: Path) -> None:
    own, shipped = tmp_path / "own", tmp_path / "shipped"
    shipped.write_text("shipped")
    kept = Rereading(lambda: own if own.exists() else shipped, lambda path: path.read_text())
    assert kept() == "shipped"
    own.write_text("own")
    assert kept() == "own"
    own.unlink()
    assert kept() == "shipped"
