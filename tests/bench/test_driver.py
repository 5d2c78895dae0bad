"""The driver: it reads HTTP as servers send it, keeps its connections, and does each piece once."""

import asyncio
import gzip
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bench.load import Laps, Unexpected, drive
from bench.wire import Broken, Wire, read_answer
from tests.apart import apart

PAGE = "问卷".encode() * 50


def read(sent: bytes, *, ended: bool = True) -> object:
    """What the client makes of these bytes."""

    async def reading() -> object:
        stream = asyncio.StreamReader()
        stream.feed_data(sent)
        if ended:
            stream.feed_eof()
        answer = await read_answer(stream)
        return answer.status, answer.body, answer.bytes_on_wire

    return apart(asyncio.run, reading())


def head(*lines: str) -> bytes:
    return "\r\n".join(["HTTP/1.1 200 OK", *lines, "", ""]).encode()


def test_a_body_is_read_by_its_length() -> None:
    sent = head("Content-Length: 2") + b"ok"
    assert read(sent + b"the next answer") == (200, b"ok", len(sent))


def test_a_body_is_read_in_chunks() -> None:
    sent = head("Transfer-Encoding: chunked") + b"2\r\nab\r\n3;x=1\r\ncde\r\n0\r\n\r\n"
    assert read(sent) == (200, b"abcde", len(sent))


def test_bytes_are_counted_as_they_came_and_given_unpacked() -> None:
    packed = gzip.compress(PAGE)
    sent = head("Content-Encoding: gzip", f"Content-Length: {len(packed)}") + packed
    assert read(sent) == (200, PAGE, len(sent))


@pytest.mark.parametrize("status", ["204 NO CONTENT", "304 NOT MODIFIED"])
def test_nothing_follows_where_nothing_changed(status: str) -> None:
    sent = f"HTTP/1.1 {status}\r\nServer: x\r\n\r\n".encode()
    assert read(sent, ended=False) == (int(status[:3]), b"", len(sent))


def test_what_is_no_http_is_refused() -> None:
    with pytest.raises(Broken, match="no status line"):
        read(b"SSH-2.0-x\r\n\r\n")


class Counted(socketserver.ThreadingTCPServer):
    """A server that counts connections and requests, and answers each with the same status."""

    block_on_close = True

    def __init__(self, status: int) -> None:
        super().__init__(("127.0.0.1", 0), Connection)
        self.status = status
        self.connections = 0
        self.paths: list[str] = []

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.socket.getsockname()[1])


class Connection(socketserver.StreamRequestHandler):
    """One connection, until the other side closes it."""

    server: Counted

    def handle(self) -> None:
        """Answer whatever is asked."""
        self.server.connections += 1
        while line := self.rfile.readline():
            self.server.paths.append(line.split()[1].decode())
            while self.rfile.readline().strip():
                pass
            answer = f"HTTP/1.1 {self.server.status} X\r\nContent-Length: 2\r\n\r\nok"
            self.wfile.write(answer.encode())


@contextmanager
def serving(status: int) -> Iterator[Counted]:
    """Within: the server serves."""
    with Counted(status) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)


async def ask(wire: Wire, laps: Laps, number: int) -> None:
    """One piece of work."""
    await laps.timed("page", wire.get(f"/{number}"), 200)


def test_every_piece_is_done_once_over_connections_that_are_kept() -> None:
    with serving(200) as server:
        run = apart(drive, server.port, ask, range(50), connections=4)
    assert sorted(server.paths) == sorted(f"/{n}" for n in range(50))
    assert server.connections == 4
    assert run.pieces == len(run.laps.ms["page"]) == 50


def test_another_answer_than_expected_gives_no_figure() -> None:
    with serving(500) as server, pytest.raises(Unexpected, match="page: 500 instead of 200"):
        apart(drive, server.port, ask, range(50), connections=4)
