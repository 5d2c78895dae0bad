"""A meeting: what is shown and asked, who came, what was said, and what was written down."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId, Word
from surveys.meetings.rules import ItemKind, MinuteKind, OpinionState, Picture

__all__ = ["ItemKind", "MinuteKind", "OpinionState", "Picture"]  # known by their tables


class Meeting(WithId, Model):
    """One meeting. The row is what the wall shows: whoever asks reads it and nothing else first."""

    __tablename__ = "meeting"
    __table_args__ = (CheckConstraint("visitors >= 0", name="visitors_are_counted"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(80))
    place: Mapped[str] = mapped_column(String(80))
    starts_at: Mapped[datetime]
    created_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    item_id: Mapped[str | None] = mapped_column(String(13))
    """the item the meeting is at; no key, since items name their meeting"""
    picture: Mapped[Picture] = mapped_column(Word(Picture, 10), default=Picture.AGENDA)
    subject_id: Mapped[str | None] = mapped_column(String(13))
    """which opinion, where one is shown"""
    letters: Mapped[int] = mapped_column(default=0)
    """size of the wall's text: 0, or 1 and 2 for larger"""
    until: Mapped[datetime | None]
    """end of the countdown"""
    frozen: Mapped[str | None]
    """the wall's part as it stood when it was frozen; None: it follows"""
    frozen_at: Mapped[datetime | None]
    before: Mapped[str] = mapped_column(default="[]")
    """canonical JSON: the last steps of the remote that may be undone, oldest first"""
    step: Mapped[int] = mapped_column(default=0)
    """raised by every act of the remote: a form made from an older one is stale"""
    revision: Mapped[int] = mapped_column(default=0)
    """raised by all that wall or phones may show differently, but for the figures of a ballot"""
    visitors: Mapped[int] = mapped_column(default=0)
    """people who came and are of no household of the roll"""
    signed_at: Mapped[datetime | None]
    """when the minutes were frozen"""
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    minutes: Mapped[str | None]
    """canonical JSON of the minutes as they were signed"""
    minutes_hash: Mapped[str] = mapped_column(String(64), default="")


class AgendaItem(WithId, Model):
    """One item of the agenda, in order of position."""

    __tablename__ = "agenda_item"

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    position: Mapped[int]
    kind: Mapped[ItemKind] = mapped_column(Word(ItemKind, 10))
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(default="")
    about_id: Mapped[str | None] = mapped_column(String(13))
    """id of a questionnaire, a ballot or an owners' vote, by its kind"""
    opened_at: Mapped[datetime | None]
    """what is asked at it was opened"""
    closed_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


