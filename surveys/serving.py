"""Settings of gunicorn: `gunicorn --config python:surveys.serving app:app`.

Two processes keep both processors of a small machine busy; in each the residents' requests take
turns (`base/turns.py`), and four threads wait for the network meanwhile. Each process listens
for itself: from one common socket the first to wake up would take a whole crowd's connections,
and keep them. The app is loaded after the fork, so that no process inherits another one's database
connection.
"""

import socket
from pathlib import Path

from gunicorn import util
from gunicorn.workers import gthread

bind = "127.0.0.1:8000"
workers = 2
reuse_port = True
worker_class = "gthread"
threads = 4
preload_app = False
timeout = 60
graceful_timeout = 10
keepalive = 15  # a phone on the live page asks every few seconds: let it keep its connection
loglevel = "warning"
control_socket_disable = True
worker_tmp_dir = "/dev/shm" if Path("/dev/shm").is_dir() else None  # noqa: S108 - heartbeats need memory, not a slow disk

UNREADABLE = """<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>没办成</title>
<h1>没办成</h1>
<p>网址太长，或者不完整，读不懂。请退回上一页再试一次，或者再扫一次墙上的码。</p>
<p lang="en">This address is too long or not whole. Please go back and try again.</p>
</html>
"""


WAITED_FOR_S = 0.02
"""Browsers open connections ahead and leave them silent; gunicorn would let each hold one of our
few threads for five seconds. After this long it waits apart, and costs nothing until it speaks."""


def post_worker_init(_worker: object) -> None:
    """Say in the residents' words what gunicorn cannot read, and therefore never hands the app."""
    util.write_error = _say_unreadable
    gthread.DEFAULT_WORKER_DATA_TIMEOUT = WAITED_FOR_S


def _say_unreadable(client: socket.socket, status: int, reason: str, _why: str) -> None:
    body = UNREADABLE.encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
        "Content-Type: text/html; charset=utf-8\r\nCache-Control: no-store\r\n"
        "Content-Security-Policy: default-src 'none'\r\n\r\n"
    )
    util.write_nonblock(client, head.encode() + body)
