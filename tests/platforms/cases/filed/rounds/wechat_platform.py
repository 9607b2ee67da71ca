"""WeChat's interface for media on this machine, over real HTTP, as its documentation describes it."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Platform:
    """The platform at `url`: `media` is what it keeps, by id; `tokens` counts those it gave, `asked` are ids; `answer` goes before all;
    `cut_at`: bytes of a body after which the line breaks."""

    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self.tokens = 0
        self.cut_at: int | None = None
        self.asked: list[str] = []
        self.answer: Callable[[str], tuple[int, str, bytes]] | None = None
        platform = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                query = {name: values[0] for name, values in parse_qs(parts.query).items()}
                status, kind, body = platform.answered(parts.path, query)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body[: platform.cut_at])

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        Thread(target=self.server.serve_forever, daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answered(self, path: str, query: dict[str, str]) -> tuple[int, str, bytes]:
        """Status, media type and body of an answer."""
        if path == "/cgi-bin/token":
            self.tokens += 1
            return 200, "application/json", b'{"access_token": "t%d", "expires_in": 7200}' % self.tokens
        if path != "/cgi-bin/media/get":
            return 404, "text/plain", b"not found"
        self.asked.append(query["media_id"])
        if self.answer is not None:
            return self.answer(query["media_id"])
        if query["access_token"] != f"t{self.tokens}":
            return 200, "text/plain", b'{"errcode": 40001, "errmsg": "invalid credential"}'
        if query["media_id"] not in self.media:
            return 200, "text/plain", b'{"errcode": 40007, "errmsg": "invalid media_id"}'
        return 200, "image/jpeg", self.media[query["media_id"]]

    def stop(self) -> None:
        """End it."""
        self.server.shutdown()
        self.server.server_close()
