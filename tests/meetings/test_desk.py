"""The desk plans a meeting in one form, orders its agenda, prints it, opens a remote."""

import re
from datetime import timedelta

import pytest

from surveys.base.db import db
from surveys.meetings import agenda, hosting, service
from surveys.meetings.models import Meeting
from tests.ballots.phones import Clock
from tests.ballots.stage import drafted
from tests.manners import Browser
from tests.meetings.test_agenda import a_meeting, order
from tests.world import AT, World, sign_in


@pytest.fixture
def desk(world: World, browser: Browser) -> Browser:
    """The organizer at the desk."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def test_a_meeting_is_planned_in_one_form(desk: Browser, world: World, clock: Clock) -> None:
    here = f"/desk/courtyard/{world.courtyard}/meetings"
    form = desk.see(here).form(here)
    assert form["title"] == "小板凳恳谈会"
    page = desk.send(here, {**form, "place": "院里大槐树下", "agenda": "picking"})
    assert page.says("定好了")
    assert page.says("菜单和预算")
    (made,) = service.of_courtyard(world.courtyard)
    assert order(made) == ["needs", "announce", "pick"]
    text = page.one("#paste").text
    assert "院里大槐树下" in text
    assert f"/m/{made.id}" in text
    assert desk.see(f"/desk/courtyard/{world.courtyard}").says("快开了")
    assert desk.see(here).says(made.title)


def test_what_was_typed_is_kept_where_something_is_missing(
    desk: Browser, world: World, clock: Clock
) -> None:
    here = f"/desk/courtyard/{world.courtyard}/meetings"
    form = desk.see(here).form(here)
    page = desk.send(here, {**form, "place": " ", "title": "Ours"})
    assert page.status == 422
    assert page.form(here)["title"] == "Ours"
    assert service.of_courtyard(world.courtyard) == []
    page = desk.send(here, {**form, "place": "Hall", "starts_at": "2026-11-01T10:00"})
    assert page.status == 422
    assert page.says("已经过去")
    assert desk.send(here, {**form, "place": "Hall", "agenda": "other"}).status == 422


def test_time_and_place_are_changed_and_the_meeting_called_off(
    desk: Browser, world: World, clock: Clock
) -> None:
    meeting = a_meeting(world)
    edit = f"/desk/meeting/{meeting.id}/edit"
    page = desk.see(edit)
    assert page.form(edit)["starts_at"] == "2026-11-23T10:00"
    assert desk.send(edit, {**page.form(edit), "place": "Hall"}).says("Hall")
    assert desk.send(edit, {**page.form(edit), "place": "x" * 90}).status == 422
    cancel = f"/desk/meeting/{meeting.id}/cancel"
    page = desk.send(cancel, desk.see(f"/desk/meeting/{meeting.id}").form(cancel))
    assert page.says("取消了")
    assert not page.all("#paste")
    page = desk.send(
        edit, {**page.form(), "title": "x", "place": "y", "starts_at": "2026-11-23T10:00"}
    )
    assert page.status == 422
    assert page.says("已经取消")


def test_the_agenda_is_ordered_by_buttons(desk: Browser, world: World, clock: Clock) -> None:
    meeting = a_meeting(world)
    here = f"/desk/meeting/{meeting.id}"
    page = desk.see(here)
    first, second, _third = agenda.items_of(meeting)
    down = f"{here}/item/{first.id}/down"
    page = desk.send(down, page.form(down))
    assert order(meeting) == ["announce", "needs", "pick"]
    up = f"{here}/item/{first.id}/up"
    desk.send(up, page.form(up))
    assert order(meeting) == ["needs", "announce", "pick"]
    item = f"{here}/item/{second.id}"
    page = desk.see(item)
    remove = f"{item}/remove"
    desk.send(remove, page.form(remove))
    assert order(meeting) == ["needs", "pick"]


def test_an_item_is_added_about_a_ballot_and_takes_its_kind(
    desk: Browser, world: World, clock: Clock
) -> None:
    meeting, ballot = a_meeting(world), drafted(world)
    add = f"/desk/meeting/{meeting.id}/item"
    form = desk.see(f"/desk/meeting/{meeting.id}").form(add)
    sent = {**form, "kind": "talk", "title": "Now pick", "about": f"pick:{ballot.id}", "text": "x"}
    page = desk.send(add, sent)
    assert page.says(f"点单：{ballot.title}")
    assert order(meeting)[-1] == "pick"
    page = desk.send(add, {**sent, "title": ""})
    assert page.status == 422
    assert page.form(add)["text"] == "x"
    assert desk.send(add, {**sent, "about": "pick:other"}).status == 422
    assert desk.send(add, {**sent, "kind": "song", "about": ""}).status == 422
    last = agenda.items_of(meeting)[-1]
    item = f"{add}/{last.id}"
    form = desk.see(item).form(item)
    assert form["about"] == f"pick:{ballot.id}"
    assert desk.send(item, {**form, "about": "", "title": "Later"}).says("还没连到哪一个")


def test_the_invitation_carries_the_meetings_code_in_capitals(
    desk: Browser, world: World, clock: Clock
) -> None:
    meeting = a_meeting(world)
    page = desk.see(f"/desk/meeting/{meeting.id}/poster")
    assert page.says(meeting.place)
    assert page.says("11 月 23 日上午 10 点")
    assert page.one("img.qr").get("src").startswith("data:image/svg+xml")
    assert desk.get(f"/m/{meeting.id}/qr.png").data.startswith(b"\x89PNG")


def test_a_link_for_the_remote_is_shown_until_a_phone_took_it(
    desk: Browser, world: World, clock: Clock
) -> None:
    meeting = a_meeting(world)
    make = f"/desk/meeting/{meeting.id}/remote"
    form = desk.see(f"/desk/meeting/{meeting.id}").form(make)
    assert form["host"] == "organizer"
    assert desk.send(make, {**form, "host": ""}).status == 422
    page = desk.send(make, {**form, "host": "Wang"})
    link = page.one("#link").get("value")
    token = re.search(r"/remote/([A-Z2-7]{26})$", link)
    assert token
    remote = hosting.find(token[1])
    assert remote.host == "Wang"
    hosting.take(remote, "a phone", at=clock.at)
    page = desk.see(f"{make}/{remote.id}")
    assert token[1] not in page.source
    assert page.says("已经在 Wang 手里")
    other = a_meeting(world, starts_at=AT + timedelta(days=9))
    assert desk.get(f"/desk/meeting/{other.id}/remote/{remote.id}").status_code == 404


def test_others_look_but_do_not_plan(browser: Browser, world: World, clock: Clock) -> None:
    meeting = a_meeting(world)
    sign_in(browser, world.accounts["observer"])
    page = browser.see(f"/desk/meeting/{meeting.id}")
    assert not page.all("form[action$='/remote']")
    assert not page.all("form[action$='/up']")
    here = f"/desk/courtyard/{world.courtyard}/meetings"
    assert not browser.see(here).all("form[action$='/meetings']")
    assert db.session.get(Meeting, meeting.id)
