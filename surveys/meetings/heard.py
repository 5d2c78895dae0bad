"""How many households were heard from, building by building: of what an item is about."""

from typing import Any

from sqlalchemy import Select, and_, func, select

from surveys.ballots import asking
from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.owners.models import EntryState, OwnerEntry, OwnersVote, VoteUnit
from surveys.questionnaires.models import Response
from surveys.questionnaires.received import current

Buildings = list[tuple[str, int, int]]
"""name, households heard from, households on the roll (units for owners); in order of doors"""


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


def of_vote(vote: OwnersVote) -> Buildings:
    """Units whose owner's sheet came in and was confirmed, of the vote's register."""
    rows = db.session.execute(
        select(VoteUnit.building, func.count(OwnerEntry.id), func.count())
        .outerjoin(
            OwnerEntry,
            and_(
                OwnerEntry.vote_owner_id == VoteUnit.vote_owner_id,
                OwnerEntry.state == EntryState.CONFIRMED,
            ),
        )
        .where(VoteUnit.vote_id == vote.id)
        .group_by(VoteUnit.building)
        .order_by(func.min(VoteUnit.position), VoteUnit.building)
    )
    return [(building, heard, units) for building, heard, units in rows]


def _by_building(came: Select[Any], courtyard_id: str) -> Buildings:
    mine = came.distinct().subquery()
    rows = db.session.execute(
        select(Household.building, func.count(mine.c.household_id), func.count())
        .outerjoin(mine, mine.c.household_id == Household.id)
        .where(Household.courtyard_id == courtyard_id)
        .group_by(Household.building)
        .order_by(func.min(Household.position), Household.building)
    )
    return [(building, heard, roll) for building, heard, roll in rows]
