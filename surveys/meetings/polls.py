"""One question asked on the spot and answered from phones: not a vote, and it says so.

While it is open only how many answered is told, and that stands on the poll's own row. At the close
the figures are frozen and the answers go: nobody can look up later what a household answered.
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.errors import Invalid, NotFound, Refused
from surveys.meetings import minutes, rules
from surveys.meetings.models import AgendaItem, Meeting, MinuteKind, Poll, PollVote
from surveys.meetings.phones import Phone, _mind_the_taps
from surveys.meetings.rules import State

OVER = N_("这一问已经截止了，您刚才点的没有算进去。")
_OPEN = select(Poll).where(Poll.meeting_id == bindparam("meeting"), Poll.closed_at.is_(None))
"""put together once: every phone at a meeting asks it"""
_LOCK = (
    select(Poll)
    .where(Poll.id == bindparam("poll"))
    .with_for_update(key_share=True)
    .execution_options(populate_existing=True)
)


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of a poll that is closed."""

    counts: Sequence[tuple[str, int]]
    """each choice, in order, and how many took it"""
    households: int
    phones: int
    """that told no door"""

    @property
    def answers(self) -> int:
        """Households and phones together."""
        return self.households + self.phones

    @property
    def few(self) -> bool:
        """Whether so few answered that it tells little of what people want."""
        return self.answers < rules.FEW_ANSWERS

    @property
    def most(self) -> int:
        """The number of the choice that was taken most."""
        return max(number for _, number in self.counts)


@dataclass(frozen=True, slots=True)
class Question:
    """A poll as every phone shows it: with its choices while it is open, then with what came."""

    id: str
    words: str
    choices: Sequence[str]
    figures: Figures | None


def find_of(meeting: Meeting, poll_id: str) -> Poll:
    """A poll of this very meeting.

    Raises:
        NotFound: there is none.
    """
    poll = db.session.get(Poll, poll_id)
    if poll is None or poll.meeting_id != meeting.id:
        raise NotFound
    return poll


def open_poll(meeting: Meeting) -> Poll | None:
    """The poll that takes answers now; at most one does."""
    return db.session.scalar(_OPEN, {"meeting": meeting.id})


def latest(meeting: Meeting, item_id: str | None) -> Poll | None:
    """The poll that was asked last at an item of the agenda, open or closed."""
    return db.session.scalar(
        select(Poll)
        .where(Poll.meeting_id == meeting.id, Poll.item_id.is_not_distinct_from(item_id))
        .order_by(Poll.closed_at.is_not(None), Poll.opened_at.desc(), Poll.id)
        .limit(1)
    )


def question_now(meeting: Meeting) -> Question | None:
    """What phones show: the poll that is open, else what came of the present item's latest one."""
    poll = open_poll(meeting) or (latest(meeting, meeting.item_id) if meeting.item_id else None)
    if poll is None:
        return None
    return Question(poll.id, poll.question, tuple(choices_of(poll)), figures_of(poll))


def of_meeting(meeting: Meeting) -> list[Poll]:
    """All polls of a meeting in the order in which they were asked."""
    found = select(Poll).where(Poll.meeting_id == meeting.id).order_by(Poll.opened_at, Poll.id)
    return list(db.session.scalars(found))


def choices_of(poll: Poll) -> list[str]:
    """The choices in order."""
    found: list[str] = json.loads(poll.choices)
    return found


def figures_of(poll: Poll) -> Figures | None:
    """What came of it; None while it is open, when nobody is to know."""
    if poll.figures is None:
        return None
    counts = zip(choices_of(poll), json.loads(poll.figures), strict=True)
    return Figures(tuple(counts), poll.households, poll.phones)


def answer_of(question: Question | None, phone: Phone) -> int | None:
    """Which choice this phone, or its household, took; None: none, or nothing is open."""
    if question is None or question.figures is not None:
        return None
    found = _vote_of(question.id, phone)
    return found.choice if found else None


@retrying
def ask(
    meeting: Meeting,
    question: str,
    choices: Iterable[str],
    *,
    item_id: str | None,
    called: str,
    at: datetime,
) -> Poll:
    """Ask the phones at a meeting one question. The very same asked twice is one poll.

    Args:
        called: what whoever asks is called, for the minutes.

    Raises:
        Invalid: no question, or its choices cannot stand.
        Refused: the meeting is not on, or another poll is open.
    """
    said, offered = rules.asked(question), canonical_json(rules.choices(choices))
    meeting = minutes._lock(meeting.id)
    present = open_poll(meeting)
    if present is not None and (present.question, present.choices) == (said, offered):
        db.session.rollback()
        return present
    if rules.state(meeting) is not State.ON:
        raise Refused(N_("会开着的时候才能当场问。"))
    if present is not None:
        raise Refused(N_("“%(question)s”还开着，先截止，再问下一个。"), question=present.question)
    poll = Poll(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        item_id=item_id,
        question=said,
        choices=offered,
        opened_at=at,
        households=0,
        phones=0,
    )
    db.session.add(poll)
    _mark(poll)
    _tell(meeting, poll, N_("当场问：%(question)s"), called, at, choices=choices_of(poll))
    db.session.commit()
    return poll


