"""What the server cannot read, or waits for in vain: people read a sentence, others do not wait."""

import socket
import time
from collections.abc import Iterator

import pytest

from bench.place import place
from tests.drills.test_kill import Server

ASKED = b"GET /healthz HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n"


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """The product's own server, listening."""
    with place("sqlite") as found:
        served = Server(found.environment)
        try:
            _wait_for(served.port)
            yield served
        finally:
            served.kill()


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def answer_to(port: int, sent: bytes) -> str:
    """Everything that comes back, decoded."""
    with socket.create_connection(("127.0.0.1", port), timeout=20) as client:
        client.sendall(sent)
        received = b""
        while more := client.recv(65536):
            received += more
    return received.decode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET /" + b"x" * 9_000 + b" HTTP/1.1\r\n\r\n", "414"),
        (b"GET / HTTP/1.1\r\nHost: h\r\nCookie: " + b"x" * 20_000 + b"\r\n\r\n", "431"),
        (b"GET / HTTP/1.1\r\nHost: h\r\n" + b"A: b\r\n" * 200 + b"\r\n", "431"),
        (b"nonsense\r\n\r\n", "400"),
        (b"GET / HTTP/9.9\r\n\r\n", "400"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(
    server: Server, sent: bytes, status: str
) -> None:
    head, _, body = answer_to(server.port, sent).partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert f"Content-Length: {len(body.encode())}" in head
    assert "读不懂。请退回上一页再试一次" in body
    assert "xxxx" not in body


def test_what_can_be_read_is_answered_by_the_app(server: Server) -> None:
    whole = answer_to(server.port, ASKED)
    assert whole.startswith("HTTP/1.1 200 ")


def test_connections_opened_ahead_and_left_silent_keep_nobody_waiting(server: Server) -> None:
    """Phones do so; one thread would wait for each of them."""
    silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(40)]
    try:
        begun = time.monotonic()
        whole = answer_to(server.port, ASKED)
        assert whole.startswith("HTTP/1.1 200 ")
        assert time.monotonic() - begun < 4  # as many as there are threads would take five each
        silent[0].sendall(ASKED)
        silent[0].settimeout(10)
        assert silent[0].recv(100).startswith(b"HTTP/1.1 200 ")
    finally:
        for each in silent:
            each.close()
