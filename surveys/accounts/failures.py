"""Wrong tries, and what may not be done without end, counted in the database.

So a restart or a second server forgets none.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select

from surveys.accounts.models import Failure
from surveys.base.db import db
from surveys.base.words import N_
from surveys.errors import TooOften

WINDOW = timedelta(minutes=15)


def refuse_if_too_many(subject: str, most: int, at: datetime) -> None:
    """Refuse when `subject` failed `most` times or more within the last quarter of an hour.

    Raises:
        TooOften: with the minutes until the oldest of those tries is forgotten.
    """
    count, oldest = db.session.execute(
        select(func.count(), func.min(Failure.at)).where(
            Failure.subject == subject, Failure.at > at - WINDOW
        )
    ).one()
    if count >= most:
        minutes = max(1, -(-int((oldest + WINDOW - at).total_seconds()) // 60))
        raise TooOften(N_("试错的次数太多了，请过 %(minutes)d 分钟再试。"), minutes=minutes)


def note_failure(subject: str, at: datetime) -> None:
    """Count one wrong try, in its own commit: the try is over, nothing else is to be written."""
    note_failures([subject], at)


def note_failures(subjects: Iterable[str], at: datetime) -> None:
    """Count one wrong try against each of `subjects`, in a commit of its own."""
    db.session.add_all(Failure(subject=subject, at=at) for subject in subjects)
    db.session.commit()


def _count_or_refuse(subject: str, most: int, say: str, at: datetime) -> None:
    """Count one thing that may be done, but not without end. Part of an act; does not commit.

    Args:
        say: message id of what is told who has done it `most` times within a quarter of an hour.

    Raises:
        TooOften: that often; what the act has changed so far is rolled back.
    """
    lately = select(func.count()).where(Failure.subject == subject, Failure.at > at - WINDOW)
    if (db.session.scalar(lately) or 0) >= most:
        db.session.rollback()
        raise TooOften(say)
    db.session.add(Failure(subject=subject, at=at))


def _forgive(subjects: Iterable[str]) -> None:
    db.session.execute(delete(Failure).where(Failure.subject.in_(list(subjects))))


def forget_old(at: datetime) -> int:
    """Drop tries too old to count; how many there were. Part of the tick; does not commit."""
    found = db.session.execute(delete(Failure).where(Failure.at <= at - WINDOW))
    return int(getattr(found, "rowcount", 0))
