"""A message gateway: checks every signature, now and then fails or is slow, and processes each message once by its id."""

import hashlib
import hmac
import json
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

KEY = "bench-key-of-the-gateway"
_FAILS = 0.01
_SLOW = 0.05
_SLOW_SECONDS = 0.3
_SIGNED = ("X-Yunnao-Timestamp", "X-Yunnao-Signature")


class Gateway:
    """What arrived.

    Attributes:
        arrived: message id -> how often it was handed over, failures included.
        processed: message id -> its text, once.
        forged: how many had no right signature.
    """

    def __init__(self, url: str, seed: int) -> None:
        self.url = url
        self.arrived: Counter[str] = Counter()
        self.processed: dict[str, str] = {}
        self.forged = 0
        self.in_order = False
        self._chance = random.Random(seed)
        self._lock = threading.Lock()

    def take(self, id_: str, timestamp: str, signature: str, body: bytes) -> int:
        """The status with which a message is answered."""
        right = hmac.new(KEY.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()
        with self._lock:
            if signature != f"sha256={right}":
                self.forged += 1
                return 403
            self.arrived[id_] += 1
            if not self.in_order and self._chance.random() < _FAILS:
                return 500
            slow = not self.in_order and self._chance.random() < _SLOW
            self.processed.setdefault(id_, json.loads(body)["text"])
        if slow:
            time.sleep(_SLOW_SECONDS)
        return 200


@contextmanager
def gateway(seed: int) -> Iterator[Gateway]:
    """A gateway on a free port, until the end of the block."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            length = int(self.headers["content-length"])
            body = self.rfile.read(length)
            if len(body) < length:
                return  # the sender was killed while it spoke
            said = {name: self.headers.get(name, "") for name in ("Idempotency-Key", *_SIGNED)}
            status = found.take(said["Idempotency-Key"], said[_SIGNED[0]], said[_SIGNED[1]], body)
            try:
                self.send_response(status)
                self.send_header("content-length", "0")
                self.end_headers()
            except OSError:
                return  # the sender was killed

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found = Gateway(f"http://127.0.0.1:{server.server_port}/messages", seed)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
