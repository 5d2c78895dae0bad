"""A meeting is planned, changed, called off; and found by whoever asks for it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import agenda, minutes, rules
from surveys.meetings.agenda import Wish
from surveys.meetings.models import Meeting
from surveys.meetings.rules import State
from surveys.rounds import service as rounds

audit.words(
    {
        "meeting.planned": N_("定了恳谈会“%(title)s”"),
        "meeting.changed": N_("改了恳谈会“%(title)s”的时间地点"),
        "meeting.cancelled": N_("取消了恳谈会“%(title)s”"),
    }
)


def find(meeting_id: str) -> Meeting:
    """The meeting of this id.

    Raises:
        NotFound: there is none.
    """
    meeting = db.session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotFound
    return meeting


def of_courtyard(courtyard_id: str) -> list[Meeting]:
    """All meetings of a courtyard, the latest first."""
    return list(
        db.session.scalars(
            select(Meeting)
            .where(Meeting.courtyard_id == courtyard_id)
            .order_by(Meeting.starts_at.desc(), Meeting.id)
        )
    )


def announced(courtyard_id: str, at: datetime) -> list[Meeting]:
    """The meetings that residents are told of: on now, or planned for the days to come."""
    found = db.session.scalars(
        select(Meeting)
        .where(
            Meeting.courtyard_id == courtyard_id,
            Meeting.ended_at.is_(None),
            Meeting.cancelled_at.is_(None),
            Meeting.starts_at <= at + rules.ANNOUNCED_BEFORE,
        )
        .order_by(Meeting.begun_at.is_(None), Meeting.starts_at, Meeting.id)
    )
    return [meeting for meeting in found if rules.is_announced(meeting, at)]


@retrying
def create(
    courtyard: Courtyard,
    *,
    title: str,
    place: str,
    starts_at: datetime,
    items: Sequence[Wish] = (),
    by: str,
    at: datetime,
) -> Meeting:
    """Plan a meeting in the courtyard's current round, with an agenda to begin from.

    The same planned twice, as by a double tap, is one.

    Raises:
        Invalid: title or place is missing or too long, or it would lie in the past.
    """
    courtyards._lock(courtyard)
    current = rounds.current(courtyard.id)
    meeting = Meeting(
        id=new_id(),
        courtyard_id=courtyard.id,
        round_id=current.id if current else None,
        created_by=by,
        created_at=at,
    )
    _fill(meeting, title, place, starts_at, at)
    twin = _twin(meeting)
    if twin is not None:
        db.session.rollback()
        return twin
    db.session.add(meeting)
    db.session.flush()
    agenda._add_all(meeting, items)
    _note("meeting.planned", meeting, by, at)
    db.session.commit()
    return meeting


@retrying
def change(
    meeting: Meeting, *, title: str, place: str, starts_at: datetime, by: str, at: datetime
) -> None:
    """Change title, place and time of a planned meeting.

    Raises:
        Invalid: as for `create`.
        Refused: it has begun or was cancelled.
    """
    meeting = minutes._lock(meeting.id)
    _refuse_unless_planned(meeting)
    _fill(meeting, title, place, starts_at, at)
    _note("meeting.changed", meeting, by, at)
    minutes._touch(meeting)
    db.session.commit()


@retrying
def cancel(meeting: Meeting, *, by: str, at: datetime) -> None:
    """Call a planned meeting off.

    Raises:
        Refused: it has begun. Pressed twice it is called off once.
    """
    meeting = minutes._lock(meeting.id)
    if meeting.cancelled_at is not None:
        db.session.rollback()
        return
    _refuse_unless_planned(meeting)
    meeting.cancelled_at = at
    _note("meeting.cancelled", meeting, by, at)
    minutes._touch(meeting)
    db.session.commit()


def _refuse_unless_planned(meeting: Meeting) -> None:
    if rules.state(meeting) is State.CANCELLED:
        raise Refused(N_("这次会已经取消了。"))
    if rules.state(meeting) is not State.PLANNED:
        raise Refused(N_("会已经开始了，不能再改时间地点，也不能取消。"))


def _fill(meeting: Meeting, title: str, place: str, starts_at: datetime, at: datetime) -> None:
    meeting.title = one_line(title, rules.LONGEST_TITLE, N_("请写这次会叫什么。"))
    meeting.place = one_line(place, rules.LONGEST_PLACE, N_("请写在哪里开。"))
    if starts_at < at - rules.STILL_PLANNED_FOR:
        raise Invalid(N_("这个时间已经过去了。"))
    meeting.starts_at = starts_at


def _twin(meeting: Meeting) -> Meeting | None:
    """A planned meeting of the same courtyard that says the very same."""
    return db.session.scalar(
        select(Meeting)
        .where(
            Meeting.courtyard_id == meeting.courtyard_id,
            Meeting.starts_at == meeting.starts_at,
            Meeting.title == meeting.title,
            Meeting.cancelled_at.is_(None),
            Meeting.begun_at.is_(None),
        )
        .limit(1)
    )


def _note(act: str, meeting: Meeting, by: str, at: datetime) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=meeting.courtyard_id,
        subject_id=meeting.id,
        title=meeting.title,
    )
