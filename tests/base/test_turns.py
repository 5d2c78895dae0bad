"""In one process residents' requests take turns; whoever is slow to send holds nobody up."""

import io
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from surveys.base.turns import Turns

Environ = dict[str, Any]


class Counting:
    """An app that notes how many requests are inside at once, and what it is sent."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.read: list[bytes] = []

    def __call__(self, environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        """Stay inside for a moment."""
        self.inside += 1
        self.most = max(self.most, self.inside)
        threading.Event().wait(0.005)
        self.read.append(environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)))
        self.inside -= 1
        return [b"ok"]


def sent(
    path: str = "/v/x", body: io.RawIOBase | io.BytesIO | None = None, size: int = 0
) -> Environ:
    """A request as a server hands it on."""
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": path,
        "CONTENT_LENGTH": str(size),
        "wsgi.input": body or io.BytesIO(),
    }


def heard(*_: object) -> Any:
    """Stands where a server would send the head of the answer."""


def test_residents_are_served_one_after_the_other() -> None:
    app = Counting()
    turns = Turns(app, 100)
    with ThreadPoolExecutor(8) as phones:
        answers = list(phones.map(lambda n: list(turns(sent(), heard)), range(16)))
    assert answers == [[b"ok"]] * 16
    assert app.most == 1


def test_the_desk_does_not_stand_in_the_line() -> None:
    app = Counting()
    turns = Turns(app, 100)
    with ThreadPoolExecutor(4) as desks:
        list(desks.map(lambda n: turns(sent("/desk/export"), heard), range(8)))
    assert app.most > 1


class Slow(io.RawIOBase):
    """A body of which the rest comes only when it is let go."""

    def __init__(self) -> None:
        self.rest = threading.Event()
        self.begun = threading.Event()
        self._parts = [b"half", b"half"]

    def readable(self) -> bool:
        """It is read from."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Half at once, half later."""
        if len(self._parts) == 1:
            self.begun.set()
            assert self.rest.wait(10)
        part = self._parts.pop(0) if self._parts else b""
        buffer[: len(part)] = part
        return len(part)


def test_a_phone_that_sends_slowly_holds_nobody_up() -> None:
    app = Counting()
    turns = Turns(app, 100)
    slow = Slow()
    with ThreadPoolExecutor(2) as phones:
        waiting = phones.submit(turns, sent(body=slow, size=8), heard)
        assert slow.begun.wait(10)
        assert list(turns(sent(body=io.BytesIO(b"quick"), size=5), heard)) == [b"ok"]
        slow.rest.set()
        assert list(waiting.result(10)) == [b"ok"]
    assert app.read == [b"quick", b"halfhalf"]


def test_a_phone_that_hangs_up_half_way_gets_no_further() -> None:
    app = Counting()
    list(Turns(app, 100)(sent(body=io.BytesIO(b"half"), size=8), heard))
    assert app.read == []


def test_what_is_too_long_is_left_to_the_app_unread() -> None:
    app = Counting()
    body = io.BytesIO(b"x" * 200)
    list(Turns(app, 100)(sent(body=body, size=200), heard))
    assert app.read == [b"x" * 200]
