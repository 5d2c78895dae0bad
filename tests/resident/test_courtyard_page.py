"""The page behind the courtyard's code, and the ways to it."""

from datetime import datetime, timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from tests.ballots.parts_stage import home, parted
from tests.ballots.phones import Clock, give_slips, hold_slip
from tests.ballots.stage import Stage, opened
from tests.manners import Browser
from tests.meetings.stage import on_stage
from tests.owners import stage as owners
from tests.world import AT, World


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """An open ballot with five households in."""
    return opened(app, world).with_votes(5)


def test_the_courtyards_page_offers_one_big_button(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    page = browser.see("/c/7KQ4HX2")
    assert [a.get("href") for a in page.all(".button.main")] == [f"/v/{stage.ballot.id}"]
    assert page.says("已有5户交了，一共24户")
    clock.is_now(stage.ballot.closes_at + timedelta(minutes=1))
    closed = browser.see("/c/7KQ4HX2")
    assert not closed.all(".button.main")
    assert closed.says("正在计票")


def test_the_page_knows_the_household_and_that_it_has_picked(
    app: Flask, stage: Stage, browser: Browser, clock: Clock
) -> None:
    give_slips(app, stage.world)
    hold_slip(browser, stage, 0)
    page = browser.see("/c/7KQ4HX2")
    assert page.says("1 号楼 1 单元 101")
    assert page.says("您家点过了")
    assert clock.at


@pytest.mark.parametrize(
    ("holds", "items"),
    [(None, 3), (home(1), 3), (home(3), 5), (home(3, 11), 4), (home(4), 4)],
)
def test_the_menu_has_as_many_items_as_this_household_may_pick(
    app: Flask, browser: Browser, clock: Clock, holds: int | None, items: int
) -> None:
    stage = parted(app)
    if holds is not None:
        give_slips(app, stage.world)
        hold_slip(browser, stage, holds)
    assert browser.see(f"/c/{stage.world.code}").says(f"菜单有 {items} 项")
    assert clock.at


@pytest.mark.parametrize("typed", ["7KQ4HX2", "7kq4 hx2", "7KQ4-HX2"])
def test_the_code_may_be_typed_in_many_ways(world: World, browser: Browser, typed: str) -> None:
    assert browser.get("/", query_string={"code": typed}).location == "/c/7KQ4HX2"


def test_capital_paths_and_the_bare_code_lead_to_the_same_page(
    world: World, browser: Browser
) -> None:
    assert browser.get("/C/7KQ4HX2").location == "/c/7KQ4HX2"
    assert browser.get("/7KQ4HX2").location == "/c/7KQ4HX2"
    assert browser.see("/7kq4hx2").says("Courtyard")


def test_a_mistyped_code_gets_a_sentence_and_is_kept(world: World, browser: Browser) -> None:
    page = browser.see("/?code=7KQ4HX3")
    assert page.status == 422
    assert page.one("#code").get("value") == "7KQ4HX3"


def test_an_unknown_address_says_what_to_do(world: World, browser: Browser) -> None:
    page = browser.see("/c/0000000")
    assert page.status == 404
    assert db.session.get_one(Courtyard, world.courtyard).code == "7KQ4HX2"


def test_a_meeting_is_told_of_two_weeks_ahead_and_while_it_is_on(
    world: World, browser: Browser, clock: Clock
) -> None:
    planned = on_stage(world, begun=False)
    here = f"a[href='/m/{planned.meeting_id}']"
    for days, told in ((15, False), (14, True), (1, True), (-1, False)):
        clock.is_now(AT - timedelta(days=days))
        assert bool(browser.see("/c/7KQ4HX2").all(here)) is told, days
    planned.change(begun_at=AT)
    assert browser.see("/c/7KQ4HX2").says("正在开会")
    planned.change(ended_at=AT)
    assert browser.see("/c/7KQ4HX2").all(here) == []


@pytest.mark.parametrize(
    ("at", "is_told"),
    [(owners.NOTICED, True), (owners.WHILE_OPEN, True), (owners.AFTER_CLOSE, False)],
)
def test_an_owners_vote_is_told_to_everybody_and_whom_it_concerns(
    world: World, browser: Browser, clock: Clock, at: datetime, is_told: bool
) -> None:
    owners.opened(world)
    clock.at = at
    page = browser.see(f"/c/{world.code}")
    assert page.says("业主表决：Owners' vote") is is_told
    assert page.says("租房住的不用管这一件") is is_told
