"""Statements a request sends, counted in this process: as many at 10,000 votes as at 100."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from flask.testing import FlaskClient
from sqlalchemy import Engine

from bench import figures, phones, seed
from bench.counted import statements
from bench.figures import Figure
from bench.house import House
from bench.live import tag_in
from bench.load import Unexpected
from bench.phones import COOKIE, Phone
from surveys.ballots import asking, offers
from surveys.ballots.models import Showing
from surveys.results import live

NAME = "statements"
FEW, MANY = 100, 10_000
MOST: Mapping[str, int] = {"vote": 12, "vote again": 12, "ballot page": 8, "live poll": 1}


@dataclass(frozen=True, slots=True)
class Stage:
    """An open ballot with votes in it, and the phones of households that have not voted."""

    house: House
    engine: Engine
    ballot_id: str
    picked: list[str]
    waiting: list[Phone]


def measure(house: House) -> list[Figure]:
    """Statements per vote, per ballot page and per unchanged live poll.

    Of each count the larger of the two is the figure; that they are equal is a figure of its own.
    """
    with house.database_open() as engine:
        seeded = seed.seed(MANY + 10)
        ballot_id = seed.open_ballot(seeded, house.config, Showing.LIVE).id
        picked = seed.choices(offers.offer(asking.find(ballot_id)), 1)[0]
    pairs = list(zip(seeded.codes, seeded.households, strict=True))[MANY:]
    held = [phones.holding(house.place.app, *pair) for pair in pairs]
    stage = Stage(house, engine, ballot_id, picked, held)
    at_few = _counts(stage, seeded.households[:FEW])
    at_many = _counts(stage, seeded.households[FEW:MANY])
    found = [
        Figure(
            NAME,
            f"statements per {what}",
            max(at_few[what], at_many[what]),
            "",
            house.database,
            figures.at_most(most),
            {f"at_{FEW}_votes": at_few[what], f"at_{MANY}_votes": at_many[what]},
        )
        for what, most in MOST.items()
    ]
    uneven = sum(at_few[what] != at_many[what] for what in MOST)
    name = f"counts that differ at {FEW} and {MANY:,} votes"
    return [*found, Figure(NAME, name, uneven, "", house.database, figures.at_most(0))]


def _counts(stage: Stage, households: tuple[str, ...]) -> dict[str, int]:
    """Fill the ballot up with these households' votes, then count what each request sends."""
    with stage.house.database_open():
        seed.fill(asking.find(stage.ballot_id), households, stage.house.config)
    phone = stage.waiting.pop()
    client = stage.house.place.app.test_client()
    client.set_cookie(COOKIE, phone.cookie)
    page = _sent(stage, lambda: _read_page(client, stage, phone))
    vote = _sent(stage, lambda: _vote(client, stage, phone))
    _read_page(client, stage, phone)
    again = _sent(stage, lambda: _vote(client, stage, phone))
    with stage.house.database_open():
        live.refresh(stage.ballot_id, seed.keys_of(stage.house.config))
    address = f"/live/{stage.ballot_id}"
    address = f"{address}?seen={tag_in(_expect(client, address, 200))}"
    poll = _sent(stage, lambda: _expect(client, address, 204))
    return {"vote": vote, "vote again": again, "ballot page": page, "live poll": poll}


def _sent(stage: Stage, request: Callable[[], object]) -> int:
    with statements(stage.engine) as found:
        request()
    return len(found)


def _read_page(client: FlaskClient, stage: Stage, phone: Phone) -> None:
    phone.reads_page(_expect(client, f"/v/{stage.ballot_id}?again=1", 200))
    held = client.get_cookie(COOKIE)
    phone.cookie = held.value if held else phone.cookie


def _vote(client: FlaskClient, stage: Stage, phone: Phone) -> None:
    answer = client.post(
        f"/v/{stage.ballot_id}",
        data=phones.vote(phone, stage.picked),
        content_type="application/x-www-form-urlencoded",
    )
    if not answer.headers.get("Location", "").endswith("/receipt"):
        raise Unexpected(f"vote: {answer.status}")


def _expect(client: FlaskClient, address: str, status: int) -> bytes:
    answer = client.get(address)
    if answer.status_code != status:
        raise Unexpected(f"{address}: {answer.status} instead of {status}")
    return answer.get_data()
