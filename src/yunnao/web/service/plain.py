"""Answers and requests in their plainest form: a sentence as text, a posted form as pairs."""

from collections.abc import Callable
from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from yunnao.capabilities.open311.documents import Refused

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


ProblemPage = Callable[[Request, int, str, str], Response]
"""Makes a page of a status and a sentence in Chinese and, where there is one, in English; kept as ``app.state.problem_page``."""


class _Refusal(PlainTextResponse):
    """A sentence: as text, or as a page for who asks for pages."""

    def __init__(self, status: int, sentence: str, english: str) -> None:
        headers = {"retry-after": "60"} if status in (429, 503) else {}
        super().__init__(f"{sentence} {english}".rstrip() + "\n", status, headers)
        self._sentence, self._english = sentence, english

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        request = Request(scope)
        page: ProblemPage | None = getattr(request.app.state, "problem_page", None)
        if page is None or "text/html" not in request.headers.get("accept", ""):
            await super().__call__(scope, receive, send)
            return
        dressed = page(request, self.status_code, self._sentence, self._english)
        for name, value in self.headers.items():
            if name not in ("content-type", "content-length"):
                dressed.headers[name] = value
        await dressed(scope, receive, send)


def plain(status: int, sentence: str, english: str = "") -> Response:
    """A sentence as an answer, for a browser as a page; asks to come back in a while where that helps."""
    return _Refusal(status, sentence, english)


def address(request: Request) -> str:
    """Where a request comes from; counted by, never kept."""
    return request.client.host if request.client else ""


async def form_pairs(request: Request) -> list[tuple[str, str]]:
    """The fields of a posted form, in order.

    Raises:
        Refused: it is no form (400).
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != FORM:
        raise Refused(400, f"请以 {FORM} 提交")
    try:
        body = (await request.body()).decode("ascii")
        return parse_qsl(body, keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        raise Refused(400, f"表单读不懂：请用 UTF-8 编码，最多 {_MOST_FIELDS} 项") from None
