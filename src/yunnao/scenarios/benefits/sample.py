"""A synthetic district for demonstrations and tests: every register of this scenario, seeded, at any scale.

Nothing in it is anyone's: entities, people and streets are invented. Only its size follows published totals.
"""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal

import numpy as np
import polars as pl

from yunnao.catalogue.sample_files import SampleTable
from yunnao.kernel.errors import DefinitionError
from yunnao.scenarios.benefits.sample_district import ENTITIES, KINDS, District, make_district, street_names
from yunnao.scenarios.benefits.sample_draws import Generator, counts, fen, frame, numbered, on_boundaries, stream, take
from yunnao.scenarios.benefits.sample_industries import INDUSTRIES
from yunnao.scenarios.benefits.sample_people import people_tables
from yunnao.scenarios.benefits.sample_support import support_tables
from yunnao.scenarios.benefits.sample_tax import tax_tables

AS_OF = dt.date(2023, 6, 30)
"""The day on which the sample district is as its registers say."""

SMALLEST, LARGEST = 0.0002, 100.0
"""Scales that make sense: 85 entities to 42.5 million."""

_STAFF_BOUNDS = [9, 10, 19, 20, 99, 100, 299, 300, 999, 1000]
_UNKNOWN = {"name": 0, "entity_type": 0.002, "industry_section": 0.005, "industry_code": 0.01, "registered_on": 0.005}
"""Shares of unknown values, where other than usual."""


def sample(scale: float, seed: int) -> Iterator[SampleTable]:
    """Every register of the scenario, a table at a time, subjects first; the same arguments give the same tables.

    Args:
        scale: 1 is a district of 425,000 market entities.
        seed: not negative.

    Raises:
        DefinitionError: the scale or the seed is out of range.
    """
    _check(scale, seed)
    district = make_district(scale, seed, AS_OF.isoformat())
    yield SampleTable("enterprises", _enterprises(district, stream(seed, "enterprises")))
    yield from people_tables(district)
    yield from tax_tables(district)
    yield from support_tables(district)


def _check(scale: float, seed: int) -> None:
    if not SMALLEST <= scale <= LARGEST:
        raise DefinitionError(
            f"样例的规模（--scale）是 {scale}，要在 {SMALLEST:f} 到 {LARGEST:g} 之间；1 是 {ENTITIES} 户市场主体"
        )
    if seed < 0:
        raise DefinitionError(f"样例的种子（--seed）是 {seed}，要是不小于 0 的整数")


def about(scale: float, seed: int) -> str:
    """The paragraph that goes beside the files: what they are and where their size comes from.

    Raises:
        DefinitionError: the scale or the seed is out of range.
    """
    _check(scale, seed)
    entities = max(1, round(ENTITIES * scale))
    return (
        f"规模 {Decimal(repr(scale)):f}、种子 {seed}：{entities} 户市场主体，数据时点 {AS_OF}。\n"
        "同样的规模和种子总是得到同样的文件。\n"
        "规模 1 按公开的总数设定：常住人口约 200 万的区，约 42.5 万户市场主体，个体工商户约三分之二、企业约三分之一。\n"
        "行业构成、营业收入、人数、裁员率等分布是设定的，不是任何地方的统计结果；企业、人员、街道的名称和代码都是虚构的。\n"
        "为便于检验，少量数值恰好落在政策界线上，另有约 1%–3% 的数值留空，表示“未知”。"
    )


def _enterprises(d: District, rng: Generator) -> pl.DataFrame:
    places = np.arange(d.size)
    labels = [f"示例{kind} " for kind in KINDS]
    names = take(labels, d.kind) + numbered("", places + 1, 6)
    employees = np.where(d.company, on_boundaries(rng, d.employees, _STAFF_BOUNDS, 0.01), d.employees)
    bounds = [yuan * 1_000_000 + step for yuan in (50, 100, 300, 500, 1000, 2000, 40_000) for step in (-1, 0)]
    revenue = on_boundaries(rng, fen(d.revenue), bounds, 0.01)
    assets = on_boundaries(rng, fen(d.assets), [100 * 1_000_000, 100 * 1_000_000 - 1, 8000 * 1_000_000], 0.003)
    columns = {
        "credit_code": d.codes,
        "name": names,
        "entity_type": take(list(KINDS), d.kind),
        "industry_section": pl.Series(d.section),
        "industry_code": take([industry.code for industry in INDUSTRIES], d.industry),
        "registered_on": d.registered,
        "street": street_names(rng, d.size),
        "employees": counts(employees.astype(np.float64)),
        "revenue_year": revenue,
        "assets_year_end": assets,
    }
    return frame(rng, columns, keys=("credit_code",), rates=_UNKNOWN)