@retrying
def answer(poll: Poll, phone: Phone, choice: int, *, at: datetime) -> None:
    """Take a choice, or another one than before: once a household, once a phone without a door.

    A phone that answered without a door and holds its slip now answers for its household only.

    Args:
        choice: from 1.

    Raises:
        Invalid: no such choice.
        Refused: the poll is closed; nothing was counted.
        TooOften: this phone taps without end.
    """
    poll = db.session.scalars(_LOCK, {"poll": poll.id}).one()
    if poll.closed_at is not None:
        raise Refused(OVER)
    if not 1 <= choice <= len(choices_of(poll)):
        raise Invalid(N_("请先点一样。"))
    vote, nameless = _vote_of(poll.id, phone), _nameless_vote_of(poll, phone)
    if vote is not None and vote.choice == choice and nameless is None:
        db.session.rollback()
        return
    _mind_the_taps(phone, at)
    if nameless is not None:
        db.session.delete(nameless)
        poll.phones -= 1
    if vote is not None:
        vote.choice = choice
    else:
        _add(poll, phone, choice)
    db.session.commit()


@retrying
def close(poll: Poll, *, called: str, at: datetime) -> None:
    """Take no more answers, and freeze what came. Pressed twice it is closed once."""
    meeting = minutes._lock(poll.meeting_id)
    _close(meeting, poll.id, called, at)
    db.session.commit()


def _close(meeting: Meeting, poll_id: str, called: str, at: datetime) -> None:
    """As `close`, for the act that closes an item too. The meeting is locked; never commits."""
    poll = db.session.scalars(_LOCK, {"poll": poll_id}).one()
    if poll.closed_at is not None:
        return
    counted = Counter(
        dict(
            db.session.execute(
                select(PollVote.choice, func.count())
                .where(PollVote.poll_id == poll.id)
                .group_by(PollVote.choice)
            ).all()
        )
    )
    db.session.execute(delete(PollVote).where(PollVote.poll_id == poll.id))
    names = choices_of(poll)
    poll.figures = canonical_json([counted[number] for number in range(1, len(names) + 1)])
    poll.closed_at = at
    _mark(poll)
    said = figures_of(poll)
    _tell(
        meeting,
        poll,
        N_(
            "当场问的截止：%(question)s %(said)s。"
            "%(households)s 户答了，另有没认门的手机 %(phones)s 部"
        ),
        called,
        at,
        said=in_words(said.counts if said else ()),
        households=poll.households,
        phones=poll.phones,
    )


def in_words(counts: Iterable[tuple[str, int]]) -> str:
    """Choices with their numbers, as they stand in the minutes."""
    return "，".join(f"{name} {number}" for name, number in counts)


def _mark(poll: Poll) -> None:
    """Let the item of the agenda say, as for anything else that is asked, whether it is open."""
    item = db.session.get(AgendaItem, poll.item_id) if poll.item_id else None
    if item is not None:
        item.opened_at, item.closed_at = item.opened_at or poll.opened_at, poll.closed_at


def _tell(
    meeting: Meeting, poll: Poll, say: str, called: str, at: datetime, **facts: object
) -> None:
    minutes._write(
        meeting,
        MinuteKind.ASKED,
        say,
        called,
        at,
        item_id=poll.item_id,
        subject_id=poll.id,
        question=poll.question,
        **facts,
    )
    minutes._touch(meeting)


def _vote_of(poll_id: str, phone: Phone) -> PollVote | None:
    whose = (
        PollVote.household_id == phone.household_id
        if phone.household_id
        else PollVote.device_hash == phone.key
    )
    return db.session.scalar(select(PollVote).where(PollVote.poll_id == poll_id, whose))


def _add(poll: Poll, phone: Phone, choice: int) -> None:
    db.session.add(
        PollVote(
            poll_id=poll.id,
            household_id=phone.household_id,
            device_hash=phone.own_key,
            choice=choice,
        )
    )
    if phone.household_id:
        poll.households += 1
    else:
        poll.phones += 1


def _nameless_vote_of(poll: Poll, phone: Phone) -> PollVote | None:
    """What this phone answered before it told its door, which then counts no more."""
    if phone.household_id is None:
        return None
    return db.session.scalar(
        select(PollVote).where(
            PollVote.poll_id == poll.id,
            PollVote.household_id.is_(None),
            PollVote.device_hash == phone.nameless,
        )
    )
