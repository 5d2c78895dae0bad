"""What became of the meeting before: how much was said there, how much is done, what was promised.

A meeting begins with it (征集 15 条、解决 8 个).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.meetings import promises
from surveys.meetings.models import Meeting, Opinion, OpinionState
from surveys.meetings.promises import Kept, Standing
from surveys.needs.models import Lane, Need, Placement


@dataclass(frozen=True, slots=True)
class Became:
    """Of one meeting, by now."""

    meeting: Meeting
    said: int
    """opinions that were taken"""
    needs: int
    """matters of the ledger that they were put to"""
    done: int
    """of these matters"""
    promised: Sequence[Kept]
    """what is late first, then what is open, then what is kept"""

    def number(self, standing: str) -> int:
        """How many promises stand so."""
        return sum(one.standing == standing for one in self.promised)

    @property
    def marks(self) -> tuple[object, ...]:
        """Tells these figures from others."""
        stand = tuple((one.promise.id, one.standing.value) for one in self.promised)
        return self.meeting.id, self.said, self.needs, self.done, stand


def before(meeting: Meeting, at: datetime) -> Became | None:
    """What became of the meeting before this one; None where nothing was said or promised there,
    or there was none."""
    found = _before(meeting)
    if found is None:
        return None
    told = of(found, promises.today_of(meeting, at))
    return told if told.said or told.promised else None


def of(meeting: Meeting, today: date) -> Became:
    """What became of a meeting until that day of the courtyard."""
    said = select(func.count()).where(
        Opinion.meeting_id == meeting.id, Opinion.state == OpinionState.ADMITTED
    )
    needs, done = _needs_of(meeting.id)
    standing = promises.standing_of(promises.of_meeting(meeting.id), today)
    order = [Standing.LATE, Standing.OPEN, Standing.KEPT]
    promised = sorted(standing, key=lambda one: (order.index(one.standing), one.promise.due_on))
    return Became(meeting, db.session.scalar(said) or 0, needs, done, promised)


def _before(meeting: Meeting) -> Meeting | None:
    """The last meeting of the courtyard that was held before."""
    return db.session.scalar(
        select(Meeting)
        .where(
            Meeting.courtyard_id == meeting.courtyard_id,
            Meeting.id != meeting.id,
            Meeting.ended_at.is_not(None),
            Meeting.cancelled_at.is_(None),
            Meeting.begun_at < func.coalesce(meeting.begun_at, meeting.starts_at),
        )
        .order_by(Meeting.begun_at.desc(), Meeting.id)
        .limit(1)
    )


def _needs_of(meeting_id: str) -> tuple[int, int]:
    """How many matters the opinions of a meeting were put to, and how many of these are done."""
    root = aliased(Need)
    lanes = (
        select(root.id, root.lane)
        .join(Need, func.coalesce(Need.merged_into_id, Need.id) == root.id)
        .join(Placement, Placement.need_id == Need.id)
        .join(Opinion, Opinion.suggestion_id == Placement.suggestion_id)
        .where(Opinion.meeting_id == meeting_id, Opinion.state == OpinionState.ADMITTED)
        .distinct()
    )
    rows = db.session.execute(lanes).all()
    return len(rows), sum(lane is Lane.QUICK_FIX for _id, lane in rows)
