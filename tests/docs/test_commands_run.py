"""The commands of the README, of docs/policies.md and of the scenario of appeals, run in order on a small synthetic office's exports."""

import csv
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
import requests
from click.testing import CliRunner, Result

from tests.docs.pages import READMES, REPOSITORY, blocks, commands
from tests.web.service.officers.desk import AtDesk, password_of
from tests.web.service.served import Served, free_port
from yunnao.app import District
from yunnao.cli.main import root

POLICIES = REPOSITORY / "docs" / "policies.md"
SCALE = "0.0005"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that the README loads, as an office would export them."""
    folder = tmp_path_factory.mktemp("office")
    result = CliRunner().invoke(root, ["sample", str(folder / "sample"), "--scale", SCALE, "--seed", "5"])
    assert result.exit_code == 0, result.output
    for words in commands(READMES[0]):
        if words[:2] == ["yunnao", "load"]:
            shutil.copy(folder / "sample" / "sample" / words[-1], folder / words[-1])
    return folder


@pytest.fixture
def here(office: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the reader stands: the office's files, and Monday morning."""
    for file in office.iterdir():
        if file.is_file():
            shutil.copy(file, tmp_path / file.name)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("YUNNAO_NOW", "2023-07-03T09:00:00+08:00")
    return tmp_path


def run(words: list[str], expected: tuple[int, ...] = (0,)) -> Result:
    result = CliRunner().invoke(root, words[1:])
    assert result.exit_code in expected, f"{' '.join(words)}: {result.output} {result.exception!r}"
    return result


def granted(home: str, policy: str) -> str:
    """The first enterprise that is granted ``policy``."""
    run(["yunnao", "decisions", home, "--policy", policy, "--outcome", "granted", "-o", "_granted.csv"])
    with Path("_granted.csv").open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.DictReader(stream))["subject"]


def test_your_own_data(here: Path) -> None:
    """Every command of the README does what its comment says; then the commands of docs/policies.md on the same district."""
    outputs: dict[str, str] = {}
    for words in commands(READMES[0]):
        if words[0] != "yunnao" or "my-district" not in words:
            continue
        if "CREDIT_CODE" in words:
            subject = granted(words[2], words[3])
            words = [subject if word == "CREDIT_CODE" else word for word in words]
        result = run(words, (0, 3) if words[1] == "load" else (0,))
        outputs[" ".join(words[1:2] + words[3:4])] = result.output
    assert "校验码" in outputs["load enterprises"]
    assert "可以享受" in outputs["explain cit_small_low_profit"]
    assert re.search(r"提供名册“.*”（尚未交付）", outputs["cases --state"])
    assert (here / "granted.xlsx").stat().st_size > 5_000
    assert (here / "indicators.xlsx").stat().st_size > 5_000
    assert (here / "dictionary" / "index.html").exists()
    policies(here)


def test_a_desk_for_appeals_in_a_few_commands(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the scenario's README says, down to an officer who signs in and sees what a citizen has written."""
    monkeypatch.delenv("YUNNAO_NOW")
    *first, last = commands(REPOSITORY / "src" / "yunnao" / "scenarios" / "appeals" / "README.md")
    for words in first:
        words = [str(REPOSITORY / word) if word.startswith("src/") else word for word in words]
        if words[0] == "yunnao":
            result = CliRunner().invoke(root, words[1:], input=f"{password_of('operator')}\n")
            assert result.exit_code == 0, f"{words}: {result.output}"
        else:
            subprocess.run(words, check=True)
    port = free_port()
    assert last[:2] == ["yunnao", "serve"]
    served = [str(port) if word == "8000" else word for word in last[1:]]
    command = Path(sys.executable).with_name("yunnao")
    with subprocess.Popen([command, *served], stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        try:
            desk = AtDesk(Served(f"http://127.0.0.1:{port}", District(Path("my-district"))))
            until(lambda: desk.get("/").status_code == 200)
            number, _ = desk.service.file(text="楼下烧烤店油烟直排，熏得开不了窗。", title="烧烤油烟")
            assert desk.sign_in("operator").status_code == 303
            until(lambda: "环境保护" in desk.get(f"/desk/cases/{number}").text)
            assert number in desk.get("/desk", params={"number": number}).text
        finally:
            process.terminate()


def until(holds: Callable[[], bool], seconds: float = 60) -> None:
    """Wait until it holds; a service that does not answer yet does not hold."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        with suppress(requests.ConnectionError):
            if holds():
                return
        time.sleep(0.2)
    raise AssertionError("it has not come true in time")


def policies(here: Path) -> None:
    (written,) = blocks(POLICIES, "yaml")
    (here / "example_small_employer.yaml").write_text(written, encoding="utf-8")
    for words in commands(POLICIES):
        output = run(words).output
    assert "已发布" in output
    kept = here / "my-district" / "policies" / "benefits" / "example_small_employer.yaml"
    assert kept.read_text(encoding="utf-8") == written
    run(["yunnao", "run", "my-district", "--as-of", "2024-06-30", "--scenario", "benefits"])
    subject = granted("my-district", "example_small_employer")
    assert "可以享受" in run(["yunnao", "explain", "my-district", "example_small_employer", subject]).output


def test_new_scenario(here: Path) -> None:
    (words,) = re.findall(r"`(yunnao new-scenario [^`]*)`", READMES[0].read_text(encoding="utf-8"))
    run(words.split())
    assert (here / "my-folder" / "my_scenario" / "scenario.yaml").exists()
