"""A meeting on a resident's phone: invited, signed in, heard, and afterwards."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.meetings import attending, glancing, opinions, speaking
from surveys.meetings.models import ItemKind, Meeting, Opinion, OpinionState
from tests.ballots.phones import Clock, statements
from tests.manners import Browser, Page
from tests.meetings.people import HOST, phone, say
from tests.meetings.stage import WHILE_ON, Stage, on_stage
from tests.needs.phones import hold_slip
from tests.world import AT, World


@pytest.fixture
def stage(world: World, clock: Clock) -> Stage:
    """A meeting that is on, twenty minutes in."""
    clock.is_now(WHILE_ON)
    return on_stage(world)


def page_of(stage: Stage) -> str:
    return f"/m/{stage.meeting_id}"


def send(browser: Browser, stage: Stage, act: str, **typed: str) -> Page:
    """Fill the form of this act as it stands on the page, and send it."""
    form = browser.see(page_of(stage)).form(f"{page_of(stage)}/{act}")
    return browser.send(f"{page_of(stage)}/{act}", form | typed)


def only(stage: Stage) -> Opinion:
    (found,) = opinions.of_meeting(stage.meeting_id, set(OpinionState))
    return found


def admit(stage: Stage) -> Opinion:
    """The host lets the one opinion there is be shown."""
    glancing.admit(only(stage), host=HOST, at=WHILE_ON)
    return only(stage)


def test_the_invitation_says_where_when_and_what_and_asks_nothing(
    world: World, clock: Clock, browser: Browser
) -> None:
    clock.is_now(AT - timedelta(days=2))
    stage = on_stage(world, begun=False)
    page = browser.see(page_of(stage))
    assert page.says("Under the tree")
    assert page.says("What troubles you most")
    assert page.says("带个小板凳就来")
    assert page.all(".page form[action^='/m/']") == []


def test_the_code_in_capitals_leads_to_the_page(stage: Stage, browser: Browser) -> None:
    page = browser.see(page_of(stage).upper())
    assert page.response.request.path == page_of(stage)


def test_a_household_signs_in_by_its_slip_and_a_phone_without_its_door(
    app: Flask, stage: Stage, world: World, browser: Browser
) -> None:
    assert browser.see(page_of(stage)).says("这部手机还没认门，只记“来了一部手机”")
    assert send(browser, stage, "here").says("签到了。")
    hold_slip(app, browser, world, 0)
    assert browser.see(page_of(stage)).says("您到了吗？记")
    page = send(browser, stage, "here")
    assert page.one("form[action$='/away'] .state.done").text_content().strip() == "签到了"
    counted = attending.counts(stage.meeting)
    assert (counted.households, counted.phones) == (1, 0)
    assert send(browser, stage, "away").says("我到了，签到")


def test_whoever_fetches_its_slip_comes_back_to_the_meeting(
    stage: Stage, world: World, browser: Browser
) -> None:
    browser.see(page_of(stage))
    with browser.session_transaction() as session:
        assert session["way"] == [world.courtyard, page_of(stage)]


def test_what_one_says_waits_is_shown_masked_and_is_found_in_the_ledger(
    app: Flask, stage: Stage, browser: Browser
) -> None:
    page = send(browser, stage, "say", text="楼道灯坏了，找王大爷", go="send")
    assert page.says("收到了")
    assert page.says("等主持人看")
    other = app.test_client()
    assert isinstance(other, Browser)
    assert not other.see(page_of(stage)).says("楼道灯坏了")
    kept = admit(stage)
    page = other.see(page_of(stage))
    assert page.says("楼道灯坏了，找＊＊")
    assert not page.says("王大爷")
    mine = browser.see(page_of(stage))
    assert mine.says("楼道灯坏了，找王大爷"), "whoever said it reads it whole"
    assert mine.all(f"a[href='/s/{kept.suggestion_id}']")


def test_what_cannot_be_kept_comes_back_with_what_was_typed(stage: Stage, browser: Browser) -> None:
    long = "长" * 201
    page = send(browser, stage, "say", text=long, go="send")
    assert page.status == 422
    assert page.one("#text").text.strip() == long
    page = send(browser, stage, "say", text="还没写完", go="here")
    assert (page.status, page.one("#text").text.strip()) == (200, "还没写完")
    assert opinions.of_meeting(stage.meeting_id, set(OpinionState)) == []


def test_said_as_the_meeting_ends_is_told_and_the_words_are_kept(
    stage: Stage, browser: Browser
) -> None:
    form = browser.see(page_of(stage)).form(f"{page_of(stage)}/say")
    stage.change(ended_at=WHILE_ON)
    page = browser.send(f"{page_of(stage)}/say", form | {"text": "灯坏了", "go": "send"})
    assert page.status == 409
    assert page.says("现在没有在开会")
    form = page.form("/say/")
    assert form["text"] == "灯坏了", "what was typed is not lost"
    assert browser.send("/say/7KQ4HX2", form).says("收到了"), "and goes where it always may"


def test_too_is_said_and_taken_back_with_and_without_htmx(
    app: Flask, stage: Stage, browser: Browser
) -> None:
    opinion_id = stage.say("灯坏了")
    page = send(browser, stage, "too")
    assert page.says("1个“我也是”")
    assert page.says("您也是")
    form = page.form(f"{page_of(stage)}/not")
    part = browser.send(f"{page_of(stage)}/not", form, headers={"HX-Request": "true"})
    assert "<!doctype" not in part.source[:100].lower()
    assert len(part.all("#live")) == 1
    assert opinions.supporters(stage.meeting_id).get(opinion_id, 0) == 0


def test_a_refusal_of_a_tap_is_said_in_the_part_that_was_tapped(
    stage: Stage, browser: Browser
) -> None:
    stage.say("灯坏了")
    form = browser.see(page_of(stage)).form(f"{page_of(stage)}/too")
    stage.change(ended_at=WHILE_ON)
    part = browser.send(f"{page_of(stage)}/too", form, headers={"HX-Request": "true"})
    assert part.status == 422, "any other code would take the place of the whole page"
    assert part.one("#live [role=alert]").text_content().strip().startswith("会散了")
    assert browser.send(f"{page_of(stage)}/too", form).status == 409


def test_what_one_said_is_taken_back_and_gone_from_every_phone(
    app: Flask, stage: Stage, browser: Browser
) -> None:
    send(browser, stage, "say", text="灯坏了", go="send")
    admit(stage)
    page = send(browser, stage, "take-back")
    assert not page.says("灯坏了")
    other = app.test_client()
    assert isinstance(other, Browser)
    assert not other.see(page_of(stage)).says("灯坏了")


def test_an_opinion_of_another_meeting_is_not_found(
    stage: Stage, world: World, browser: Browser
) -> None:
    elsewhere = on_stage(world)
    opinion_id = elsewhere.say("灯坏了")
    form = browser.see(page_of(stage)).form(f"{page_of(stage)}/say")
    sent = {"csrf_token": form["csrf_token"], "opinion": opinion_id}
    assert browser.send(f"{page_of(stage)}/too", sent).status == 404


def test_a_poll_that_knows_what_is_shown_is_answered_with_nothing(
    stage: Stage, browser: Browser
) -> None:
    page = browser.see(page_of(stage))
    asked = page.one("#live").get("hx-get")
    assert asked
    assert browser.get(asked).status_code == 204
    stage.go(ItemKind.TALK)
    part = browser.see(asked)
    assert part.says("正在说")
    assert part.says("What troubles you most")


def test_polls_of_a_meeting_read_no_opinion_and_no_tap(stage: Stage, browser: Browser) -> None:
    """What every phone asks every five seconds costs its meeting's row and nothing else."""
    asked = browser.see(page_of(stage)).one("#live").get("hx-get")
    with statements() as seen:
        assert browser.get(asked).status_code == 204
    assert len(seen) == 1
    assert "FROM meeting" in seen[0]


