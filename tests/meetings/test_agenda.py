"""A meeting is planned in a minute: its agenda from a template, changed until the end."""

from datetime import timedelta

import pytest

from surveys.ballots.models import Ballot
from surveys.base import audit
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import agenda, minutes, rules, service
from surveys.meetings.models import AgendaItem, ItemKind, Meeting, Minute, MinuteKind
from surveys.meetings.rules import State
from tests.ballots.stage import drafted
from tests.world import AT, World

SOON = AT + timedelta(days=3)


def a_meeting(world: World, **more: object) -> Meeting:
    """A meeting with the agenda of picking."""
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    wanted: dict[str, object] = {
        "title": "Meeting",
        "place": "Under the tree",
        "starts_at": SOON,
        "items": agenda.TEMPLATES["picking"][1],
        **more,
    }
    return service.create(courtyard, **wanted, by=world.accounts["organizer"], at=AT)  # type: ignore[arg-type]


def order(meeting: Meeting) -> list[str]:
    """Kinds of the items in their order; positions are 1, 2, 3 …"""
    items = agenda.items_of(meeting)
    assert [item.position for item in items] == list(range(1, len(items) + 1))
    return [item.kind.value for item in items]


def test_a_meeting_is_planned_with_an_agenda_in_the_current_round(world: World) -> None:
    meeting = a_meeting(world)
    assert meeting.round_id == world.round
    assert rules.state(meeting) is State.PLANNED
    assert order(meeting) == ["needs", "announce", "pick"]
    assert service.of_courtyard(world.courtyard) == [meeting]
    assert audit.latest(world.courtyard)[0].act == "meeting.planned"


def test_planned_twice_by_a_double_tap_is_one(world: World) -> None:
    assert a_meeting(world).id == a_meeting(world).id
    assert a_meeting(world).id != a_meeting(world, starts_at=SOON + timedelta(hours=1)).id


@pytest.mark.parametrize(
    "wrong",
    [{"title": " "}, {"place": ""}, {"title": "x" * 81}, {"starts_at": AT - timedelta(days=1)}],
)
def test_a_meeting_needs_title_place_and_a_time_to_come(
    world: World, wrong: dict[str, object]
) -> None:
    with pytest.raises(Invalid):
        a_meeting(world, **wrong)
    db.session.rollback()
    assert service.of_courtyard(world.courtyard) == []


def test_items_are_added_moved_and_taken_off(world: World) -> None:
    meeting, by = a_meeting(world), world.accounts["organizer"]
    before = meeting.revision
    talk = agenda.add(meeting, ItemKind.TALK, "Noise", by=by, at=AT)
    assert order(meeting) == ["needs", "announce", "pick", "talk"]
    agenda.move(talk, -1, by=by, at=AT)
    agenda.move(talk, -9, by=by, at=AT)
    assert order(meeting) == ["talk", "needs", "announce", "pick"]
    agenda.move(agenda.items_of(meeting)[1], 1, by=by, at=AT)
    assert order(meeting) == ["talk", "announce", "needs", "pick"]
    agenda.remove(talk, by=by, at=AT)
    agenda.remove(talk, by=by, at=AT)
    assert order(meeting) == ["announce", "needs", "pick"]
    assert service.find(meeting.id).revision == before + 5
    with pytest.raises(NotFound):
        agenda.item_of(meeting, talk.id)


def test_an_item_is_about_something_of_this_courtyard_and_of_its_kind(world: World) -> None:
    meeting, by = a_meeting(world), world.accounts["organizer"]
    ballot, pick = drafted(world), agenda.items_of(meeting)[2]
    assert agenda.subjects(world.courtyard) == [(ItemKind.PICK, ballot.id, ballot.title)]
    agenda.change(pick, title="Pick", about_id=ballot.id, by=by, at=AT)
    assert agenda.title_of_subject(pick) == ballot.title
    talk = agenda.items_of(meeting)[0]
    for item, about in ((talk, ballot.id), (pick, "nothing")):
        with pytest.raises(Invalid):
            agenda.change(item, title="X", about_id=about, by=by, at=AT)
        db.session.rollback()
    other = db.session.scalars(
        db.select(Courtyard.id).where(Courtyard.id != world.courtyard)
    ).first()
    db.session.execute(db.update(Ballot).values(courtyard_id=other))
    db.session.commit()
    with pytest.raises(Invalid):
        agenda.change(pick, title="X", about_id=ballot.id, by=by, at=AT)


