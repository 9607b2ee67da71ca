"""Office exports that nobody configured anything for: what is refused, decided and owed, against a second reading of the rules."""

import csv
import datetime as dt
import json
import random
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.commands import SHARED, Called, console, done, lines, yunnao
from tests.acceptance.contract import KINDS
from tests.acceptance.made_up_district import district
from tests.acceptance.office_reader import Delivery, read
from tests.acceptance.office_writer import write
from tests.acceptance.oracle import OFF, Answer, decide, in_force

DAYS = [dt.date(2022, 12, 31), dt.date(2023, 6, 30), dt.date(2024, 6, 30)]
REGISTERS = SHARED / "data" / "registers"
REAL = {"enterprises": "市场主体登记信息.xlsx", "tax_filings": "涉税信息.csv", "insurance": "失业保险.xlsx"}


def _facts(deliveries: dict[str, Delivery]) -> dict[str, dict[str, Any]]:
    """Subject -> all its facts; the subjects are those of the register of enterprises."""
    subjects = deliveries["enterprises"].facts
    return {
        key: {fact: value for part in deliveries.values() for fact, value in part.facts.get(key, {}).items()}
        for key in subjects
    }


def _load(home: Path, files: dict[str, Path], call: Callable[..., Called] = yunnao) -> dict[str, dict[str, Any]]:
    assert call("init", home).code == 0
    reports = {}
    for register, path in files.items():
        called = call("load", home, register, path, "--json")
        assert called.code == 3, called
        [reports[register]] = json.loads(called.out)
    return reports


def _differences(home: Path, facts: dict[str, dict[str, object]], day: dt.date, export: Path) -> Iterator[str]:
    """Run for a day and say where the product and the rules part."""
    done("run", home, "--as-of", day)
    done("decisions", home, "-o", export)
    decided = {(str(row["policy"]), str(row["subject"])): row for row in lines(export)}
    policies = in_force(day)
    expected = {(policy.id, key) for policy in policies for key in facts}
    assert not {policy for policy, _ in decided} & OFF, "a policy known only from memory decides"
    if set(decided) != expected:
        yield f"missing {sorted(expected - set(decided))[:5]}, too many {sorted(set(decided) - expected)[:5]}"
    for policy in policies:
        for key, known in facts.items():
            row = decided.get((policy.id, key))
            if row is not None:
                for difference in _compare(decide(policy, known, day), row):
                    yield f"{day} {policy.id} {key}: {difference}; {_shown(known)}"


def _shown(facts: dict[str, object]) -> str:
    return ", ".join(f"{fact}={float(v) if isinstance(v, Fraction) else v}" for fact, v in facts.items())


def _compare(answer: Answer, row: dict[str, object]) -> Iterator[str]:
    for name, wanted in (("outcome", answer.outcome), ("amount", answer.amount)):
        if row[name] != wanted:
            yield f"{name} {row[name]!r} instead of {wanted!r}"
    conditions = row["conditions"]
    assert isinstance(conditions, dict)
    for id, state in answer.conditions.items():
        if id in conditions and conditions[id] != state and not (state == "unknown" and id == "above_scale"):
            yield f"condition {id} {conditions[id]} instead of {state}"
    missing = row["missing"]
    assert isinstance(missing, list)
    if answer.missing is None:
        if not missing:
            yield "missing names no fact"
    elif set(missing) != set(answer.missing):
        yield f"missing {missing} instead of {sorted(answer.missing)}"


def _agree(home: Path, facts: dict[str, dict[str, object]], tmp_path: Path) -> None:
    for day in DAYS:
        found = list(_differences(home, facts, day, tmp_path / f"{day}.jsonl"))
        assert not found, f"{len(found)} differences, first:\n" + "\n".join(found[:12])


@pytest.mark.skipif(not REGISTERS.is_dir(), reason="the office's exports in ../shared are absent")
def test_the_office_exports_load_as_they_are_and_are_decided_to_the_fen(tmp_path: Path) -> None:
    home = tmp_path / "home"
    files = {register: REGISTERS / name for register, name in REAL.items()}
    reports = _load(home, files, console)
    deliveries = {register: read(path, register) for register, path in files.items()}
    listed = list(csv.DictReader((REGISTERS / "bad_rows.csv").read_text("utf-8-sig").splitlines()))
    for register, report in reports.items():
        own = deliveries[register]
        assert {problem["row"] for problem in report["problems"]} == set(own.refused)
        assert report["refused"] == len(own.refused)
        assert report["repeats"] == own.repeats
        faults = [row["fault"] for row in listed if row["register"] == register]
        assert (len(own.refused), own.repeats) == (
            sum(fault != "duplicate" for fault in faults),
            faults.count("duplicate"),
        )
        bodies = {
            row["credit_code"][:17] for row in listed if row["register"] == register and row["fault"] != "duplicate"
        }
        assert {key[:17] for key in own.refused.values()} == bodies
    _agree(home, _facts(deliveries), tmp_path)


@pytest.mark.parametrize("seed", [1, pytest.param(2, marks=pytest.mark.slow)])
def test_a_made_up_district_is_read_and_decided_as_the_rules_say(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    rows = district(seed, DAYS)
    written = {
        register: write(tmp_path, register, [{fact: row[fact] for fact in KINDS[register]} for row in rows], rng, 15, 6)
        for register in KINDS
    }
    home = tmp_path / "home"
    reports = _load(home, {register: file.path for register, file in written.items()})
    deliveries = {}
    for register, file in written.items():
        report, own = reports[register], read(file.path, register)
        refused = {problem["row"]: problem["reason"] for problem in report["problems"]}
        assert set(refused) == set(file.refused), f"{file.path}: {sorted(set(refused) ^ set(file.refused))}"
        assert set(own.refused) == set(file.refused), "the second reader disagrees with the writer"
        assert (report["rows"], report["refused"], report["repeats"]) == (
            file.rows,
            len(file.refused),
            file.repeats,
        )
        assert all(refused.values())
        deliveries[register] = own
    _agree(home, _facts(deliveries), tmp_path)


def test_the_second_reader_and_the_writer_agree(tmp_path: Path) -> None:
    """The oracle's own check: what was written is what is read, through every habit of thirty offices."""

    def one(seed: int) -> None:
        rng = random.Random(seed)
        rows = district(seed, DAYS)[:120]
        for register in KINDS:
            folder = tmp_path / str(seed)
            folder.mkdir(exist_ok=True)
            true = [{fact: row[fact] for fact in KINDS[register]} for row in rows]
            file = write(folder, register, true, rng, 10, 4)
            own = read(file.path, register)
            good = {str(row["credit_code"]): row for row in true if row["credit_code"] not in file.refused_keys}
            assert set(own.facts) == set(good)
            for key, facts in own.facts.items():
                assert {fact: _plain(value) for fact, value in facts.items()} == {
                    fact: _plain(value) for fact, value in good[key].items()
                }

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, range(10)))


def _plain(value: object) -> object:
    return Fraction(value) if isinstance(value, Decimal | int) and not isinstance(value, bool) else value
