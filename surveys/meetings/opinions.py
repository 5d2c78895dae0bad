"""What was said at a meeting: found, shown, counted; and the parts that its acts share.

The minutes name an opinion by its number and never hold its words: what is taken back is gone
there too. Every act holds the meeting's row first, then the courtyard's queue of the ledger.
"""

import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.counting.canon import canonical_json, digest
from surveys.errors import NotFound
from surveys.meetings import minutes
from surveys.meetings.models import (
    Meeting,
    MinuteKind,
    Opinion,
    OpinionState,
    OpinionSupport,
    Picture,
)
from surveys.meetings.phones import Phone
from surveys.needs import withholding
from surveys.needs.models import Suggestion
from surveys.needs.proposals.masking import masked

audit.words(
    {
        "opinion.taken_down": N_("恳谈会记下第 %(number)s 条意见"),
        "opinion.admitted": N_("恳谈会收下第 %(number)s 条意见"),
        "opinion.withheld": N_("恳谈会第 %(number)s 条意见不给别人看"),
        "opinion.withdrawn": N_("恳谈会第 %(number)s 条意见收回了"),
    }
)


@dataclass(frozen=True, slots=True)
class Mine:
    """What one phone has to do with the opinions of a meeting."""

    said: tuple[Opinion, ...] = ()
    """those of its own that are not taken back, in order"""
    supported: frozenset[str] = frozenset()


def find(opinion_id: str, meeting_id: str) -> Opinion:
    """The opinion of this id.

    Raises:
        NotFound: there is none at this meeting.
    """
    opinion = db.session.get(Opinion, opinion_id)
    if opinion is None or opinion.meeting_id != meeting_id:
        raise NotFound
    return opinion


def shown(opinion: Opinion) -> str | None:
    """Its words as everybody may read them, on the wall and on phones; None: nobody may."""
    return masked(opinion.text) if opinion.state is OpinionState.ADMITTED else None


def is_own(opinion: Opinion, phone: Phone) -> bool:
    """Whether this phone said it, or its household did."""
    if opinion.household_id and opinion.household_id == phone.household_id:
        return True
    return opinion.device_hash is not None and opinion.device_hash in {phone.key, phone.nameless}


def of_meeting(meeting_id: str, states: Collection[OpinionState]) -> list[Opinion]:
    """The opinions in one of these states, in the order in which they came."""
    return list(
        db.session.scalars(
            select(Opinion)
            .where(Opinion.meeting_id == meeting_id, Opinion.state.in_(states))
            .order_by(Opinion.number)
        )
    )


def supporters(meeting_id: str) -> dict[str, int]:
    """Opinion id → how many said 我也是: households, and phones that tell no door."""
    rows = db.session.execute(
        select(OpinionSupport.opinion_id, func.count())
        .join(Opinion, Opinion.id == OpinionSupport.opinion_id)
        .where(Opinion.meeting_id == meeting_id)
        .group_by(OpinionSupport.opinion_id)
    )
    return {opinion_id: number for opinion_id, number in rows}  # noqa: C416 - rows are no pairs


def mine(meeting_id: str, phone: Phone) -> Mine:
    """What this phone has said and supported at a meeting."""
    own: list[ColumnElement[bool]] = [Opinion.device_hash.in_({phone.key, phone.nameless})]
    if phone.household_id:
        own.append(Opinion.household_id == phone.household_id)
    said = db.session.scalars(
        select(Opinion)
        .where(
            Opinion.meeting_id == meeting_id,
            or_(*own),
            Opinion.state != OpinionState.WITHDRAWN,
        )
        .order_by(Opinion.number)
    )
    supported = db.session.scalars(
        select(OpinionSupport.opinion_id)
        .join(Opinion, Opinion.id == OpinionSupport.opinion_id)
        .where(Opinion.meeting_id == meeting_id, _by(phone))
    )
    return Mine(tuple(said), frozenset(supported))


