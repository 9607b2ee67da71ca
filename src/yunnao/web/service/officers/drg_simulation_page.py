"""What if a parameter were different: every hospital's payment before and after, side by side; nothing is kept."""

import threading
from collections.abc import Iterator
from decimal import Decimal

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.text import Language
from yunnao.scenarios.drg.reporting.sheets import move_sheet
from yunnao.scenarios.drg.reporting.statement_words import RULES
from yunnao.scenarios.drg.reporting.tables import as_xlsx
from yunnao.scenarios.drg.reporting.words import POOLS, money, share_of, title_of
from yunnao.scenarios.drg.settlement.policy import Rules
from yunnao.scenarios.drg.settlement.simulation import Simulated, simulate
from yunnao.web.charts.bars import Bar, bar_chart
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers import drg_views as views
from yunnao.web.service.officers.drg_door import Seen, at_drg, seen
from yunnao.web.service.officers.signed_in import FOLDER

_PAGE = f"{FOLDER}/drg/simulate"
_FIELDS = 3
"""As many parameters may be changed at once."""
_LONGEST = 120
_CHARTED = 12


class DrgSimulationPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._lock = threading.Lock()
        self._kept: tuple[object, Simulated] | None = None

    def routes(self) -> list[Route]:
        """The page and its workbook."""
        return [
            Route(_PAGE, self.simulation, methods=["GET"]),
            Route(f"{_PAGE}.xlsx", self.workbook, methods=["GET"]),
        ]

    async def simulation(self, request: Request) -> Response:
        """The form; with changes, what they do."""
        officer = await at_drg(request)
        if isinstance(officer, Response):
            return officer
        return await run_in_threadpool(lambda: self._page(seen(request, officer, self._desk)))

    async def workbook(self, request: Request) -> Response:
        """The moves as a workbook."""
        officer = await at_drg(request)
        if isinstance(officer, Response):
            return officer
        return await run_in_threadpool(lambda: self._workbook(seen(request, officer, self._desk)))

    def _page(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        changes, found, refused = changes_of(asked.request), None, ""
        rules = asked.run.rules
        if asked.run.manifest.kind != "year":
            refused = asked.say.simulate_year_only
        elif changes:
            try:
                found = self._simulated(asked, rules, changes)
            except YunnaoError as error:
                refused = str(error)
        lines = [*changes.items(), *[("", "")] * (_FIELDS - len(changes))]
        return asked.page(
            "drg_simulation.html",
            422 if refused and changes else 200,
            parameters=list(parameters(rules, asked.tongue)),
            changes=changes,
            lines=lines,
            found=found,
            refused=refused,
            moves=_moves(found, asked) if found else None,
            chart=_chart(found, asked) if found else None,
            moves_note=asked.say.moves_note.format(total=money(int(found.moves["change"].sum()))) if found else "",
            query={f"name{n}": name for n, name in enumerate(changes)}
            | {f"value{n}": v for n, v in enumerate(changes.values())},
        )

    def _workbook(self, asked: Seen) -> Response:
        changes = changes_of(asked.request)
        if asked.run is None or asked.run.manifest.kind != "year" or not changes:
            return self._page(asked)
        try:
            found = self._simulated(asked, asked.run.rules, changes)
        except YunnaoError:
            return self._page(asked)
        return asked.workbook(as_xlsx([move_sheet(found.moves, asked.tongue)], asked.tongue), "drg-simulation")

    def _simulated(self, asked: Seen, rules: Rules, changes: dict[str, str]) -> Simulated:
        """The year settled by the rows in force today, with the rules of the run and with the changes; the last one is kept in memory.

        Raises:
            YunnaoError: a change is not possible, or the year cannot be settled.
        """
        settling = self._desk.district.settling()
        months = settling.months(rules.year)
        published = settling.published(rules)
        numbers = tuple(month.number for month in months)
        mark = (settling.source.snapshot, settling.scheme.digest, rules, published.hashes, numbers, changes)
        with self._lock:
            if self._kept is None or self._kept[0] != mark:
                found = simulate(settling.inputs(published), rules, changes, settling.prepaid(months))
                self._kept = (mark, found)
            return self._kept[1]


def changes_of(request: Request) -> dict[str, str]:
    """Parameter -> value as the form has them; lines without either are passed over."""
    found, query = {}, request.query_params
    for number in range(_FIELDS):
        name, value = (query.get(f"{part}{number}", "").strip()[:_LONGEST] for part in ("name", "value"))
        if name and value:
            found[name] = value
    return found


def parameters(rules: Rules, language: Language = "zh") -> Iterator[tuple[str, str, str]]:
    """The parameters that hold one number or word: dotted name, title of its rule, value now."""
    document = rules.model_dump(mode="json", exclude={"origins", "year"})
    for name, value in _leaves("", document):
        rule = RULES.get(name.partition(".")[0])
        yield name, "" if rule is None else rule.in_(language), value


def _leaves(prefix: str, value: object) -> Iterator[tuple[str, str]]:
    match value:
        case dict():
            for name, below in value.items():
                yield from _leaves(f"{prefix}.{name}" if prefix else str(name), below)
        case list():
            for number, below in enumerate(value):
                yield from _leaves(f"{prefix}.{number}", below)
        case None:
            return
        case bool():
            yield prefix, "true" if value else "false"
        case _:
            yield prefix, str(value)


def _moves(found: Simulated, asked: Seen) -> views.Grid:
    say, tongue = asked.say, asked.tongue
    heads = (say.hospital, say.pool, say.before, say.after, say.moved, say.moved_share)
    return views.Grid(
        heads=heads,
        rows=tuple(
            views.row(
                views.Cell(str(each["name"] or each["hospital_id"]), views.path(views.HOSPITAL, each["hospital_id"])),
                title_of(POOLS, each["pool"], tongue),
                money(each["payable_before"]),
                money(each["payable_after"]),
                _signed(each["change"]),
                _moved(each["change"], each["payable_before"]),
            )
            for each in found.moves.iter_rows(named=True)
        ),
    )


def _chart(found: Simulated, asked: Seen) -> views.Charted:
    """The largest moves of hospitals, up and down, over all pools."""
    say = asked.say
    sums = found.moves.group_by("hospital_id").agg(
        pl.col("name").first(), pl.col("change").sum(), pl.col("payable_before").sum()
    )
    largest = (
        sums.sort([pl.col("change").abs(), "hospital_id"], descending=[True, False]).head(_CHARTED).sort("hospital_id")
    )
    most = max([abs(change) for change in largest["change"]] + [1])
    bars, rows = [], []
    for each in largest.iter_rows(named=True):
        name, text = str(each["name"] or each["hospital_id"]), _signed(each["change"])
        tone = "plain" if each["change"] >= 0 else "attention"
        share = _moved(each["change"], each["payable_before"])
        bars.append(
            Bar(name=name, share=float(Decimal(abs(each["change"])) / most), text=f"{text}（{share}）", tone=tone)
        )
        rows.append((name, text, share))
    return views.Charted(
        title=say.moves,
        picture=bar_chart("moves", say.moves, "；".join(f"{bar.name} {bar.text}" for bar in bars), bars),
        heads=(say.hospital, say.moved, say.moved_share),
        rows=tuple(rows),
    )


def _signed(fen: int) -> str:
    return f"+{money(fen)}" if fen > 0 else money(fen)


def _moved(change: int, before: int) -> str:
    text = share_of(abs(change), before)
    return text if change >= 0 or text == "—" else f"-{text}"
