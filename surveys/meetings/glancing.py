"""What host and recorder do with opinions: take one down, let it be shown, or not."""

from datetime import datetime

from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Refused
from surveys.meetings import minutes, rules
from surveys.meetings.asking import Host
from surveys.meetings.attending import _check_door
from surveys.meetings.models import Meeting, Opinion, OpinionState
from surveys.meetings.opinions import (
    _bound,
    _keep,
    _note,
    _off_the_wall,
    _sent_before,
    _withdraw,
    _write,
)
from surveys.needs import intake, withholding
from surveys.needs.models import Suggestion
from surveys.rounds import service as rounds
from surveys.rounds.models import Round

CHANNEL = "meeting"
WITHHELD = N_("会上没有放上墙")
"""why the ledger shows it to nobody else"""


@retrying
def take_down(
    meeting: Meeting,
    text: str,
    *,
    household_id: str | None,
    host: Host,
    submission: str,
    at: datetime,
) -> Opinion:
    """Keep what somebody said aloud; typed by staff, it needs no other glance.

    Raises:
        Invalid: nothing was typed, or too much.
        NotFound: the household is not of this courtyard.
        Refused: the meeting has not begun, or its minutes are signed.
    """
    said = rules.spoken(text)
    meeting = minutes._lock(meeting.id)
    bound = _bound(submission, meeting.id)
    before = _sent_before(bound)
    if before is not None:
        db.session.commit()
        return before
    if meeting.begun_at is None:
        raise Refused(N_("会还没开始。开始了再记。"))
    _refuse_signed(meeting)
    if household_id is not None:
        _check_door(meeting, household_id)
    kept = _keep(meeting, said, bound, at)
    kept.household_id, kept.taken_down_by = household_id, host.called
    _note("opinion.taken_down", kept, host.account_id, at)
    _admit(meeting, kept, host, at)
    db.session.commit()
    return kept


@retrying
def admit(opinion: Opinion, *, host: Host, at: datetime) -> None:
    """Let it be shown, and put it into the ledger. Admitted twice is once.

    Raises:
        Refused: who said it has taken it back, or the minutes are signed.
    """
    meeting = _held(opinion)
    if opinion.state is OpinionState.ADMITTED:
        db.session.commit()
        return
    _refuse_signed(meeting)
    _note("opinion.admitted", opinion, host.account_id, at)
    _admit(meeting, opinion, host, at)
    db.session.commit()


@retrying
def withhold(opinion: Opinion, *, host: Host, at: datetime) -> None:
    """Show it to nobody but staff and who said it; on the wall it is seen no more.

    Raises:
        Refused: who said it has taken it back, or the minutes are signed.
    """
    meeting = _held(opinion)
    if opinion.state is OpinionState.WITHHELD:
        db.session.commit()
        return
    _refuse_signed(meeting)
    if opinion.suggestion_id is not None:
        kept = db.session.get_one(Suggestion, opinion.suggestion_id)
        withholding._withhold(kept, WITHHELD, host.account_id, at)
    opinion.state = OpinionState.WITHHELD
    _note("opinion.withheld", opinion, host.account_id, at)
    _off_the_wall(meeting, opinion)
    minutes._touch(meeting)
    db.session.commit()


@retrying
def strike(opinion: Opinion, *, host: Host, at: datetime) -> None:
    """Take back what staff took down: it was typed wrongly, or the speaker wants it gone.

    Raises:
        Refused: it came from a phone, whose it is to take it back; or the minutes are signed.
    """
    meeting = minutes._lock(opinion.meeting_id)
    db.session.refresh(opinion, with_for_update=True)
    if opinion.taken_down_by is None:
        raise Refused(N_("这一条是手机上说的，只有说的人能收回。不合适的，可以不放上墙。"))
    _refuse_signed(meeting)
    _withdraw(meeting, opinion, host.account_id, at, by=host.called)
    db.session.commit()


def _held(opinion: Opinion) -> Meeting:
    """Its meeting, locked, with the opinion as it stands now; refused where it was taken back."""
    meeting = minutes._lock(opinion.meeting_id)
    db.session.refresh(opinion, with_for_update=True)
    if opinion.state is OpinionState.WITHDRAWN:
        raise Refused(N_("这一条，说的人收回了。"))
    return meeting


def _admit(meeting: Meeting, opinion: Opinion, host: Host, at: datetime) -> None:
    opinion.state = OpinionState.ADMITTED
    _into_the_ledger(meeting, opinion, host.account_id, at)
    _write(meeting, opinion, N_("收下第 %(number)s 条意见"), host.called, at)
    minutes._touch(meeting)


def _into_the_ledger(
    meeting: Meeting, opinion: Opinion, account_id: str | None, at: datetime
) -> None:
    """With the household if it is known; in a courtyard where no round is on there is no ledger."""
    if opinion.suggestion_id is not None:
        kept = db.session.get_one(Suggestion, opinion.suggestion_id)
        withholding._release(kept, account_id, at)
        return
    round_ = _round_of(meeting)
    if round_ is None:
        return
    said = intake.Said(opinion.text, opinion.household_id, CHANNEL, opinion.id)
    kept, _is_new = intake._kept(round_, said, at)
    db.session.flush()
    opinion.suggestion_id = kept.id


def _round_of(meeting: Meeting) -> Round | None:
    own = db.session.get(Round, meeting.round_id) if meeting.round_id else None
    return own if own and own.ended_at is None else rounds.current(meeting.courtyard_id)


def _refuse_signed(meeting: Meeting) -> None:
    if meeting.signed_at is not None:
        raise Refused(N_("纪要签过字了，意见不能再改。"))
