"""The one gate: what is hidden tells nothing by its size or its tag, and the bars move by fives."""

import json
import random
import re
from dataclasses import dataclass, field

import pytest
from flask import Flask

from surveys.ballots import keying
from surveys.ballots.models import Entry, EntryState, Participation, Showing
from surveys.base.db import db
from surveys.errors import Refused
from surveys.results import live
from surveys.results.rules import FIRST_BARS, NEXT_BARS, Surface
from tests.ballots.phones import Clock
from tests.ballots.stage import AFTER_CLOSE, WHILE_OPEN, Stage, drafted, opened
from tests.manners import Browser
from tests.world import World, make_world

TOKEN = re.compile(r'(name="csrf_token" value=")[^"]*')


def seen_from_outside(browser: Browser, stage: Stage) -> dict[str, tuple[object, ...]]:
    """Every public page and part about the ballot: its status, headers and bytes, but its token."""
    ballot = stage.ballot.id
    found: dict[str, tuple[object, ...]] = {}
    for address in (
        f"/live/{ballot}",
        f"/live/{ballot}?on=wall&show=bars",
        f"/screen/{ballot}",
        f"/screen/{ballot}/bars",
        f"/v/{ballot}",
        f"/c/{stage.world.code}",
    ):
        answer = browser.get(address)
        headers = sorted((k, v) for k, v in answer.headers if k not in {"Set-Cookie"})
        body = TOKEN.sub(r"\1", answer.get_data(as_text=True))
        found[address] = (answer.status_code, headers, body)
    return found


@pytest.fixture
def hidden(app: Flask, world: World) -> Stage:
    """A ballot of which nothing is shown before the sealing."""
    return opened(app, world, drafted(world, showing=Showing.HIDDEN))


def test_while_it_is_hidden_no_page_changes_by_a_byte_or_a_tag_whoever_votes(
    browser: Browser, hidden: Stage, clock: Clock
) -> None:
    browser.get("/")
    nobody = seen_from_outside(browser, hidden)
    for upto in (1, 9, 10, 24):
        for n in range(upto):
            hidden.cast(n, "Lamps" if n % 2 else "Drains")
        assert seen_from_outside(browser, hidden) == nobody, upto


def test_after_the_close_paper_that_is_keyed_in_changes_nothing_that_is_seen(
    browser: Browser, hidden: Stage, clock: Clock
) -> None:
    browser.get("/")
    clock.is_now(AFTER_CLOSE)
    nobody = seen_from_outside(browser, hidden)
    for n in range(12):
        hidden.paper(n, "Lamps", at=AFTER_CLOSE)
    assert seen_from_outside(browser, hidden) == nobody


def test_a_sealed_ballot_that_was_hidden_tells_its_state_alone(
    app: Flask, browser: Browser, world: World, clock: Clock
) -> None:
    parts = []
    for votes in (0, 1, 11, 24):
        draft = drafted(world, showing=Showing.HIDDEN, title=f"With {votes}")
        stage = opened(app, world, draft).with_votes(votes)
        stage.sign()
        stage.seal()
        clock.is_now(AFTER_CLOSE)
        part = browser.get(f"/live/{stage.ballot.id}").get_data(as_text=True)
        tag = live.figures(stage.ballot.id, Surface.PAGE, AFTER_CLOSE).tag
        parts.append(part.replace(stage.ballot.id, "").replace(tag, ""))
    assert len(set(parts)) == 1


def test_the_tag_of_a_hidden_ballot_changes_with_its_state(hidden: Stage) -> None:
    tags = {
        live.figures(hidden.ballot.id, Surface.PAGE, at).tag
        for at in (WHILE_OPEN, AFTER_CLOSE, hidden.ballot.opens_at.replace(year=2025))
    }
    assert len(tags) == 3


def test_whoever_only_sees_the_turnout_learns_of_no_change_of_a_choice(
    app: Flask, browser: Browser, world: World, clock: Clock
) -> None:
    stage = opened(app, world).with_votes(3)
    browser.get("/")
    before = seen_from_outside(browser, stage)
    stage.cast(0, "Drains", "Benches")
    stage.cast(1, "Canteen")
    assert seen_from_outside(browser, stage) == before


