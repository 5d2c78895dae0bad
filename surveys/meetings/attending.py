"""Who came: a phone signs in by a scan, staff tick doors on the roll, visitors are a number.

A row says by itself who signed in or was ticked, when and how, and is never changed but taken back:
the trail names no door. At most one current row a household, and one a phone that tells no door.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, func, select, update

from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Household
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import minutes, rules
from surveys.meetings.models import Attendance, Meeting
from surveys.meetings.phones import Phone, _mind_the_taps

audit.words({"meeting.visitors": N_("恳谈会记下外来的 %(n)s 人")})


@dataclass(frozen=True, slots=True)
class Counts:
    """Who came, each kind counted by itself: they are not to be added up."""

    households: int
    """of the roll, whose door is known"""
    roll: int
    """households on the roll"""
    phones: int
    """that signed in and told no door; who holds them may be of a household that is counted"""
    visitors: int
    """people of no household of the roll, as staff counted them"""


@dataclass(frozen=True, slots=True)
class Door:
    """A door of the roll, and how its household was noted, if it was."""

    household: Household
    way: str | None
    """scan, tick, or nothing"""


@dataclass(frozen=True, slots=True)
class Stairwell:
    """The doors of one stairwell in order."""

    building: str
    stairwell: str
    doors: Sequence[Door]

    @property
    def came(self) -> int:
        """How many of them are here."""
        return sum(door.way is not None for door in self.doors)


@retrying
def sign_in(meeting: Meeting, phone: Phone, *, at: datetime) -> None:
    """Note that this phone's household is here, or this phone. Signed in twice is once.

    A phone that signed in without a door and holds its slip now is its household and no more.

    Raises:
        Refused: it is too early, or the meeting is over.
        TooOften: this phone taps without end.
    """
    if _current(meeting.id, phone) is not None:
        db.session.commit()
        return
    if not rules.takes_names(meeting, at):
        raise Refused(N_("现在不能签到。开会前一小时开始签，散会就停。"))
    _mind_the_taps(phone, at)
    if phone.household_id:
        _take_back_rows(meeting.id, Attendance.device_hash == phone.nameless, at)
    _add(meeting, phone.household_id, phone.own_key, "scan", None, at)
    db.session.commit()


@retrying
def sign_out(meeting: Meeting, phone: Phone, *, at: datetime) -> None:
    """Take this phone's signing in back, as long as the minutes are not signed.

    Raises:
        Refused: they are.
        TooOften: this phone taps without end.
    """
    found = _current(meeting.id, phone)
    if found is None:
        db.session.commit()
        return
    _refuse_signed(meeting)
    _mind_the_taps(phone, at)
    found.taken_back_at = at
    db.session.commit()


@retrying
def tick(meeting: Meeting, household_id: str, *, by: str | None, at: datetime) -> None:
    """Note by hand that a household is here. Ticked twice, or signed in itself, it is once.

    Args:
        by: the account, where it was done on the desk.

    Raises:
        NotFound: no household of this courtyard.
        Refused: the meeting was called off, or its minutes are signed.
    """
    _check_door(meeting, household_id)
    _refuse_signed(meeting)
    if _of_household(meeting.id, household_id) is None:
        _add(meeting, household_id, None, "tick", by, at)
    db.session.commit()


@retrying
def untick(meeting: Meeting, household_id: str, *, at: datetime) -> None:
    """Take a household off the list again, however it got there.

    Raises:
        NotFound: no household of this courtyard.
        Refused: the minutes are signed.
    """
    _check_door(meeting, household_id)
    _refuse_signed(meeting)
    _take_back_rows(meeting.id, Attendance.household_id == household_id, at)
    db.session.commit()


@retrying
def count_visitors(meeting: Meeting, number: int, *, by: str | None, at: datetime) -> None:
    """Say how many came who are of no household of the roll.

    Raises:
        Invalid: less than none, or more than a courtyard holds.
        Refused: the minutes are signed.
    """
    if not 0 <= number <= rules.MOST_VISITORS:
        raise Invalid(N_("外来的人数写 0 到 %(most)d。"), most=rules.MOST_VISITORS)
    meeting = minutes._lock(meeting.id)
    _refuse_signed(meeting)
    if meeting.visitors != number:
        meeting.visitors = number
        minutes._touch(meeting)
        audit.note(
            "meeting.visitors",
            by=by,
            at=at,
            courtyard_id=meeting.courtyard_id,
            subject_id=meeting.id,
            n=number,
        )
    db.session.commit()


def counts(meeting: Meeting) -> Counts:
    """Who came so far."""
    households, phones = db.session.execute(
        select(
            func.count(Attendance.household_id),
            func.count() - func.count(Attendance.household_id),
        ).where(Attendance.meeting_id == meeting.id, Attendance.taken_back_at.is_(None))
    ).one()
    on_roll, _buildings, _area = courtyards.size(meeting.courtyard_id)
    return Counts(households, on_roll, phones, meeting.visitors)


def is_here(meeting: Meeting, phone: Phone) -> bool:
    """Whether this phone signed in, or its household is noted."""
    return _current(meeting.id, phone) is not None


def roll(meeting: Meeting, building: str) -> list[Stairwell]:
    """The doors of one building, stairwell by stairwell, with who is here."""
    ways = dict(
        db.session.execute(
            select(Attendance.household_id, Attendance.way).where(
                Attendance.meeting_id == meeting.id,
                Attendance.household_id.is_not(None),
                Attendance.taken_back_at.is_(None),
            )
        ).all()
    )
    doors = [
        Door(home, ways.get(home.id))
        for home in courtyards.households_of(meeting.courtyard_id)
        if home.building == building
    ]
    return [
        Stairwell(building, stairwell, list(found))
        for stairwell, found in groupby(doors, key=lambda door: door.household.stairwell)
    ]


def came_by_building(meeting: Meeting) -> dict[str, tuple[int, int]]:
    """Building → (households here, households of the roll), in order."""
    here = dict(
        db.session.execute(
            select(Household.building, func.count())
            .join(Attendance, Attendance.household_id == Household.id)
            .where(Attendance.meeting_id == meeting.id, Attendance.taken_back_at.is_(None))
            .group_by(Household.building)
        ).all()
    )
    buildings = courtyards.buildings_of(meeting.courtyard_id)
    return {name: (here.get(name, 0), number) for name, number in buildings}


def _current(meeting_id: str, phone: Phone) -> Attendance | None:
    if phone.household_id:
        return _of_household(meeting_id, phone.household_id)
    return db.session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting_id,
            Attendance.household_id.is_(None),
            Attendance.device_hash == phone.key,
            Attendance.taken_back_at.is_(None),
        )
    )


def _of_household(meeting_id: str, household_id: str) -> Attendance | None:
    return db.session.scalar(
        select(Attendance).where(
            Attendance.meeting_id == meeting_id,
            Attendance.household_id == household_id,
            Attendance.taken_back_at.is_(None),
        )
    )


def _add(
    meeting: Meeting,
    household_id: str | None,
    device_hash: str | None,
    way: str,
    by: str | None,
    at: datetime,
) -> None:
    db.session.add(
        Attendance(
            id=new_id(),
            courtyard_id=meeting.courtyard_id,
            meeting_id=meeting.id,
            household_id=household_id,
            device_hash=device_hash,
            way=way,
            by=by,
            at=at,
        )
    )


def _take_back_rows(meeting_id: str, which: ColumnElement[bool], at: datetime) -> None:
    db.session.execute(
        update(Attendance)
        .where(Attendance.meeting_id == meeting_id, which, Attendance.taken_back_at.is_(None))
        .values(taken_back_at=at)
    )


def _check_door(meeting: Meeting, household_id: str) -> None:
    household = db.session.get(Household, household_id)
    if household is None or household.courtyard_id != meeting.courtyard_id:
        raise NotFound(N_("花名册上没有这一户。"))


def _refuse_signed(meeting: Meeting) -> None:
    if meeting.signed_at is not None:
        raise Refused(N_("纪要签过字了，到会的人不能再改。"))
    if meeting.cancelled_at is not None:
        raise Refused(N_("这次会已经取消了。"))
