"""A meeting at its fullest: a thousand phones watch it, hundreds vote within a minute, one wall."""

import asyncio
import random
import re
import resource
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import accumulate

from bench import figures, phones, seed
from bench.figures import Figure
from bench.house import FULL, WARM_UP, House
from bench.live import tag_in
from bench.load import Laps, Unexpected, drive
from bench.phones import Phone
from bench.seed import Seeded
from bench.votes import check_all_counted, page_and_vote
from bench.wire import Answer, Broken, Wire
from surveys.ballots import asking, offers
from surveys.ballots.models import Ballot
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.meetings.models import AgendaItem, ItemKind, Meeting, Picture

NAME = "meeting"
EVERY_S = 5.0
"""a phone asks whether anything is new"""
WALL_EVERY_S = 0.7
LATEST_S = 20.0
"""after which nobody waits for the wall any more"""
MOST_VOTE_MS = 500
MOST_BEHIND_S = 1.0
MOST_MB = 400
_TURNOUT = re.compile(rb'class="turnout"><b>(\d+)</b>')


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many watch, how many vote, and within how many seconds."""

    watching: int
    voting: int
    seconds: float


EVERYBODY = Crowd(watching=1000, voting=300, seconds=60.0)
A_FEW = Crowd(watching=250, voting=75, seconds=15.0)


@dataclass
class Seen:
    """What was noted while the crowd was at it."""

    before: int
    """households whose votes were in already"""
    again: int = 0
    """polls asked again, since their connection had just been ended"""
    laps: Laps = field(default_factory=Laps)
    voted_at: list[float] = field(default_factory=list)
    """when each vote was answered"""
    wall: list[tuple[float, int]] = field(default_factory=list)
    """when the wall showed another number of households, and which"""

    def behind_s(self) -> list[float]:
        """For each vote, how long after its answer the wall told of so many."""
        shown = list(accumulate((n for _at, n in self.wall), max))
        found = []
        for number, answered_at in enumerate(sorted(self.voted_at), self.before + 1):
            told = (at for (at, _n), most in zip(self.wall, shown, strict=True) if most >= number)
            first = next(told, None)
            if first is None:
                raise Unexpected(f"the wall never told of {number} households")
            found.append(max(0.0, first - answered_at))
        return found


def measure(house: House) -> list[Figure]:
    """The crowd once, driver and server on the same processors.

    Every phone keeps its connection and asks at its own moment; those that vote fetch the menu
    first. Any answer but the one wanted ends the measurement.
    """
    crowd = EVERYBODY if house.size == FULL else A_FEW
    with house.database_open():
        seeded = seed.seed(WARM_UP + crowd.voting)
        ballot = seed.open_ballot(seeded, house.config)
        meeting_id = _meeting(seeded, ballot)
        allowed = seed.choices(offers.offer(asking.find(ballot.id)), 100)
        ballot_id = ballot.id
    pairs = zip(seeded.codes, seeded.households, strict=True)
    held = [phones.holding(house.place.app, *pair) for pair in pairs]
    first, others = held[:WARM_UP], held[WARM_UP:]
    drive(house.product.port, page_and_vote(ballot_id, first, allowed), range(WARM_UP))
    before = house.product.cpu_s()
    hour = _Hour(house.product.port, meeting_id, ballot_id, others, allowed, crowd)
    seen = asyncio.run(hour.run())
    cpu_s = house.product.cpu_s() - before
    check_all_counted(house, ballot_id, WARM_UP + crowd.voting)
    return _told(house, crowd, seen, cpu_s)


def _told(house: House, crowd: Crowd, seen: Seen, cpu_s: float) -> list[Figure]:
    behind = seen.behind_s()
    server_mb = house.product.pss_bytes() / 1e6
    driver_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    load = {"phones": crowd.watching, "votes": crowd.voting, "seconds": crowd.seconds}
    votes = seen.laps.ms["vote"]
    name = f"{crowd.watching} phones watch, {crowd.voting} vote in {crowd.seconds:.0f} s"
    return [
        Figure(
            NAME,
            f"{name}: vote p99",
            figures.percentile(votes, 0.99),
            "ms",
            house.database,
            figures.at_most(MOST_VOTE_MS),
            {
                **load,
                **figures.spread("vote", votes),
                **figures.spread("poll", seen.laps.ms["poll"]),
                **figures.spread("wall", seen.laps.ms["wall"]),
                "server_cpu_share": cpu_s / crowd.seconds,
                "asked_again": seen.again,
            },
        ),
        Figure(
            NAME,
            f"{name}: wall behind",
            max(behind),
            "s",
            house.database,
            figures.at_most(MOST_BEHIND_S),
            {"median_s": figures.percentile(behind, 0.5), "parts": len(seen.wall)},
        ),
        Figure(
            NAME,
            f"{name}: PSS of the server",
            server_mb,
            "MB",
            house.database,
            figures.at_most(MOST_MB),
            {"driver_mb": driver_mb},
        ),
    ]


def _meeting(seeded: Seeded, ballot: Ballot) -> str:
    """A meeting that is on, at the item of the ballot, its wall showing how many have voted."""
    at = clock.now()
    meeting = Meeting(
        id=new_id(),
        courtyard_id=seeded.courtyard_id,
        round_id=seeded.round_id,
        title="恳谈会",
        place="院里",
        starts_at=at - timedelta(minutes=10),
        created_by=seeded.account_id,
        created_at=at,
        begun_at=at - timedelta(minutes=5),
        picture=Picture.CODE,
    )
    db.session.add(meeting)
    db.session.flush()
    item = AgendaItem(
        id=new_id(),
        courtyard_id=seeded.courtyard_id,
        meeting_id=meeting.id,
        position=1,
        kind=ItemKind.PICK,
        title="点单",
        about_id=ballot.id,
        opened_at=at - timedelta(minutes=1),
    )
    db.session.add(item)
    meeting.item_id = item.id
    db.session.commit()
    return meeting.id


@dataclass
class _Hour:
    """The crowd at work."""

    port: int
    meeting_id: str
    ballot_id: str
    held: Sequence[Phone]
    allowed: Sequence[Sequence[str]]
    crowd: Crowd
    seen: Seen = field(default_factory=lambda: Seen(WARM_UP))
    ends_at: float = 0.0

    async def run(self) -> Seen:
        """All of it; each phone connects when it first asks, and keeps its connection."""
        chance = random.Random(8)
        watching = [Wire("127.0.0.1", self.port) for _ in range(self.crowd.watching)]
        voting = [Wire("127.0.0.1", self.port) for _ in self.held]
        wall = Wire("127.0.0.1", self.port)
        wires = [wall, *watching, *voting]
        first = await self._first(wall)
        now = time.perf_counter()
        self.ends_at = now + self.crowd.seconds
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._wall(wall))
                for wire in watching:
                    group.create_task(self._watch(wire, first, chance.uniform(0, EVERY_S)))
                for number, wire in enumerate(voting):
                    due = chance.uniform(0, self.crowd.seconds)
                    group.create_task(self._vote(wire, number, due))
        finally:
            for wire in wires:
                await wire.__aexit__()
        return self.seen

    async def _first(self, wire: Wire) -> str:
        page = await wire.get(f"/m/{self.meeting_id}/live")
        return tag_in(page.body)

    async def _watch(self, wire: Wire, tag: str, due: float) -> None:
        """A phone that asks every few seconds and goes on from what it was told last."""
        await asyncio.sleep(due)
        while time.perf_counter() < self.ends_at:
            begun = time.perf_counter()
            answer = await self._asked("poll", wire, f"/m/{self.meeting_id}/live?seen={tag}")
            tag = tag_in(answer.body) if answer.status == 200 else tag
            await asyncio.sleep(max(0.0, EVERY_S - (time.perf_counter() - begun)))

    async def _wall(self, wire: Wire) -> None:
        """The wall, until it has told of everybody."""
        address, tag = f"/wall/{self.meeting_id}/part", ""
        while not self._over():
            answer = await self._asked("wall", wire, f"{address}?seen={tag}")
            if answer.status == 200:
                tag = tag_in(answer.body)
                found = _TURNOUT.search(answer.body)
                self.seen.wall.append((time.perf_counter(), int(found[1]) if found else 0))
            await asyncio.sleep(WALL_EVERY_S)

    def _over(self) -> bool:
        """Whether the time is up and the wall has told of every vote; long after, in any case."""
        late = time.perf_counter() - self.ends_at
        told = self.seen.wall[-1][1] if self.seen.wall else 0
        return late > 0 and (told >= WARM_UP + self.crowd.voting or late > LATEST_S)

    async def _vote(self, wire: Wire, number: int, due: float) -> None:
        await asyncio.sleep(due)
        phone = self.held[number]
        phone.reads(await wire.get(f"/v/{self.ballot_id}", phone.header))
        form = phones.vote(phone, self.allowed[number % len(self.allowed)])
        sent = wire.post(f"/v/{self.ballot_id}", form, phone.header)
        await self.seen.laps.timed("vote", sent, 303)
        self.seen.voted_at.append(time.perf_counter())

    async def _asked(self, step: str, wire: Wire, address: str) -> Answer:
        """An answer to a poll, timed; asked once more where a kept connection was just ended.

        So browsers do (RFC 9110, 9.2.2): the server may end it at the moment it is used again.

        Raises:
            Unexpected: it is neither a part nor the word that nothing changed.
        """
        begun = time.perf_counter()
        try:
            found = await wire.get(address)
        except Broken:
            self.seen.again += 1
            await wire.__aexit__()
            found = await wire.get(address)
        self.seen.laps.ms[step].append((time.perf_counter() - begun) * 1000)
        if found.status not in {200, 204}:
            raise Unexpected(f"{step}: {found.status}")
        return found
