"""What every request passes: a limit on its size (a larger one for photos), a check where its form comes from, headers for browsers,
one line in the log.

The log line holds method, route and status, never an address, a query or a body: those hold personal data.
"""

import asyncio
import logging
import time
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from yunnao.web.service.plain import plain

MOST_BYTES = 256 * 1024
_BODY_SECONDS = 20
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
SCRIPT_POLICY = _POLICY.replace("default-src 'none';", "default-src 'none'; script-src 'self';").replace(
    "data:;", "data: blob:;"
)
"""Of the pages that show photos before they are sent, by a script of ours."""
_UPLOADS_AT_ONCE = 32
_UPLOAD_SECONDS, _STALLED_SECONDS = 180, 20
HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",  # with no-referrer, browsers would send forms with "Origin: null"
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}
_ENCODED = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_LOG = logging.getLogger("yunnao.web")


class Guard:
    """The outermost layer of the service.

    Args:
        form_paths: paths that only our own pages may post to.
        form_folder: a folder of which that is true of every path.
        uploads: path to which forms with files are posted -> bytes that one may have.
    """

    def __init__(self, app: ASGIApp, form_paths: Iterable[str], form_folder: str, uploads: Mapping[str, int]) -> None:
        self._app = app
        self._form_paths = frozenset(form_paths)
        self._form_folder = form_folder
        self._uploads = uploads
        self._uploading = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = _with_headers(message.get("headers", []))
            await send(message)

        try:
            await self._handle(scope, receive, sending)
        finally:
            route = getattr(scope.get("route"), "path", None) or getattr(
                scope.get("endpoint"), "__qualname__", "(none)"
            )
            took = (time.perf_counter() - started) * 1000
            _LOG.info("%s %s %s %.0f ms", scope["method"], route, status, took)

    async def _handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        ours_alone = scope["path"] in self._form_paths or scope["path"].startswith(self._form_folder)
        if scope["method"] == "POST" and ours_alone and not _is_ours(headers):
            refusal = plain(403, "这个表单不是从本网站提交的；请从本网站的页面重新填写", "Submitted from another site")
            await refusal(scope, receive, send)
            return
        kind = headers.get("content-type", "").strip().lower()
        if scope["method"] == "POST" and scope["path"] in self._uploads and kind.startswith("multipart/form-data"):
            await self._upload(scope, receive, send, self._uploads[scope["path"]])
            return
        try:
            async with asyncio.timeout(_BODY_SECONDS):
                body = await _body(receive)
        except TimeoutError:
            await plain(408, "提交太慢，已中断；请重试", "Timed out")(scope, receive, send)
            return
        if body is None:
            await plain(413, f"内容太大，最多 {MOST_BYTES // 1024} KB；请缩短", "Too large")(scope, receive, send)
            return
        await self._app(scope, _replayed(body, receive), send)

    async def _upload(self, scope: Scope, receive: Receive, send: Send, most: int) -> None:
        """A form with files, which is read by whom it is for, part by part to disk, within bounds."""
        if self._uploading >= _UPLOADS_AT_ONCE:
            await plain(503, "现在上传的人太多，还没有提交；请过一会儿再试", "Too many uploads")(scope, receive, send)
            return
        self._uploading += 1
        try:
            await self._app(scope, _bounded(receive, most), send)
        except _TooLarge:
            sentence = f"内容太大，一共最多 {most // 1_000_000} MB；请减少或缩小图片后再提交"
            await plain(413, sentence, "Too large")(scope, receive, send)
        except TimeoutError:
            await plain(408, "提交太慢，已中断；请重试", "Timed out")(scope, receive, send)
        finally:
            self._uploading -= 1


class _TooLarge(Exception):
    """A form with files is larger than it may be."""


def _bounded(receive: Receive, most: int) -> Receive:
    """``receive``, as long as no more comes than may, and not too slowly; it raises `_TooLarge` or `TimeoutError`."""
    size, ends, whole = 0, asyncio.get_running_loop().time() + _UPLOAD_SECONDS, False

    async def bounded() -> Message:
        nonlocal size, whole
        if whole:
            return await receive()
        left = ends - asyncio.get_running_loop().time()
        async with asyncio.timeout(max(min(left, _STALLED_SECONDS), 0)):
            message = await receive()
        size += len(message.get("body", b""))
        if size > most:
            raise _TooLarge
        whole = not message.get("more_body", False)
        return message

    return bounded


def _is_ours(headers: dict[str, str]) -> bool:
    """Whether a form comes from our own pages, by what browsers say; what is no browser has no session to misuse."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = headers.get("origin")
    return origin is None or urlsplit(origin).netloc == headers.get("host")


async def _body(receive: Receive) -> bytes | None:
    """The whole body; none if it is too large."""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > MOST_BYTES:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replayed(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def replay() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


def _with_headers(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    own = list(headers)
    present = {name.lower() for name, _ in own}
    return own + [(name, value) for name, value in _ENCODED if name not in present]
