"""A file that changes under a running service: what is right is taken at once, what is not leaves what was in force and is said."""

import logging
from pathlib import Path

import pytest

from yunnao.kernel.errors import YunnaoError
from yunnao.storage.last_valid import LastValid


def read(path: Path) -> int:
    try:
        return int(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise YunnaoError(f"{path.name}：不是数") from None


def only_up(old: int, new: int) -> None:
    if new < old:
        raise YunnaoError(f"{new} 小于 {old}")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    found = tmp_path / "number"
    found.write_text("1", encoding="utf-8")
    return found


def test_a_right_change_is_taken_and_a_wrong_one_is_not(path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, "yunnao.files")
    number = LastValid(path, read, only_up)
    assert (number(), number.problem) == (1, "")
    for text, is_, problem in (
        ("2", 2, ""),
        ("x", 2, "number：不是数"),
        ("y", 2, "number：不是数"),
        ("3 ", 3, ""),
        ("2  ", 3, "2 小于 3"),
        ("4", 4, ""),
    ):
        path.write_text(text, encoding="utf-8")
        assert (number(), number.problem) == (is_, problem)
        assert (number(), number.problem) == (is_, problem)
    assert [record.levelname for record in caplog.records] == ["INFO", "WARNING", "WARNING", "INFO", "WARNING", "INFO"]
    assert "仍按原来的办：number：不是数" in caplog.text


def test_a_file_that_is_gone_is_a_change_like_another(path: Path) -> None:
    number = LastValid(path, read)
    assert number() == 1
    path.unlink()
    assert (number(), number.problem) == (1, "number：不是数")
    path.write_text("5", encoding="utf-8")
    assert (number(), number.problem) == (5, "")


def test_one_that_was_never_right_is_refused_until_it_is(path: Path) -> None:
    path.write_text("x", encoding="utf-8")
    number = LastValid(path, read)
    for _ in range(2):
        with pytest.raises(YunnaoError, match="不是数"):
            number()
    path.write_text("7", encoding="utf-8")
    assert number() == 7


def test_it_is_read_only_when_it_has_changed(path: Path) -> None:
    times = []

    def counting(file: Path) -> int:
        times.append(1)
        return read(file)

    number = LastValid(lambda: path, counting)
    for text in ("1", "x"):
        path.write_text(text, encoding="utf-8")
        for _ in range(5):
            number()
    assert len(times) == 2
