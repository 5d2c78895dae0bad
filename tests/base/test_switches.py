"""Larger letters and the other language, while something is picked or typed and not yet sent."""

import pytest
from flask import Flask

from surveys.ballots.models import Entry
from surveys.base.db import db
from surveys.needs.models import Suggestion
from surveys.questionnaires.models import Response
from tests.ballots.phones import Clock, give_slips, hold_slip, pick, send
from tests.ballots.stage import CLOSES, Stage, opened
from tests.manners import Browser, Page
from tests.questionnaires.asking import opened_now
from tests.world import World

Typed = dict[str, str | list[str]]


def press(browser: Browser, page: Page, switch: str, typed: Typed | None = None) -> Page:
    """Press a switch of the page's frame, with this typed into the form that it belongs to."""
    (button,) = [b for b in page.all("button.tool") if b.text == switch]
    assert button.get("form") == "typed"
    form = page.form(page.one("form#typed").get("action"))
    sent = {**form, **(typed or {}), "go": button.get("value")}
    answer = browser.post(button.get("formaction"), data=sent)
    assert answer.status_code == 307  # which sends the same form on
    return browser.send(answer.location, sent)


def is_big(page: Page) -> bool:
    return "big" in page.one("html").get("class").split()


def ticked(page: Page) -> set[str]:
    return {box.get("value") for box in page.all("input[name=item][checked]")}


@pytest.fixture
def stage(app: Flask, world: World) -> Stage:
    """A ballot that is open."""
    return opened(app, world)


@pytest.fixture
def phone(app: Flask, browser: Browser, stage: Stage, clock: Clock) -> Browser:
    """The phone of the first household."""
    give_slips(app, stage.world)
    hold_slip(browser, stage, 0)
    return browser


def test_ticks_that_were_not_sent_stay_when_the_letters_grow_and_shrink(
    phone: Browser, stage: Stage
) -> None:
    menu = phone.see(f"/v/{stage.ballot.id}")
    picked = stage.ids("Drains", "Benches")
    grown = press(phone, menu, "大字", {"item": picked})
    assert (grown.status, is_big(grown), ticked(grown)) == (200, True, set(picked))
    assert grown.says("看一遍再交")
    shrunk = press(phone, grown, "小字", {"item": stage.ids("Lamps")})
    assert (is_big(shrunk), ticked(shrunk)) == (False, set(stage.ids("Lamps")))
    assert db.session.scalars(db.select(Entry)).all() == []


def test_more_ticks_than_are_allowed_stay_too(phone: Browser, stage: Stage) -> None:
    menu = phone.see(f"/v/{stage.ballot.id}")
    picked = stage.ids("Drains", "Benches", "Lamps", "Canteen")
    assert ticked(press(phone, menu, "大字", {"item": picked})) == set(picked)


def test_ticks_stay_in_the_other_language(phone: Browser, stage: Stage) -> None:
    menu = phone.see(f"/v/{stage.ballot.id}")
    english = press(phone, menu, "English", {"item": stage.ids("Drains")})
    assert english.one("html").get("lang") == "en"
    assert ticked(english) == set(stage.ids("Drains"))


def test_the_look_back_stays_and_can_be_sent(phone: Browser, stage: Stage) -> None:
    looked = press(phone, pick(phone, stage, "Drains"), "大字")
    assert looked.says("看一遍，对了就交")
    assert is_big(looked)
    assert db.session.scalars(db.select(Entry)).all() == []
    assert send(phone, looked).says("收到了")


def test_what_came_too_late_stays_in_sight(phone: Browser, stage: Stage, clock: Clock) -> None:
    looked = pick(phone, stage, "Drains")
    clock.is_now(CLOSES)
    late = send(phone, looked)
    again = press(phone, late, "大字")
    for page in (late, again):
        assert (page.status, page.says("没有交上"), page.says("Drains")) == (409, True, True)
    assert is_big(again)


def test_the_words_of_one_question_stay(world: World, browser: Browser) -> None:
    here = f"/q/{opened_now(world)}/1"
    page = press(browser, browser.see(here), "大字", {"a-q1": "下水道一下雨就冒水"})
    assert page.form(here)["a-q1"] == "下水道一下雨就冒水"
    assert is_big(page)
    assert page.says("第1题")


def test_a_question_that_must_be_answered_lets_the_letters_grow(
    world: World, browser: Browser
) -> None:
    here = f"/q/{opened_now(world)}/3"
    page = press(browser, browser.see(here), "大字")
    assert (page.status, is_big(page)) == (200, True)
    assert not page.says("还不能往下走")


def test_all_answers_of_one_page_stay_and_none_is_sent(world: World, browser: Browser) -> None:
    here = f"/q/{opened_now(world)}/all"
    typed: Typed = {"a-q1": "路灯太少", "a-q3": ["a", "b"]}
    page = press(browser, browser.see(here), "大字", typed)
    form = page.form(here)
    assert (form["a-q1"], form["a-q3"]) == ("路灯太少", ["a", "b"])
    assert is_big(page)
    assert db.session.scalars(db.select(Response).where(Response.sent_at.is_not(None))).all() == []


def test_what_one_has_to_say_stays_and_is_not_said(world: World, browser: Browser) -> None:
    here = f"/say/{world.code}"
    page = press(browser, browser.see(here), "大字", {"text": "院里太黑"})
    assert page.form(here)["text"] == "院里太黑"
    assert is_big(page)
    assert db.session.scalars(db.select(Suggestion)).all() == []


@pytest.mark.parametrize("back", ["https://example.org/", "//example.org", ""])
def test_what_was_typed_is_sent_on_to_no_other_site(browser: Browser, back: str) -> None:
    token = browser.see("/").form("/size")["csrf_token"]
    answer = browser.post(
        "/size", query_string={"back": back, "size": "big"}, data={"csrf_token": token}
    )
    assert (answer.status_code, answer.location) == (303, "/")
