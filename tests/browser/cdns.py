"""The CDN as it may be found: working, refusing, or taking the call and never answering."""

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response
from werkzeug.serving import make_server

from surveys.base.hx import local_file

FILE = "/htmx.min.js"


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def working() -> Iterator[str]:
    """Serves the very file that our pages name by its hash, to any site."""
    with slow(0) as (address, _answered):
        yield address


@contextmanager
def slow(seconds: float) -> Iterator[tuple[str, threading.Event]]:
    """Serves it after so long; and tells when it has."""
    cdn, answered = Flask("cdn"), threading.Event()

    @cdn.get(FILE)
    def _file() -> Response:
        time.sleep(seconds)
        response = Response(local_file().read_bytes(), mimetype="text/javascript")
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.call_on_close(answered.set)
        return response

    port = free_port()
    server = make_server("127.0.0.1", port, cdn, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{port}{FILE}", answered
    server.shutdown()
    thread.join()


@contextmanager
def dead() -> Iterator[str]:
    """Nobody listens there."""
    yield f"http://127.0.0.1:{free_port()}{FILE}"


@contextmanager
def hanging() -> Iterator[str]:
    """Takes the call and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(512)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}{FILE}"