class Remote(WithId, Model):
    """A link that makes a phone the remote of one meeting, for a few hours. One phone holds it."""

    __tablename__ = "remote"
    __table_args__ = (
        Index(
            "uq_remote_held",
            "meeting_id",
            unique=True,
            sqlite_where=text("taken_at IS NOT NULL AND ended_at IS NULL"),
            postgresql_where=text("taken_at IS NOT NULL AND ended_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    host: Mapped[str] = mapped_column(String(40), default="")
    """what the host is called, for the minutes and for who is taken over from"""
    device_hash: Mapped[str | None] = mapped_column(String(64))
    """the phone that opened the link first; another needs a link of its own"""
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str] = mapped_column(String(40), default="")
    """what the host is called who took over; empty: it was put down"""


class Attendance(WithId, Model):
    """Somebody is here: a household, or a phone that tells no door."""

    __tablename__ = "attendance"
    __table_args__ = (
        Index(
            "uq_attendance_household",
            "meeting_id",
            "household_id",
            unique=True,
            sqlite_where=text("household_id IS NOT NULL AND taken_back_at IS NULL"),
            postgresql_where=text("household_id IS NOT NULL AND taken_back_at IS NULL"),
        ),
        Index(
            "uq_attendance_device",
            "meeting_id",
            "device_hash",
            unique=True,
            sqlite_where=text("household_id IS NULL AND taken_back_at IS NULL"),
            postgresql_where=text("household_id IS NULL AND taken_back_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    way: Mapped[str] = mapped_column(String(10))
    """scan or tick"""
    by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Opinion(WithId, Model):
    """Something said at a meeting, word for word."""

    __tablename__ = "opinion"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    item_id: Mapped[str | None] = mapped_column(ForeignKey("agenda_item.id"))
    number: Mapped[int]
    text: Mapped[str]
    taken_down_by: Mapped[str | None] = mapped_column(String(40))
    """what the recorder is called; None: it came from a phone"""
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    submission: Mapped[str] = mapped_column(String(40), unique=True)
    said_at: Mapped[datetime]
    state: Mapped[OpinionState] = mapped_column(
        Word(OpinionState, 10), default=OpinionState.WAITING
    )
    suggestion_id: Mapped[str | None] = mapped_column(ForeignKey("suggestion.id"), unique=True)
    """in the ledger, from its admission on"""


class OpinionSupport(WithId, Model):
    """我也是: once a household, once a phone that tells no door."""

    __tablename__ = "opinion_support"
    __table_args__ = (
        UniqueConstraint("opinion_id", "device_hash"),
        UniqueConstraint("opinion_id", "household_id"),
    )

    opinion_id: Mapped[str] = mapped_column(ForeignKey("opinion.id"))
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    """of a phone that tells no door; None where the household is known"""
    at: Mapped[datetime]


class Poll(WithId, Model):
    """One question with two to six choices, asked on the spot and answered from phones."""

    __tablename__ = "poll"
    __table_args__ = (
        Index(
            "uq_poll_open",
            "meeting_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("agenda_item.id"))
    question: Mapped[str] = mapped_column(String(80))
    choices: Mapped[str]
    """canonical JSON: a list of words"""
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    households: Mapped[int] = mapped_column(default=0)
    """that answered; told while it is open, so that whoever asks reads no answer"""
    phones: Mapped[int] = mapped_column(default=0)
    """that answered and told no door"""
    figures: Mapped[str | None]
    """canonical JSON: how many took each choice, in order, frozen at the close"""


class PollVote(WithId, Model):
    """One phone's answer to a poll, or one household's; changed until the close, gone with it."""

    __tablename__ = "poll_vote"
    __table_args__ = (
        UniqueConstraint("poll_id", "device_hash"),
        UniqueConstraint("poll_id", "household_id"),
    )

    poll_id: Mapped[str] = mapped_column(ForeignKey("poll.id"))
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"))
    device_hash: Mapped[str | None] = mapped_column(String(64))
    choice: Mapped[int]
    """from 1"""


class Hands(WithId, Model):
    """A show of hands counted in one stairwell or building. Never changed, only taken back."""

    __tablename__ = "hands"
    __table_args__ = (
        CheckConstraint("count >= 0 AND people >= count", name="hands_are_of_people"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    item_id: Mapped[str | None] = mapped_column(ForeignKey("agenda_item.id"))
    question: Mapped[str] = mapped_column(String(80))
    choice: Mapped[str] = mapped_column(String(40))
    position: Mapped[int]
    """of the choice among those that were called, from 1"""
    building: Mapped[str] = mapped_column(String(20), default="")
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    count: Mapped[int]
    """hands"""
    people: Mapped[int]
    """who were there to raise one: the denominator"""
    counted_by: Mapped[str] = mapped_column(String(40))
    typed_by: Mapped[str] = mapped_column(String(40))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Minute(WithId, Model):
    """A line of the minutes, written by the act that it tells of, in the language of the place."""

    __tablename__ = "minute"
    __table_args__ = (UniqueConstraint("meeting_id", "number"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"))
    number: Mapped[int]
    item_id: Mapped[str | None] = mapped_column(ForeignKey("agenda_item.id"))
    kind: Mapped[MinuteKind] = mapped_column(Word(MinuteKind, 10))
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(40), default="")
    """what who did it is called"""
    say: Mapped[str]
    """message id"""
    facts: Mapped[str] = mapped_column(default="{}")
    """canonical JSON: its parameters, and what else the act wants kept"""
    subject_id: Mapped[str | None] = mapped_column(String(13))
    """of what it tells: an opinion, a poll, a promise"""
    edited: Mapped[str | None]
    """what stands there instead, since somebody edited it"""
    edited_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[datetime | None]
    left_out_at: Mapped[datetime | None]


class Promise(WithId, Model):
    """Something promised at a meeting: who does it, by when. It stands in the ledger."""

    __tablename__ = "promise"

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    meeting_id: Mapped[str] = mapped_column(ForeignKey("meeting.id"), index=True)
    opinion_id: Mapped[str | None] = mapped_column(ForeignKey("opinion.id"))
    text: Mapped[str] = mapped_column(String(200))
    who: Mapped[str] = mapped_column(String(60))
    due_on: Mapped[date]
    need_id: Mapped[str | None] = mapped_column(ForeignKey("need.id"))
    submission: Mapped[str] = mapped_column(String(40), unique=True)
    at: Mapped[datetime]
    by: Mapped[str] = mapped_column(String(40))
    taken_back_at: Mapped[datetime | None]
