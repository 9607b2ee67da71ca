"""The password file: who may read it, what is in it, and that a password fits its officer alone."""

import json
from pathlib import Path

import pytest

from yunnao.access.passwords import Passwords
from yunnao.kernel.errors import DefinitionError, YunnaoError

GOOD = "一句好记又够长的话 42"


def test_a_password_fits_its_officer_alone(tmp_path: Path) -> None:
    passwords = Passwords(tmp_path / "passwords")
    assert not passwords.fits("one", GOOD)
    passwords.set("one", GOOD)
    passwords.set("two", GOOD)
    assert passwords.fits("one", GOOD)
    assert passwords.fits("one", GOOD.replace("42", "４２"))  # full-width digits are the same ones
    assert not passwords.fits("one", GOOD + "!")
    assert not passwords.fits("three", GOOD)
    mark = passwords.mark("one")
    passwords.set("one", GOOD)
    assert passwords.mark("one") != mark
    assert passwords.mark("three") is None


def test_the_file_tells_nothing_and_nobody_else_reads_it(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    Passwords(path).set("one", GOOD)
    Passwords(path).set("two", GOOD)
    assert path.stat().st_mode & 0o777 == 0o600
    entries = json.loads(path.read_text())
    assert GOOD not in path.read_text()
    assert entries["one"]["salt"] != entries["two"]["salt"]
    assert entries["one"]["hash"] != entries["two"]["hash"]
    assert {name: entries["one"][name] for name in "nrp"} == {"n": 2**15, "r": 8, "p": 3}
    path.chmod(0o644)
    with pytest.raises(YunnaoError, match="chmod 600"):
        Passwords(path).fits("one", GOOD)


@pytest.mark.parametrize("password", ["", "short", "a" * 201, "my name is one!", "aaaaaaaaaaaa"])
def test_what_is_easy_to_guess_is_no_password(tmp_path: Path, password: str) -> None:
    passwords = Passwords(tmp_path / "passwords")
    with pytest.raises(YunnaoError, match="密码"):
        passwords.set("one", password)
    assert not (tmp_path / "passwords").exists()


def test_a_damaged_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "passwords"
    path.write_text('{"one": {"n": 1}}')
    path.chmod(0o600)
    with pytest.raises(DefinitionError, match="已损坏"):
        Passwords(path).mark("one")
