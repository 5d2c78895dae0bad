"""The recorder's page and the roll at the door: typed, glanced at, ticked, by hand and by key."""

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.meetings import attending, opinions
from surveys.meetings.models import Meeting, Opinion, OpinionState, Picture
from surveys.needs.models import Suggestion
from tests.ballots.phones import Clock
from tests.manners import Browser, Page
from tests.meetings.people import phone, say
from tests.meetings.stage import WHILE_ON, Stage, on_stage
from tests.meetings.test_remote import taken
from tests.world import World, sign_in


@pytest.fixture
def stage(world: World, clock: Clock) -> Stage:
    """A meeting that is on, twenty minutes in."""
    clock.is_now(WHILE_ON)
    return on_stage(world)


@pytest.fixture
def recorder(browser: Browser, world: World) -> Browser:
    """The clerk's browser."""
    sign_in(browser, world.accounts["clerk"])
    return browser


def address(stage: Stage, page: str = "record") -> str:
    return f"/desk/meeting/{stage.meeting_id}/{page}"


def type_in(recorder: Browser, stage: Stage, text: str, door: str = "") -> Page:
    """Type one line and press Enter."""
    form = recorder.see(address(stage)).form(address(stage))
    return recorder.send(address(stage), {**form, "text": text, "door": door})


def press(recorder: Browser, stage: Stage, do: str, *, part: bool = False) -> Page:
    """Press the button of this name, if it is there."""
    page = recorder.see(address(stage))
    assert page.all(f"button[value='{do}']"), f"no button {do}"
    sent = {"csrf_token": page.form(address(stage))["csrf_token"], "do": do}
    headers = {"HX-Request": "true"} if part else {}
    return recorder.send(address(stage), sent, headers=headers)


def waiting(stage: Stage, text: str = "楼道灯坏了，找王大爷") -> Opinion:
    return say(stage.meeting, text, phone("a"))


def state(stage: Stage) -> str:
    db.session.expire_all()
    (found,) = opinions.of_meeting(stage.meeting_id, set(OpinionState))
    return found.state.value


def test_a_line_and_enter_and_it_is_in_the_ledger_with_its_door(
    recorder: Browser, stage: Stage, world: World
) -> None:
    page = type_in(recorder, stage, "想要个棋桌", "1-1-102")
    assert page.says("记下了，台账第1条")
    assert page.one("#text").get("value") == ""
    (kept,) = db.session.scalars(db.select(Suggestion))
    assert (kept.channel, kept.household_id) == ("meeting", world.households[1])


def test_a_wrong_door_comes_back_with_what_was_typed(recorder: Browser, stage: Stage) -> None:
    page = type_in(recorder, stage, "想要个棋桌", "99-9-999")
    assert page.status in {404, 422}
    assert page.one("#text").get("value") == "想要个棋桌"
    assert page.one("#door").get("value") == "99-9-999"
    assert opinions.of_meeting(stage.meeting_id, set(OpinionState)) == []


def test_the_same_line_sent_twice_is_one(recorder: Browser, stage: Stage) -> None:
    form = recorder.see(address(stage)).form(address(stage)) | {"text": "想要个棋桌"}
    for _ in range(2):
        recorder.send(address(stage), form)
    assert state(stage) == "admitted"


def test_what_waits_shows_what_will_be_hidden_and_is_admitted_by_a_key(
    recorder: Browser, stage: Stage
) -> None:
    opinion = waiting(stage)
    page = recorder.see(address(stage))
    assert [mark.text for mark in page.all("#queue mark")] == ["王大爷"]
    assert page.one("[data-key=a]").get("value") == f"admit:{opinion.id}"
    part = press(recorder, stage, f"admit:{opinion.id}", part=True)
    assert "<!doctype" not in part.source[:100].lower()
    assert part.says("台账第1条")
    assert state(stage) == "admitted"


def test_onto_the_wall_is_one_press_and_can_be_undone_from_the_remote(
    recorder: Browser, stage: Stage
) -> None:
    opinion = waiting(stage)
    page = press(recorder, stage, f"wall:{opinion.id}")
    assert page.says("正在大屏上")
    meeting = db.session.get_one(Meeting, stage.meeting_id, populate_existing=True)
    assert (meeting.picture, meeting.subject_id) == (Picture.OPINION, opinion.id)
    assert meeting.step == 1


