"""The live poll of a thousand phones: asked every few seconds, and nothing has changed."""

import re
from statistics import median

from bench import figures, seed
from bench.figures import Figure
from bench.house import House, alternating, ask_constant, laps_ms, parts, rates
from bench.load import Laps, Work, drive
from bench.wire import Answer, Wire
from surveys.ballots.models import Showing
from surveys.results import live as figures_on_show

NAME = "live"
LEAST_SHARE = 0.3
VOTES = 600
_SEEN = re.compile(rb"\?seen=([0-9a-f]+)")


class NoTag(Exception):
    """A live part does not ask again."""


def measure(house: House) -> list[Figure]:
    """Unchanged polls a second, as a share of a view that returns a constant.

    The ballot shows live bars of 600 votes, which are on show already; every answer is a 204.
    """
    with house.database_open():
        seeded = seed.seed(VOTES)
        ballot = seed.open_ballot(seeded, house.config, Showing.LIVE)
        seed.fill(ballot, seeded.households, house.config)
        figures_on_show.refresh(ballot.id, seed.keys_of(house.config))
        address = f"/live/{ballot.id}"
    tag = _tag_on_show(house, address)
    numbers = parts(house.size, house.size.polls)
    polls, constants = alternating(
        house,
        [
            (house.product, poll(f"{address}?seen={tag}"), numbers),
            (house.floor, ask_constant, numbers),
        ],
    )
    return [
        Figure(
            NAME,
            "unchanged live polls, share of a constant view",
            median(rates(polls)) / median(rates(constants)),
            "",
            house.database,
            figures.at_least(LEAST_SHARE),
            {
                "polls_per_s": median(rates(polls)),
                **figures.spread("poll", laps_ms(polls, "poll")),
                **figures.beside(polls, constants),
            },
        )
    ]


def poll(address: str) -> Work:
    """The work of asking whether anything has changed, which it has not."""

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        await laps.timed("poll", wire.get(address), 204)

    return work


def _tag_on_show(house: House, address: str) -> str:
    """The tag that the part itself asks with, once it is on show."""
    answers: list[Answer] = []

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        answers.append(await laps.timed("part", wire.get(address), 200))

    drive(house.product.port, work, range(1), connections=1)
    return tag_in(answers[0].body)


def tag_in(part: bytes) -> str:
    """The tag with which a live part asks again.

    Raises:
        NoTag: it asks with none.
    """
    found = _SEEN.search(part)
    if found is None:
        raise NoTag(part[:400].decode("utf-8", "replace"))
    return found[1].decode("ascii")
