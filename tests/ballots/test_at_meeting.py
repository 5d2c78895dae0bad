"""A ballot that a meeting opens and closes: said before, and never by whoever sees how it goes."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from surveys.ballots import asking, at_meeting, chain, drafting, readiness, sealing
from surveys.ballots.models import Ballot, Showing
from surveys.ballots.rules import Channel, State, state
from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.errors import Invalid, Refused
from surveys.menus.models import MenuItem
from surveys.web import config_of
from tests.ballots.phones import Clock, give_slips, hold_slip
from tests.ballots.stage import CLOSES, SEALS, WHILE_OPEN, Stage, drafted, keys_of
from tests.ballots.test_races import assert_sound, at_once, in_this_thread
from tests.manners import Browser
from tests.world import World, sign_in

SOON = WHILE_OPEN + timedelta(hours=1)
LATER = WHILE_OPEN + timedelta(hours=2)


def draft_for_meeting(world: World) -> Ballot:
    return drafted(world, terms=Terms(at_meeting=True))


def open_there(app: Flask, world: World, ballot: Ballot, at: datetime = WHILE_OPEN) -> bool:
    by, keys, secret = world.accounts["organizer"], keys_of(app), config_of(app).secret
    opened = at_meeting._open(ballot, by=by, at=at, keys=keys, secret=secret)
    db.session.commit()
    return opened


def close_there(stage: Stage, at: datetime = SOON) -> bool:
    closed = at_meeting._close(stage.ballot, by=stage.who("organizer"), at=at)
    db.session.commit()
    return closed


@pytest.fixture
def held(app: Flask, world: World) -> Stage:
    """A ballot that a meeting has opened."""
    ballot = draft_for_meeting(world)
    open_there(app, world, ballot)
    items = db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == ballot.menu_id))
    named = {item.name: item.id for item in items}
    return Stage(world, ballot, keys_of(app), config_of(app).secret, named)


def kinds(ballot: Ballot) -> list[str]:
    return [json.loads(event.body)["kind"] for event in chain.events_of(ballot)]


def test_it_takes_votes_from_the_moment_the_meeting_opens_it(held: Stage) -> None:
    assert held.ballot.opens_at == WHILE_OPEN
    assert state(held.ballot, WHILE_OPEN) is State.OPEN
    assert json.loads(held.ballot.rules)["at_meeting"] is True
    held.cast(0, "Lamps", at=WHILE_OPEN)


def test_opened_twice_is_opened_once(app: Flask, held: Stage) -> None:
    assert not open_there(app, held.world, held.ballot, SOON)
    assert kinds(held.ballot) == ["open"]
    assert held.ballot.opens_at == WHILE_OPEN


def test_the_close_stands_in_the_chain_and_after_it_nobody_is_let_in(held: Stage) -> None:
    held.cast(0, "Lamps")
    assert close_there(held)
    assert kinds(held.ballot) == ["open", "cast", "close", "call_back"]
    assert held.ballot.ends_at == SOON
    with pytest.raises(Refused, match="11 月 21 日 11:00 截止了"):
        held.cast(1, "Lamps", at=SOON)
    db.session.rollback()
    assert chain.verify(held.ballot) is None


def test_close_pressed_twice_is_once(held: Stage) -> None:
    assert close_there(held)
    assert not close_there(held, LATER)
    assert kinds(held.ballot).count("close") == 1
    assert held.ballot.ends_at == SOON


def test_paper_of_the_meeting_is_keyed_after_the_close_and_counts_once_a_household(
    held: Stage,
) -> None:
    held.cast(0, "Lamps")
    close_there(held)
    held.paper(0, "Drains", at=LATER)
    held.paper(1, "Drains", at=LATER)
    with pytest.raises(Refused):
        held.key_in(2, "Drains", channel=Channel.MEETING, at=LATER)
    db.session.rollback()
    assert held.ballot.households_in == 2
    held.sign(at=LATER)
    assert len(held.seal(at=LATER).choices) == 2


def test_nobody_closes_it_before_it_was_opened(world: World) -> None:
    with pytest.raises(Refused, match="还没有开始"):
        at_meeting._close(draft_for_meeting(world), by=world.accounts["organizer"], at=WHILE_OPEN)


def test_forgotten_it_closes_at_its_hour(held: Stage) -> None:
    assert [ballot.id for ballot in sealing.due_to_close(CLOSES)] == [held.ballot.id]
    sealing.close(held.ballot, at=CLOSES + timedelta(minutes=1))
    assert held.ballot.ends_at == CLOSES
    assert not close_there(held, CLOSES + timedelta(hours=1))


def test_a_ballot_that_was_not_drafted_so_closes_at_its_hour_alone(
    app: Flask, world: World, stage: Stage
) -> None:
    assert not open_there(app, world, stage.ballot)
    with pytest.raises(Refused, match="不是会上截止的"):
        close_there(stage)
    db.session.rollback()
    with pytest.raises(Refused, match="不是会上开的"):
        open_there(app, world, drafted(world, title="Another"))


def test_not_even_the_database_lets_another_ballot_close_before_its_hour(stage: Stage) -> None:
    early = update(Ballot).where(Ballot.id == stage.ballot.id).values(closed_at=WHILE_OPEN)
    with pytest.raises(IntegrityError):
        db.session.execute(early)
    db.session.rollback()
    turned = update(Ballot).where(Ballot.id == stage.ballot.id).values(at_meeting=True)
    with pytest.raises(IntegrityError):
        db.session.execute(turned)


def test_whoever_closes_it_never_sees_how_it_goes(world: World) -> None:
    with pytest.raises(Invalid, match="边投边看"):
        drafted(world, terms=Terms(at_meeting=True), showing=Showing.LIVE)


def test_the_desk_does_not_open_what_a_meeting_opens(app: Flask, world: World) -> None:
    ballot = draft_for_meeting(world)
    by, secret = world.accounts["organizer"], config_of(app).secret
    with pytest.raises(Refused, match="在会上开"):
        drafting.open_(ballot, by=by, at=WHILE_OPEN, keys=keys_of(app), secret=secret)


def test_what_stands_in_the_way_is_known_before_the_meeting(world: World) -> None:
    ballot = draft_for_meeting(world)
    assert readiness.in_the_way(ballot, asking.offer(ballot), WHILE_OPEN) == []
    late = readiness.in_the_way(ballot, asking.offer(ballot), CLOSES)
    assert [fault.msgid for fault in late] == ["截止时间已经过了，先改时间再开票。"]


def test_votes_that_come_while_it_closes_are_in_or_told(app: Flask, held: Stage) -> None:
    """Each of twenty families is in the chain before the close, or was told that it is over."""

    def vote(n: int) -> Callable[[], str]:
        def act() -> str:
            here = in_this_thread(held)
            try:
                here.cast(n, "Lamps", at=SOON)
            except Refused as fault:
                db.session.rollback()
                return "told" if "截止了" in fault.msgid else fault.msgid
            return "in"

        return act

    def shut() -> str:
        return "closed" if close_there(in_this_thread(held)) else "was closed"

    acts: list[Callable[[], str]] = [vote(n) for n in range(20)]
    acts[8:8] = [shut, shut]
    said = at_once(app, acts, 8)
    assert (said.count("closed"), said.count("was closed")) == (1, 1)
    assert set(said) <= {"in", "told", "closed", "was closed"}
    assert_sound(held)
    ballot = db.session.get_one(Ballot, held.ballot.id)
    told = kinds(ballot)
    assert told.count("cast") == said.count("in") == ballot.households_in
    assert told.index("close") > max(
        (n for n, kind in enumerate(told) if kind == "cast"), default=0
    )


def test_residents_read_that_the_meeting_closes_it(
    app: Flask, held: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    give_slips(app, held.world)
    hold_slip(browser, held, 0)
    page = browser.see(f"/v/{held.ballot.id}")
    assert page.says("会上当场截止，最晚11月30日")
    close_there(held)
    clock.is_now(LATER)
    assert browser.see(f"/v/{held.ballot.id}").says("11月21日上午11点截止了，不再收票")


def test_it_is_drafted_with_a_tick_and_then_waits_for_its_meeting(
    world: World, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    ballot = draft_for_meeting(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/ballot/{ballot.id}"
    page = browser.see(here)
    assert page.says("看一遍，会上再开")
    assert page.says("会上当场截止，最晚")
    assert browser.see(f"{here}/open").says("主持人在手机上按“打开”就开票")
    assert browser.see(f"{here}/print").says("会上填好，截止前交给主持人")
    form = browser.see(f"{here}/edit").form(f"{here}/edit")
    assert form["at_meeting"] == "y"
    page = browser.send(f"{here}/edit", form | {"showing": "live"})
    assert page.status == 422
    assert page.says("不能边投边看")
    del form["at_meeting"]
    browser.send(f"{here}/edit", form)
    db.session.expire_all()
    assert not db.session.get_one(Ballot, ballot.id).at_meeting


def test_its_seal_comes_no_later_for_an_early_close(held: Stage) -> None:
    close_there(held)
    assert held.ballot.seals_at == SEALS
    held.sign(at=LATER)
    held.seal(at=LATER)
    assert state(held.ballot, LATER) is State.SEALED
