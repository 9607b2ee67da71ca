"""A scenario from outside, by the real command, on real messages: load, run, measure; again on an altered copy."""

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.examples.reply_times_package import REPLIES, install, read_replies, working_days, write_replies

pytestmark = pytest.mark.skipif(
    not REPLIES.exists(), reason="shared/data/appeals/replies.csv is not beside the repository"
)

Row = dict[str, str]
COMMAND = str(Path(sys.executable).with_name("yunnao"))
AS_OF = "2020-06-30"


@pytest.fixture(scope="module")
def yunnao(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """The installed command, with the example package installed beside it."""
    site = install(tmp_path_factory.mktemp("site"))
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": path, "YUNNAO_NOW": "2020-07-01T09:00:00+08:00"}
    environment.pop(
        "PYTHONDONTWRITEBYTECODE", None
    )  # compiled once for all the commands below, in a folder of the test's
    environment["PYTHONPYCACHEPREFIX"] = str(tmp_path_factory.mktemp("bytecode"))

    def call(*words: object) -> str:
        result = subprocess.run(
            [COMMAND, *map(str, words)], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
        )
        assert result.returncode == 0, result.stderr
        return result.stdout

    return call


def _home(yunnao: Callable[..., str], home: Path, file: Path) -> dict[str, Any]:
    """A district that has loaded the file and run; what it measured, by indicator (totals)."""
    yunnao("init", home)
    yunnao("load", home, "messages", file, "--json")
    yunnao("run", home, "--scenario", "reply_times", "--as-of", AS_OF)
    return _measured(yunnao, home)


def _measured(yunnao: Callable[..., str], home: Path) -> dict[str, Any]:
    out = home / "out.json"
    yunnao("indicators", home, "-o", out)
    return {row["indicator"]: row for row in json.loads(out.read_bytes()) if row["by"] == ""}


def _decisions(yunnao: Callable[..., str], home: Path) -> dict[str, str]:
    out = home / "decisions.jsonl"
    yunnao("decisions", home, "--policy", "answered_in_time", "-o", out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len({row["subject"] for row in rows}) == len(rows)
    return {row["subject"]: row["outcome"] for row in rows}


def _share(days: list[int], limit: int) -> str:
    exact = Fraction(sum(n <= limit for n in days), len(days))
    rounded = (Decimal(exact.numerator) / Decimal(exact.denominator)).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    return f"{rounded.normalize():f}"


def _check(measured: dict[str, Any], rows: list[Row]) -> None:
    """Every figure against an independent recomputation."""
    known = [days for row in rows if (days := working_days(row)) is not None]
    for limit in (5, 10, 15):
        share = measured[f"answered_within_{limit}"]
        assert share["value"] == _share(known, limit)
        assert (share["numerator"], share["denominator"]) == (sum(n <= limit for n in known), len(known))
        assert share["unknown"] == len(rows) - len(known)
    assert Decimal(measured["reply_time_median"]["value"]) == Decimal(str(statistics.median(known)))
    assert int(measured["messages_received"]["value"]) == len(rows)
    assert int(measured["answered_in_time"]["value"]) == sum(n <= 5 for n in known)
    assert int(measured["supervised"]["value"]) == sum(n > 5 for n in known)


def _expected_outcome(row: Row) -> str:
    days = working_days(row)
    return "undetermined" if days is None else "granted" if days <= 5 else "refused"


def _cases(yunnao: Callable[..., str], home: Path) -> dict[str, str]:
    """Subject -> state of its supervision case."""
    out = home / "cases.jsonl"
    yunnao("cases", home, "--flow", "supervise", "-o", out)
    rows = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert len({row["subject"] for row in rows}) == len(rows)
    return {row["subject"]: row["state"] for row in rows}


def test_real_messages_and_then_a_correction(yunnao: Callable[..., str], tmp_path: Path) -> None:
    rows = read_replies()
    home = tmp_path / "home"
    measured = _home(yunnao, home, REPLIES)
    percent = {limit: Decimal(measured[f"answered_within_{limit}"]["value"]) * 100 for limit in (5, 10, 15)}
    assert {limit: str(value.quantize(Decimal("0.1"), ROUND_HALF_UP)) for limit, value in percent.items()} == {
        5: "38.3",
        10: "61.7",
        15: "74.7",
    }
    assert measured["reply_time_median"]["value"] == "8"
    _check(measured, rows)
    assert _decisions(yunnao, home) == {row["message_id"]: _expected_outcome(row) for row in rows}
    late = sorted(row["message_id"] for row in rows if _expected_outcome(row) == "refused")
    assert sorted(_cases(yunnao, home)) == late  # every late one has its case, and nothing else has one
    printed = yunnao("run", home, "--scenario", "reply_times", "--as-of", AS_OF)  # again
    for figure in ("38.28", "61.68", "74.68"):
        assert figure in printed
    states = _cases(yunnao, home)
    assert (sorted(states), set(states.values())) == (late, {"opened"})  # no case was opened twice

    changed = [row for row in rows if row["message_id"] in late][:40]
    for row in changed:
        row["replied_at"] = row["received_at"]
    yunnao("load", home, "messages", write_replies(changed, tmp_path / "correction.csv"), "--valid-from", "2020-06-01")
    yunnao("run", home, "--scenario", "reply_times", "--as-of", AS_OF)
    measured = _measured(yunnao, home)
    assert measured["answered_within_5"]["numerator"] == 1078 + 40
    states = _cases(yunnao, home)
    assert {states[row["message_id"]] for row in changed} == {"withdrawn"}
    assert sum(state == "opened" for state in states.values()) == 2816 - 1078 - 40


def test_an_altered_copy_changes_the_figures_exactly(yunnao: Callable[..., str], tmp_path: Path) -> None:
    rows = read_replies()
    for number, row in enumerate(rows):
        if number % 7 == 0:
            row["replied_at"] = row["received_at"]  # answered the same day
        elif number % 11 == 0:
            row["replied_at"] = ""  # not answered, or not recorded
        elif number % 13 == 0:
            row["received_at"], row["replied_at"] = row["replied_at"], row["received_at"]  # dates swapped
    file = write_replies(rows, tmp_path / "altered.csv")
    home = tmp_path / "home"
    measured = _home(yunnao, home, file)
    assert measured["answered_within_5"]["unknown"] > 0
    _check(measured, rows)
    assert _decisions(yunnao, home) == {row["message_id"]: _expected_outcome(row) for row in rows}
