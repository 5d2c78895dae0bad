"""How many households were heard from, building by building: of what an item is about, or here."""

from sqlalchemy import Select, func, select

from surveys.ballots import asking
from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.meetings.models import Attendance, Meeting
from surveys.questionnaires.models import Response
from surveys.questionnaires.received import current

Buildings = list[tuple[str, int, int]]
"""name, households heard from, households on the roll; in the order of the doors"""


def of_ballot(ballot: Ballot) -> Buildings:
    """Households whose vote came in, of the ballot's frozen roll."""
    return asking.turnout_by_building(ballot)


def of_questionnaire(questionnaire_id: str, courtyard_id: str) -> Buildings:
    """Households whose answer counts."""
    came = select(Response.household_id).where(
        Response.questionnaire_id == questionnaire_id,
        Response.household_id.is_not(None),
        current(),
    )
    return _by_building(came, courtyard_id)


def of_meeting(meeting: Meeting) -> Buildings:
    """Households that signed in."""
    here = select(Attendance.household_id).where(
        Attendance.meeting_id == meeting.id,
        Attendance.household_id.is_not(None),
        Attendance.taken_back_at.is_(None),
    )
    return _by_building(here, meeting.courtyard_id)


def _by_building(came: Select[tuple[str | None]], courtyard_id: str) -> Buildings:
    mine = came.distinct().subquery()
    rows = db.session.execute(
        select(Household.building, func.count(mine.c.household_id), func.count())
        .outerjoin(mine, mine.c.household_id == Household.id)
        .where(Household.courtyard_id == courtyard_id)
        .group_by(Household.building)
        .order_by(func.min(Household.position), Household.building)
    )
    return [(building, heard, roll) for building, heard, roll in rows]


def without_a_door(meeting: Meeting) -> int:
    """Phones that signed in and tell no door."""
    found = db.session.scalar(
        select(func.count())
        .select_from(Attendance)
        .where(
            Attendance.meeting_id == meeting.id,
            Attendance.household_id.is_(None),
            Attendance.taken_back_at.is_(None),
        )
    )
    return found or 0
