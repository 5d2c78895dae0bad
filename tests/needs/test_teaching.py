"""Sorting teaches words of the courtyard; staff read them, and say which of them mean nothing."""

from datetime import timedelta

import pytest

from surveys.base.db import db
from surveys.needs import service, spoken, teaching
from surveys.needs.models import Need, Suggestion
from surveys.needs.proposals.wishes import wishes
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.needs.conftest import Say
from tests.world import AT, World, sign_in

SAID = ("呱唧亭那块地坑洼", "呱唧亭又塌了一块", "去呱唧亭崴了脚", "呱唧亭没法走", "呱唧亭边上垫垫")
SOON = AT + timedelta(minutes=1)
LATER = AT + timedelta(minutes=30)


@pytest.fixture
def road(round_: Round, clerk: str) -> Need:
    """A need of the catalogue's roads."""
    return service.new_need(round_, "院内道路", "road", by=clerk, at=AT)


@pytest.fixture
def taught(say: Say, road: Need, clerk: str, world: World) -> str:
    """The courtyard, after what only this courtyard says was put to the road five times."""
    for n, text in enumerate(SAID):
        service.place(say(text, n), [road.id], by=clerk, at=AT)
    assert teaching.learn(world.courtyard, at=SOON) > 0
    return world.courtyard


def learnt(courtyard_id: str) -> set[str]:
    """The words that count."""
    return {word.word for word in teaching.words(courtyard_id) if word.dropped_at is None}


def test_what_is_said_in_one_courtyard_is_understood_there_and_nowhere_else(
    taught: str, world: World
) -> None:
    assert "呱唧亭" in learnt(taught)
    here = wishes("呱唧亭", spoken.in_courtyard(taught).vocabulary)
    assert [wish.key for wish in here] == ["road"]
    assert wishes("呱唧亭", spoken.in_courtyard("another").vocabulary) == []


def test_learning_is_due_after_sorting_and_not_again_at_once(
    taught: str, say: Say, road: Need, clerk: str
) -> None:
    assert teaching.due(LATER) == []
    service.place(say("呱唧亭"), [road.id], by=clerk, at=SOON + timedelta(seconds=1))
    assert teaching.due(SOON + timedelta(seconds=2)) == [], "it was read just now"
    assert teaching.due(LATER) == [taught]
    teaching.learn(taught, at=LATER)
    assert teaching.due(LATER + timedelta(hours=1)) == []


def test_sorting_that_teaches_nothing_is_not_read_again_at_every_tick(
    say: Say, road: Need, clerk: str, world: World
) -> None:
    service.place(say("路不平"), [road.id], by=clerk, at=SOON)
    assert teaching.due(SOON) == [world.courtyard]
    assert teaching.learn(world.courtyard, at=SOON) == 0
    assert learnt(world.courtyard) == set()
    assert teaching.due(LATER) == []


def test_what_is_put_elsewhere_later_is_forgotten(taught: str, clerk: str, world: World) -> None:
    for suggestion in db.session.scalars(db.select(Suggestion)):
        service.unplace(suggestion, by=clerk, at=LATER)
    teaching.learn(taught, at=LATER)
    assert learnt(taught) == set()


def test_a_word_that_was_dropped_counts_for_nothing_and_is_never_learnt_again(
    taught: str, browser: Browser, world: World
) -> None:
    sign_in(browser, world.accounts["clerk"])
    here = f"/desk/courtyard/{taught}/words"
    page = browser.see(here)
    assert page.says("呱唧亭")
    word = next(w for w in teaching.words(taught) if w.word == "呱唧亭")
    drop = f"/desk/word/{word.id}/drop"
    assert browser.send(drop, page.form(drop)).says("“呱唧亭”不算数了")
    teaching.learn(taught, at=LATER)
    assert "呱唧亭" not in learnt(taught)
    back = f"/desk/word/{word.id}/take-up"
    assert browser.send(back, browser.see(here).form(back)).says("“呱唧亭”又算数了")
    assert "呱唧亭" in learnt(taught)


def test_whoever_only_looks_reads_the_words_and_changes_none(
    taught: str, browser: Browser, world: World
) -> None:
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/courtyard/{taught}/words")
    assert page.says("呱唧亭")
    assert not page.all("form[action*='/desk/word/']")