def queue_tag(meeting: Meeting) -> str:
    """Changes when something of what host and recorder glance at does; one statement."""
    waiting = select(func.count(), func.max(Opinion.number)).where(
        Opinion.meeting_id == meeting.id, Opinion.state == OpinionState.WAITING
    )
    number, newest = db.session.execute(waiting).one()
    return digest([meeting.id, meeting.revision, number, newest])[:16]


def ledger_numbers(every: Iterable[Opinion]) -> dict[str, int]:
    """Opinion id → its number in the ledger, of those that are there."""
    ids = {one.suggestion_id: one.id for one in every if one.suggestion_id}
    rows = db.session.execute(
        select(Suggestion.id, Suggestion.number).where(Suggestion.id.in_(ids))
    )
    return {ids[suggestion_id]: number for suggestion_id, number in rows}


def number_of(opinion: Opinion) -> int | None:
    """Its number in the ledger, where it is there."""
    if opinion.suggestion_id is None:
        return None
    return db.session.get_one(Suggestion, opinion.suggestion_id).number


# Parts of acts: none of them commits


def _bound(submission: str, to: str) -> str:
    """The submission id bound to who sends it: another one's form is another one's."""
    return digest([submission, to])[:40]


def _sent_before(bound: str) -> Opinion | None:
    return db.session.scalar(select(Opinion).where(Opinion.submission == bound))


def _keep(meeting: Meeting, said: str, bound: str, at: datetime) -> Opinion:
    last = select(func.max(Opinion.number)).where(Opinion.meeting_id == meeting.id)
    kept = Opinion(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        item_id=meeting.item_id,
        number=(db.session.scalar(last) or 0) + 1,
        text=said,
        submission=bound,
        said_at=at,
        state=OpinionState.WAITING,
    )
    db.session.add(kept)
    return kept


def _withdraw(
    meeting: Meeting, opinion: Opinion, account_id: str | None, at: datetime, by: str = ""
) -> None:
    if opinion.state is OpinionState.WITHDRAWN:
        return
    was_shown = opinion.state is OpinionState.ADMITTED
    opinion.state = OpinionState.WITHDRAWN
    if opinion.suggestion_id is not None:
        kept = db.session.get_one(Suggestion, opinion.suggestion_id)
        withholding._take_back(kept, account_id, at)
    _note("opinion.withdrawn", opinion, account_id, at)
    if was_shown:
        _off_the_wall(meeting, opinion)
        _write(meeting, opinion, N_("第 %(number)s 条意见收回了"), by, at)
    minutes._touch(meeting)


def _off_the_wall(meeting: Meeting, opinion: Opinion) -> None:
    """What stands there, or stood there when it was frozen, is seen no more."""
    if meeting.subject_id == opinion.id:
        meeting.subject_id = None
        if meeting.picture is Picture.OPINION:
            meeting.picture = Picture.AGENDA
    if meeting.frozen and opinion.id in meeting.frozen:
        meeting.frozen = meeting.frozen_at = None
    kept = [step for step in json.loads(meeting.before) if opinion.id not in canonical_json(step)]
    meeting.before = canonical_json(kept)  # no undo brings it back


def _write(meeting: Meeting, opinion: Opinion, say: str, by: str, at: datetime) -> None:
    """A line of the minutes, as long as they are not signed."""
    if meeting.signed_at is None:
        minutes._write(
            meeting,
            MinuteKind.OPINION,
            say,
            by,
            at,
            item_id=opinion.item_id,
            subject_id=opinion.id,
            number=opinion.number,
        )


def _note(act: str, opinion: Opinion, account_id: str | None, at: datetime) -> None:
    audit.note(
        act,
        by=account_id,
        at=at,
        courtyard_id=opinion.courtyard_id,
        subject_id=opinion.id,
        number=opinion.number,
    )


def _by(phone: Phone) -> ColumnElement[bool]:
    """The rows of 我也是 that this phone's owner has made."""
    if phone.household_id:
        return or_(
            OpinionSupport.household_id == phone.household_id,
            OpinionSupport.device_hash == phone.nameless,
        )
    return OpinionSupport.device_hash == phone.key
