"""Running the service: uvicorn in this process, one line a request in the log, nothing personal in it."""

import logging

import uvicorn

from yunnao.app import District
from yunnao.settings import WebKeys
from yunnao.web.service.application import application

_MOST_AT_ONCE = 1_000


def run(district: District, keys: WebKeys, host: str, port: int) -> None:
    """Serve until interrupted.

    Args:
        host, port: where to listen.

    Raises:
        YunnaoError: the service cannot be built.
    """
    app = application(district, keys)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    # uvicorn's own access log holds addresses and queries: it stays off
    uvicorn.run(
        app,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=15,
        timeout_graceful_shutdown=10,
    )
