"""The district's own files, for operator and centre: which are in force as they are written, and what is wrong with the others."""

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from yunnao.access.roles import Role
from yunnao.kernel.errors import YunnaoError
from yunnao.web.service.desk import Desk
from yunnao.web.service.officers.pages import officer_page
from yunnao.web.service.officers.signed_in import FOLDER, signed_in
from yunnao.web.service.plain import plain

PATH = f"{FOLDER}/files"
WHO = frozenset({Role.OPERATOR, Role.CENTRE})


class FilesPage:
    """The handler of this page."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """The page."""
        return [Route(PATH, self.files, methods=["GET"])]

    async def files(self, request: Request) -> Response:
        """How each file stands in the process that answers."""
        officer = await signed_in(request, WHO)
        if isinstance(officer, Response):
            return officer
        try:
            files = await run_in_threadpool(self._desk.district.follow_files)
        except YunnaoError as error:
            return plain(503, str(error))
        return officer_page(request, officer, "files.html", path=PATH, files=files)
