"""Knocking at doors and calling: a line each time, which is never changed, only taken back.

The lines themselves say who noted what and when, so that the audit trail need not hold what is to
be forgotten with them.
"""

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update

from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards.models import Household, Visit
from surveys.errors import Invalid, Refused

WAYS = {"visit": N_("上门"), "phone": N_("打电话")}
"""how somebody was reached for: code → the word for it"""
OUTCOMES = {
    "met": N_("见到了"),
    "absent": N_("没人"),
    "refused": N_("不愿答"),
    "answered": N_("答了"),
}
"""what came of it: code → the word for it, which stands on the button as well"""
LONGEST_NOTE = 100
KEPT = timedelta(days=365)
"""a line is forgotten after that at the latest"""
SAME_TAP = timedelta(seconds=30)

audit.words(
    {
        "visit.take_back": N_("撤回了一条上门或电话的记录"),
        "visit.forgotten": N_("上门和电话的记录到期，删掉了 %(n)s 条"),
    }
)


@retrying
def note(
    household: Household,
    *,
    way: str,
    outcome: str,
    note: str = "",
    about: str | None = None,
    by: str,
    at: datetime,
) -> Visit:
    """Note a visit or a call. The same tapped twice within half a minute is one.

    Args:
        about: id of the questionnaire or ballot that it was about.

    Raises:
        Invalid: no such way or outcome, or too long a note.
    """
    said = " ".join(note.split())
    if way not in WAYS or outcome not in OUTCOMES:
        raise Invalid(N_("请点一下：见到了、没人、不愿答、答了。"))
    if len(said) > LONGEST_NOTE:
        raise Invalid(N_("最多写 %(most)d 个字。"), most=LONGEST_NOTE)
    db.session.refresh(household, with_for_update={"key_share": True})
    same = (
        Visit.household_id == household.id,
        Visit.about.is_(about) if about is None else Visit.about == about,
        Visit.by == by,
        Visit.at > at - SAME_TAP,
        Visit.taken_back_at.is_(None),
    )
    latest = db.session.scalar(select(Visit).where(*same).order_by(Visit.at.desc()).limit(1))
    if latest is not None and (latest.way, latest.outcome, latest.note) == (way, outcome, said):
        return latest
    noted = _note_visit(household, way=way, outcome=outcome, note=said, about=about, by=by, at=at)
    db.session.commit()
    return noted


def _note_visit(
    household: Household,
    *,
    way: str,
    outcome: str,
    about: str | None,
    by: str,
    at: datetime,
    note: str = "",
) -> Visit:
    """Add a line that was checked. Never commits."""
    noted = Visit(
        id=new_id(),
        courtyard_id=household.courtyard_id,
        household_id=household.id,
        about=about,
        way=way,
        outcome=outcome,
        note=note,
        by=by,
        at=at,
    )
    db.session.add(noted)
    return noted


@retrying
def take_back(visit: Visit, *, by: str, at: datetime) -> None:
    """Take back a line that was noted by mistake.

    Raises:
        Refused: it is taken back already.
    """
    db.session.refresh(visit, with_for_update=True)
    if visit.taken_back_at is not None:
        raise Refused(N_("这一条已经撤回了。"))
    visit.taken_back_at = at
    audit.note(
        "visit.take_back", by=by, at=at, courtyard_id=visit.courtyard_id, subject_id=visit.id
    )
    db.session.commit()


def _take_back_answered(household_id: str, about: str, noted_at: datetime, at: datetime) -> None:
    """Take back the line that came with an answer keyed in at `noted_at`. Never commits."""
    db.session.execute(
        update(Visit)
        .where(
            Visit.household_id == household_id,
            Visit.about == about,
            Visit.outcome == "answered",
            Visit.at == noted_at,
            Visit.taken_back_at.is_(None),
        )
        .values(taken_back_at=at)
    )


def _forget(at: datetime, about: Collection[str] = ()) -> int:
    """Delete the lines about these, and those older than a year; how many. Never commits."""
    gone = db.session.execute(
        delete(Visit)
        .where(or_(Visit.at <= at - KEPT, Visit.about.in_(about)))
        .execution_options(synchronize_session=False)
    )
    count = int(getattr(gone, "rowcount", 0))
    if count:
        audit.note("visit.forgotten", by=None, at=at, n=count)
    return count
