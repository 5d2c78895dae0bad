"""Calling back: a few households, drawn at the close, are asked whether the vote was theirs.

Nobody learns a choice by it. What they say goes into the supervisor's signature, as numbers.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from sqlalchemy import and_, func, select

from surveys.ballots import chain, keying, offers, recording, rules
from surveys.ballots.models import Ballot, CallBack, Entry, Participation
from surveys.ballots.rules import Answer
from surveys.base import audit, clock
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Household
from surveys.errors import Invalid, NotFound, Refused

LONGEST_NOTE = 200
OPEN = "open"
"""nobody has asked yet"""
_ACTS: Mapping[Answer, str] = MappingProxyType(
    {
        Answer.OURS: "ballot.called_ours",
        Answer.NOT_OURS: "ballot.called_not_ours",
        Answer.UNREACHED: "ballot.called_unreached",
    }
)

audit.words(
    {
        "ballot.called_ours": N_("回访了一户：是自家投的"),
        "ballot.called_not_ours": N_("回访了一户：不是自家投的"),
        "ballot.called_unreached": N_("回访了一户：没联系上"),
    }
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A household that was drawn, and how its vote came. Never what."""

    call: CallBack
    household: Household
    entry: Entry | None
    """the one that counts; None where it was withdrawn since"""


def listed(ballot: Ballot) -> list[Drawn]:
    """The households that were drawn, in the order of the doors."""
    found = db.session.execute(
        select(CallBack, Household, Entry)
        .join(Participation, Participation.id == CallBack.participation_id)
        .join(Household, Household.id == Participation.household_id)
        .outerjoin(
            Entry,
            and_(
                Entry.participation_id == Participation.id,
                Entry.number == Participation.current_entry,
            ),
        )
        .where(CallBack.ballot_id == ballot.id)
        .order_by(Household.position)
    )
    return [Drawn(call, household, entry) for call, household, entry in found]


def numbers(ballot: Ballot) -> dict[str, int]:
    """Households drawn, by what they said: ours, not_ours, unreached, and open."""
    found = db.session.execute(
        select(CallBack.answer, func.count())
        .where(CallBack.ballot_id == ballot.id)
        .group_by(CallBack.answer)
    )
    said = {str(answer) if answer else OPEN: number for answer, number in found}
    return {name: said.get(name, 0) for name in (*map(str, Answer), OPEN)}


@retrying
def answer(
    ballot: Ballot, participation_id: str, said: Answer, note: str, *, by: str, at: datetime
) -> None:
    """Note what a household said; whoever says "that was not us" disputes the vote that counts.

    It may be noted anew until somebody signs. A dispute stays, for somebody to look into.

    Raises:
        NotFound: this household was not drawn.
        Invalid: the note is too long.
        Refused: this account keyed the vote in, or somebody has signed or sealed.
    """
    if len(note.strip()) > LONGEST_NOTE:
        raise Invalid(N_("备注最多 %(most)s 个字。"), most=LONGEST_NOTE)
    call = db.session.get(CallBack, participation_id)
    if call is None or call.ballot_id != ballot.id:
        raise NotFound
    counts = recording._held_by(participation_id).current
    _refuse_own(counts, by)
    ballot = keying._locked(ballot)
    zone = offers.offer(ballot).zone
    call.answer, call.note = said, note.strip()
    call.asked_by, call.asked_on = by, clock.day(at, zone)
    if said is Answer.NOT_OURS and counts is not None:
        keying._mark_disputed(counts, at, zone)
    courtyard_id = ballot.courtyard_id
    audit.note(_ACTS[said], by=by, at=at, courtyard_id=courtyard_id, subject_id=ballot.id)
    db.session.commit()


def _draw(ballot: Ballot, at: datetime) -> None:
    """Draw from the households that are in at the close; part of writing the close down."""
    voted = db.session.scalars(
        select(Participation.id)
        .where(Participation.ballot_id == ballot.id, Participation.current_entry.is_not(None))
        .order_by(Participation.id)
    ).all()
    drawn = secrets.SystemRandom().sample(voted, rules.to_call_back(len(voted)))
    db.session.add_all(CallBack(participation_id=part, ballot_id=ballot.id) for part in drawn)
    chain.append(ballot, "call_back", {"drawn": len(drawn)}, at, offers.offer(ballot).zone)


def _refuse_own(entry: Entry | None, by: str) -> None:
    if entry is not None and entry.keyed_by == by:
        raise Refused(N_("这张票是您录的，请另一位监督员来问。"))
