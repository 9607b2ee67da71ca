"""DRG payment at the desk: the fund, a hospital, a group, questions to a reviewer; each as a workbook. A hospital sees its own page."""

from collections.abc import Awaitable, Callable

import polars as pl
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.audit.events import AuditEvent
from yunnao.kernel.errors import YunnaoError
from yunnao.kernel.moment import CHINA
from yunnao.platforms.cases.filed.inbox import Inbox
from yunnao.platforms.cases.filed.pending import Pending, pending
from yunnao.platforms.indicators.report.word import as_docx
from yunnao.scenarios.drg.reporting import figures, sheets
from yunnao.scenarios.drg.reporting.distribution import marked
from yunnao.scenarios.drg.reporting.monthly import month_points
from yunnao.scenarios.drg.reporting.statement import of_hospitals, statement
from yunnao.scenarios.drg.reporting.statement_source import source_of
from yunnao.scenarios.drg.reporting.tables import as_xlsx
from yunnao.scenarios.drg.reporting.words import CLASS_TITLES, period_words
from yunnao.scenarios.drg.review.asking import asked_of
from yunnao.scenarios.drg.review.filings import FLOWS
from yunnao.scenarios.drg.settlement.runs import Run, Runs
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers import drg_group_view as group_view
from yunnao.web.service.officers import drg_views as views
from yunnao.web.service.officers.drg_door import DOCX, Seen, at_drg, at_hospital, every_run, handled, seen
from yunnao.web.service.officers.drg_reviews_view import reviews_grid, reviews_of
from yunnao.web.service.officers.sign_in import Officer
from yunnao.web.service.officers.signed_in import FOLDER

_Door = Callable[[Request], Awaitable[Officer | Response]]
"""Says who asks for a page, or what to answer instead."""
PAGE = 50
_GROUPS = 15
_TRIMMED = 50
_REVIEWS = 50
_LONGEST = 60


