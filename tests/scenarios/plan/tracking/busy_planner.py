"""A process that loads reviewed plans again and again, each time another version, until it is killed."""

import datetime as dt
import sys
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.platforms.indicators.targets.promises import GROWTH, REVENUE
from yunnao.app import District
from yunnao.platforms.indicators.targets.service import Reviewed
from yunnao.platforms.indicators.targets.target import Promised
from yunnao.scenarios.plan.tracking.commitments import Commitment
from yunnao.scenarios.plan.tracking.loading import LoadedPlan, load_plan
from yunnao.scenarios.plan.tracking.promises import OwnerLine

OWNERS = [OwnerLine(department="ecology", names=["工业增加值"])]
COMMITMENT = Commitment(
    start=60,
    end=75,
    line=5,
    action="6月底前海湾大桥西段建成通车",
    sentence="加快交通建设，6月底前海湾大桥西段建成通车",
    due_on=dt.date(2023, 6, 30),
    period="2023",
)


def version(number: int) -> list[Promised]:
    """Each version differs from the one before: a number, and every third one lacks a target."""
    value = Decimal(number) / 10
    promised = [replace(GROWTH, value=value, base_value=value)]
    return promised if number % 3 == 0 else [*promised, replace(REVENUE, text_line=number)]


def load(district: District, number: int) -> LoadedPlan:
    """Load a version, with a commitment of its own."""
    commitment = replace(COMMITMENT, action=f"{COMMITMENT.action}（{number}）")
    reviewed = Reviewed(name=f"{number}.xlsx", sha256=f"{number:064d}", report="报告.txt", report_sha256="b" * 64)
    return load_plan(
        district.targets,
        district.filed,
        "2023",
        version(number),
        reviewed,
        [commitment],
        OWNERS,
        "os:tester",
        district.clock(),
    )


if __name__ == "__main__":
    home, first = Path(sys.argv[1]), int(sys.argv[2])
    opened = District(home)
    _ = opened.targets, opened.filed
    print("ready", flush=True)  # noqa: T201
    for turn in range(first, first + 10_000):
        load(opened, turn)
