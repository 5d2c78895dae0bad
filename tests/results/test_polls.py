"""A poll that finds nothing new costs next to nothing, and never tells an old figure for long."""

from dataclasses import replace

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.results import live
from surveys.results.rules import Surface
from surveys.web import config_of
from tests.ballots.phones import Clock, statements
from tests.ballots.stage import WHILE_OPEN, Stage, opened
from tests.manners import Browser
from tests.world import World


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """A ballot that is open."""
    return opened(app, world)


@pytest.fixture
def a_long_moment(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was true is held true for a minute."""
    held = replace(config_of(app), live_kept_ms=60_000)
    monkeypatch.setitem(app.extensions, "surveys_config", held)


@pytest.mark.usefixtures("a_long_moment")
def test_within_a_moment_the_same_question_is_answered_from_memory(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    tag = live.figures(stage.ballot.id, Surface.PAGE, WHILE_OPEN).tag
    address = f"/live/{stage.ballot.id}?seen={tag}"
    with statements() as seen:
        answers = [browser.get(address) for _ in range(10)]
    assert {answer.status_code for answer in answers} == {204}
    assert len(seen) == 1


@pytest.mark.usefixtures("a_long_moment")
def test_the_wall_and_another_figure_are_looked_up(
    stage: Stage, browser: Browser, clock: Clock
) -> None:
    clock.is_now(WHILE_OPEN)
    tag = live.figures(stage.ballot.id, Surface.PAGE, WHILE_OPEN).tag
    assert browser.get(f"/live/{stage.ballot.id}?seen={tag}").status_code == 204
    address = f"/live/{stage.ballot.id}"
    for other in (f"{address}?on=wall&seen={tag}", f"{address}?seen=another"):
        with statements() as seen:
            browser.get(other)
        assert seen


def test_after_that_moment_a_new_vote_is_told(stage: Stage, browser: Browser, clock: Clock) -> None:
    clock.is_now(WHILE_OPEN)
    tag = live.figures(stage.ballot.id, Surface.PAGE, WHILE_OPEN).tag
    assert browser.get(f"/live/{stage.ballot.id}?seen={tag}").status_code == 204
    stage.cast(0, "Drains")
    db.session.expire_all()  # the phone is another session
    assert browser.get(f"/live/{stage.ballot.id}?seen={tag}").status_code == 200
