"""Whether a run is as it was kept; one that has lawfully lost personal data is whole, and says what it lost and when."""

from collections.abc import Collection
from dataclasses import dataclass

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.scenarios.drg.settlement.runs import Run, Runs


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found about a run, in a Chinese sentence."""

    whole: bool
    sentence: str


def verified(runs: Runs, number: int, noted: Collection[tuple[int, str]]) -> Verified:
    """Check a run's files against its manifest and its erasures, and its stays against its hospitals.

    Args:
        noted: (run, SHA-256 of the stays) of the erasures that the audit log knows.
    """
    try:
        run = runs.open(number)
        _ = run.rules, run.groups
        stays, hospitals = run.stays.collect(), run.hospitals.collect()
        erasures = run.erasures
    except YunnaoError as error:
        return Verified(whole=False, sentence=str(error))
    title = run.manifest.title
    if differing := _differing(stays, hospitals):
        return Verified(whole=False, sentence=f"{title}：{differing}；请从备份恢复，或重新运行同一命令")
    if unknown := [each.sha256[:12] for each in erasures if (number, each.sha256) not in noted]:
        return Verified(
            whole=False,
            sentence=f"{title}：清除 {'、'.join(unknown)} 没有审计记录；若是清除时中断，请再运行同一 yunnao erase 命令",
        )
    if left := _superseded(run):
        return Verified(
            whole=False, sentence=f"{title}：清除前的文件 {'、'.join(left)} 还在；请再运行同一 yunnao erase 命令"
        )
    if erasures:
        rows = sum(each.rows for each in erasures)
        days = "、".join(dict.fromkeys(each.at[:10] for each in erasures))
        return Verified(
            whole=True,
            sentence=f"{title}：依法清除过 {rows:,} 份病案的个人信息（{days}，有审计记录）；金额、点数、病组与各机构的账相符",
        )
    kept = run.manifest.erased
    return Verified(
        whole=True, sentence=f"{title}：与清单一致" + (f"（{kept:,} 份病案做时已不含个人信息）" if kept else "")
    )


def _differing(stays: pl.DataFrame, hospitals: pl.DataFrame) -> str:
    """Where the stays do not sum to the hospitals; "" if they do."""
    key = ["hospital_id", "pool"]
    sums = stays.group_by(key).agg(pl.col("points", "payment").sum(), pl.len().cast(pl.Int64).alias("rows"))
    both = hospitals.join(sums, on=key, how="full", coalesce=True, suffix="_summed").fill_null(0)
    wrong = both.filter(
        (pl.col("points") != pl.col("points_summed"))
        | (pl.col("payable") != pl.col("payment"))
        | (pl.col("stays") != pl.col("rows"))
    )
    return "" if wrong.is_empty() else f"{'、'.join(wrong['hospital_id'].head(3))} 的病案合计与机构的账不符"


def _superseded(run: Run) -> list[str]:
    kept = run.erasures[-1].file if run.erasures else "stays.parquet"
    return sorted(path.name for path in run.folder.glob("stays*.parquet") if path.name != kept)
