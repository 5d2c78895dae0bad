"""Moves on the sorting board with thousands of suggestions, as a browser makes them."""

import html
import re
from collections.abc import Sequence
from urllib.parse import urlencode

from bench import figures, seed, sorting
from bench.figures import Figure
from bench.house import House
from bench.load import Laps, Unexpected, Work, drive
from bench.phones import Phone
from bench.wire import Answer, Wire
from surveys.base import clock
from surveys.base.db import new_id

NAME = "needs"
MOST_MS = 300
WARM_UP, MOVES = 4, 20
"""moves of each run; one person makes them, over one connection"""

_BEST = re.compile(
    r'class="offer[^"]*" formaction="([^"]+)"(?: name="(\w+)" value="([^"]*)")?[^>]*'
    r'data-key="([1a])"'
)
_HELD = re.compile(r'name="(also|besides|group|every-need|every-fresh)" value="([^"]*)"')


def measure(house: House, texts: Sequence[str]) -> list[Figure]:
    """Milliseconds until the board is there, and until it is there again after a place."""
    with house.database_open():
        seeded = seed.seed(600)
        sorting.write(seeded, [(new_id(), text) for text in texts])
        sorting.tick(seeded.courtyard_id, clock.now())
        cookie = seed.signed_in(house.place.app, seeded)
    address = f"/desk/courtyard/{seeded.courtyard_id}/ledger"
    work = move(Phone(cookie=cookie), address)
    drive(house.product.port, work, range(WARM_UP), connections=1)
    runs = [
        drive(house.product.port, work, range(MOVES), connections=1)
        for _run in range(house.size.runs)
    ]
    looks = [ms for run in runs for ms in run.laps.ms["look"]]
    moves = [
        put + look
        for run in runs
        for put, look in zip(run.laps.ms["place"], run.laps.ms["look again"], strict=True)
    ]
    many = f"{len(texts):,} suggestions"
    return [
        _figure(house, f"the board, {many}, p95", looks),
        _figure(house, f"a move on the board and the next one, {many}, p95", moves),
    ]


def _figure(house: House, name: str, found_ms: Sequence[float]) -> Figure:
    return Figure(
        NAME,
        name,
        figures.percentile(found_ms, 0.95),
        "ms",
        house.database,
        figures.at_most(MOST_MS),
        figures.spread("all", found_ms),
    )


def move(clerk: Phone, address: str) -> Work:
    """Look at the board, accept what it offers first for all that go along, and look again."""

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        seen = await laps.timed("look", wire.get(address, clerk.header), 200)
        clerk.reads(seen)
        to, form = accepted(seen)
        sent = wire.post(to, urlencode([("csrf_token", clerk.token), *form]).encode(), clerk.header)
        led = await laps.timed("place", sent, 303)
        await laps.timed("look again", wire.get(led.header("location"), clerk.header), 200)

    return work


def accepted(seen: Answer) -> tuple[str, list[tuple[str, str]]]:
    """Where the first offer's button sends the form, and with what.

    Raises:
        Unexpected: the board offers nothing.
    """
    page = seen.body.decode()
    best = _BEST.search(page)
    if best is None:
        raise Unexpected("the board offers nothing")
    to, name, value, _key = (html.unescape(part or "") for part in best.groups())
    held = [(key, html.unescape(text)) for key, text in _HELD.findall(page)]
    return to, [*held, (name, value)] if name else held
