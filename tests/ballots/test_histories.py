"""Whatever comes in whatever order: one rule says which vote counts, and the chain adds up."""

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product

import pytest
from flask import Flask
from sqlalchemy import func

from surveys.ballots import asking, chain, keying, rules, sealing
from surveys.ballots.models import Channel, CountedVote, Entry, EntryState, Participation
from surveys.base.db import db
from surveys.errors import Refused
from tests.ballots.stage import AFTER_CLOSE, SEALS, WHILE_OPEN, Stage, opened
from tests.world import make_world

RANK = {"paper": 3, "scan": 2, "phone": 1, "visit": 1, "meeting": 1}
"""signed paper, then one's own phone, then what staff were told"""
PAIRS = list(product(Channel, repeat=2))
Event = dict[str, object]


def events(stage: Stage) -> list[Event]:
    return [json.loads(event.body) for event in chain.events_of(stage.ballot)]


def come(stage: Stage, n: int, channel: Channel, name: str) -> Entry:
    """A vote of the n-th household that stands."""
    if channel is Channel.SCAN:
        stage.cast(n, name)
        return asking.standing(stage.ballot, stage.household(n)).entries[-1]
    return stage.paper(n, name, channel=channel)


def counts(stage: Stage, n: int) -> int | None:
    """Number of the entry that counts for the n-th household."""
    return asking.standing(stage.ballot, stage.household(n)).current


def picked(stage: Stage) -> list[list[str]]:
    """The choices that count now, by name."""
    choices = sealing.current_choices(stage.ballot, stage.keys)
    return sorted(stage.names(list(choice)) for choice in choices)


@pytest.fixture
def street(app: Flask) -> Stage:
    """A ballot with a household for every pair of channels."""
    return opened(app, make_world(buildings=1, rooms=len(PAIRS)))


# --- precedence, every combination ----------------------------------------------------------------


def test_of_every_two_that_come_the_better_channel_counts_and_of_equals_the_last(
    street: Stage,
) -> None:
    for n, (first, second) in enumerate(PAIRS):
        come(street, n, first, "Lamps")
        come(street, n, second, "Drains")
        later_wins = RANK[second] >= RANK[first]
        assert counts(street, n) == (2 if later_wins else 1), (first, second)
        won, lost = (second, first) if later_wins else (first, second)
        told = events(street)[-1]
        kind = "replace" if RANK[first] == RANK[second] else "override"
        assert (told["kind"], told["counts"], told["gives_way"]) == (kind, won, lost)
    later = sum(RANK[second] >= RANK[first] for first, second in PAIRS)
    wanted = [["Drains"]] * later + [["Lamps"]] * (len(PAIRS) - later)
    assert picked(street) == wanted
    assert street.ballot.households_in == len(PAIRS)


def test_what_is_withdrawn_makes_room_and_what_is_reinstated_takes_its_place_again(
    street: Stage,
) -> None:
    by = street.who("organizer")
    for n, (first, second) in enumerate(PAIRS):
        one, two = come(street, n, first, "Lamps"), come(street, n, second, "Drains")
        won, lost = (two, one) if RANK[second] >= RANK[first] else (one, two)
        seen = []
        for act, entry in (
            (keying.withdraw, won),
            (keying.withdraw, lost),
            (keying.reinstate, lost),
            (keying.reinstate, won),
            (keying.withdraw, lost),
            (keying.reinstate, lost),
        ):
            act(entry, "Why", by=by, at=WHILE_OPEN)
            seen.append((counts(street, n), street.ballot.households_in - n))
        wanted = [lost.number, None, lost.number, won.number, won.number, won.number]
        assert seen == [(number, int(number is not None)) for number in wanted], (first, second)
    check_turnout(events(street))


@pytest.mark.parametrize("channel", list(Channel))
def test_of_two_relatives_the_last_counts_whichever_way_both_came(
    stage: Stage, channel: Channel
) -> None:
    for name in ("Lamps", "Drains", "Benches"):
        come(stage, 0, channel, name)
    assert picked(stage) == [["Benches"]]
    assert stage.ballot.households_in == 1
    assert [e["kind"] for e in events(stage)] == ["open", "cast", "replace", "replace"]


def test_paper_that_waits_or_was_sent_back_never_goes_before_anything(stage: Stage) -> None:
    come(stage, 0, Channel.PHONE, "Lamps")
    waiting = stage.key_in(0, "Drains")
    assert picked(stage) == [["Lamps"]]
    keying.reject(waiting, "Not readable", by=stage.who("supervisor"), at=WHILE_OPEN)
    assert picked(stage) == [["Lamps"]]


# --- the chain adds up ----------------------------------------------------------------------------

STEPS = {
    "cast": {1},
    "replace": {0},
    "override": {0},
    "withdrawn": {0, -1},
    "reinstated": {0, 1},
    "close": {0},
    "sign": {0},
}
"""by how much each kind of event may change the households in"""


def check_turnout(chained: Sequence[Event]) -> int:
    """Walk along the chain as docs/format.md says; how many votes are to be counted."""
    inside = casts = lowered = raised = 0
    for event in chained:
        if "households_in" not in event:
            continue
        step = int(str(event["households_in"])) - inside
        assert step in STEPS[str(event["kind"])], event
        inside += step
        casts += event["kind"] == "cast"
        lowered += event["kind"] == "withdrawn" and step < 0
        raised += event["kind"] == "reinstated" and step > 0
    assert casts - lowered + raised == inside
    return inside


