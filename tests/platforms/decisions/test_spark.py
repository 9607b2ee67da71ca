"""The set-wise engine gives the same cells on Spark as on Polars, from the same expressions."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.platforms.decisions.test_engines_agree import (
    CALENDAR,
    FIRMS,
    HIRES,
    POLARS,
    policy_from,
    rule_set,
)
from yunnao.platforms.decisions import many
from yunnao.storage.engines import Spark

pytestmark = [
    pytest.mark.needs_java,
    pytest.mark.skipif(shutil.which("java") is None, reason="needs Java 17 (make system installs it)"),
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    engine = Spark("local[2]")
    yield engine
    engine.session.stop()


def population(folder: Path) -> tuple[Path, Path]:
    """600 firms over every combination of awkward values, and their hires, as Parquet."""
    money = [None, 0, 1, 299_999_999, 300_000_000, 300_000_001, 10**14, -(10**14), 150_055]
    firms = [
        {
            "code": f"S{i:04d}",
            "industry": [None, "C1", "F512", "J66", "A"][i % 5],
            "since": [None, "2003-01-31", "2020-02-29", "2023-06-30", "2022-10-08"][i % 5],
            "staff": [None, 0, 4, 5, 6, 19, 20, 300, 10**9][i % 9],
            "income": money[i % 9],
            "revenue": [abs(m) if m is not None else None for m in money][(i // 9) % 9],
            "layoffs": [None, 0, 55 * 10**9, 55 * 10**9 + 1][i % 4],
            "clean": [None, True, False][i % 3],
        }
        for i in range(600)
    ]
    hires = [
        {
            "code": f"S{i % 600:04d}",
            "person": f"P{i % 170}",
            "hired_on": [None, "2022-01-01", "2022-01-02", "2022-01-01"][i % 4],
            "months": [None, 0, 2, 3, 11, 12, 36][i % 7],
            "graduate": [None, True, True, False][i % 4],
            "pay": [None, 0, 1, 10**10, 12_345][i % 5],
        }
        for i in range(0, 1700, 3)
    ]
    paths = folder / "firms.parquet", folder / "hires.parquet"
    for rows, register, path in ((firms, FIRMS, paths[0]), (hires, HIRES, paths[1])):
        schema: dict[str, Any] = {f.id: POLARS[f.type] for f in register.facts}
        dates = [name for name, kind in schema.items() if kind == pl.Date]
        texts = {name: (pl.String if name in dates else kind) for name, kind in schema.items()}
        frame = pl.DataFrame(rows, schema=texts).with_columns(pl.col(dates).str.to_date())
        frame.unique(list(register.key), keep="first", maintain_order=True).write_parquet(path)
    return paths


def test_spark_and_polars_agree_on_every_cell(spark: Spark, tmp_path: Path) -> None:
    firms, hires = population(tmp_path)
    cites = {"cites": "示例"}
    trees: list[Any] = [
        {"all": [{"fact": "income", "at_most": 3_000_000, **cites}, {"fact": "clean", "is": True, **cites}]},
        {"any": [{"fact": "size", "is": "small", **cites}, {"not": {"fact": "age", "within": [12, 60], **cites}}]},
        {
            "at_least": 2,
            "of": [
                {"fact": "graduates", "at_least": 1, **cites},
                {"fact": "layoffs", "at_most": "0.055", **cites},
                {"fact": "waited", "more_than": 100, **cites},
            ],
        },
        {"all": [{"fact": "has_hire", "is": True, **cites}, {"fact": "latest", "at_least": 3, **cites}]},
    ]
    amounts = ["rate_of_income", "per_head", "quotient", "capped"]
    policies = [
        policy_from(f"p_{i}", tree, amount) for i, (tree, amount) in enumerate(zip(trees, amounts, strict=True))
    ]
    rules = rule_set(policies, frozenset({"firms", "hires"}))
    here = many.Inputs(
        subjects=pl.scan_parquet(firms), key="code", rows={"hires": pl.scan_parquet(hires)}, calendar=CALENDAR.lazy()
    )
    there = many.Inputs(
        subjects=spark.scan([firms]), key="code", rows={"hires": spark.scan([hires])}, calendar=spark.lift(CALENDAR)
    )
    expected = many.decide(rules, here).collect().sort("code")
    spark.write(many.decide(rules, there), tmp_path / "out.parquet")
    got = pl.read_parquet(tmp_path / "out.parquet").sort("code")
    assert got.columns == expected.columns
    for name in expected.columns:
        same = expected[name].cast(got[name].dtype).eq_missing(got[name])
        assert same.all(), (name, expected.filter(~same).head(3), got.filter(~same).head(3))
    assert expected["p_0"].n_unique() == 3, "the population reaches every outcome"