def test_withheld_and_struck(recorder: Browser, stage: Stage) -> None:
    opinion = waiting(stage)
    page = press(recorder, stage, f"withhold:{opinion.id}")
    assert page.says("没有给大家看的1条")
    press(recorder, stage, f"admit:{opinion.id}")
    press(recorder, stage, f"withhold:{opinion.id}")
    type_in(recorder, stage, "想要个旗桌")
    (typed,) = opinions.of_meeting(stage.meeting_id, {OpinionState.ADMITTED})
    assert not press(recorder, stage, f"strike:{typed.id}").says("旗桌")


def test_the_queue_is_asked_for_again_and_answers_nothing_until_something_is_new(
    recorder: Browser, stage: Stage
) -> None:
    asked = recorder.see(address(stage)).one("#queue").get("hx-get")
    assert recorder.get(asked).status_code == 204
    waiting(stage)
    assert recorder.see(asked).says("等着看的1条")


def test_before_the_beginning_there_is_nothing_to_type_into(
    recorder: Browser, world: World, clock: Clock
) -> None:
    stage = on_stage(world, begun=False)
    page = recorder.see(address(stage))
    assert page.says("会还没开始")
    assert page.all("#text") == []


def test_an_opinion_of_another_meeting_is_not_pressed(
    recorder: Browser, stage: Stage, world: World
) -> None:
    elsewhere = say(on_stage(world).meeting, "灯坏了", phone("a"))
    token = recorder.see(address(stage)).form(address(stage))["csrf_token"]
    sent = {"csrf_token": token, "do": f"admit:{elsewhere.id}"}
    assert recorder.send(address(stage), sent).status == 404


def test_an_observer_does_not_record(app: Flask, stage: Stage, world: World) -> None:
    observer = app.test_client()
    assert isinstance(observer, Browser)
    sign_in(observer, world.accounts["observer"])
    assert observer.get(address(stage)).status_code == 403
    assert observer.get(address(stage, "people")).status_code == 403


def test_the_host_does_it_all_on_its_phone_and_nobody_else_does(
    app: Flask, world: World, clock: Clock
) -> None:
    clock.is_now(WHILE_ON)
    meeting = on_stage(world).meeting
    phone_of_host = taken(app, world, meeting)
    opinion = say(meeting, "灯坏了", phone("a"))
    here = f"/host/{meeting.id}/record"
    page = phone_of_host.see(f"/host/{meeting.id}")
    assert page.says("1条意见等着看")
    assert page.all(f"a[href='{here}']")
    sent = {"csrf_token": phone_of_host.see(here).form(here)["csrf_token"]}
    part = phone_of_host.send(
        here, sent | {"do": f"wall:{opinion.id}"}, headers={"HX-Request": "true"}
    )
    assert part.says("正在大屏上")
    assert part.all("a[href^='/desk']") == []
    people = f"/host/{meeting.id}/people"
    page = phone_of_host.send(people, sent | {"do": f"tick:{world.households[0]}"})
    assert page.says("1户到了")
    stranger = app.test_client()
    assert isinstance(stranger, Browser)
    for address in (here, people, f"{here}/queue"):
        assert stranger.get(address).status_code == 403


# --- who is here ---------------------------------------------------------------------------------


def tap(recorder: Browser, stage: Stage, do: str, **more: str) -> Page:
    page = recorder.see(address(stage, "people"))
    sent = {"csrf_token": page.form(address(stage, "people"))["csrf_token"], "do": do}
    return recorder.send(address(stage, "people"), sent | more, headers={"HX-Request": "true"})


def test_a_tap_ticks_a_door_and_another_takes_it_back(
    recorder: Browser, stage: Stage, world: World
) -> None:
    home = world.households[0]
    part = tap(recorder, stage, f"tick:{home}")
    assert part.says("1户到了，花名册24户")
    assert part.one(f"#d-{home}").get("aria-pressed") == "true"
    part = tap(recorder, stage, f"untick:{home}")
    assert part.says("0户到了")


def test_visitors_are_typed_as_a_number_and_what_is_none_is_told(
    recorder: Browser, stage: Stage
) -> None:
    assert tap(recorder, stage, "visitors", visitors="3").says("外来的3人")
    for wrong in ("三", "-1", "1.5", "", "99999999999"):
        part = tap(recorder, stage, "visitors", visitors=wrong)
        assert part.status == 422
        assert part.one("#visitors").get("value") == wrong
    assert attending.counts(stage.meeting).visitors == 3


def test_another_building_is_a_link_away(recorder: Browser, stage: Stage, world: World) -> None:
    page = recorder.see(address(stage, "people") + "?building=2")
    assert page.one("a[aria-current=page]").get("href").endswith("building=2")
    assert page.all(f"#d-{world.households[12]}")
    assert recorder.see(address(stage, "people") + "?building=nowhere").status == 200
