"""One small sample district, made once by the commands themselves; tests that change it take a copy."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.acceptance.commands import lines, yunnao

SAMPLE_NOW = "2023-07-03T09:00:00+08:00"
SAMPLE_DAY = "2023-06-30"
DELIVERED = {
    "enterprises": "市场主体登记信息.xlsx",
    "tax_filings": "涉税信息.csv",
    "insurance": "失业保险.csv",
    "insurance_status": "社会保险参保状态.csv",
    "hires": "招用人员.csv",
    "vat_returns": "增值税月度申报.csv",
    "loans": "信贷.xlsx",
}


@pytest.fixture(scope="session")
def sample_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of some 200 enterprises, loaded and run for `SAMPLE_DAY`. Do not change it: see `a_copy`."""
    home = tmp_path_factory.mktemp("district") / "home"
    for arguments in (["init", home], ["sample", home, "--scale", "0.0005", "--seed", "7"]):
        called = yunnao(*arguments, now=SAMPLE_NOW)
        assert called.code == 0, called
    for register, name in DELIVERED.items():
        called = yunnao("load", home, register, home / "sample" / name, now=SAMPLE_NOW)
        assert called.code in (0, 3), called
    called = yunnao("run", home, "--as-of", SAMPLE_DAY, now=SAMPLE_NOW)
    assert called.code == 0, called
    return home


@pytest.fixture(scope="session")
def sample_decisions(sample_home: Path, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, object]]:
    """What was decided in `sample_home`."""
    path = tmp_path_factory.mktemp("decisions") / "all.jsonl"
    called = yunnao("decisions", sample_home, "-o", path, now=SAMPLE_NOW)
    assert called.code == 0, called
    return lines(path)


@pytest.fixture
def a_copy(sample_home: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Makes a copy of `sample_home` under a name."""

    def copy(name: str) -> Path:
        target = tmp_path / name
        shutil.copytree(sample_home, target)
        return target

    return copy
