"""Rows with the same key in one file: identical ones are kept once, contradicting ones are all refused."""

from dataclasses import dataclass

import polars as pl

from yunnao.kernel.register import Register
from yunnao.platforms.registry.reports import Problem
from yunnao.platforms.registry.rows import row_list


@dataclass(frozen=True)
class Unique:
    """Rows with distinct keys, how many identical repeats were dropped, and what to tell."""

    table: pl.DataFrame
    repeats: int
    problems: list[Problem]
    notes: list[str]


def without_duplicates(good: pl.DataFrame, register: Register, sheets: list[str], name: str) -> Unique:
    """Make keys unique.

    Args:
        good: readable rows: facts, `_sheet` (position in ``sheets``) and `_row`.
    """
    facts = [column for column in good.columns if not column.startswith("_")]
    once = good.unique(facts, keep="first", maintain_order=True)
    repeats = good.height - once.height
    notes = []
    if repeats:
        dropped = good.join(once, on=["_sheet", "_row"], how="anti", maintain_order="left")
        notes.append(f"有 {repeats} 行与前面的行完全相同，只保留一行：略去{row_list(dropped['_row'].to_list())}")
    several = pl.len().over(register.key) > 1
    clashing = once.filter(several)
    if clashing.is_empty():
        return Unique(once, repeats, [], notes)
    title = "、".join(register.fact(key).title.zh for key in register.key)
    rivals: dict[tuple[object, ...], list[tuple[int, int]]] = {}
    for *key, sheet, row in clashing.select(*register.key, "_sheet", "_row").iter_rows():
        rivals.setdefault(tuple(key), []).append((sheet, row))
    problems = [
        Problem(name, sheets[sheet], row, title, "、".join(map(str, key)), _sentence((sheet, row), places, sheets))
        for key, places in rivals.items()
        for sheet, row in places
    ]
    return Unique(once.filter(~several), repeats, problems, notes)


def _sentence(place: tuple[int, int], places: list[tuple[int, int]], sheets: list[str]) -> str:
    others = [
        f"第 {row} 行" if sheet == place[0] else f"工作表「{sheets[sheet]}」第 {row} 行"
        for sheet, row in places
        if (sheet, row) != place
    ]
    shown = "、".join(others[:5]) + ("等" if len(others) > 5 else "")
    return f"与{shown}名字相同而内容不同，都没有采用：请核实后只留一行"
