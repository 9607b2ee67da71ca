"""A hospital's settlement statement (结算单): what it is paid and from which groups; sums are the run's own, to the last fen."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import FEN_PER_YUAN
from yunnao.platforms.indicators.report.document import (
    Block,
    Chart,
    Heading,
    Number,
    Paragraph,
    Report,
    Series,
    Span,
    Spans,
    Table,
)
from yunnao.scenarios.drg.reporting import figures
from yunnao.scenarios.drg.reporting.words import (
    CLASS_TITLES,
    LEVELS,
    POOLS,
    money,
    period_words,
    points,
    score,
    share_of,
    title_of,
)

_CHARTED = 10
_TOTAL = "合计"
_ACCOUNT: Mapping[str, str] = {
    "payable": "基金应付",
    "own_share": "个人支付",
    "cost": "医疗总费用",
    "difference": "差额（应付＋个人支付－费用）",
    "prepaid": "已预拨",
    "bond_withheld": "扣留质量保证金",
    "bond_returned": "返还质量保证金",
    "deduction": "扣款",
    "final": "本次应付",
}
_OF_MONTH = ("payable", "bond_withheld", "final", "own_share", "cost")
OF_YEAR = (
    "payable",
    "prepaid",
    "bond_withheld",
    "bond_returned",
    "deduction",
    "final",
    "own_share",
    "cost",
    "difference",
)
"""What the accounts of a year say, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement's numbers come from.

    Attributes:
        run: number of the run; ``kind`` and ``period`` as its manifest has them.
        as_of: the day whose facts were taken.
        lines: rules of the settlement with their citations and marks, to be printed.
        title: of the policy.
    """

    run: int
    kind: str
    period: str
    as_of: dt.date
    title: str
    lines: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HospitalFigures:
    """What a statement is made of: the accounts of one hospital (a row a pool) and sums of its stays."""

    accounts: Sequence[Mapping[str, Any]]
    classes: Sequence[Mapping[str, Any]]
    groups: Sequence[Mapping[str, Any]]


def of_hospitals(stays: pl.DataFrame, accounts: pl.DataFrame) -> Iterator[HospitalFigures]:
    """The figures of every hospital of a run, by hospital code.

    Raises:
        YunnaoError: the run's stays do not sum to its accounts.
    """
    figures.check_sums(stays, accounts)
    classes = figures.by(stays, "hospital_id", "class").partition_by("hospital_id", as_dict=True)
    groups = figures.by_group(stays, "hospital_id").partition_by("hospital_id", as_dict=True)
    for (hospital,), own in sorted(accounts.sort("pool").partition_by("hospital_id", as_dict=True).items()):
        key = (hospital,)
        yield HospitalFigures(
            accounts=own.to_dicts(),
            classes=classes[key].to_dicts() if key in classes else (),
            groups=groups[key].to_dicts() if key in groups else (),
        )


def statement(found: HospitalFigures, source: Source) -> Report:
    """The statement of one hospital.

    Raises:
        YunnaoError: its groups or classes do not sum to its accounts.
    """
    _agree(found)
    first = found.accounts[0]
    name, period = _name(first), period_words(source.kind, source.period)
    what = "DRG 点数付费结算单" if source.kind == "year" else "DRG 点数付费预拨单"
    blocks: list[Block] = [
        Heading(1, "一、结算结果" if source.kind == "year" else "一、预拨结果"),
        Paragraph(tuple(_summary(found, source, period))),
        _accounts_table(found, source),
        Heading(1, "二、点数从哪里来"),
        _sums_table("各类病例", ("病例类别",), found.classes, lambda row: (title_of(CLASS_TITLES, row["class"]),)),
        *_chart(found),
        Heading(1, "三、各病组"),
        Paragraph(
            (
                "一个病组一行；未入组的写在 0000。每份病案的点数＝基准点数×系数，按倍率、床日、再入院等规则调整，"
                "逐份的算式可向医保经办机构索取（工作台的病案页面）。",
            )
        ),
        _groups_table(found),
    ]
    if source.lines:
        blocks += [
            Heading(1, "四、办法与出处"),
            Table(
                title=f"{source.title}（{period}）",
                header=("规则", "出处"),
                rows=tuple(((rule,), (cites,)) for rule, cites in source.lines),
            ),
        ]
    return Report(
        title=f"{name} {period} {what}",
        subtitle=f"第 {source.run} 次结算；数据截至 {source.as_of}",
        as_of=source.as_of,
        blocks=tuple(blocks),
    )


def _name(account: Mapping[str, Any]) -> str:
    return str(account["name"] or account["hospital_id"])


def _sum(rows: Sequence[Mapping[str, Any]], name: str) -> int | None:
    """Of all rows; None where one is not known."""
    values = [row[name] for row in rows]
    return None if any(value is None for value in values) else sum(values)


def _agree(found: HospitalFigures) -> None:
    for rows in (found.classes, found.groups):
        for name, account in (("stays", "stays"), ("points", "points"), ("payment", "payable"), ("cost", "cost")):
            summed, wanted = _sum(rows, name), _sum(found.accounts, account)
            if summed != wanted:
                raise YunnaoError(
                    f"{found.accounts[0]['hospital_id']}：{name} 合计 {summed} 与结算结果 {wanted} 不符；请重新结算后再出结算单"
                )


def _number(found: HospitalFigures, source: Source, name: str, text: str) -> Number:
    hospital = found.accounts[0]["hospital_id"]
    return Number(text=text, note=f"第 {source.run} 次结算 hospitals.parquet，{hospital}，{name}，各险种之和")


def _summary(found: HospitalFigures, source: Source, period: str) -> Iterator[Span]:
    first, accounts = found.accounts[0], found.accounts
    stays, grouped = _sum(accounts, "stays") or 0, _sum(accounts, "grouped") or 0

    def number(name: str, text: str) -> Number:
        return _number(found, source, name, text)

    yield f"{_name(first)}（{first['hospital_id']}，{title_of(LEVELS, first['level'])}）{period}出院结算 "
    yield number("stays", f"{stays:,}")
    yield " 例，入组 "
    yield number("grouped", f"{grouped:,}")
    yield f" 例（{share_of(grouped, stays)}），总点数 "
    yield number("points", points(_sum(accounts, "points")))
    yield "；"
    final = _sum(accounts, "final") or 0
    names = (
        ("payable", "prepaid", "bond_returned", "deduction") if source.kind == "year" else ("payable", "bond_withheld")
    )
    for name in names:
        yield f"{_ACCOUNT[name] if source.kind == 'year' or name != 'payable' else '应预拨'} "
        yield number(name, money(_sum(accounts, name)))
        yield " 元，"
    yield "本次应收回 " if final < 0 else "本次应付 "
    yield number("final", money(abs(final)))
    yield " 元。"


def _accounts_table(found: HospitalFigures, source: Source) -> Table:
    """One column a pool, and their sum where there are several."""
    accounts, several = found.accounts, len(found.accounts) > 1
    header = ("项目", *(title_of(POOLS, row["pool"]) for row in accounts), *([_TOTAL] if several else []))

    def row(title: str, shown: Sequence[str], total: str) -> tuple[Spans, ...]:
        return tuple((text,) for text in (title, *shown, *([total] if several else [])))

    rows = [
        row("出院结算病例（例）", [f"{each['stays']:,}" for each in accounts], f"{_sum(accounts, 'stays'):,}"),
        row("入组病例（例）", [f"{each['grouped']:,}" for each in accounts], f"{_sum(accounts, 'grouped'):,}"),
        row("CMI", [points(each["cmi"]) for each in accounts], "—"),
        row("点数", [points(each["points"]) for each in accounts], points(_sum(accounts, "points"))),
        row("点值（元/点）", [each["point_value"] or "—" for each in accounts], "—"),
    ]
    for name in OF_YEAR if source.kind == "year" else _OF_MONTH:
        title = f"{_ACCOUNT[name]}（元）"
        rows.append(row(title, [money(each[name]) for each in accounts], money(_sum(accounts, name))))
    if source.kind == "year":
        rows.append(row("质量考核得分", [score(each["quality_score"]) for each in accounts], "—"))
    return Table(title="结算结果", header=header, rows=tuple(rows), figures=frozenset(range(1, len(header))))


_HEADS = ("病例", "点数", "基金应付（元）", "医疗总费用（元）")


def _sums(row: Mapping[str, Any]) -> tuple[str, ...]:
    return f"{row['stays']:,}", points(row["points"]), money(row["payment"]), money(row["cost"])


def _total(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return _sums({name: _sum(rows, name) or 0 for name in figures.SUMS})


def _sums_table(title: str, heads: tuple[str, ...], rows: Sequence[Mapping[str, Any]], named: Any) -> Table:
    lines = [(*named(row), *_sums(row)) for row in rows]
    lines.append((_TOTAL, *("" for _ in heads[1:]), *_total(rows)))
    return Table(
        title=title,
        header=(*heads, *_HEADS),
        rows=tuple(tuple((text,) for text in line) for line in lines),
        figures=frozenset(range(1, len(heads) + len(_HEADS))),
    )


def _groups_table(found: HospitalFigures) -> Table:
    return _sums_table(
        "各病组",
        ("病组", "基准点数", "系数"),
        found.groups,
        lambda row: (row["drg"] or "—", points(row["base_points"]), points(row["coefficient"])),
    )


def _chart(found: HospitalFigures) -> Iterator[Chart]:
    """The groups that are paid most, with what they cost."""
    most = sorted(found.groups, key=lambda row: (-row["payment"], row["drg"] or ""))[:_CHARTED]
    if not most or not any(row["payment"] for row in most):
        return
    yield Chart(
        title="应付最多的病组：基金应付与费用",
        description="；".join(
            f"{row['drg']} 应付 {money(row['payment'])} 元，费用 {money(row['cost'])} 元" for row in most
        ),
        categories=tuple(row["drg"] or "—" for row in most),
        series=(
            Series("基金应付", "plain", tuple(Decimal(row["payment"]) / FEN_PER_YUAN for row in most)),
            Series("医疗总费用", "second", tuple(Decimal(row["cost"]) / FEN_PER_YUAN for row in most)),
        ),
        stacked=False,
        unit="元",
    )
