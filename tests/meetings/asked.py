"""A meeting that is on, and phones at it, for the tests of what is asked there."""

from datetime import timedelta

from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.meetings import agenda, service
from surveys.meetings.asking import Host
from surveys.meetings.models import AgendaItem, ItemKind, Meeting, Minute
from surveys.meetings.phones import Phone
from tests.world import AT, World

BEGUN = AT + timedelta(days=1)
CALLED = "Uncle Wang"


def host_of(world: World) -> Host:
    """The host, for whom the organizer's account answers."""
    return Host(world.accounts["organizer"], CALLED)


def phone(world: World, n: int | None = None, *, of: str = "a") -> Phone:
    """A phone of the n-th household, or one that tells no door; another letter, another phone."""
    household = None if n is None else world.households[n]
    nameless = f"nameless phone {of}"
    return Phone(household, f"{nameless} of {n}" if household else nameless, nameless)


def meeting_on(world: World, *kinds: ItemKind) -> Meeting:
    """A meeting that began, with an item of each kind; it is at the first one."""
    meeting = service.create(
        db.session.get_one(Courtyard, world.courtyard),
        title="Meeting",
        place="Under the tree",
        starts_at=BEGUN,
        items=[(kind, kind.value.title()) for kind in kinds or (ItemKind.ASK,)],
        by=world.accounts["organizer"],
        at=AT,
    )
    meeting.begun_at, meeting.item_id = BEGUN, first_item(meeting).id
    db.session.commit()
    return meeting


def first_item(meeting: Meeting) -> AgendaItem:
    """The first item of the agenda."""
    return agenda.items_of(meeting)[0]


def about(meeting: Meeting, subject_id: str, n: int = 0) -> AgendaItem:
    """The n-th item, about something from now on."""
    item = agenda.items_of(meeting)[n]
    item.about_id = subject_id
    db.session.commit()
    return item


def lines(meeting: Meeting) -> list[str]:
    """The message ids of the minutes, in order."""
    found = db.select(Minute).where(Minute.meeting_id == meeting.id).order_by(Minute.number)
    return [line.say for line in db.session.scalars(found)]


def facts(meeting: Meeting) -> str:
    """What the last line of the minutes kept."""
    found = db.select(Minute.facts).where(Minute.meeting_id == meeting.id)
    return db.session.scalars(found.order_by(Minute.number.desc())).first() or ""
