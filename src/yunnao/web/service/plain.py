"""Answers and requests in their plainest form: a sentence as text, a posted form as pairs."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from yunnao.capabilities.open311.documents import Refused

FORM = "application/x-www-form-urlencoded"
_MOST_FIELDS = 100


def plain(status: int, sentence: str) -> Response:
    """A sentence as an answer; asks to come back in a while where that helps."""
    headers = {"retry-after": "60"} if status in (429, 503) else {}
    return PlainTextResponse(sentence + "\n", status, headers)


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
