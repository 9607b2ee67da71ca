"""The scaffold writes a package that works as it stands: it loads, its examples hold, and it runs from a file to a closed case."""

import json
import runpy
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from yunnao.catalogue.cards import installed_scenarios
from yunnao.catalogue.loader import load_scenario
from yunnao.catalogue.scaffold import new_scenario
from yunnao.cli.main import root
from yunnao.kernel.errors import YunnaoError

Yunnao = Callable[..., str]
REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("scaffold") / "package"
    result = CliRunner().invoke(root, ["new-scenario", "demo_thing", str(folder)])
    assert result.exit_code == 0, result.output
    return folder


@pytest.fixture
def installed(package: Path, tmp_path: Path) -> Iterator[Path]:
    """The package as `pip install` would leave it, without a build backend: module and entry point on the path."""
    site = tmp_path / "site"
    shutil.copytree(package / "demo_thing", site / "demo_thing", ignore=shutil.ignore_patterns("__pycache__"))
    project = tomllib.loads((package / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    metadata = site / f"{project['name'].replace('-', '_')}-{project['version']}.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text(
        f"Metadata-Version: 2.4\nName: {project['name']}\nVersion: {project['version']}\n"
    )
    points = project["entry-points"]["yunnao.scenarios"]
    lines = ["[yunnao.scenarios]", *(f"{name} = {value}" for name, value in points.items())]
    (metadata / "entry_points.txt").write_text("\n".join(lines) + "\n")
    sys.path.insert(0, str(site))
    try:
        yield site
    finally:
        sys.path.remove(str(site))
        for name in [name for name in sys.modules if name.split(".")[0] == "demo_thing"]:
            del sys.modules[name]


@pytest.fixture
def yunnao(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Yunnao:
    """Runs one command in an empty folder, on a Monday; answers what it prints."""
    monkeypatch.setenv("YUNNAO_NOW", "2024-07-01T09:00:00+08:00")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> str:
        result = CliRunner().invoke(root, arguments)
        assert result.exit_code == 0, f"{arguments}: {result.output} {result.exception!r}"
        return result.output

    return command


def test_the_scenario_loads_and_is_offered(installed: Path) -> None:
    assert installed_scenarios()["demo_thing"] == "demo_thing"
    scenario = load_scenario("demo_thing")
    assert scenario.id == "demo_thing"
    assert scenario.folder == installed / "demo_thing"
    assert list(scenario.policies) == ["demo_thing_allowance"]


def test_its_own_tests_hold(package: Path, installed: Path) -> None:
    """The written test is run as it stands, for every example."""
    written = runpy.run_path(str(package / "tests" / "test_examples.py"))
    examples = written["scenario"].examples
    assert {example.expect.outcome for example in examples} == {"granted", "refused", "undetermined"}
    for example in examples:
        written["test_example"](example)


def test_runs_from_a_file_to_a_closed_case(installed: Path, yunnao: Yunnao, tmp_path: Path) -> None:
    rows = ["编号,开始日期,人数", "a1,2023年6月30日,2", "a2,2023-07-01,3", "a3,,3", "a4,2020-01-01,1"]
    (tmp_path / "things.csv").write_text("\n".join(rows), encoding="utf-8-sig")
    yunnao("init", "home")
    yunnao("load", "home", "demo_thing_things", "things.csv")
    yunnao("run", "home", "--scenario", "demo_thing", "--as-of", "2024-06-30")
    yunnao("decisions", "home", "--scenario", "demo_thing", "-o", "decisions.jsonl")
    decided = [json.loads(line) for line in (tmp_path / "decisions.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(d["subject"], d["outcome"], d["amount"], d["missing"]) for d in decided] == [
        ("a1", "granted", "200.00", []),
        ("a2", "refused", "", []),
        ("a3", "undetermined", "", ["started_on"]),
        ("a4", "granted", "100.00", []),
    ]
    yunnao("cases", "home", "--subject", "a1", "-o", "cases.jsonl")
    (case,) = [json.loads(line) for line in (tmp_path / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    assert (case["state"], case["deadline"], case["amount"]) == ("proposed", "2024-07-08", "200.00")
    assert "done" in yunnao("case", "home", case["case_id"], "finish", "--as", "example_department.handler")
    assert "demo_thing_entitled\t可享受的件数\t2 个" in yunnao("indicators", "home", "--scenario", "demo_thing")
    assert "沿用已有的运行" in yunnao("run", "home", "--scenario", "demo_thing", "--as-of", "2024-06-30")
    assert "每一格都相同" in yunnao("replay", "home")


def test_is_written_in_the_style_of_the_house(package: Path) -> None:
    ruff = [sys.executable, "-m", "ruff"]
    config = ["--config", str(REPOSITORY / "pyproject.toml"), "--no-cache"]
    for check in (
        ["check", *config, "--config", 'lint.isort.known-third-party=["yunnao"]'],
        ["format", "--check", *config],
    ):
        result = subprocess.run([*ruff, *check, str(package)], capture_output=True, text=True, check=False)
        assert result.returncode == 0, result.stdout + result.stderr


def test_nothing_of_the_template_is_left(package: Path) -> None:
    for path in package.rglob("*"):
        assert "SCENARIO" not in path.name
        assert ".template" not in path.name
        if path.is_file():
            assert "SCENARIO" not in path.read_text(encoding="utf-8"), path


@pytest.mark.parametrize("id_", ["Demo", "demo-thing", "1demo", "d", "", "示例", "../demo", "a" * 80])
def test_refuses_an_id_that_is_no_name(id_: str, tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="不能作场景的 id"):
        new_scenario(tmp_path / "package", id_)
    assert not (tmp_path / "package").exists()


@pytest.mark.parametrize("id_", ["benefits", "reply_times"])
def test_refuses_the_id_of_a_scenario_that_is_installed(id_: str, tmp_path: Path) -> None:
    with pytest.raises(YunnaoError, match="已经装有叫"):
        new_scenario(tmp_path / "package", id_)
    assert not (tmp_path / "package").exists()


def test_touches_no_folder_that_holds_something(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(YunnaoError, match="没有改动"):
        new_scenario(tmp_path, "demo_thing")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