def test_what_was_opened_at_an_item_holds_it(world: World) -> None:
    meeting, by = a_meeting(world), world.accounts["organizer"]
    pick = agenda.items_of(meeting)[2]
    pick.opened_at = AT
    db.session.commit()
    with pytest.raises(Refused):
        agenda.remove(pick, by=by, at=AT)
    db.session.rollback()
    with pytest.raises(Refused):
        agenda.change(pick, title="X", about_id=drafted(world).id, by=by, at=AT)


def test_an_agenda_has_an_end(world: World) -> None:
    meeting, by = a_meeting(world, items=()), world.accounts["organizer"]
    for number in range(rules.MOST_ITEMS):
        agenda.add(meeting, ItemKind.TALK, f"{number}", by=by, at=AT)
    with pytest.raises(Refused):
        agenda.add(meeting, ItemKind.TALK, "One more", by=by, at=AT)


def test_a_meeting_is_changed_and_called_off_until_it_begins(world: World) -> None:
    meeting, by = a_meeting(world), world.accounts["organizer"]
    service.change(meeting, title="New", place="Hall", starts_at=SOON, by=by, at=AT)
    assert (meeting.title, meeting.place) == ("New", "Hall")
    assert service.announced(world.courtyard, AT) == [meeting]
    assert service.announced(world.courtyard, SOON - timedelta(days=15)) == []
    assert service.announced(world.courtyard, SOON + timedelta(days=1)) == []
    service.cancel(meeting, by=by, at=AT)
    service.cancel(meeting, by=by, at=AT)
    assert service.announced(world.courtyard, AT) == []
    acts = [entry.act for entry in audit.latest(world.courtyard)]
    assert acts.count("meeting.cancelled") == 1
    with pytest.raises(Refused):
        service.change(meeting, title="X", place="X", starts_at=SOON, by=by, at=AT)
    db.session.rollback()
    with pytest.raises(Refused):
        agenda.add(meeting, ItemKind.TALK, "X", by=by, at=AT)


def test_a_meeting_that_is_on_is_neither_moved_nor_called_off(world: World) -> None:
    meeting, by = a_meeting(world), world.accounts["organizer"]
    meeting.begun_at = AT
    db.session.commit()
    with pytest.raises(Refused):
        service.cancel(meeting, by=by, at=AT)
    db.session.rollback()
    with pytest.raises(Refused):
        service.change(meeting, title="X", place="X", starts_at=SOON, by=by, at=AT)
    db.session.rollback()
    agenda.add(meeting, ItemKind.TALK, "What came up", by=by, at=AT)


def test_lines_of_the_minutes_are_numbered_from_one(world: World) -> None:
    meeting = a_meeting(world)
    item = agenda.items_of(meeting)[0]
    for number in (1, 2):
        minutes._write(meeting, MinuteKind.NOTE, "x", "Host", AT, item_id=item.id, n=number)
    db.session.commit()
    lines = list(db.session.scalars(db.select(Minute).order_by(Minute.number)))
    assert [(line.number, line.facts) for line in lines] == [(1, '{"n":1}'), (2, '{"n":2}')]


def test_every_kind_offers_pictures_and_has_its_first() -> None:
    for kind in ItemKind:
        assert rules.first_picture(kind) in rules.pictures(kind)
        assert kind in rules.KIND_NAMES


def test_beside_an_item() -> None:
    assert rules.beside([], None, 1) is None
    assert rules.beside(["a", "b"], None, 1) == "a"
    assert rules.beside(["a", "b"], None, -1) is None
    assert rules.beside(["a", "b"], "a", 1) == "b"
    assert rules.beside(["a", "b"], "b", 1) is None
    assert rules.beside(["a", "b"], "gone", 1) == "a"


def test_text_of_an_announcement_keeps_its_lines() -> None:
    assert rules.prose("  a \r\n\tb\u200b\n\n") == "a\nb"
    with pytest.raises(Invalid):
        rules.prose("x" * 401)


def test_items_removed_leave_their_row(world: World) -> None:
    meeting = a_meeting(world)
    agenda.remove(agenda.items_of(meeting)[0], by=world.accounts["organizer"], at=AT)
    rows = db.session.scalars(db.select(AgendaItem)).all()
    assert len(rows) == 3
