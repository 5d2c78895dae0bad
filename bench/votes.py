"""Votes into one open ballot, each by the phone of another household."""

from collections.abc import Sequence
from statistics import median

from bench import figures, phones, seed
from bench.figures import Figure
from bench.house import WARM_UP, House, alternating, insert_one, laps_ms, parts, rates
from bench.load import Laps, Unexpected, Work
from bench.phones import Phone
from bench.wire import Wire
from surveys.ballots import asking, chain, offers

NAME = "votes"
LEAST_PER_S = 250


def measure(house: House) -> list[Figure]:
    """Votes a second at 16 connections, into ONE ballot, every vote a household's first.

    A vote is the POST that sends the look-back page and is answered by the 303 to the receipt;
    its phone read the menu before the clock started. Page and vote is both within the clock.
    """
    size = house.size
    each = WARM_UP + size.runs * size.votes
    with house.database_open():
        seeded = seed.seed(2 * each)
        ballot_id = seed.open_ballot(seeded, house.config).id
        allowed = seed.choices(offers.offer(asking.find(ballot_id)), 100)
    app = house.place.app
    held = [phones.holding(app, *pair) for pair in zip(seeded.codes, seeded.households)]  # noqa: B905
    first, second = held[:each], held[each:]
    numbers = parts(size, size.votes)
    pages, votes, floors = alternating(
        house,
        [
            (house.product, open_page(ballot_id, first), numbers),
            (house.product, send_vote(ballot_id, first, allowed), numbers),
            (house.floor, insert_one, parts(size, size.inserts)),
        ],
    )
    work = page_and_vote(ballot_id, second, allowed)
    (both,) = alternating(house, [(house.product, work, numbers)])
    check_all_counted(house, ballot_id, 2 * each)
    return [
        Figure(
            NAME,
            "votes into one ballot",
            median(rates(votes)),
            "/s",
            house.database,
            figures.at_least(LEAST_PER_S),
            {
                **figures.spread("vote", laps_ms(votes, "vote")),
                **figures.beside(votes, floors),
            },
        ),
        Figure(
            NAME,
            "page and vote",
            median(rates(both)),
            "/s",
            house.database,
            None,
            {
                **figures.spread("vote", laps_ms(both, "vote")),
                **figures.spread("page", laps_ms(both, "page")),
                **figures.beside(both, floors),
            },
        ),
        Figure(
            NAME,
            "ballot pages",
            median(rates(pages)),
            "/s",
            house.database,
            None,
            {**figures.spread("page", laps_ms(pages, "page")), "runs": rates(pages)},
        ),
    ]


def open_page(ballot_id: str, held: Sequence[Phone]) -> Work:
    """The work of opening the menu; the phone keeps what it needs to send."""

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        phone = held[number]
        phone.reads(await laps.timed("page", wire.get(f"/v/{ballot_id}", phone.header), 200))

    return work


def send_vote(ballot_id: str, held: Sequence[Phone], allowed: Sequence[Sequence[str]]) -> Work:
    """The work of sending what was picked, answered by the 303 that leads to the receipt."""

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        phone = held[number]
        form = phones.vote(phone, allowed[number % len(allowed)])
        sent = wire.post(f"/v/{ballot_id}", form, phone.header)
        answer = await laps.timed("vote", sent, 303)
        if not answer.header("location").endswith("/receipt"):
            raise Unexpected(f"vote: led to {answer.header('location')}")

    return work


def page_and_vote(ballot_id: str, held: Sequence[Phone], allowed: Sequence[Sequence[str]]) -> Work:
    """The work of opening the menu and sending what was picked."""
    page, vote = open_page(ballot_id, held), send_vote(ballot_id, held, allowed)

    async def work(wire: Wire, laps: Laps, number: int) -> None:
        await page(wire, laps, number)
        await vote(wire, laps, number)

    return work


def check_all_counted(house: House, ballot_id: str, sent: int) -> None:
    """A vote that was answered but does not count, or broke the chain, is no vote."""
    with house.database_open():
        ballot = asking.find(ballot_id)
        if ballot.households_in != sent:
            raise Unexpected(f"{sent} votes were answered, {ballot.households_in} count")
        if (broken := chain.verify(ballot)) is not None:
            raise Unexpected(f"the chain of events is broken at {broken}")
