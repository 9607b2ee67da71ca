"""Receivers of messages over real HTTP: a gateway that checks signatures, and WeChat's interface as its documentation describes it."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


@dataclass
class Asked:
    """A request: path, query, headers, body."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """The body's object."""
        found: dict[str, Any] = json.loads(self.body)
        return found


@dataclass
class Receiver:
    """A receiver at `url`; `answer` says status and object for each request, `asked` are those that came."""

    answer: Callable[[Asked], tuple[int, Any]]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    def paths(self) -> list[str]:
        """The paths asked for, in order."""
        return [each.path for each in self.asked]


@contextmanager
def receiver(answer: Callable[[Asked], tuple[int, Any]]) -> Iterator[Receiver]:
    """A receiver, until the end of the block."""
    found = Receiver(answer)

    class Handler(BaseHTTPRequestHandler):
        def _handle(self) -> None:
            parts = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(parts.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            asked = Asked(parts.path, query, dict(self.headers.items()), body)
            found.asked.append(asked)
            status, content = found.answer(asked)
            written = json.dumps(content).encode()
            self.send_response(status)
            if status in (301, 302, 307):
                self.send_header("Location", content)
            self.send_header("Content-Length", str(len(written)))
            self.end_headers()
            self.wfile.write(written)

        do_GET = do_POST = _handle  # noqa: N815

        def log_message(self, *_arguments: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
