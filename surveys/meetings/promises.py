"""Promises made at a meeting: what, who, by when. Each stands in the ledger with its day."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import aliased

from surveys.accounts.rules import one_line
from surveys.base import audit, clock
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import minutes, opinions, rules
from surveys.meetings.asking import Host
from surveys.meetings.glancing import _round_of
from surveys.meetings.models import Meeting, MinuteKind, Opinion, OpinionState, Promise
from surveys.needs import promised
from surveys.needs.models import Lane, Need, Suggestion
from surveys.needs.promised import Pledge
from surveys.needs.proposals.masking import masked
from surveys.needs.rules import DUE_WITHIN

SAID = N_("答应：%(text)s。%(who)s办，最晚 %(due)s")
TAKEN_BACK = N_("收回答应的：%(text)s")
LONGEST = 200
LONGEST_WHO = 60

audit.words(
    {
        "promise.made": N_("恳谈会上记下答应的“%(text)s”"),
        "promise.taken_back": N_("恳谈会上答应的“%(text)s”收回了"),
    }
)


class Standing(StrEnum):
    """What became of a promise."""

    KEPT = "kept"
    OPEN = "open"
    LATE = "late"


@dataclass(frozen=True, slots=True)
class Kept:
    """A promise, and what became of it by now."""

    promise: Promise
    standing: Standing
    need: Need | None
    """what it counts under in the ledger"""

    @property
    def text(self) -> str:
        """What was promised, as everybody may read it."""
        return masked(self.promise.text)

    @property
    def who(self) -> str:
        """Who does it, as everybody may read it."""
        return masked(self.promise.who)


@retrying
def make(
    meeting: Meeting,
    text: str,
    who: str,
    due_on: date,
    *,
    opinion_id: str | None = None,
    host: Host,
    submission: str,
    at: datetime,
) -> Promise:
    """Note what was promised; the same form sent twice is one promise.

    Args:
        opinion_id: the opinion that it answers, if it answers one.

    Raises:
        Invalid: something is missing or too long, or the day has passed or lies years ahead.
        Refused: the meeting has not begun, its minutes are signed, or the opinion is not shown.
    """
    what = one_line(text, LONGEST, N_("请写答应了做什么。"))
    person = one_line(who, LONGEST_WHO, N_("请写由谁来办。"))
    meeting = minutes._lock(meeting.id)
    bound = opinions._bound(submission, meeting.id)
    before = db.session.scalar(select(Promise).where(Promise.submission == bound))
    if before is not None:
        db.session.commit()
        return before
    _refuse_unless_open(meeting)
    _check_day(meeting, due_on, at)
    about = _about(meeting, opinion_id)
    made = Promise(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        opinion_id=about.id if about else None,
        text=what,
        who=person,
        due_on=due_on,
        submission=bound,
        at=at,
        by=host.called,
    )
    made.need_id = _into_the_ledger(meeting, made, about, host, at)
    db.session.add(made)
    _tell(meeting, made, SAID, host, at, who=person, due=due_on.isoformat())
    _note("promise.made", made, host, at)
    db.session.commit()
    return made


@retrying
def take_back(promise: Promise, *, host: Host, at: datetime) -> None:
    """Take a promise back, and out of the ledger as far as nobody has built on it there.

    Taken back twice it is taken back once.

    Raises:
        Refused: the minutes are signed.
    """
    meeting = minutes._lock(promise.meeting_id)
    db.session.refresh(promise)
    if promise.taken_back_at is not None:
        db.session.rollback()
        return
    _refuse_unless_open(meeting)
    promise.taken_back_at = at
    need = db.session.get(Need, promise.need_id) if promise.need_id else None
    if need is not None:
        promise.need_id = None
        db.session.flush()
        promised._unpromise(need, promise.id)
    _tell(meeting, promise, TAKEN_BACK, host, at)
    _note("promise.taken_back", promise, host, at)
    db.session.commit()


def find(meeting: Meeting, promise_id: str) -> Promise:
    """The promise of this id.

    Raises:
        NotFound: none was made at this meeting.
    """
    promise = db.session.get(Promise, promise_id)
    if promise is None or promise.meeting_id != meeting.id:
        raise NotFound
    return promise


def of_meeting(meeting_id: str) -> list[Promise]:
    """What was promised at a meeting and not taken back, in the order of promising."""
    return list(
        db.session.scalars(
            select(Promise)
            .where(Promise.meeting_id == meeting_id, Promise.taken_back_at.is_(None))
            .order_by(Promise.at, Promise.id)
        )
    )


def standing_of(promises: Sequence[Promise], today: date) -> list[Kept]:
    """What became of these promises, on that day of the courtyard; one statement for all."""
    roots = _roots({one.need_id for one in promises if one.need_id})
    found = []
    for one in promises:
        need = roots.get(one.need_id or "")
        found.append(Kept(one, _standing(need, one.due_on, today), need))
    return found


def counted(promises: Iterable[Kept]) -> dict[Standing, int]:
    """How many are kept, open and late."""
    every = [one.standing for one in promises]
    return {standing: every.count(standing) for standing in Standing}


def today_of(meeting: Meeting, at: datetime) -> date:
    """The day where the meeting is held."""
    return clock.day(at, courtyards.find(meeting.courtyard_id).zone)


def _standing(need: Need | None, due_on: date, today: date) -> Standing:
    """Kept once its matter is done; what was sent elsewhere still waits to be done."""
    if need is not None and need.lane is Lane.QUICK_FIX:
        return Standing.KEPT
    return Standing.LATE if due_on < today else Standing.OPEN


def _roots(need_ids: Iterable[str]) -> Mapping[str, Need]:
    """Need id → the one that it counts under."""
    root = aliased(Need)
    rows = db.session.execute(
        select(Need, root)
        .outerjoin(root, root.id == Need.merged_into_id)
        .where(Need.id.in_(list(need_ids)))
    )
    return {need.id: into or need for need, into in rows}


def _refuse_unless_open(meeting: Meeting) -> None:
    if meeting.signed_at is not None:
        raise Refused(N_("纪要签过字了，答应的事不能再改。"))
    if rules.state(meeting) not in {rules.State.ON, rules.State.ENDED}:
        raise Refused(N_("会开始以后才能记答应的事。"))


def _check_day(meeting: Meeting, due_on: date, at: datetime) -> None:
    today = today_of(meeting, at)
    if due_on < today:
        raise Invalid(N_("这一天已经过去了。请写今天或往后的一天。"))
    if due_on > today + DUE_WITHIN:
        raise Invalid(N_("这一天太远了。请看看年份写对没有。"))


def _about(meeting: Meeting, opinion_id: str | None) -> Opinion | None:
    if not opinion_id:
        return None
    opinion = opinions.find(opinion_id, meeting.id)
    if opinion.state is not OpinionState.ADMITTED:
        raise Refused(N_("这一条意见收回了，或者没有收下。"))
    return opinion


def _into_the_ledger(
    meeting: Meeting, made: Promise, about: Opinion | None, host: Host, at: datetime
) -> str | None:
    """Id of its matter; None in a courtyard where no round is on: there is no ledger."""
    round_ = _round_of(meeting)
    if round_ is None:
        return None
    kept = (
        db.session.get(Suggestion, about.suggestion_id) if about and about.suggestion_id else None
    )
    suggestion = kept if kept is not None and kept.round_id == round_.id else None
    pledge = Pledge(made.id, made.text, made.who, made.due_on)
    return promised._promise(round_, pledge, suggestion, by=host.account_id, at=at).id


def _tell(
    meeting: Meeting, promise: Promise, say: str, host: Host, at: datetime, **facts: object
) -> None:
    minutes._write(
        meeting,
        MinuteKind.PROMISE,
        say,
        host.called,
        at,
        meeting.item_id,
        promise.id,
        text=promise.text,
        **facts,
    )
    minutes._touch(meeting)


def _note(act: str, promise: Promise, host: Host, at: datetime) -> None:
    audit.note(
        act,
        by=host.account_id,
        at=at,
        courtyard_id=promise.courtyard_id,
        subject_id=promise.id,
        text=promise.text,
    )
