"""Every page under /desk, joined to the application."""

from fastapi import FastAPI

from yunnao.web.figures.keeping import Keeper
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.door_pages import DoorPages
from yunnao.web.service.officers.inbox_page import InboxPage
from yunnao.web.service.officers.measures_page import MeasuresPage
from yunnao.web.service.officers.sign_in import SignIn
from yunnao.web.service.officers.topics_page import TopicsPage


class OfficerPages:
    """The officers' side of the desk."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._sign_in = SignIn(desk.district)
        self.keeper = Keeper(desk.district)

    def add_to(self, app: FastAPI) -> None:
        """Join the pages to ``app``, and leave there what `signed_in` needs."""
        app.state.desk = self._desk
        app.state.sign_in = self._sign_in
        app.state.secure_cookies = self._desk.district.settings.web.public_url.startswith("https:")
        app.router.routes.extend([*DoorPages(self._sign_in).routes(), *InboxPage(self._desk).routes()])
        app.router.routes.extend(TopicsPage(self._desk, self.keeper).routes())
        app.router.routes.extend(MeasuresPage(self._desk, self.keeper).routes())
