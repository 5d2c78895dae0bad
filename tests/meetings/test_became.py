"""The next meeting begins with what became of the last one: 征集 15 条、解决 8 个."""

from datetime import timedelta

import pytest
from flask import Flask

from surveys.base.db import db, new_id
from surveys.meetings import became, pictures, promises, remote, service, showing, speaking
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Opinion, Picture
from surveys.meetings.showing import Hand
from surveys.needs import keeping
from surveys.needs import service as needs
from surveys.needs.keeping import Fix
from surveys.needs.models import Need, Suggestion
from tests.ballots.phones import Clock
from tests.manners import Browser
from tests.meetings.people import DURING, add_meeting, admitted, phone
from tests.world import AT, World, sign_in

LATER = AT + timedelta(days=30)


@pytest.fixture
def last(world: World) -> Meeting:
    """A meeting at which three things were said, two of one matter, and one was promised."""
    meeting = add_meeting(world)
    said = [admitted(meeting, text, phone(text)) for text in ("灯坏了", "灯不亮", "坡太陡")]
    lamps = _sorted(said[0], "楼道照明", world)
    _join(said[1], lamps, world)
    _sorted(said[2], "坡道", world)
    keeping.quick_fix(lamps, Fix(DURING.date(), "换了灯"), by=world.accounts["clerk"], at=DURING)
    host = Host(world.accounts["organizer"], "王楼长")
    for due in (10, 60):
        promises.make(
            meeting,
            f"事 {due}",
            "物业",
            (AT + timedelta(days=due)).date(),
            host=host,
            submission=new_id(),
            at=DURING,
        )
    meeting = service.find(meeting.id)
    meeting.ended_at = DURING
    db.session.commit()
    return meeting


def _suggestion(opinion: Opinion) -> Suggestion:
    return db.session.get_one(Suggestion, opinion.suggestion_id)


def _sorted(opinion: Opinion, title: str, world: World) -> Need:
    by = world.accounts["clerk"]
    return needs.place_new(_suggestion(opinion), title, None, by=by, at=DURING)


def _join(opinion: Opinion, need: Need, world: World) -> None:
    needs.place(_suggestion(opinion), [need.id], by=world.accounts["clerk"], at=DURING)


def next_one(world: World) -> Meeting:
    meeting = add_meeting(world, begun=False)
    meeting.starts_at = LATER
    db.session.commit()
    return meeting


def test_it_counts_what_was_said_and_the_matters_that_are_done(last: Meeting, world: World) -> None:
    found = became.before(next_one(world), LATER)
    assert found is not None
    assert (found.said, found.needs, found.done) == (3, 2, 1)
    stand = [(one.promise.text, one.standing.value) for one in found.promised]
    assert stand == [("事 10", "late"), ("事 60", "open")]


def test_what_was_taken_back_counts_no_more(last: Meeting, world: World) -> None:
    (opinion,) = db.session.scalars(db.select(Opinion).where(Opinion.text == "坡太陡"))
    speaking.withdraw(opinion, phone("坡太陡"), at=LATER)
    found = became.before(next_one(world), LATER)
    assert found is not None
    assert (found.said, found.needs) == (2, 1)


def test_the_next_meeting_begins_with_it_on_the_wall(last: Meeting, world: World) -> None:
    meeting = next_one(world)
    showing.begin(meeting, Hand("王楼长", 0, LATER))
    meeting = service.find(meeting.id)
    assert meeting.picture is Picture.BECAME
    shown = pictures.show(meeting, LATER)
    assert shown.name == "became"
    assert Picture.BECAME in remote.panel(meeting, LATER).pictures
    keeping.quick_fix(
        db.session.scalars(db.select(Need).where(Need.title == "坡道")).one(),
        Fix(LATER.date(), "修了"),
        by=world.accounts["clerk"],
        at=LATER,
    )
    assert pictures.show(meeting, LATER).tag != shown.tag, "the wall is told at once"


def test_a_first_meeting_begins_with_its_agenda(world: World) -> None:
    meeting = next_one(world)
    showing.begin(meeting, Hand("王楼长", 0, LATER))
    meeting = service.find(meeting.id)
    assert meeting.picture is Picture.AGENDA
    assert Picture.BECAME not in remote.panel(meeting, LATER).pictures
    showing.show(meeting, Picture.BECAME, Hand("王楼长", meeting.step, LATER))
    assert pictures.show(service.find(meeting.id), LATER).name == "note"


def test_desk_phone_and_wall_say_the_same(
    app: Flask, last: Meeting, world: World, browser: Browser, clock: Clock
) -> None:
    clock.is_now(LATER)
    meeting = next_one(world)
    assert browser.see(f"/m/{meeting.id}").says("征集 3 条、解决 1 个")
    sign_in(browser, world.accounts["organizer"])
    assert browser.see(f"/desk/meeting/{meeting.id}").says("征集 3 条、解决 1 个")
    showing.begin(meeting, Hand("王楼长", 0, LATER))
    wall = browser.see(f"/wall/{meeting.id}")
    assert [b.text_content() for b in wall.all(".totals b")] == ["3", "1", "1"]
