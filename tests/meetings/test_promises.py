"""Promises: made once, in the ledger with who and when, taken back without a trace in it."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from surveys.base.db import db, new_id
from surveys.errors import Invalid, Refused
from surveys.meetings import promises, speaking, writing_up
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, MinuteKind, Opinion, Promise
from surveys.meetings.promises import Standing
from surveys.needs import keeping, service
from surveys.needs.keeping import Fix
from surveys.needs.models import Need, Placement, Suggestion
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.meetings.people import DURING, add_meeting, admitted, at_once, phone
from tests.world import AT, World, sign_in

DUE = AT.date() + timedelta(days=30)


@pytest.fixture
def meeting(world: World) -> Meeting:
    """A meeting that is on."""
    return add_meeting(world)


def host(world: World) -> Host:
    return Host(world.accounts["organizer"], "王楼长")


def promise(
    world: World,
    meeting: Meeting,
    text: str = "楼道灯装好",
    who: str = "物业",
    due: date = DUE,
    *,
    about: Opinion | None = None,
    submission: str = "",
) -> Promise:
    """The host notes a promise."""
    return promises.make(
        meeting,
        text,
        who,
        due,
        opinion_id=about.id if about else None,
        host=host(world),
        submission=submission or new_id(),
        at=DURING,
    )


def need_of(made: Promise) -> Need:
    return db.session.get_one(Need, made.need_id)


def needs() -> list[Need]:
    return list(db.session.scalars(select(Need)))


def test_a_promise_is_a_matter_of_the_ledger_with_who_and_when(
    world: World, meeting: Meeting
) -> None:
    need = need_of(promise(world, meeting))
    assert (need.title, need.leads, need.due_on) == ("楼道灯装好", "物业", DUE)
    (line,) = writing_up.lines_of(meeting)
    assert line.kind is MinuteKind.PROMISE
    assert writing_up.text_of(line) == f"答应：楼道灯装好。物业办，最晚 {DUE.month} 月 {DUE.day} 日"


def test_the_opinion_that_it_answers_is_put_to_it(world: World, meeting: Meeting) -> None:
    opinion = admitted(meeting, "楼道灯坏了", phone("a"))
    need = need_of(promise(world, meeting, about=opinion))
    placed = db.session.scalars(select(Placement)).one()
    assert (placed.suggestion_id, placed.need_id) == (opinion.suggestion_id, need.id)


def test_an_opinion_that_stands_at_a_matter_gives_that_its_day(
    world: World, meeting: Meeting
) -> None:
    opinion = admitted(meeting, "楼道灯坏了", phone("a"))
    said = db.session.get_one(Suggestion, opinion.suggestion_id)
    there = service.place_new(said, "楼道照明", None, by=world.accounts["clerk"], at=DURING)
    need = need_of(promise(world, meeting, about=opinion))
    assert need.id == there.id
    assert (need.title, need.leads, need.due_on) == ("楼道照明", "物业", DUE)
    assert len(needs()) == 1


def test_a_matter_of_the_same_title_is_found_and_not_made_twice(
    world: World, meeting: Meeting
) -> None:
    assert promise(world, meeting).need_id == promise(world, meeting, who="社区").need_id
    assert [need.leads for need in needs()] == ["社区"]


def test_a_long_promise_has_a_short_title(world: World, meeting: Meeting) -> None:
    need = need_of(promise(world, meeting, "长" * 200))
    assert need.title == "长" * 39 + "…"


def test_the_same_form_sent_twice_is_one_promise(
    app: Flask, world: World, meeting: Meeting
) -> None:
    meeting_id = meeting.id

    def send() -> None:
        promise(world, db.session.get_one(Meeting, meeting_id), submission="the same")

    assert at_once(app, [send] * 4) == []
    assert len(promises.of_meeting(meeting_id)) == 1
    assert len(needs()) == 1


def test_taken_back_it_leaves_the_ledger_as_it_was(world: World, meeting: Meeting) -> None:
    opinion = admitted(meeting, "楼道灯坏了", phone("a"))
    made = promise(world, meeting, about=opinion)
    for _ in range(2):
        promises.take_back(made, host=host(world), at=DURING)
    assert promises.of_meeting(meeting.id) == []
    assert needs() == []
    assert list(db.session.scalars(select(Placement))) == []
    said = [writing_up.text_of(line) for line in writing_up.lines_of(meeting)]
    assert said[-1] == "收回答应的：楼道灯装好"
    assert len(said) == 3


def test_taken_back_it_keeps_what_somebody_has_built_on_it(world: World, meeting: Meeting) -> None:
    made = promise(world, meeting)
    other = admitted(meeting, "灯不亮", phone("b"))
    said = db.session.get_one(Suggestion, other.suggestion_id)
    service.place(said, [made.need_id or ""], by=world.accounts["clerk"], at=DURING)
    promises.take_back(made, host=host(world), at=DURING)
    (need,) = needs()
    assert (need.leads, need.due_on) == ("", None)


def test_an_opinion_taken_back_before_is_not_promised_about(world: World, meeting: Meeting) -> None:
    opinion = admitted(meeting, "楼道灯坏了", phone("a"))
    speaking.withdraw(opinion, phone("a"), at=DURING)
    with pytest.raises(Refused):
        promise(world, meeting, about=opinion)
    assert needs() == []


@pytest.mark.parametrize(
    ("text", "who", "due"),
    [
        ("", "物业", DUE),
        ("灯", "", DUE),
        ("灯", "物业", AT.date() - timedelta(days=1)),
        ("灯", "物业", date(2999, 1, 1)),
        ("灯" * 201, "物业", DUE),
        ("灯", "物" * 61, DUE),
    ],
)
def test_what_cannot_be_promised_leaves_nothing_behind(
    world: World, meeting: Meeting, text: str, who: str, due: date
) -> None:
    with pytest.raises(Invalid):
        promise(world, meeting, text, who, due)
    db.session.rollback()
    assert needs() == []


def test_before_the_meeting_nothing_is_promised(world: World) -> None:
    with pytest.raises(Refused):
        promise(world, add_meeting(world, begun=False))


def test_kept_late_and_open_follow_from_its_matter_and_the_day(
    world: World, meeting: Meeting
) -> None:
    done, late, still = (
        promise(world, meeting, "井盖"),
        promise(world, meeting, "路灯"),
        promise(world, meeting, "车棚", due=DUE + timedelta(days=9)),
    )
    by = world.accounts["clerk"]
    fix = Fix(DURING.date(), "换了")
    keeping.quick_fix(need_of(done), fix, by=by, at=DURING + timedelta(days=1))
    found = promises.standing_of([done, late, still], DUE + timedelta(days=1))
    assert [one.standing for one in found] == [Standing.KEPT, Standing.LATE, Standing.OPEN]
    on_the_day = promises.standing_of([late], DUE)
    assert [one.standing for one in on_the_day] == [Standing.OPEN]


def test_at_the_desk_a_promise_is_noted_listed_printed_and_taken_back(
    world: World, meeting: Meeting, browser: Browser, clock: Clock
) -> None:
    clock.is_now(DURING)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/meeting/{meeting.id}/promise"
    form = browser.see(here).form(here) | {"text": "楼道灯装好", "who": ""}
    page = browser.send(here, form)
    assert page.status == 422
    assert page.form(here)["text"] == "楼道灯装好"
    page = browser.send(here, form | {"who": "物业"})
    assert page.says("记下了，进了问题台账")
    assert page.says("还在办")
    assert browser.see(f"/desk/meeting/{meeting.id}/promises").says("楼道灯装好")
    (made,) = promises.of_meeting(meeting.id)
    back = f"{here}/{made.id}/take-back"
    assert browser.send(back, page.form(back)).says("收回了。")
    assert promises.of_meeting(meeting.id) == []
