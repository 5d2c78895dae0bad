"""What an act leaves behind: the meeting's row held and raised, and a line in the minutes."""

from datetime import datetime

from sqlalchemy import bindparam, func, select

from surveys.base.db import db
from surveys.counting.canon import canonical_json
from surveys.meetings.models import Meeting, Minute, MinuteKind

_LOCK = (
    select(Meeting)
    .where(Meeting.id == bindparam("meeting"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


def _lock(meeting_id: str) -> Meeting:
    """The meeting as it is now, held until the commit, so that its acts come one by one.

    Weaker than what foreign keys of other rows would wait for, as for a ballot's chain.
    """
    return db.session.scalars(_LOCK, {"meeting": meeting_id}).one()


def _touch(meeting: Meeting) -> None:
    """Say that wall and phones may show something else now. Never commits."""
    _lock(meeting.id).revision += 1


def _write(
    meeting: Meeting,
    kind: MinuteKind,
    say: str,
    by: str,
    at: datetime,
    item_id: str | None = None,
    subject_id: str | None = None,
    **facts: object,
) -> Minute:
    """Add a line to the minutes, numbered under the lock of the meeting's row. Never commits.

    Args:
        say: message id; `facts` are its parameters, and what else is to be kept.
        by: what who did it is called.
    """
    _lock(meeting.id)
    last = select(func.max(Minute.number)).where(Minute.meeting_id == meeting.id)
    line = Minute(
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        number=(db.session.scalar(last) or 0) + 1,
        item_id=item_id,
        kind=kind,
        at=at,
        by=by,
        say=say,
        facts=canonical_json(facts),
        subject_id=subject_id,
    )
    db.session.add(line)
    db.session.flush()
    return line
