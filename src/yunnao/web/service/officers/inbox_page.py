"""The inbox: what waits for an officer."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.signed_in import FOLDER, signed_in


class InboxPage:
    """The handlers of this page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every page."""
        return [Route(FOLDER, self.inbox, methods=["GET"])]

    async def inbox(self, request: Request) -> Response:
        """What waits, the most urgent first."""
        officer = await signed_in(request)
        if isinstance(officer, Response):
            return officer
        return officer_page(request, officer, "inbox.html", here="inbox")
