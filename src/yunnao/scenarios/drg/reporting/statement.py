"""A hospital's settlement statement (结算单): what it is paid and from which groups; sums are the run's own, to the last fen."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import polars as pl

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.numbers import FEN_PER_YUAN
from yunnao.kernel.text import Language
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
from yunnao.scenarios.drg.reporting.statement_words import ACCOUNT, statement_words
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
_OF_MONTH = ("payable", "bond_withheld", "final", "own_share", "cost")
_OF_YEAR = (
    "payable",
    "prepaid",
    "transferred",
    "transfer_difference",
    "bond_withheld",
    "bond_returned",
    "deduction",
    "final",
    "own_share",
    "cost",
    "difference",
)
_TRANSFERS = ("transferred", "transfer_difference")


def account_lines(accounts: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """What the accounts of a year say, in order; transfers where they are entered."""
    entered = any(each["transferred"] is not None for each in accounts)
    return _OF_YEAR if entered else tuple(name for name in _OF_YEAR if name not in _TRANSFERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a statement's numbers come from.

    Attributes:
        run: number of the run; ``kind`` and ``period`` as its manifest has them.
        as_of: the day whose facts were taken.
        lines: rules of the settlement with their citations and marks, to be printed.
        title: of the policy.
        language: of the statement.
    """

    run: int
    kind: str
    period: str
    as_of: dt.date
    title: str
    lines: tuple[tuple[str, str], ...] = ()
    language: Language = "zh"

    @property
    def say(self) -> SimpleNamespace:
        """The statement's words."""
        return statement_words(self.language)

    @property
    def period_words(self) -> str:
        """The period for people."""
        return period_words(self.kind, self.period, self.language)


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
    say, name, period = source.say, _name(found.accounts[0]), source.period_words
    of_year = source.kind == "year"
    entered = of_year and any(each["transferred"] is not None for each in found.accounts)
    blocks: list[Block] = [
        Heading(1, say.result_year if of_year else say.result_month),
        Paragraph(tuple(_summary(found, source))),
        _accounts_table(found, source),
        *([Paragraph((say.transferred,))] if entered else []),
        Heading(1, say.points_heading),
        _sums_table(
            say.classes,
            (say.kind,),
            found.classes,
            source,
            lambda row: (title_of(CLASS_TITLES, row["class"], source.language),),
        ),
        *_chart(found, source),
        Heading(1, say.groups_heading),
        Paragraph((say.groups_lead,)),
        _groups_table(found, source),
    ]
    if source.lines:
        blocks += [
            Heading(1, say.rules_heading),
            Table(
                title=say.rules_of.format(title=source.title, period=period),
                header=(say.rule, say.cites),
                rows=tuple(((rule,), (cites,)) for rule, cites in source.lines),
            ),
        ]
    return Report(
        title=(say.title_year if of_year else say.title_month).format(name=name, period=period),
        subtitle=say.subtitle.format(run=source.run, day=source.as_of),
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
    return Number(text=text, note=source.say.note.format(run=source.run, hospital=hospital, name=name))


def _summary(found: HospitalFigures, source: Source) -> Iterator[Span]:
    say, first, accounts = source.say, found.accounts[0], found.accounts
    stays, grouped = _sum(accounts, "stays") or 0, _sum(accounts, "grouped") or 0

    def number(name: str, text: str) -> Number:
        return _number(found, source, name, text)

    yield say.first.format(
        name=_name(first),
        hospital=first["hospital_id"],
        level=title_of(LEVELS, first["level"], source.language),
        period=source.period_words,
    )
    yield number("stays", f"{stays:,}")
    yield say.then_grouped
    yield number("grouped", f"{grouped:,}")
    yield say.then_points.format(share=share_of(grouped, stays))
    yield number("points", points(_sum(accounts, "points")))
    yield say.then_money
    final = _sum(accounts, "final") or 0
    had = ("prepaid",) if _sum(accounts, "transferred") is None else ("transferred", "bond_withheld")
    names = ("payable", *had, "bond_returned", "deduction") if source.kind == "year" else ("payable", "bond_withheld")
    for name in names:
        title = ACCOUNT[name].in_(source.language)
        yield f"{title if source.kind == 'year' or name != 'payable' else say.to_prepay} "
        yield number(name, money(_sum(accounts, name)))
        yield say.after_money
    yield say.paid_back if final < 0 else say.paid_now
    yield number("final", money(abs(final)))
    yield say.end


def _accounts_table(found: HospitalFigures, source: Source) -> Table:
    """One column a pool, and their sum where there are several."""
    say, accounts, several = source.say, found.accounts, len(found.accounts) > 1
    pools = (title_of(POOLS, row["pool"], source.language) for row in accounts)
    header = (say.item, *pools, *([say.total] if several else []))

    def row(title: str, shown: Sequence[str], total: str) -> tuple[Spans, ...]:
        return tuple((text,) for text in (title, *shown, *([total] if several else [])))

    rows = [
        row(say.account_stays, [f"{each['stays']:,}" for each in accounts], f"{_sum(accounts, 'stays'):,}"),
        row(say.account_grouped, [f"{each['grouped']:,}" for each in accounts], f"{_sum(accounts, 'grouped'):,}"),
        row("CMI", [points(each["cmi"]) for each in accounts], "—"),
        row(say.points, [points(each["points"]) for each in accounts], points(_sum(accounts, "points"))),
        row(say.point_value, [each["point_value"] or "—" for each in accounts], "—"),
    ]
    for name in account_lines(accounts) if source.kind == "year" else _OF_MONTH:
        title = say.in_yuan.format(title=ACCOUNT[name].in_(source.language))
        rows.append(row(title, [money(each[name]) for each in accounts], money(_sum(accounts, name))))
    if source.kind == "year":
        rows.append(row(say.quality_score, [score(each["quality_score"]) for each in accounts], "—"))
    return Table(title=say.account, header=header, rows=tuple(rows), figures=frozenset(range(1, len(header))))


def _sums(row: Mapping[str, Any]) -> tuple[str, ...]:
    return f"{row['stays']:,}", points(row["points"]), money(row["payment"]), money(row["cost"])


def _total(rows: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    return _sums({name: _sum(rows, name) or 0 for name in figures.SUMS})


def _sums_table(
    title: str, heads: tuple[str, ...], rows: Sequence[Mapping[str, Any]], source: Source, named: Any
) -> Table:
    say = source.say
    sums = (say.stays, say.points, say.payment, say.cost)
    lines = [(*named(row), *_sums(row)) for row in rows]
    lines.append((say.total, *("" for _ in heads[1:]), *_total(rows)))
    return Table(
        title=title,
        header=(*heads, *sums),
        rows=tuple(tuple((text,) for text in line) for line in lines),
        figures=frozenset(range(1, len(heads) + len(sums))),
    )


def _groups_table(found: HospitalFigures, source: Source) -> Table:
    say = source.say
    return _sums_table(
        say.groups,
        (say.group, say.base_points, say.coefficient),
        found.groups,
        source,
        lambda row: (row["drg"] or "—", points(row["base_points"]), points(row["coefficient"])),
    )


def _chart(found: HospitalFigures, source: Source) -> Iterator[Chart]:
    """The groups that are paid most, with what they cost."""
    say = source.say
    most = sorted(found.groups, key=lambda row: (-row["payment"], row["drg"] or ""))[:_CHARTED]
    if not most or not any(row["payment"] for row in most):
        return
    yield Chart(
        title=say.chart,
        description=say.chart_join.join(
            say.chart_part.format(drg=row["drg"], payment=money(row["payment"]), cost=money(row["cost"]))
            for row in most
        ),
        categories=tuple(row["drg"] or "—" for row in most),
        series=(
            Series(
                ACCOUNT["payable"].in_(source.language),
                "plain",
                tuple(Decimal(row["payment"]) / FEN_PER_YUAN for row in most),
            ),
            Series(
                ACCOUNT["cost"].in_(source.language),
                "second",
                tuple(Decimal(row["cost"]) / FEN_PER_YUAN for row in most),
            ),
        ),
        stacked=False,
        unit=say.yuan,
    )
