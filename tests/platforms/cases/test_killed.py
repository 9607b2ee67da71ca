"""kill -9 while a process reconciles, takes steps and pays: what is recorded is whole, and nobody is paid twice."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import polars as pl
import sqlalchemy as sa

from tests.platforms.cases.busy_office import BUDGETS, POLICY
from tests.platforms.cases.world import World
from yunnao.platforms.cases import payments, store
from yunnao.storage.records import Records

ROOT = Path(__file__).resolve().parents[3]


def test_killed_at_any_moment(target: str, tmp_path: Path) -> None:
    chance = random.Random(20240304)
    for turn in range(2):
        command = [sys.executable, "-m", "tests.platforms.cases.busy_office", target, str(tmp_path), str(turn)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"ready\n"
            time.sleep(chance.uniform(0.02, 0.4))
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL
        records = Records.open(target)
        check(World(records, tmp_path, BUDGETS), tmp_path / "payments")
        records.close()


def check(world: World, folder: Path) -> None:
    assert world.audit.verify().broken is None
    lines = list(reversed(world.audit.lines(limit=10**6)))
    with world.records.read() as connection:
        events = store.events(connection, ("case_id", "seq", "step", "from_state", "to_state", "document", "run"))
        kept = connection.execute(sa.select(sa.func.count()).select_from(store.MATTERS)).scalar_one()
        batch_lines = store.batch_lines(connection, world.payments.batches()["batch_id"].to_list())
    assert kept == events["case_id"].n_unique()
    previous = pl.col("to_state").shift(1).over("case_id")
    assert events.filter(pl.col("from_state").ne_missing(previous)).is_empty()
    assert (events["seq"] == events.select(pl.int_range(1, pl.len() + 1).over("case_id")).to_series()).all()

    recorded = events.filter(pl.col("run").is_not_null()).height
    said = [line["details"]["counts"] for line in lines if line["kind"] == "cases_reconciled"]
    assert recorded == sum(sum(counts.values()) - counts.get("unchanged", 0) for counts in said)
    taken = events.filter(pl.col("run").is_null() & (pl.col("step") != "pay")).height
    many = sum(line["details"]["count"] for line in lines if line["kind"] == "steps_taken")
    assert taken == many + sum(line["kind"] == "step_taken" for line in lines)

    batches = world.payments.batches()
    sums = dict(batch_lines.group_by("batch_id").agg(pl.col("amount").sum()).iter_rows())
    assert dict(batches.select("batch_id", "total").iter_rows()) == sums
    assert batches.filter(pl.col("status") != "cancelled")["total"].sum() <= BUDGETS[POLICY][2024]
    pays = events.filter(pl.col("step") == "pay")
    assert pays["case_id"].is_unique().all()
    assert batch_lines["case_id"].is_unique().all()
    sent = batches.filter(pl.col("status") == "sent")["batch_id"].to_list()
    in_sent = batch_lines.filter(pl.col("batch_id").is_in(sent))
    assert sorted(pays["case_id"]) == sorted(in_sent["case_id"])
    for path in folder.glob("[!.]*.csv"):
        batch = batches.row(by_predicate=pl.col("batch_id") == path.stem, named=True)
        assert payments.sha256(path.read_bytes()) == batch["file_sha256"]
