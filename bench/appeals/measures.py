"""Measures over a million appeals: from all their events to every rate by department, street, class and month; time and memory."""

import datetime as dt
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
import polars as pl

import yunnao.scenarios.appeals
from bench.measuring import MIB, Figures, heading, in_process, interleaved
from yunnao.kernel import strict_yaml
from yunnao.kernel.moment import CHINA, instant_text
from yunnao.kernel.working_days import shipped_calendar
from yunnao.platforms.cases.filed.definitions import FiledFlow
from yunnao.platforms.cases.filed.reading import read_filed_flows
from yunnao.scenarios.appeals.measures import measured_cases
from yunnao.scenarios.appeals.rates import DIMENSIONS, EVERYBODY, rates

CASES = 1_000_000
SECONDS_BAR = 30.0
MEMORY_BAR = 1536 * MIB
_PIECE = 50_000
_TODAY = dt.date(2026, 5, 6)
_FIRST = dt.date(2025, 3, 1)
_DAYS = 420
_CATEGORIES = ("城乡建设", "环境保护", "交通运输", "教育文体", "劳动和社会保障", "商贸旅游", "卫生计生")
_DEPARTMENTS = (
    "urban_construction",
    "ecology",
    "transport",
    "education_sports",
    "human_resources",
    "commerce_tourism",
    "health",
)
_STREETS = tuple(f"示例街道{number}" for number in range(1, 24))
_KINDS = ("consultation", "complaint", "help", "suggestion")


def compare(figures: Figures, repetitions: int) -> None:
    """Measure a million cases in a process of its own; events are made beforehand, once, and their making is timed apart."""
    heading(
        "Measures over a million appeals", ["about six million events, made as they are read; from events to all rates"]
    )
    works = {
        "making the events alone": in_process(__name__, "make"),
        "events to rates": in_process(__name__, "measure"),
    }
    timings = interleaved(works, min(repetitions, 2), warm_up=0)
    making, measuring = timings.values()
    figures.bar(
        f"rates of {CASES:,} cases, 4 dimensions",
        measuring.least - making.least <= SECONDS_BAR,
        figure=f"{measuring.least - making.least:.1f} s beside {making.least:.1f} s of making the events",
        bar=f"<= {SECONDS_BAR:.0f} s",
    )
    figures.bar(
        "its memory",
        (measuring.peak or 0) <= MEMORY_BAR,
        figure=f"{(measuring.peak or 0) / MIB:,.0f} MiB",
        bar=f"<= {MEMORY_BAR / MIB:,.0f} MiB",
    )


def flow() -> FiledFlow:
    """The flow of appeals as it ships."""
    path = Path(yunnao.scenarios.appeals.__path__[0]) / "case.yaml"
    return read_filed_flows(strict_yaml.read(path), path.name)["appeal"]


def events(cases: int, seed: int = 1) -> Iterator[pl.DataFrame]:
    """Events of made-up cases in pieces, in the columns of `FiledCases.event_frame`: most are answered, some redone or excluded."""
    choose = np.random.default_rng(seed)
    instants = np.array(
        [
            instant_text(dt.datetime.combine(_FIRST + dt.timedelta(days=n), dt.time(10), CHINA))
            for n in range(_DAYS + 90)
        ]
    )
    for start in range(0, cases, _PIECE):
        yield _piece(choose, start, min(_PIECE, cases - start), instants)


def _piece(choose: np.random.Generator, start: int, count: int, instants: np.ndarray) -> pl.DataFrame:
    opened = choose.integers(0, _DAYS, count)
    number = choose.integers(0, len(_DEPARTMENTS), count)
    kind, street, luck = (
        choose.integers(0, 4, count),
        choose.integers(0, len(_STREETS), count),
        choose.random((count, 6)),
    )
    delay = choose.integers(0, 4, (count, 8)).cumsum(axis=1)
    sets = [
        json.dumps({"kind": _KINDS[k], "street": _STREETS[s]}, ensure_ascii=False)
        for k, s in zip(kind, street, strict=True)
    ]
    case_ids = np.array([f"SQ{start + n:09d}" for n in range(count)])
    parts = []

    def add(
        seq: int,
        step: str,
        to: str,
        rows: np.ndarray,
        given: str = "{}",
        named: str = "{}",
        own: list[str] | None = None,
    ) -> None:
        parts.append(
            pl.DataFrame(
                {
                    "case_id": case_ids[rows],
                    "seq": np.full(len(rows), seq),
                    "step": [step] * len(rows),
                    "to_state": [to] * len(rows),
                    "at": instants[opened[rows] + delay[rows, min(seq, 7)]],
                    "department": np.array(_DEPARTMENTS)[number[rows]]
                    if seq > 1
                    else pl.Series([None] * len(rows), dtype=pl.String),
                    "given": [given] * len(rows),
                    "sets": own or [named] * len(rows),
                }
            )
        )

    everybody = np.arange(count)
    add(0, "opened", "received", everybody, own=sets)
    for each, category in enumerate(_CATEGORIES):
        add(
            1,
            "classify",
            "received",
            np.flatnonzero(number == each),
            named=json.dumps({"category": category}, ensure_ascii=False),
        )
    add(2, "dispatch", "dispatched", everybody)
    add(3, "sign_in", "handling", np.flatnonzero(luck[:, 0] < 0.97))
    answered = luck[:, 0] < 0.92
    add(4, "answer", "answered", np.flatnonzero(answered))
    happy = answered & (luck[:, 1] < 0.85)
    add(5, "call_back", "closed", np.flatnonzero(happy), '{"satisfied":"satisfied","solved":true}')
    add(
        5,
        "call_back",
        "redoing",
        np.flatnonzero(answered & (luck[:, 1] > 0.95)),
        '{"satisfied":"dissatisfied","solved":false}',
    )
    add(6, "exclude", "closed", np.flatnonzero(happy & (luck[:, 2] < 0.01)), '{"ground":"outside_competence"}')
    return pl.concat(parts).sort("case_id", "seq")


def _measure() -> None:
    table = measured_cases(events(CASES), flow(), shipped_calendar(), _TODAY)
    for by in DIMENSIONS:
        found = rates(table, by, _TODAY)
        assert sum(found[EVERYBODY][3].left_out.values()) + found[EVERYBODY][3].denominator == CASES


if __name__ == "__main__":
    started = time.perf_counter()
    if sys.argv[1] == "make":
        for _ in events(CASES):
            pass
    else:
        _measure()
    click.echo(f"    {sys.argv[1]}: {time.perf_counter() - started:.1f} s")
