"""Every page under /desk, joined to the application."""

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from yunnao.platforms.cases.filed.rounds.undelivered import Undelivered
from yunnao.web.figures.keeping import Keeper
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.assessment_page import AssessmentPage
from yunnao.web.service.officers.case_page import CasePage
from yunnao.web.service.officers.door_pages import DoorPages
from yunnao.web.service.officers.drg_page import DrgPage
from yunnao.web.service.officers.drg_simulation_page import DrgSimulationPage
from yunnao.web.service.officers.drg_stay_page import DrgStayPage
from yunnao.web.service.officers.entry_page import EntryPage
from yunnao.web.service.officers.files_page import FilesPage
from yunnao.web.service.officers.inbox_page import InboxPage
from yunnao.web.service.officers.measures_page import MeasuresPage
from yunnao.web.service.officers.plan_page import PlanPage
from yunnao.web.service.officers.repeats import Repeats
from yunnao.web.service.officers.sign_in import SignIn
from yunnao.web.service.officers.topics_page import TopicsPage
from yunnao.web.service.officers.undelivered_page import UndeliveredPage


class OfficerPages:
    """The officers' side of the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sign_in = SignIn(desk.district)
        self._keeper = Keeper(desk.district)
        self._repeats = Repeats(desk.district, desk.flow)

    def add_to(self, app: FastAPI) -> None:
        """Join the pages to ``app``, and leave there what `signed_in` needs."""
        app.state.desk = self._desk
        app.state.sign_in = self._sign_in
        app.state.secure_cookies = self._desk.district.settings.web.public_url.startswith("https:")
        district = self._desk.district
        undelivered = Undelivered(district.records, district.audit, lambda: district.clock())
        pages = (
            DoorPages(self._sign_in),
            InboxPage(self._desk, undelivered),
            UndeliveredPage(self._desk, undelivered),
            FilesPage(self._desk),
            CasePage(self._desk, self._repeats),
            EntryPage(self._desk, self._repeats),
            TopicsPage(self._desk, self._keeper),
            MeasuresPage(self._desk, self._keeper),
            PlanPage(self._desk),
            AssessmentPage(self._desk),
            DrgPage(self._desk),
            DrgStayPage(self._desk),
            DrgSimulationPage(self._desk),
        )
        for page in pages:
            app.router.routes.extend(page.routes())

    def start(self) -> None:
        """Begin what runs beside the pages."""
        self._repeats.start()

    async def stop(self) -> None:
        """End it."""
        await self._keeper.stop()
        await run_in_threadpool(self._repeats.stop)
