"""A small HTTP/1.1 client that costs little: the driver shares the processors with the server."""

import asyncio
import gzip
from dataclasses import dataclass, field
from typing import Self

HEAD_END = b"\r\n\r\n"


class Broken(Exception):
    """The other side answered something that is no HTTP, or nothing at all."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the server answered."""

    status: int
    headers: tuple[tuple[str, str], ...]
    """names in lower case, in the order in which they came"""
    body: bytes
    """unpacked"""
    bytes_on_wire: int
    """head and body, as they were sent"""

    def header(self, name: str) -> str:
        """The first header of this name (in lower case); empty where there is none."""
        return next((value for key, value in self.headers if key == name), "")

    def cookie(self, name: str) -> str | None:
        """The value that the answer sets a cookie to."""
        for key, value in self.headers:
            if key == "set-cookie" and value.startswith(f"{name}="):
                return value[len(name) + 1 :].partition(";")[0]
        return None


@dataclass(slots=True)
class Wire:
    """One connection, kept alive from request to request."""

    host: str
    port: int
    _reader: asyncio.StreamReader | None = field(default=None, repr=False)
    _writer: asyncio.StreamWriter | None = field(default=None, repr=False)

    async def __aenter__(self) -> Self:
        await self._open()
        return self

    async def __aexit__(self, *fault: object) -> None:
        await self._close()

    async def get(self, path: str, cookie: str = "") -> Answer:
        """Ask for a page, as a phone does that takes gzip."""
        return await self._ask(self._head("GET", path, cookie) + HEAD_END)

    async def post(self, path: str, form: bytes, cookie: str = "") -> Answer:
        """Send a form, already encoded."""
        head = self._head("POST", path, cookie)
        kind = b"\r\nContent-Type: application/x-www-form-urlencoded"
        return await self._ask(
            b"%s%s\r\nContent-Length: %d%s%s" % (head, kind, len(form), HEAD_END, form)
        )

    def _head(self, method: str, path: str, cookie: str) -> bytes:
        held = f"\r\nCookie: {cookie}" if cookie else ""
        return (
            f"{method} {path} HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
            f"Accept-Encoding: gzip\r\nAccept-Language: zh-CN{held}"
        ).encode("latin-1")

    async def _ask(self, request: bytes) -> Answer:
        if self._writer is None:
            await self._open()
        assert self._reader is not None
        assert self._writer is not None
        self._writer.write(request)
        try:
            answer = await read_answer(self._reader)
        except (asyncio.IncompleteReadError, ConnectionError) as fault:
            raise Broken("the connection was closed before the answer was whole") from fault
        if answer.header("connection").lower() == "close":
            await self._close()
        return answer

    async def _open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(
            self.host, self.port, limit=1 << 20
        )

    async def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()
        self._reader = self._writer = None


async def read_answer(reader: asyncio.StreamReader) -> Answer:
    """One answer off the stream, by its Content-Length or in chunks.

    Raises:
        Broken: the first line is no status line.
    """
    head = await reader.readuntil(HEAD_END)
    first, *lines = head[: -len(HEAD_END)].decode("latin-1").split("\r\n")
    version, _, rest = first.partition(" ")
    if not version.startswith("HTTP/1.") or not rest[:3].isdecimal():
        raise Broken(f"no status line: {first[:80]!r}")
    status = int(rest[:3])
    headers = tuple(_header(line) for line in lines)
    by_name = dict(headers)
    framing = 0
    if status in {204, 304}:
        body = b""
    elif by_name.get("transfer-encoding") == "chunked":
        body, framing = await _chunks(reader)
    else:
        body = await reader.readexactly(int(by_name.get("content-length", "0")))
    on_wire = len(head) + len(body) + framing
    if by_name.get("content-encoding") == "gzip":
        body = gzip.decompress(body)
    return Answer(status, headers, body, on_wire)


def _header(line: str) -> tuple[str, str]:
    name, _, value = line.partition(":")
    return name.lower(), value.strip()


async def _chunks(reader: asyncio.StreamReader) -> tuple[bytes, int]:
    """The body, and how many bytes went into its framing."""
    parts: list[bytes] = []
    framing = 0
    while True:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";")[0], 16)
        parts.append(await reader.readexactly(size))
        framing += len(line) + len(await reader.readexactly(2))
        if size == 0:
            return b"".join(parts), framing
