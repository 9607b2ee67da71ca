"""Running the service: uvicorn in this process, one line a request in the log, nothing personal in it."""

import gc
import logging
import socket
from collections.abc import Sequence

import uvicorn

from yunnao.app import District
from yunnao.kernel.errors import YunnaoError
from yunnao.platforms.cases.filed.rounds.task import Task
from yunnao.settings import WebKeys
from yunnao.web.service.application import application

_MOST_AT_ONCE = 1_000


def run(district: District, keys: WebKeys, host: str, port: int, tasks: Sequence[Task] = ()) -> None:
    """Serve until interrupted.

    Args:
        host, port: where to listen.
        tasks: what the house does beside the doors.

    Raises:
        YunnaoError: the service cannot be built, or somebody else listens there.
    """
    app = application(district, keys, tasks)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    gc.collect()
    gc.freeze()  # what is there now stays: walking through it again and again held up whoever waited for an answer
    # uvicorn's own access log holds addresses and queries: it stays off
    config = uvicorn.Config(
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
    uvicorn.Server(config).run([_listening(host, port)])


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise YunnaoError(
            f"不能在 {host}:{port} 监听（{error.strerror or error}）；请换一个端口，或结束占用它的程序"
        ) from None