class DrgPage:
    """The handlers of these pages."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every page and workbook."""
        at = f"{FOLDER}/drg"
        shown: dict[str, Callable[[Seen], Response]] = {
            at: self._fund,
            f"{at}.xlsx": self._fund_book,
            f"{at}/questions": self._questions,
            f"{at}/questions.xlsx": self._question_book,
            f"{at}/group/{{group}}.xlsx": self._group_book,
            f"{at}/group/{{group}}": self._group,
        }
        of_hospital: dict[str, Callable[[Seen], Response]] = {
            f"{at}/hospital/{{hospital}}.xlsx": self._hospital_book,
            f"{at}/hospital/{{hospital}}.docx": self._statement,
            f"{at}/hospital/{{hospital}}": self._hospital,
        }
        doors: tuple[tuple[_Door, dict[str, Callable[[Seen], Response]]], ...] = (
            (at_drg, shown),
            (at_hospital, of_hospital),
        )
        return [
            Route(path, self._handler(door, show), methods=["GET"])
            for door, pages in doors
            for path, show in pages.items()
        ]

    def _handler(self, door: _Door, show: Callable[[Seen], Response]) -> Callable[[Request], object]:
        async def answer(request: Request) -> Response:
            officer = await door(request)
            if isinstance(officer, Response):
                return officer
            return await run_in_threadpool(lambda: show(seen(request, officer, self._desk)))

        return answer

    # ------------------------------------------------------------------ the fund

    def _fund(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", runs=[])
        run, manifest, say, tongue = asked.run, asked.run.manifest, asked.say, asked.tongue
        stays, accounts = run.stays.collect(), run.hospitals.collect()
        months = Runs(self._desk.district.home).months_of(int(manifest.period[:4]))
        by_month = month_points(manifest, stays, months)
        year = manifest.period[:4]
        charts = [
            views.value_chart(pool, points, shared, year, say, tongue) for pool, (points, shared) in by_month.items()
        ]
        reviews = self._reviews()
        return asked.page(
            "drg.html",
            runs=self._runs(asked),
            lead=say.lead.format(
                period=period_words(manifest.kind, manifest.period, tongue),
                kind=getattr(say, manifest.kind),
                hospitals=f"{accounts['hospital_id'].n_unique():,}",
                stays=f"{stays.height:,}",
                day=manifest.as_of,
                policy=manifest.policy_in(tongue),
            ),
            pools=views.pool_tiles(manifest, say, tongue),
            charts=[chart for chart in charts if chart],
            forecasts=views.forecasts(by_month, say, tongue),
            hospitals=views.hospital_rows(accounts, manifest.number, say, tongue),
            levels=views.level_chart(accounts, say, tongue) if manifest.kind == "year" else None,
            classes=views.class_rows(figures.by(stays, "class"), say, tongue),
            reviews=reviews[:_REVIEWS],
            review_count=len(reviews),
        )

    def _fund_book(self, asked: Seen) -> Response:
        if asked.run is None:
            return self._fund(asked)
        run, manifest = asked.run, asked.run.manifest
        stays = run.stays.collect()
        months = month_points(manifest, stays, Runs(self._desk.district.home).months_of(int(manifest.period[:4])))
        book = sheets.run_sheets(stays, run.hospitals.collect(), run.groups.collect(), asked.tongue, months=months)
        content = as_xlsx(book, asked.tongue)
        return asked.workbook(content, f"drg-{run.manifest.period}-{run.manifest.number}")

    def _runs(self, asked: Seen) -> list[tuple[int, str]]:
        """Number and title of the settlements that may be chosen."""
        return [
            (each.number, _title(each.number, each.kind, each.period, each.as_of, asked))
            for each in every_run(self._desk)
            if not (asked.of_hospital and each.look)
        ]

    def _reviews(self) -> list[Pending]:
        """Open reviews and objections, by deadline."""
        district = self._desk.district
        today, found = district.clock().astimezone(CHINA).date(), list[Pending]()
        for id_ in FLOWS.values():
            flow = district.filed_flows.get(id_)
            if flow is not None:
                found += pending(Inbox(district.records, flow, district.calendar, today), flow)
        return sorted(found, key=lambda each: (each.due_on is None, each.due_on or today, each.case_id))

    # ------------------------------------------------------------------ a hospital

    def _own(self, asked: Seen, run: Run) -> tuple[pl.LazyFrame, pl.DataFrame]:
        hospital = str(asked.request.path_params["hospital"])
        own = pl.col("hospital_id") == hospital
        return run.stays.filter(own), run.hospitals.filter(own).collect().sort("pool")

    def _hospital(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        lazy, accounts = self._own(asked, asked.run)
        if accounts.is_empty():
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_hospital)
        say, tongue, stays = asked.say, asked.tongue, lazy.collect()
        groups = views.group_rows(figures.by_group(stays), say)
        query = asked.request.query_params
        find, class_ = query.get("find", "").strip()[:_LONGEST], query.get("class", "")
        class_ = class_ if class_ in CLASS_TITLES else ""
        wanted = (
            (pl.col("case_id").str.starts_with(find) | pl.col("drg").str.starts_with(find))
            if find
            else pl.lit(value=True)
        )
        if class_:
            wanted &= pl.col("class") == class_
        chosen = stays.filter(wanted)
        last = max(-(-chosen.height // PAGE), 1)
        number = query.get("page", "")
        page = min(max(int(number), 1), last) if number.isascii() and number.isdigit() and len(number) < 7 else 1
        first = (page - 1) * PAGE
        return asked.page(
            "drg_hospital.html",
            runs=self._runs(asked) if asked.of_hospital else [],
            account=accounts.row(0, named=True),
            accounts=views.account_grid(accounts.to_dicts(), say, tongue),
            transfers=accounts["transferred"].is_not_null().any(),
            reviews=self._own_reviews(asked, stays),
            classes=views.class_rows(figures.by(stays, "class"), say, tongue),
            chart=views.points_chart(stays, say),
            groups=views.cut(groups, _GROUPS),
            all_groups=groups if len(groups.rows) > _GROUPS else None,
            stays=views.stay_rows(chosen.sort("case_id").slice(first, PAGE), say, tongue),
            stays_lead=say.stays_lead.format(
                n=f"{chosen.height:,}",
                first=f"{min(first + 1, chosen.height):,}",
                last=f"{min(first + PAGE, chosen.height):,}",
            ),
            find=find,
            class_=class_,
            class_titles=[(id_, title.in_(tongue)) for id_, title in CLASS_TITLES.items()],
            page=page,
            pages=last,
        )

    def _own_reviews(self, asked: Seen, stays: pl.DataFrame) -> views.Grid:
        """The hospital's reviews and objections; to the hospital itself only numbers of stays that are its own."""
        district = self._desk.district
        found = reviews_of(self._desk.cases, "hospital", str(asked.request.path_params["hospital"]))
        own = set(stays["case_id"]) if asked.of_hospital else None
        today = district.clock().astimezone(CHINA).date()
        return reviews_grid(found, today, district.calendar, asked.say, asked.tongue, own)

    def _hospital_book(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        lazy, accounts = self._own(asked, asked.run)
        if accounts.is_empty():
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_hospital)
        stays = lazy.collect()
        tongue = asked.tongue
        content = as_xlsx(
            [
                sheets.hospital_sheet(accounts, tongue),
                sheets.hospital_month_sheet(stays),
                sheets.class_sheet(stays, tongue),
                sheets.hospital_group_sheet(stays, tongue),
                sheets.stay_sheet(stays, tongue),
            ],
            tongue,
        )
        self._note_export(asked, stays.height)
        return asked.workbook(content, f"drg-hospital-{asked.run.manifest.period}-{asked.run.manifest.number}")

    def _statement(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        lazy, accounts = self._own(asked, asked.run)
        if accounts.is_empty():
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_hospital)
        try:
            stays = lazy.collect()
            (found,) = of_hospitals(stays, accounts)
            content = as_docx(statement(found, source_of(asked.run, asked.tongue)))
        except YunnaoError as error:
            return asked.page("drg_absent.html", 503, sentence=str(error))
        self._note_export(asked, stays.height)
        return asked.file(content, f"drg-statement-{asked.run.manifest.period}-{asked.run.manifest.number}.docx", DOCX)

    # ------------------------------------------------------------------ a group

    def _of_group(self, asked: Seen, run: Run) -> tuple[pl.DataFrame, pl.DataFrame]:
        own = pl.col("drg") == str(asked.request.path_params["group"])
        return run.stays.filter(own).collect(), run.groups.filter(own).collect().sort("reference")

    def _group(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        stays, groups = self._of_group(asked, asked.run)
        if stays.is_empty() and groups.is_empty():
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_group)
        say, tongue = asked.say, asked.tongue
        stays = marked(stays, groups.to_dicts())
        trimmed = stays.filter("trimmed").sort("total_cost", "case_id")
        names = dict(
            asked.run.hospitals.select("hospital_id", pl.coalesce("name", "hospital_id")).unique().collect().iter_rows()
        )
        return asked.page(
            "drg_group.html",
            group=asked.request.path_params["group"],
            references=group_view.tiles(groups.to_dicts(), say, tongue),
            chart=group_view.distribution(stays, say),
            hospitals=group_view.by_hospital(stays, names, say),
            trimmed=views.stay_rows(trimmed.head(_TRIMMED), say, tongue),
            trimmed_count=trimmed.height,
        )

    def _group_book(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        stays, groups = self._of_group(asked, asked.run)
        if stays.is_empty() and groups.is_empty():
            return asked.page("drg_absent.html", 404, sentence=asked.say.no_group)
        tongue = asked.tongue
        content = as_xlsx(
            [
                sheets.group_sheet(groups, tongue),
                sheets.distribution_sheet(marked(stays, groups.to_dicts())),
                sheets.hospital_group_sheet(stays, tongue),
                sheets.stay_sheet(stays, tongue),
            ],
            tongue,
        )
        self._note_export(asked, stays.height)
        return asked.workbook(content, f"drg-group-{asked.run.manifest.period}-{asked.run.manifest.number}")

    # ------------------------------------------------------------------ questions

    def _questions(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        found = asked_of(asked.run, self._desk.district.home, handled(self._desk), asked.tongue)
        return asked.page(
            "drg_questions.html",
            lead=asked.say.questions_lead.format(n=len(found.questions)),
            questions=[(each, views.path(views.HOSPITAL, each.hospital_id)) for each in found.questions],
            stay_path=lambda case: views.path(views.STAY, case),
        )

    def _question_book(self, asked: Seen) -> Response:
        if asked.run is None:
            return asked.page("drg.html", 404, runs=[])
        found = asked_of(asked.run, self._desk.district.home, handled(self._desk), asked.tongue)
        book = sheets.question_sheets(found.questions, found.counted, found.definitions, asked.tongue)
        self._note_export(
            asked, len({case for each in found.questions for pair in each.cases for case in pair.split("→")})
        )
        return asked.workbook(as_xlsx(book, asked.tongue), f"drg-questions-{asked.run.manifest.number}")

    def _note_export(self, asked: Seen, rows: int) -> None:
        audit = self._desk.cases.audit
        with audit.writing() as connection:
            audit.append(connection, AuditEvent.LIST_EXPORTED, asked.officer.actor.id, {"rows": rows})


def _title(number: int, kind: str, period: str, day: str, asked: Seen) -> str:
    text: str = asked.say.run_of.format(
        n=number, period=period_words(kind, period, asked.tongue), kind=getattr(asked.say, kind), day=day
    )
    return text
