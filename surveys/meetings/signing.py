"""The minutes edited after the meeting, and signed: from then on nothing in them changes.

A line keeps what the act wrote; what stands there instead is written beside it. The database
refuses whatever would change a line after signing.
"""

from datetime import datetime

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json, text_digest
from surveys.errors import NotFound, Refused
from surveys.meetings import minutes, polls, rules, writing_up
from surveys.meetings.asking import Host
from surveys.meetings.models import Meeting, Minute, MinuteKind
from surveys.meetings.rules import State

LONGEST = 400
NOTED = N_("%(text)s")
"""a note says nothing but what was typed"""

audit.words(
    {
        "minutes.reworded": N_("改了恳谈会纪要第 %(number)s 行"),
        "minutes.left_out": N_("恳谈会纪要第 %(number)s 行不写了"),
        "minutes.put_back": N_("恳谈会纪要第 %(number)s 行放回来了"),
        "minutes.noted": N_("恳谈会纪要补了第 %(number)s 行"),
        "minutes.signed": N_("恳谈会纪要签字定稿"),
    }
)


def line_of(meeting: Meeting, minute_id: str) -> Minute:
    """The line of this id.

    Raises:
        NotFound: the minutes of this meeting have none.
    """
    line = db.session.get(Minute, minute_id)
    if line is None or line.meeting_id != meeting.id:
        raise NotFound
    return line


@retrying
def reword(line: Minute, text: str, *, by: str, at: datetime) -> None:
    """Let a line say something else; what the act wrote is kept. As it was: the edit is dropped.

    Raises:
        Invalid: nothing was typed, or too much.
        Refused: the minutes are signed.
    """
    said = one_line(text, LONGEST, N_("这一行不能空着。不要它，点“不写这一行”。"))
    _held(line)
    if said == writing_up.text_of(line):
        db.session.rollback()
        return
    original = writing_up.original_of(line)
    line.edited = None if said == original else said
    line.edited_by, line.edited_at = by, at
    _done("minutes.reworded", line, by, at)


@retrying
def leave_out(line: Minute, *, by: str, at: datetime) -> None:
    """Leave a line out of what is signed; it is still seen at the desk.

    Raises:
        Refused: the minutes are signed.
    """
    _held(line)
    if line.left_out_at is not None:
        db.session.rollback()
        return
    line.left_out_at = at
    _done("minutes.left_out", line, by, at)


@retrying
def put_back(line: Minute, *, by: str, at: datetime) -> None:
    """Put a line back that was left out.

    Raises:
        Refused: the minutes are signed.
    """
    _held(line)
    if line.left_out_at is None:
        db.session.rollback()
        return
    line.left_out_at = None
    _done("minutes.put_back", line, by, at)


@retrying
def note(meeting: Meeting, text: str, item_id: str | None, *, host: Host, at: datetime) -> None:
    """Add a line: what was decided, or what no act has told. The same line twice is one.

    Raises:
        Invalid: nothing was typed, or too much.
        Refused: the meeting has not begun, or the minutes are signed.
    """
    said = one_line(text, LONGEST, N_("还没有写。"))
    meeting = minutes._lock(meeting.id)
    _refuse_signed(meeting)
    if meeting.begun_at is None:
        raise Refused(N_("会还没开始，没有纪要。"))
    last = writing_up.lines_of(meeting)[-1:]
    if last and last[0].kind is MinuteKind.NOTE and writing_up.text_of(last[0]) == said:
        db.session.rollback()
        return
    line = minutes._write(
        meeting, MinuteKind.NOTE, NOTED, host.called, at, item_id or None, None, text=said
    )
    _done("minutes.noted", line, host.account_id, at)


@retrying
def sign(meeting: Meeting, *, seen: str, by: str, at: datetime) -> None:
    """Freeze the minutes by their hash. Signed twice is signed once.

    Args:
        seen: `writing_up.seen_mark` of what was on the page.

    Raises:
        Refused: the meeting has not ended, a question is open, or somebody has changed something
            since the page was shown.
    """
    meeting = minutes._lock(meeting.id)
    if meeting.signed_at is not None:
        db.session.rollback()
        return
    if rules.state(meeting) is not State.ENDED:
        raise Refused(N_("散会以后才能签字定稿。"))
    if polls.open_poll(meeting) is not None:
        raise Refused(N_("当场问的一句还开着，先截止，再签字。"))
    if writing_up.seen_mark(meeting) != seen:
        raise Refused(N_("刚才有人改过，下面是现在的样子。看一遍，没错再签。"))
    body = writing_up.draft(meeting) | {"signed": at.isoformat()}
    meeting.minutes = canonical_json(body)
    meeting.minutes_hash = text_digest(meeting.minutes)
    meeting.signed_at, meeting.signed_by = at, by
    minutes._touch(meeting)
    audit.note(
        "minutes.signed",
        by=by,
        at=at,
        courtyard_id=meeting.courtyard_id,
        subject_id=meeting.id,
        hash=meeting.minutes_hash,
    )
    db.session.commit()


def _held(line: Minute) -> None:
    """The line as it is now, held with its meeting."""
    meeting = minutes._lock(line.meeting_id)
    _refuse_signed(meeting)
    db.session.refresh(line)


def _refuse_signed(meeting: Meeting) -> None:
    if meeting.signed_at is not None:
        raise Refused(N_("纪要签过字了，一个字也不能再改。"))


def _done(act: str, line: Minute, by: str, at: datetime) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=line.courtyard_id,
        subject_id=line.meeting_id,
        number=line.number,
    )
    db.session.commit()
