"""The shape of the repository: sizes, names, rooms, mirrored tests, locks, and a command that answers at once."""

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[1]
SOURCE = REPOSITORY / "src" / "yunnao"
TESTS = REPOSITORY / "tests"
PARTS = ("src", "tests", "docs", "examples", "bench", ".ci")

MOST_LINES = 400
VAGUE_NAMES = {"util", "utils", "helper", "helpers", "common", "misc", "base", "manager", "stuff"}
ROOMS = {
    "scenario.yaml",
    "facts.py",
    "case.yaml",
    "indicators.yaml",
    "page.yaml",
    "examples.yaml",
    "README.md",
    "__init__.py",
}
ROOM_FOLDERS = {"policies", "examples", "__pycache__"}
TABLES = {
    "benefits": {"industries.yaml"},
    "appeals": {"sample_messages.csv", "responsibilities.yaml", "measures.yaml"},
    "assessment": {"zhaixing_duoqi.yaml"},
    "plan": {"sample_report.txt", "sample_actuals.csv", "sample_owners.yaml"},
}
"""Further tables of data that a scenario reads."""
PACKAGES_OF = {"plan": {"linking", "reading", "reporting", "tracking"}}
"""Packages of a scenario that needs a real algorithm."""

SCENARIOS = [
    path.parent for root in ("src/yunnao/scenarios", "examples") for path in REPOSITORY.glob(f"{root}/**/scenario.yaml")
]
PACKAGES = [path.parent for path in sorted(SOURCE.rglob("__init__.py"))]
NOT_MIRRORED = {Path("cli"): "tests/acceptance runs the commands as wholes"}


def files(*endings: str) -> Iterator[Path]:
    """Every file of ours with one of these endings."""
    for path in sorted(REPOSITORY.iterdir()):
        if path.is_file() and path.name.endswith(endings):
            yield path
    for part in PARTS:
        for path in sorted((REPOSITORY / part).rglob("*")):
            ours = not {"__pycache__", "data"} & set(path.parts)  # bench/data is made by the benchmark
            if ours and path.is_file() and path.name.endswith(endings):
                yield path


def test_modules_are_small() -> None:
    long = {
        str(path.relative_to(REPOSITORY)): lines
        for path in files(".py")
        if not path.is_relative_to(TESTS) and (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}


def test_names_say_what_is_in_a_module() -> None:
    vague = [path for path in files(".py") if {path.stem, path.parent.name} & VAGUE_NAMES]
    assert vague == []


@pytest.mark.parametrize("folder", SCENARIOS, ids=lambda folder: folder.name)
def test_scenarios_have_the_rooms_that_everybody_knows(folder: Path) -> None:
    names = {path.name for path in folder.iterdir() if path.is_file()}
    strange = {name for name in names - ROOMS - TABLES.get(folder.name, set()) if not name.endswith(".py")}
    assert strange == set()
    assert {path.name for path in folder.iterdir() if path.is_dir()} <= ROOM_FOLDERS | PACKAGES_OF.get(
        folder.name, set()
    )
    assert names >= {"scenario.yaml", "__init__.py"}
    assert names & {"facts.py", "case.yaml", "quantities.py"}, (
        "a scenario decides by facts, handles what people file, or reads what an office wrote"
    )
    assert "README.md" in names or (folder.parent / "README.md").exists()
    if (folder / "policies").is_dir():
        assert (folder / "examples.yaml").exists() != (folder / "examples").is_dir(), (
            "examples.yaml or a folder examples"
        )


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: str(package.relative_to(SOURCE)))
def test_tests_mirror_the_source(package: Path) -> None:
    place = package.relative_to(SOURCE)
    if place in NOT_MIRRORED or not [path for path in package.glob("*.py") if path.name != "__init__.py"]:
        return
    assert list((TESTS / place).glob("test_*.py")), f"no tests in tests/{place}"


def test_no_test_folder_without_a_source() -> None:
    known = {Path("docs"), Path("examples"), Path("acceptance")}
    for path in TESTS.rglob("__init__.py"):
        place = path.parent.relative_to(TESTS)
        assert (SOURCE / place).is_dir() or {place, *place.parents} & known, f"tests/{place} mirrors nothing"


def test_locks_hold_hashes_and_no_addresses() -> None:
    locks = [path for path in files(".lock") if path.name.startswith("requirements")]
    assert len(locks) >= 3
    for lock in locks:
        text = lock.read_text(encoding="utf-8")
        assert not re.search(r"https?://|--index-url|--extra-index-url|--find-links", text), lock
        requirements = re.findall(r"^[a-z0-9].*?(?=^[a-z0-9]|\Z)", text, re.MULTILINE | re.DOTALL | re.IGNORECASE)
        assert requirements
        assert [entry.split()[0] for entry in requirements if "--hash=sha256:" not in entry] == []


def test_the_repository_speaks_of_the_project_alone() -> None:
    words = [
        a + b
        for a, b in (("cla", "ude"), ("chat", "gpt"), ("anth", "ropic"), ("ai ass", "istant"), ("/work/", "shared"))
    ]
    for path in files(
        ".py", ".md", ".yaml", ".toml", ".template", ".html", ".js", ".css", ".svg", "Makefile", "run", "NOTICE"
    ):
        text = path.read_text(encoding="utf-8").lower()
        assert [word for word in words if word in text] == [], path


def test_help_answers_at_once() -> None:
    """One of twenty answers is enough: the machine may be busy."""
    command = Path(sys.executable).with_name("yunnao")

    def seconds() -> float:
        started = time.perf_counter()
        result = subprocess.run([command, "--help"], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stderr
        assert "explain" in result.stdout
        return time.perf_counter() - started

    assert any(seconds() < 0.5 for _ in range(20))