def test_after_the_end_it_says_what_became_of_it_and_asks_no_more(
    stage: Stage, browser: Browser
) -> None:
    opinion = say(stage.meeting, "灯坏了", phone("a"))
    glancing.admit(opinion, host=HOST, at=WHILE_ON)
    stage.change(ended_at=WHILE_ON)
    page = browser.see(page_of(stage))
    assert page.says("散会了。大家说的1条")
    assert page.one("#live").get("hx-get") is None
    assert page.all("form[action^='/m/']") == []


def test_called_off_it_says_so(stage: Stage, browser: Browser) -> None:
    stage.change(begun_at=None, cancelled_at=WHILE_ON)
    assert browser.see(page_of(stage)).says("这次会取消了")


def test_a_courtyard_behind_one_address_trips_nothing_and_one_phone_does(
    app: Flask, stage: Stage, browser: Browser
) -> None:
    for n in range(12):
        page = send(browser, stage, "say", text=f"第 {n} 句", go="send")
        assert page.status == (200 if n < 10 else 429)
    assert page.says("都记下了")
    for n in range(12):
        other = app.test_client()
        assert isinstance(other, Browser)
        assert send(other, stage, "say", text=f"我说第 {n} 句", go="send").status == 200
        for _ in range(30):
            assert other.get(f"{page_of(stage)}/live").status_code == 200


def test_what_is_typed_is_shown_as_text_and_never_as_markup(stage: Stage, browser: Browser) -> None:
    send(browser, stage, "say", text="<script>alert(1)</script>", go="send")
    admit(stage)
    assert browser.see(page_of(stage)).all("#live script") == []


def test_withheld_its_author_reads_where_else_to_say_it(stage: Stage, browser: Browser) -> None:
    send(browser, stage, "say", text="老张偷电", go="send")
    glancing.withhold(only(stage), host=HOST, at=WHILE_ON)
    assert browser.see(page_of(stage)).says("这次没有给大家看")


def test_who_never_came_has_nothing_to_take_back(stage: Stage) -> None:
    opinion_id = stage.say("灯坏了")
    speaking.unsupport(db.session.get_one(Opinion, opinion_id), phone("x"), at=WHILE_ON)
    assert db.session.get_one(Meeting, stage.meeting_id).revision == stage.meeting.revision
