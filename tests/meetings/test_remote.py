"""The remote on a host's phone, tap by tap, and the wall that follows it."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.meetings import agenda, hosting, polls, rules, service, showing
from surveys.meetings.models import ItemKind, Meeting, OpinionState, Picture
from surveys.meetings.rules import State
from surveys.web import config_of
from tests.ballots.phones import Clock, statements
from tests.manners import Browser, Page
from tests.meetings.test_agenda import a_meeting
from tests.meetings.test_showing import a_hand, a_link, an_opinion
from tests.world import AT, World

PART = {"HX-Request": "true"}


@pytest.fixture
def meeting(world: World, clock: Clock) -> Meeting:
    """A planned meeting, and the clock of the pages."""
    clock.is_now(AT)
    return a_meeting(world)


def taken(app: Flask, world: World, meeting: Meeting, host: str = "Wang") -> Browser:
    """A phone that took the remote by a link of its own."""
    phone = app.test_client()
    assert isinstance(phone, Browser)
    link = a_link(app, world, meeting, host)
    here = f"/remote/{hosting.token_of(link, config_of(app).secret)}"
    page = phone.see(here.lower())
    assert page.says(f"主持人：{host}")
    page = phone.send(here, page.form(here))
    assert page.response.request.path == f"/host/{meeting.id}"
    return phone


def press(phone: Browser, meeting: Meeting, do: str, **more: object) -> Page:
    """Press a button that is on the remote now."""
    here = f"/host/{meeting.id}"
    page = phone.see(here)
    buttons = [button.get("value") for button in page.all("#remote button")]
    assert do in buttons, f"{do} is not among {buttons}"
    return phone.send(here, {**page.form(here), "do": do, **more})


def now(meeting: Meeting) -> Meeting:
    """The meeting as it is in the table."""
    db.session.expire_all()
    return service.find(meeting.id)


def test_a_meeting_is_run_by_taps_alone(app: Flask, world: World, meeting: Meeting) -> None:
    phone = taken(app, world, meeting)
    assert press(phone, meeting, "begin").says("还没开到哪一项")
    needs, announce, _pick = agenda.items_of(meeting)
    assert press(phone, meeting, f"go:{needs.id}").says(f"第 1 项：{needs.title}")
    assert press(phone, meeting, "show:code").says("大屏：二维码")
    assert press(phone, meeting, f"go:{announce.id}").says(announce.title)
    assert press(phone, meeting, "count:5").says("大屏：倒计时")
    assert press(phone, meeting, "letters:2").one("[aria-pressed][value='letters:2']") is not None
    assert press(phone, meeting, "freeze").says("定住了")
    press(phone, meeting, "show:blank")
    assert press(phone, meeting, "unfreeze").says("大屏：关屏")
    assert press(phone, meeting, "undo").says("定住了")
    assert press(phone, meeting, "end").says("散会了")
    assert press(phone, meeting, "go_on").says("第 2 项：")
    assert press(phone, meeting, "put_down").says("遥控器放下了")
    assert not phone.see(f"/host/{meeting.id}").all("#remote form")


def test_a_double_tap_counts_once_and_a_stale_page_is_told(
    app: Flask, world: World, meeting: Meeting
) -> None:
    phone = taken(app, world, meeting)
    press(phone, meeting, "begin")
    here = f"/host/{meeting.id}"
    form = phone.see(here).form(here)
    tap = {**form, "do": "count:5"}
    phone.send(here, tap)
    assert phone.send(here, tap).status == 200
    page = phone.send(here, {**form, "do": "show:blank"})
    assert page.status == 409
    assert page.says("请看一眼")
    part = phone.send(here, {**form, "do": "show:blank"}, headers=PART)
    assert part.status == 422
    assert part.says("请看一眼")
    assert now(meeting).picture is Picture.COUNTDOWN


@pytest.mark.parametrize(
    "do", ["", "sing", "go:nothing", "show:moon", "show:opinion:nothing", "count:", "letters:x"]
)
def test_a_tap_that_makes_no_sense_changes_nothing(
    app: Flask, world: World, meeting: Meeting, do: str
) -> None:
    phone = taken(app, world, meeting)
    press(phone, meeting, "begin")
    here = f"/host/{meeting.id}"
    before = now(meeting).step
    page = phone.send(here, {**phone.see(here).form(here), "do": do})
    assert page.status in {404, 409, 422}
    assert now(meeting).step == before
    assert phone.send(here, {**phone.see(here).form(here), "step": "²", "do": "show:code"}).status


def test_another_host_takes_over_and_the_former_phone_is_told(
    app: Flask, world: World, meeting: Meeting
) -> None:
    former = taken(app, world, meeting)
    press(former, meeting, "begin")
    page = former.see(f"/host/{meeting.id}")
    taken(app, world, meeting, "Li")
    part = former.send(f"/host/{meeting.id}", page.form(), headers=PART, follow=False)
    assert part.status == 403
    part = Page(former.get(f"/host/{meeting.id}/part?seen=x", headers=PART))
    assert part.says("Li 接过了遥控器")
    assert not part.all("form")
    here = f"/host/{meeting.id}"
    assert former.send(here, {**page.form(here), "do": "end"}).status == 403
    assert rules.state(now(meeting)) is State.ON


def test_a_link_is_for_one_phone_and_runs_out(
    app: Flask, world: World, meeting: Meeting, clock: Clock, browser: Browser
) -> None:
    link = a_link(app, world, meeting)
    here = f"/remote/{hosting.token_of(link, config_of(app).secret)}"
    phone = app.test_client()
    assert isinstance(phone, Browser)
    clock.is_now(AT + hosting.LASTS)
    assert phone.see(here).says("过期")
    clock.is_now(link.made_at + timedelta(hours=1))
    page = phone.see(here)
    phone.send(here, page.form(here))
    assert phone.see(here).response.request.path == f"/host/{meeting.id}"
    assert browser.see(here).says("已经有一部手机用过了")
    assert browser.see(f"/host/{meeting.id}").status == 403
    assert browser.see("/remote/" + "A" * 26).status == 404


def test_the_next_familys_turn_leaves_the_remote_in_hand(
    app: Flask, world: World, meeting: Meeting
) -> None:
    phone = taken(app, world, meeting)
    page = phone.see(f"/host/{meeting.id}")
    phone.send("/device/forget", {**page.form(), "to": "/"})
    assert press(phone, meeting, "begin").status == 200


def test_a_poll_that_knows_the_present_gets_nothing(
    app: Flask, world: World, meeting: Meeting
) -> None:
    phone = taken(app, world, meeting)
    part = phone.see(f"/host/{meeting.id}").one("#remote").get("hx-get")
    assert phone.get(part, headers=PART).status_code == 204
    press(phone, meeting, "begin")
    assert phone.get(part, headers=PART).status_code == 200


def test_opinions_are_put_onto_the_wall_as_they_may_stand_there(
    app: Flask, world: World, meeting: Meeting
) -> None:
    phone = taken(app, world, meeting)
    press(phone, meeting, "begin")
    an_opinion(meeting, OpinionState.WAITING)
    admitted = an_opinion(meeting, OpinionState.ADMITTED)
    page = press(phone, meeting, f"show:opinion:{admitted}")
    assert page.says("The lamp is broken")
    assert len(page.all("button[value^='show:opinion:']")) == 1


def test_what_an_item_asks_is_closed_from_the_remote(
    app: Flask, world: World, meeting: Meeting
) -> None:
    item = agenda.add(
        meeting, ItemKind.ASK, "Quick", by=world.accounts["organizer"], at=meeting.starts_at
    )
    phone = taken(app, world, meeting)
    press(phone, meeting, "begin")
    press(phone, meeting, f"go:{item.id}")
    polls.ask(now(meeting), "Yes or no?", ["Yes", "No"], item_id=item.id, called="Wang", at=AT)
    page = press(phone, meeting, "close")
    assert page.status == 200
    assert "close" not in [button.get("value") for button in page.all("button")]


# --- the wall ------------------------------------------------------------------------------------


def board_of(browser: Browser, meeting: Meeting) -> tuple[Page, str]:
    """The wall, and the address that it asks next."""
    page = browser.see(f"/wall/{meeting.id}")
    return page, page.one("#wall").get("hx-get")


def test_the_wall_follows_the_remote_and_else_is_left_alone(
    browser: Browser, meeting: Meeting
) -> None:
    page, again = board_of(browser, meeting)
    assert page.says(meeting.title)
    assert browser.get(again).status_code == 204
    showing.begin(meeting, a_hand(meeting))
    showing.show(meeting, Picture.CODE, a_hand(meeting))
    part = Page(browser.get(again))
    assert part.all("#wall .scan-code")
    assert browser.get(part.one("#wall").get("hx-get")).status_code == 204


def test_a_frozen_wall_shows_what_it_showed_whatever_is_pressed(
    app: Flask, world: World, browser: Browser, meeting: Meeting
) -> None:
    phone = taken(app, world, meeting)
    press(phone, meeting, "begin")
    press(phone, meeting, "show:code")
    press(phone, meeting, "freeze")
    page, again = board_of(browser, meeting)
    assert page.says("已定格")
    assert page.all(".scan-code")
    press(phone, meeting, "show:blank")
    assert browser.get(again).status_code == 204
    press(phone, meeting, "unfreeze")
    part = Page(browser.get(again))
    assert not part.says("已定格")
    assert not part.all(".scan-code")


def test_a_wall_left_on_overnight_ends_kindly_and_asks_seldom(
    browser: Browser, meeting: Meeting, clock: Clock
) -> None:
    showing.begin(meeting, a_hand(meeting))
    _page, again = board_of(browser, meeting)
    showing.end(meeting, showing.Hand("Wang", now(meeting).step, clock.at))
    part = Page(browser.get(again))
    again = part.one("#wall").get("hx-get")
    assert part.one("#wall").get("hx-trigger") == "every 700ms"
    clock.is_now(clock.at + timedelta(hours=9))
    part = Page(browser.get(again))
    assert part.one("#wall").get("hx-trigger") == "every 60000ms"
    assert browser.get(part.one("#wall").get("hx-get")).status_code == 204


def test_nobody_finds_a_wall_that_is_not_there(browser: Browser, world: World) -> None:
    assert browser.get("/wall/nothing").status_code == 404
    assert browser.get("/wall/nothing/part?seen=x").status_code == 404
    assert browser.get("/host/nothing").status_code == 404


@pytest.mark.parametrize("picture", [Picture.AGENDA, Picture.BLANK, Picture.COUNTDOWN])
def test_a_poll_of_the_wall_reads_a_row_or_two_and_no_vote(
    browser: Browser, meeting: Meeting, picture: Picture
) -> None:
    showing.begin(meeting, a_hand(meeting))
    if picture is Picture.COUNTDOWN:
        showing.count_down(meeting, 5, a_hand(meeting))
    elif picture is not Picture.AGENDA:
        showing.show(meeting, picture, a_hand(meeting))
    _page, again = board_of(browser, meeting)
    with statements() as seen:
        assert browser.get(again).status_code == 204
    assert len(seen) <= 2
    assert not [one for one in seen if "vote" in one]


def test_a_board_is_rendered_once_for_all_walls(
    app: Flask, browser: Browser, meeting: Meeting
) -> None:
    first = board_of(browser, meeting)
    other = app.test_client()
    assert isinstance(other, Browser)
    with statements() as seen:
        assert board_of(other, meeting)[1] == first[1]
    assert not [one for one in seen if "agenda_item" in one]
