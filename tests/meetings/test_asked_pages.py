"""Asking on the spot, on the pages: the host asks, phones answer, hands are typed in."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.meetings import agenda, hands, polls
from surveys.meetings.models import ItemKind, Meeting, Poll
from tests.ballots.phones import Clock, give_slips
from tests.ballots.stage import drafted
from tests.manners import Browser, Page
from tests.meetings.asked import BEGUN, about, meeting_on
from tests.meetings.test_remote import taken
from tests.world import AT, World, sign_in

NOW = BEGUN + timedelta(minutes=10)


@pytest.fixture
def meeting(world: World, clock: Clock) -> Meeting:
    clock.is_now(NOW)
    return meeting_on(world)


@pytest.fixture
def desk(app: Flask, world: World) -> Browser:
    found = app.test_client()
    assert isinstance(found, Browser)
    sign_in(found, world.accounts["organizer"])
    return found


def ask(desk: Browser, meeting: Meeting, **typed: str) -> Page:
    here = f"/desk/meeting/{meeting.id}/poll"
    return desk.send(here, {**desk.see(here).form(here), "question": "Close the gate?", **typed})


def the_poll(meeting: Meeting) -> Poll:
    db.session.rollback()
    return polls.of_meeting(meeting)[-1]


def answer(phone: Browser, meeting: Meeting, choice: str) -> Page:
    form = phone.see(f"/m/{meeting.id}").form(f"/m/{meeting.id}/poll")
    return phone.send(f"/m/{meeting.id}/poll", {**form, "choice": choice})


def test_a_question_goes_out_is_answered_and_closed(
    desk: Browser, browser: Browser, meeting: Meeting
) -> None:
    page = ask(desk, meeting)
    assert page.says("0 户答了")
    phone = browser.see(f"/m/{meeting.id}")
    assert [b.text_content() for b in phone.all("#asked button")] == ["同意", "不同意", "再商量"]
    page = answer(browser, meeting, "2")
    assert page.says("选了“不同意”")
    assert page.one("#asked [aria-pressed]").text_content() == "不同意"
    page = answer(browser, meeting, "1")
    assert page.says("选了“同意”")
    here = f"/desk/meeting/{meeting.id}/poll"
    open_ = desk.see(here)
    assert open_.says("0 户答了，另有 1 部没认门的手机")
    assert not open_.says("同意1")
    page = desk.send(here, {**open_.form(here), "go": "close"})
    assert page.says("只有 1 个回答，只能当个参考")
    assert browser.see(f"/m/{meeting.id}").says("截止了。0 户答了，另有 1 部没认门的手机")


def test_an_answer_that_comes_too_late_is_told(
    desk: Browser, browser: Browser, meeting: Meeting
) -> None:
    ask(desk, meeting)
    form = browser.see(f"/m/{meeting.id}").form(f"/m/{meeting.id}/poll")
    polls.close(the_poll(meeting), called="W", at=NOW)
    page = browser.send(f"/m/{meeting.id}/poll", {**form, "choice": "1"})
    assert page.says("这一问已经截止了，您刚才点的没有算进去")


@pytest.mark.parametrize("choice", ["", "0", "7", "４", "yes", "1e3", "-1", "9" * 400])
def test_a_choice_that_is_none_changes_nothing(
    desk: Browser, browser: Browser, meeting: Meeting, choice: str
) -> None:
    ask(desk, meeting)
    assert answer(browser, meeting, choice).says("请先点一样")
    assert the_poll(meeting).phones == 0


def test_a_poll_of_another_meeting_is_not_found(
    desk: Browser, browser: Browser, meeting: Meeting
) -> None:
    ask(desk, meeting)
    form = browser.see(f"/m/{meeting.id}").form(f"/m/{meeting.id}/poll")
    page = browser.send(f"/m/{meeting.id}/poll", {**form, "poll": "elsewhere", "choice": "1"})
    assert page.status == 404


def test_ones_own_choices_are_typed_line_by_line(
    desk: Browser, browser: Browser, meeting: Meeting
) -> None:
    ask(desk, meeting, own="East\n\n West \n<b>North</b>")
    phone = browser.see(f"/m/{meeting.id}")
    words = [b.text_content() for b in phone.all("#asked button")]
    assert words == ["East", "West", "<b>North</b>"]


def test_a_question_that_cannot_stand_is_kept_and_told(desk: Browser, meeting: Meeting) -> None:
    page = ask(desk, meeting, own="Only")
    assert page.status == 422
    assert page.says("请写 2 到 6 个选项")
    assert page.one("[name=question]").get("value") == "Close the gate?"
    page = ask(desk, meeting, question=" ")
    assert page.status == 422
    assert polls.of_meeting(meeting) == []


def hands_form(desk: Browser, meeting: Meeting) -> dict[str, str | list[str]]:
    here = f"/desk/meeting/{meeting.id}/hands"
    (form,) = desk.see(here).all(f'form[action="{here}"]')
    fields = list(form.form_values())
    words = [value for name, value in fields if name == "choice"]
    return {**dict(fields), "choice": words}


def raise_hands(desk: Browser, meeting: Meeting, **typed: str | list[str]) -> Page:
    here = f"/desk/meeting/{meeting.id}/hands"
    given = {"people": "18", "raised": ["12", "4", ""], "where": '["1","1"]', **typed}
    return desk.send(here, {**hands_form(desk, meeting), **given})


def test_hands_are_typed_in_stairwell_by_stairwell_and_add_up(
    desk: Browser, meeting: Meeting
) -> None:
    page = raise_hands(desk, meeting)
    assert page.says("记下了：1号楼1单元")
    assert page.says("在场18人：同意12，不同意4，再商量0")
    assert hands_form(desk, meeting)["where"] == '["2","1"]'
    page = raise_hands(desk, meeting, where='["2","1"]', people="９", raised=["9", "0", "0"])
    assert page.says("在场27人：同意21，不同意4，再商量0")
    show = hands.shows_of(meeting)[0]
    here = f"/desk/meeting/{meeting.id}/hands/{show.counts[0].id}/take-back"
    page = desk.send(here, desk.see(f"/desk/meeting/{meeting.id}/hands").form(here))
    assert page.says("撤回了")
    assert page.says("在场9人：同意9")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"people": "10"}, "比在场的10个人还多"),
        ({"people": ""}, "在场几个人"),
        ({"people": "many"}, "“many”不行"),
        ({"raised": ["1", "-2", "0"]}, "“-2”不行"),
        ({"where": '["9","9"]'}, "请从列出来的里面选"),
        ({"where": "nonsense"}, "请从列出来的里面选"),
        ({"choice": ["Yes", "Yes", ""]}, "有两个选项一样|请写2到6"),
    ],
)
def test_what_was_counted_wrongly_is_told_and_kept(
    desk: Browser, meeting: Meeting, typed: dict[str, str | list[str]], says: str
) -> None:
    page = raise_hands(desk, meeting, **typed)
    assert page.status == 422
    assert any(page.says(words) for words in says.split("|"))
    assert [box.get("value") for box in page.all("[name=raised]")] == typed.get(
        "raised", ["12", "4", ""]
    )
    assert hands.shows_of(meeting) == []


def test_the_desk_opens_and_closes_a_ballot_at_its_item_and_phones_follow(
    app: Flask, world: World, desk: Browser, browser: Browser, clock: Clock
) -> None:
    clock.is_now(NOW)
    give_slips(app, world)
    meeting = meeting_on(world, ItemKind.PICK)
    item = about(meeting, drafted(world, terms=Terms(at_meeting=True)).id)
    here = f"/desk/meeting/{meeting.id}"
    assert not browser.see(f"/m/{meeting.id}").says("去点单")
    act = f"{here}/item/{item.id}"
    desk.send(f"{act}/open", desk.see(here).form(f"{act}/open"))
    assert browser.see(f"/m/{meeting.id}").says("去点单")
    page = desk.send(f"{act}/close", desk.see(here).form(f"{act}/close"))
    assert page.says("截止了。")
    assert not page.all(f'form[action="{act}/open"]')
    assert not browser.see(f"/m/{meeting.id}").says("去点单")


def test_why_a_ballot_cannot_be_opened_is_read_before_the_meeting(
    world: World, desk: Browser, clock: Clock
) -> None:
    clock.is_now(NOW)
    meeting = meeting_on(world, ItemKind.PICK)
    about(meeting, drafted(world).id)
    assert desk.see(f"/desk/meeting/{meeting.id}").says("会上还开不了：这次点单不是会上开的")
    assert len(agenda.items_of(meeting)) == 1


def test_the_host_asks_and_counts_from_the_phone_that_holds_the_remote(
    app: Flask, world: World, browser: Browser, meeting: Meeting, clock: Clock
) -> None:
    clock.is_now(AT)  # the link of a remote does not last longer
    here = f"/host/{meeting.id}"
    assert browser.see(f"{here}/poll").status == 403
    phone = taken(app, world, meeting)
    assert phone.see(here).one(f'a[href="{here}/poll"]').text_content() == "当场问一句"
    page = phone.see(f"{here}/poll")
    page = phone.send(f"{here}/poll", {**page.form(f"{here}/poll"), "question": "Tea?"})
    assert page.says("0 户答了")
    assert phone.see(here).says("到此为止，不收了")
    page = phone.send(f"{here}/poll", {**page.form(f"{here}/poll"), "go": "close"})
    assert page.says("刚才问的：Tea?")
    page = phone.see(f"{here}/hands")
    typed = {"people": "20", "raised": ["12", "3", "1"]}
    page = phone.send(f"{here}/hands", {**page.form(f"{here}/hands"), **typed})
    assert page.says("记下了：全场。")
    back = f"{here}/hands/{hands.shows_of(meeting)[0].counts[0].id}/take-back"
    assert phone.send(back, page.form(back)).says("撤回了。")