def receipts_cast(chained: Sequence[Event]) -> set[object]:
    """The receipts that stand in the chain."""
    return {event["receipt"] for event in chained if "receipt" in event}


def receipts_of_who_once_stood() -> set[str]:
    """The receipts of households of which some vote stood once, whatever became of it."""
    stood = db.select(Participation.receipt_hash).join(
        Entry, Entry.participation_id == Participation.id
    )
    own, confirmed = Entry.channel == Channel.SCAN, Entry.confirmed_by.is_not(None)
    return set(db.session.scalars(stood.where(own | confirmed)))


@dataclass
class Walk:
    """Somebody does one thing after another, and some of it is refused."""

    stage: Stage
    chance: random.Random
    done: list[str] = field(default_factory=list)

    def go(self, steps: int) -> None:
        acts: list[Callable[[], object]] = [
            *[self.cast] * 4,
            *[self.key_in] * 3,
            *[self.confirm] * 3,
            self.reject,
            *[self.withdraw] * 2,
            *[self.reinstate] * 2,
            self.dispute,
        ]
        for _ in range(steps):
            act = self.chance.choice(acts)
            try:
                act()
            except (Refused, LookupError):
                db.session.rollback()  # not now, or nothing of the kind is there
            else:
                self.done.append(act.__name__)

    def cast(self) -> None:
        self.stage.cast(self._door(), self._item())

    def key_in(self) -> None:
        channel = self.chance.choice([c for c in Channel if c is not Channel.SCAN])
        self.stage.key_in(self._door(), self._item(), channel=channel)

    def confirm(self) -> None:
        self.stage.confirm(self._entry(EntryState.PENDING))

    def reject(self) -> None:
        entry = self._entry(EntryState.PENDING)
        keying.reject(entry, "Why", by=self.stage.who("supervisor"), at=WHILE_OPEN)

    def withdraw(self) -> None:
        entry = self._entry(*rules.STANDS)
        keying.withdraw(entry, "Why", by=self.stage.who("organizer"), at=WHILE_OPEN)

    def reinstate(self) -> None:
        entry = self._entry(EntryState.WITHDRAWN)
        keying.reinstate(entry, "Why", by=self.stage.who("organizer"), at=WHILE_OPEN)

    def dispute(self) -> None:
        entry = self._entry(*rules.STANDS)
        keying.dispute(entry, asking.household_of(entry), at=WHILE_OPEN)

    def _door(self) -> int:
        return self.chance.randrange(5)

    def _item(self) -> str:
        return self.chance.choice(["Drains", "Lamps", "Benches", "Canteen"])

    def _entry(self, *states: EntryState) -> Entry:
        """Any entry in one of these states; none: LookupError."""
        found = db.select(Entry).where(Entry.state.in_(states)).order_by(Entry.id)
        entry: Entry = self.chance.choice(db.session.scalars(found).all())
        return entry


def walked(app: Flask, seed: int, steps: int) -> Stage:
    """A ballot that was walked and sealed; what its chain promises holds before and after."""
    stage = opened(app, make_world(buildings=1, rooms=6))
    walk = Walk(stage, random.Random(seed))
    walk.go(steps)
    assert len(walk.done) > steps // 3
    told = events(stage)
    assert check_turnout(told) == stage.ballot.households_in
    assert receipts_cast(told) == receipts_of_who_once_stood()
    sealing._seal(stage.ballot, by=None, at=SEALS, keys=stage.keys)
    db.session.commit()
    told = events(stage)
    counted = db.session.scalar(db.select(func.count()).select_from(CountedVote))
    assert check_turnout(told) == told[-1]["count"] == counted
    assert chain.verify(stage.ballot) is None
    return stage


@pytest.mark.parametrize("seed", [1, 2, 3, 4])
def test_after_any_walk_the_chain_adds_up_to_what_is_counted(app: Flask, seed: int) -> None:
    walked(app, seed, 70)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 140))
def test_after_many_long_walks_the_chain_adds_up(app: Flask, seed: int) -> None:
    walked(app, seed, 250)


def test_a_household_that_votes_again_after_all_was_withdrawn_is_cast_twice_with_one_receipt(
    stage: Stage,
) -> None:
    entry = come(stage, 0, Channel.SCAN, "Drains")
    keying.withdraw(entry, "Why", by=stage.who("organizer"), at=WHILE_OPEN)
    come(stage, 0, Channel.SCAN, "Lamps")
    casts = [event for event in events(stage) if event["kind"] == "cast"]
    assert len(casts) == 2
    assert len(receipts_cast(casts)) == 1
    assert check_turnout(events(stage)) == 1


def test_paper_keyed_after_the_close_adds_up_too(stage: Stage) -> None:
    stage.cast(0, "Drains")
    sealing.close(stage.ballot, at=AFTER_CLOSE)
    stage.paper(1, "Lamps", at=AFTER_CLOSE)
    stage.sign()
    assert check_turnout(events(stage)) == 2