# --- the bars move by fives ----------------------------------------------------------------------


@dataclass
class Onlooker:
    """Somebody who writes every figure down, and knows whose vote moved in between."""

    stage: Stage
    chance: random.Random
    moved: set[str] = field(default_factory=set)
    """participations whose vote has changed since the figure on show"""
    shown: list[int] = field(default_factory=list)
    """households whose vote had changed at each new figure"""

    def goes_by(self, acts: int) -> None:
        for _ in range(acts):
            before = self._current()
            try:
                self.chance.choice([self.cast, self.cast, self.cast, self.take_back])()
            except (Refused, LookupError):
                db.session.rollback()
            after = self._current()
            self.moved |= {part for part in after if after[part] != before.get(part)}
            self.look(inside=sum(number is not None for number in after.values()))

    def look(self, inside: int) -> None:
        """Bars that move, move by five households at least; bars that do not, stay as they are."""
        before = self._figure()
        moves = live.refresh(self.stage.ballot.id, self.stage.keys)
        after = self._figure()
        if not moves:
            assert after == before
            return
        assert inside >= FIRST_BARS
        assert after[1] == inside
        if self.shown:
            assert len(self.moved) >= NEXT_BARS
        self.shown.append(len(self.moved))
        self.moved.clear()

    def cast(self) -> None:
        item = self.chance.choice(["Drains", "Lamps", "Benches", "Canteen"])
        self.stage.cast(self.chance.randrange(55), item)

    def take_back(self) -> None:
        """Withdraw a vote, or let a withdrawn one stand again."""
        entry = self.chance.choice(db.session.scalars(db.select(Entry).order_by(Entry.id)).all())
        act = keying.reinstate if entry.state == EntryState.WITHDRAWN else keying.withdraw
        act(entry, "Why", by=self.stage.who("organizer"), at=WHILE_OPEN)

    def _current(self) -> dict[str, int | None]:
        rows = db.session.execute(db.select(Participation.id, Participation.current_entry))
        return {row.id: row.current_entry for row in rows}

    def _figure(self) -> tuple[object, int]:
        seen = live.figures(self.stage.ballot.id, Surface.PAGE, WHILE_OPEN)
        return json.dumps(seen.totals, default=str), seen.counted_in


def looked_on(app: Flask, seed: int, acts: int) -> Onlooker:
    world = make_world(buildings=5, rooms=11)
    stage = opened(app, world, drafted(world, showing=Showing.LIVE))
    onlooker = Onlooker(stage, random.Random(seed))
    onlooker.goes_by(acts)
    return onlooker


@pytest.mark.parametrize("seed", [1, 2])
def test_between_two_figures_at_least_five_households_have_changed(app: Flask, seed: int) -> None:
    onlooker = looked_on(app, seed, 90)
    assert len(onlooker.shown) > 5


@pytest.mark.long
@pytest.mark.parametrize("seed", range(50, 62))
def test_over_long_histories_at_least_five_households_have_changed(app: Flask, seed: int) -> None:
    onlooker = looked_on(app, seed, 500)
    assert len(onlooker.shown) > 20


def test_four_households_that_vote_over_and_over_move_nothing(app: Flask) -> None:
    world = make_world(buildings=5, rooms=11)
    stage = opened(app, world, drafted(world, showing=Showing.LIVE)).with_votes(10)
    assert live.refresh(stage.ballot.id, stage.keys)
    for _ in range(5):
        for n in range(4):
            stage.cast(n, "Drains")
            assert not live.refresh(stage.ballot.id, stage.keys)
    stage.cast(4, "Drains")
    assert live.refresh(stage.ballot.id, stage.keys)


def test_paper_that_goes_before_a_phone_is_one_change(app: Flask) -> None:
    world = make_world(buildings=5, rooms=11)
    stage = opened(app, world, drafted(world, showing=Showing.LIVE)).with_votes(10)
    live.refresh(stage.ballot.id, stage.keys)
    for n in range(5):
        assert not live.refresh(stage.ballot.id, stage.keys)
        stage.paper(n, "Benches")
    assert live.refresh(stage.ballot.id, stage.keys)
