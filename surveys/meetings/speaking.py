"""What phones do with opinions: say one, take it back, 我也是. Each waits for the meeting's row."""

from datetime import datetime

from sqlalchemy import ColumnElement, delete, select

from surveys.accounts import failures
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.errors import NotFound, Refused
from surveys.meetings import minutes, rules
from surveys.meetings.models import Meeting, Opinion, OpinionState, OpinionSupport
from surveys.meetings.opinions import _bound, _by, _keep, _sent_before, _withdraw, is_own
from surveys.meetings.phones import Phone, _mind_the_taps

SAID_MOST = 10
"""opinions that one phone may send within a quarter of an hour"""
SAID_MUCH = N_("这部手机刚才说了好多条，都记下了。请过 15 分钟再说。")


@retrying
def say(
    meeting: Meeting, text: str, phone: Phone, *, submission: str, at: datetime
) -> tuple[Opinion, bool]:
    """Keep what a phone sends, for a glance; and whether it is new.

    The same form sent again, and the same words again, are one.

    Raises:
        Invalid: nothing was typed, or too much.
        Refused: the meeting is not on.
        TooOften: this phone has sent many within a quarter of an hour.
    """
    said = rules.spoken(text)
    meeting = minutes._lock(meeting.id)
    bound = _bound(submission, phone.key)
    before = _sent_before(bound) or _said_before(meeting.id, said, phone)
    if before is not None:
        db.session.commit()
        return before, False
    if rules.state(meeting) is not rules.State.ON:
        raise Refused(N_("现在没有在开会。有话要说，随时可以在院子的页面上说。"))
    failures._count_or_refuse(f"opinion:{phone.key}", SAID_MOST, SAID_MUCH, at)
    kept = _keep(meeting, said, bound, at)
    kept.household_id, kept.device_hash = phone.household_id, phone.key
    db.session.commit()
    return kept, True


@retrying
def withdraw(opinion: Opinion, phone: Phone, *, at: datetime) -> None:
    """Take back what this phone, or its household, has said. Taken back twice is once.

    Raises:
        NotFound: somebody else said it.
    """
    meeting = minutes._lock(opinion.meeting_id)
    db.session.refresh(opinion, with_for_update=True)
    if not is_own(opinion, phone):
        raise NotFound
    _withdraw(meeting, opinion, None, at)
    db.session.commit()


@retrying
def support(opinion: Opinion, phone: Phone, *, at: datetime) -> None:
    """我也是. Said twice is once, a household however many phones it has.

    Raises:
        Refused: the meeting is not on, it is not shown (any more), or it is this phone's own.
        TooOften: this phone taps without end.
    """
    meeting = minutes._lock(opinion.meeting_id)
    db.session.refresh(opinion)
    if rules.state(meeting) is not rules.State.ON:
        raise Refused(N_("会散了，“我也是”不再收了。"))
    if opinion.state is not OpinionState.ADMITTED:
        raise Refused(N_("这一条现在不给大家看了。"))
    if is_own(opinion, phone):
        raise Refused(N_("这一条就是您说的，已经算您一份。"))
    if _is_there(opinion.id, _own(phone)):
        db.session.commit()
        return
    _mind_the_taps(phone, at)
    if phone.household_id:  # said before it held its slip: it is the household that says it now
        _drop_support(opinion.id, OpinionSupport.device_hash == phone.nameless)
    db.session.add(
        OpinionSupport(
            id=new_id(),
            opinion_id=opinion.id,
            household_id=phone.household_id,
            device_hash=phone.own_key,
            at=at,
        )
    )
    minutes._touch(meeting)
    db.session.commit()


@retrying
def unsupport(opinion: Opinion, phone: Phone, *, at: datetime) -> None:
    """我也是, taken back.

    Raises:
        TooOften: this phone taps without end.
    """
    meeting = minutes._lock(opinion.meeting_id)
    if _is_there(opinion.id, _by(phone)):
        _mind_the_taps(phone, at)
        _drop_support(opinion.id, _by(phone))
        minutes._touch(meeting)
    db.session.commit()


def _said_before(meeting_id: str, said: str, phone: Phone) -> Opinion | None:
    """The same words of the same phone, not taken back."""
    return db.session.scalar(
        select(Opinion)
        .where(
            Opinion.meeting_id == meeting_id,
            Opinion.device_hash == phone.key,
            Opinion.text == said,
            Opinion.state != OpinionState.WITHDRAWN,
        )
        .limit(1)
    )


def _own(phone: Phone) -> ColumnElement[bool]:
    if phone.household_id:
        return OpinionSupport.household_id == phone.household_id
    return OpinionSupport.device_hash == phone.key


def _is_there(opinion_id: str, which: ColumnElement[bool]) -> bool:
    found = select(OpinionSupport.id).where(OpinionSupport.opinion_id == opinion_id, which)
    return db.session.scalar(found.limit(1)) is not None


def _drop_support(opinion_id: str, which: ColumnElement[bool]) -> None:
    db.session.execute(delete(OpinionSupport).where(OpinionSupport.opinion_id == opinion_id, which))
