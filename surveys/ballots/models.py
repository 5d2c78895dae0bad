"""A ballot and its votes. `docs/integrity.md` says what these tables promise.

`participation` and `entry` say who, on which day and by which channel, never what. `vote` holds a
choice that only the link key can read, and the link key never lies in the database.
"""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from surveys.ballots.rules import Answer, Channel, EntryState, Showing, TieMethod
from surveys.base.chains import ChainLink, HoldsChain
from surveys.base.db import Model, WithId, Word
from surveys.counting.rules import Rule
from surveys.counting.ways import Way

__all__ = ["Answer", "Channel", "EntryState", "Showing", "TieMethod"]  # known by their tables


class Ballot(HoldsChain, Model):
    """A picking ballot on one menu. The row is also the queue: chain head and revision."""

    __tablename__ = "ballot"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("closes_at <= seals_at", name="closes_before_it_seals"),
        CheckConstraint("least_percent BETWEEN 0 AND 100", name="least_percent_is_a_share"),
        CheckConstraint("least_votes >= 0", name="least_votes_is_not_negative"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"))
    title: Mapped[str] = mapped_column(String(80))
    showing: Mapped[Showing] = mapped_column(Word(Showing, 10), default=Showing.TURNOUT)
    tie_method: Mapped[TieMethod] = mapped_column(Word(TieMethod, 10), default=TieMethod.SEED)
    way: Mapped[Way] = mapped_column(Word(Way, 10), default=Way.APPROVE)
    points: Mapped[int | None]
    """to share out, where that is the way of voting"""
    rule: Mapped[Rule] = mapped_column(Word(Rule, 20), default=Rule.GREEDY)
    least_votes: Mapped[int] = mapped_column(default=0)
    """below which an item is not done"""
    least_percent: Mapped[int] = mapped_column(default=0)
    """of the households in, below which an item is not done"""
    at_meeting: Mapped[bool] = mapped_column(default=False, server_default=false())
    """the host of a meeting opens it, and closes it: at the latest at `closes_at`"""
    created_at: Mapped[datetime]
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seals_at: Mapped[datetime]
    """at the latest; an organizer may seal as soon as a supervisor has signed"""
    frozen_at: Mapped[datetime | None]
    """when menu, rules and roll were frozen: until then it is a draft"""
    closed_at: Mapped[datetime | None]
    """when the close was written into the chain; nobody is let in after that"""
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    sealed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    rules: Mapped[str] = mapped_column(default="{}")
    """canonical JSON frozen at opening: items, costs, and every rule"""
    roll_count: Mapped[int] = mapped_column(default=0)
    """households on the frozen roll"""
    households_in: Mapped[int] = mapped_column(default=0)
    """households with a current vote"""
    revision: Mapped[int] = mapped_column(default=0)
    """raised by everything that may change a figure"""

    @property
    def ends_at(self) -> datetime:
        """When it closes, or closed: at its hour, or before it where a meeting closed it."""
        return self.closes_at if self.closed_at is None else min(self.closes_at, self.closed_at)


class BallotHousehold(Model):
    """The frozen roll: who may vote in this ballot, and in which building they are counted."""

    __tablename__ = "ballot_household"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"), primary_key=True)
    building: Mapped[str] = mapped_column(String(20))
    stairwell: Mapped[str] = mapped_column(String(20), default="", server_default="")


class Participation(WithId, Model):
    """This household took part in this ballot."""

    __tablename__ = "participation"
    __table_args__ = (UniqueConstraint("ballot_id", "household_id"),)

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"))
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"), index=True)
    receipt_hash: Mapped[str] = mapped_column(String(64), unique=True)
    current_entry: Mapped[int | None]
    """number of the entry that counts; None while all are pending or withdrawn"""
    changed_at_revision: Mapped[int] = mapped_column(default=0)
    """the ballot's revision when this household's vote last changed; back to 0 at sealing"""


class Entry(WithId, Model):
    """One coming of a household's vote: when (the day), how, by whom. Never what."""

    __tablename__ = "entry"
    __table_args__ = (
        UniqueConstraint("participation_id", "number"),
        UniqueConstraint("participation_id", "submission"),
        Index(None, "ballot_id", "state"),
        CheckConstraint("confirmed_by <> keyed_by", name="two_accounts"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"))
    participation_id: Mapped[str] = mapped_column(ForeignKey("participation.id"))
    number: Mapped[int]
    submission: Mapped[str] = mapped_column(String(40))
    """made with the form: the same one sent twice is one entry"""
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    day: Mapped[date]
    state: Mapped[EntryState] = mapped_column(Word(EntryState, 12))
    keyed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    shown_to: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    """who was shown the keyed choice to compare it with the paper; it is shown once"""
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    disputed_on: Mapped[date | None]
    """the household says: that was not us"""


class Vote(WithId, Model):
    """An encrypted choice, inserted once and never updated; gone at sealing."""

    __tablename__ = "vote"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), index=True)
    pseudonym: Mapped[str] = mapped_column(String(64), unique=True)
    """HMAC of participation and entry number under the link key"""
    sealed_choice: Mapped[bytes]


class CountedVote(WithId, Model):
    """A choice and nothing else, written at sealing in random order."""

    __tablename__ = "counted_vote"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), index=True)
    choice: Mapped[str]
    """canonical JSON: the marks by item (counting/ways.py)"""
    part: Mapped[str] = mapped_column(String(50), default="", server_default="")
    """of which building or stairwell the items are; empty: what everybody chooses from"""


class CallBack(Model):
    """A household drawn at the close, to be asked by a supervisor whether it really took part."""

    __tablename__ = "call_back"

    participation_id: Mapped[str] = mapped_column(ForeignKey("participation.id"), primary_key=True)
    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), index=True)
    answer: Mapped[Answer | None] = mapped_column(Word(Answer, 10))
    """None until somebody asked"""
    asked_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    asked_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(String(200), default="")


class Event(ChainLink, Model):
    """A link of the ballot's chain. Carries no choice and no time finer than the day."""

    __tablename__ = "event"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
