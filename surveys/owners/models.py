"""Owners' votes, real-name by law: `docs/owners-vote.md` says who may read them.

`vote_owner` and `vote_unit` are the register as it stood when a vote was opened.
"""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.chains import ChainLink, HoldsChain
from surveys.base.db import Model, WithId, Word
from surveys.counting.double_majority import Unmarked, Weight
from surveys.owners.register_models import AreaSource, OwnerKind


class Channel(StrEnum):
    """How an owner's vote came."""

    PAPER = "paper"
    ONLINE = "online"


class Capacity(StrEnum):
    """As what somebody signed."""

    OWNER = "owner"
    AGENT = "agent"


class EntryState(StrEnum):
    """What became of one coming of an owner's vote."""

    PENDING = "pending"
    """keyed by staff, waits for a second account"""
    CONFIRMED = "confirmed"
    """it counts"""
    CONTESTED = "contested"
    """another says otherwise for the same owner: neither counts until a supervisor decided"""
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class DeliveryWay(StrEnum):
    """How a ballot went to an owner."""

    HAND = "hand"
    MAIL = "mail"
    MESSAGE = "message"
    FAILED = "failed"
    """tried, and nobody reached"""
    POSTED = "posted"
    """posted in the courtyard, since it could not be delivered"""


class CorrectionKind(StrEnum):
    """Why the register of a vote is not what it was."""

    MISTAKE = "mistake"
    """it was wrong on the day of the register: from now on it counts as corrected"""
    SOLD = "sold"
    """the unit was sold since: noted and printed, the count stays as on the day of the register"""


class OwnersVote(HoldsChain, Model):
    """One sheet with one or several motions. The row is also the queue: chain head and revision."""

    __tablename__ = "owners_vote"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("closes_at <= seals_at", name="closes_before_it_seals"),
        CheckConstraint("proxy_most BETWEEN 0 AND 99", name="proxy_most_is_a_number_of_people"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str | None] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(80))
    called_by: Mapped[str] = mapped_column(String(80), default="")
    """who calls for it, as the notice says: the committee, the community"""
    rule_set: Mapped[str] = mapped_column(String(40))
    """key of a rule set (counting/double_majority.py)"""
    noticed_on: Mapped[date]
    """day on which the ballot notice is posted"""
    notice_reason: Mapped[str] = mapped_column(String(200), default="")
    """why it is posted less than the usual number of days ahead; empty where it is not"""
    opens_at: Mapped[datetime]
    closes_at: Mapped[datetime]
    seals_at: Mapped[datetime]
    """by then paper received before the close is keyed in and confirmed"""
    unmarked: Mapped[Unmarked] = mapped_column(Word(Unmarked, 10), default=Unmarked.ABSTAIN)
    proxy_most: Mapped[int] = mapped_column(default=3)
    """owners that one agent may vote for"""
    is_online: Mapped[bool] = mapped_column(default=False)
    online_basis: Mapped[str] = mapped_column(String(200), default="")
    """the sentence of the online rule, copied at opening"""
    silence_text: Mapped[str] = mapped_column(default="")
    """the clause that folds silent owners into the majority, word for word; empty: there is none"""
    silence_source: Mapped[str] = mapped_column(String(120), default="")
    """which document it stands in"""
    created_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    created_at: Mapped[datetime]
    frozen_at: Mapped[datetime | None]
    """when register, motions and rules were frozen: until then it is a draft"""
    closed_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    sealed_at: Mapped[datetime | None]
    published_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    void_reason: Mapped[str] = mapped_column(String(200), default="")
    rules: Mapped[str] = mapped_column(default="{}")
    """canonical JSON frozen at opening: motions, rule set, and every setting"""
    owners: Mapped[int] = mapped_column(default=0)
    """on the frozen register"""
    area_dm2: Mapped[int] = mapped_column(default=0)
    """of all units on the frozen register"""
    revision: Mapped[int] = mapped_column(default=0)
    """raised by everything that may change a figure"""


class Motion(WithId, Model):
    """One thing to agree to or not. 赞成, 反对, 弃权 are always offered: none can be left out."""

    __tablename__ = "motion"
    __table_args__ = (UniqueConstraint("vote_id", "number"),)

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"))
    number: Mapped[int]
    title: Mapped[str] = mapped_column(String(80))
    text: Mapped[str] = mapped_column(default="")
    matter: Mapped[str] = mapped_column(String(30))
    """key of a matter of the rule set; it says whether the motion is ordinary or grave"""
    weight: Mapped[Weight] = mapped_column(Word(Weight, 10))


class VoteOwner(WithId, Model):
    """An owner on the frozen register of a vote."""

    __tablename__ = "vote_owner"
    __table_args__ = (UniqueConstraint("vote_id", "number"),)

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"))
    owner_id: Mapped[str | None] = mapped_column(ForeignKey("owner.id"))
    """the living row it was copied from; None where a correction added it"""
    number: Mapped[int]
    """on the register and on the paper ballot, from 1"""
    kind: Mapped[OwnerKind] = mapped_column(Word(OwnerKind, 10))
    names: Mapped[str] = mapped_column(String(400))
    """canonical JSON: a list of names, each of one who may sign"""
    voter: Mapped[str] = mapped_column(String(60), default="")


class VoteUnit(WithId, Model):
    """A unit on the frozen register of a vote, and whose it is there."""

    __tablename__ = "vote_unit"
    __table_args__ = (
        UniqueConstraint("vote_id", "building", "stairwell", "room"),
        CheckConstraint("area_dm2 > 0", name="area_is_positive"),
    )

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"))
    vote_owner_id: Mapped[str] = mapped_column(ForeignKey("vote_owner.id"), index=True)
    building: Mapped[str] = mapped_column(String(20))
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(20))
    area_dm2: Mapped[int]
    source: Mapped[AreaSource] = mapped_column(Word(AreaSource, 10))
    position: Mapped[int]


class Correction(WithId, Model):
    """A change of a vote's register: asked for by one account, confirmed by another."""

    __tablename__ = "correction"
    __table_args__ = (CheckConstraint("confirmed_by <> asked_by", name="two_accounts"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), index=True)
    vote_unit_id: Mapped[str] = mapped_column(ForeignKey("vote_unit.id"))
    kind: Mapped[CorrectionKind] = mapped_column(Word(CorrectionKind, 10))
    body: Mapped[str]
    """canonical JSON: owner's names, kind, voter, area and source before and after"""
    reason: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    confirmed_at: Mapped[datetime | None]
    dropped_at: Mapped[datetime | None]


class OwnerCode(WithId, Model):
    """One generation of an owner's code in one vote. Only keyed hashes are kept."""

    __tablename__ = "owner_code"
    __table_args__ = (
        UniqueConstraint("vote_owner_id", "generation"),
        Index(
            "uq_owner_code_current",
            "vote_owner_id",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), index=True)
    vote_owner_id: Mapped[str] = mapped_column(ForeignKey("vote_owner.id"))
    generation: Mapped[int]
    long_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    printed_at: Mapped[datetime | None]
    """it is printed once; who lost it gets the next generation"""
    retired_at: Mapped[datetime | None]


class Proof(WithId, Model):
    """A picture of a paper: a signed ballot, a 委托书, a receipt of delivery."""

    __tablename__ = "proof"
    __table_args__ = (UniqueConstraint("vote_id", "digest"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the picture: the same one sent twice is kept once"""
    width: Mapped[int]
    height: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]


class Delivery(WithId, Model):
    """How and when an owner got the ballot, or that nobody was reached. Never changed."""

    __tablename__ = "delivery"

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), index=True)
    vote_owner_id: Mapped[str] = mapped_column(ForeignKey("vote_owner.id"), index=True)
    way: Mapped[DeliveryWay] = mapped_column(Word(DeliveryWay, 10))
    on_day: Mapped[date]
    to_whom: Mapped[str] = mapped_column(String(60), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    proof_id: Mapped[str | None] = mapped_column(ForeignKey("proof.id"))
    by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]


class Proxy(WithId, Model):
    """An owner lets an agent vote, by a 委托书. The slot keeps an agent to so many owners."""

    __tablename__ = "proxy"
    __table_args__ = (
        Index(
            "uq_proxy_of_owner",
            "vote_owner_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index(
            "uq_proxy_slot",
            "vote_id",
            "agent",
            "slot",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("slot >= 1", name="slot_is_from_one"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), index=True)
    vote_owner_id: Mapped[str] = mapped_column(ForeignKey("vote_owner.id"))
    agent: Mapped[str] = mapped_column(String(64))
    """digest of the agent's name and mark"""
    agent_name: Mapped[str] = mapped_column(String(60))
    agent_mark: Mapped[str] = mapped_column(String(20), default="")
    slot: Mapped[int]
    """1 … the vote's proxy_most"""
    proof_id: Mapped[str] = mapped_column(ForeignKey("proof.id"))
    noted_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    noted_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str] = mapped_column(String(200), default="")


class OwnerEntry(WithId, Model):
    """One coming of an owner's vote: what, when, as whom, with what proof."""

    __tablename__ = "owner_entry"
    __table_args__ = (
        UniqueConstraint("vote_owner_id", "number"),
        UniqueConstraint("vote_owner_id", "submission"),
        Index(
            "uq_owner_entry_counts",
            "vote_owner_id",
            unique=True,
            sqlite_where=text("state = 'confirmed'"),
            postgresql_where=text("state = 'confirmed'"),
        ),
        Index(None, "vote_id", "state"),
        CheckConstraint("confirmed_by <> keyed_by", name="two_accounts"),
        CheckConstraint(
            "channel <> 'paper' OR state <> 'confirmed'"
            " OR (proof_id IS NOT NULL AND confirmed_by IS NOT NULL)",
            name="paper_has_its_proof_and_second_account",
        ),
        CheckConstraint("capacity <> 'agent' OR proxy_id IS NOT NULL", name="agent_has_a_proxy"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"))
    vote_owner_id: Mapped[str] = mapped_column(ForeignKey("vote_owner.id"))
    number: Mapped[int]
    submission: Mapped[str] = mapped_column(String(40))
    """made with the form: the same one sent twice is one entry"""
    channel: Mapped[Channel] = mapped_column(Word(Channel, 10))
    capacity: Mapped[Capacity] = mapped_column(Word(Capacity, 10))
    signer: Mapped[str] = mapped_column(String(60))
    """name that stands under it"""
    proxy_id: Mapped[str | None] = mapped_column(ForeignKey("proxy.id"))
    proof_id: Mapped[str | None] = mapped_column(ForeignKey("proof.id"))
    received_on: Mapped[date]
    marks: Mapped[str]
    """canonical JSON: number of the motion → a Mark of counting/double_majority.py"""
    state: Mapped[EntryState] = mapped_column(Word(EntryState, 12))
    keyed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    keyed_at: Mapped[datetime]
    confirmed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    decided_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    reason: Mapped[str] = mapped_column(String(200), default="")
    """why it was withdrawn, or why it counts or does not though another says otherwise"""


class Counter(Model):
    """An account named to count a vote: it may read who voted how, and each look is noted."""

    __tablename__ = "owners_counter"

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), primary_key=True)
    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"), primary_key=True)
    named_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    named_at: Mapped[datetime]


class OwnersExtension(WithId, Model):
    """The close put off, by a posted notice."""

    __tablename__ = "owners_extension"
    __table_args__ = (CheckConstraint("closed_before < closes_at", name="only_put_off"),)

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), index=True)
    closed_before: Mapped[datetime]
    closes_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(String(200))
    by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]


class OwnersResult(Model):
    """What was counted at sealing, frozen."""

    __tablename__ = "owners_result"

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), primary_key=True)
    body: Mapped[str]
    """canonical JSON: see owners/counted.py"""
    salt: Mapped[str] = mapped_column(String(64))
    """hex, of the digest of the sheets in the chain; in the register's files alone"""
    counted_at: Mapped[datetime]


class OwnersEvent(ChainLink, Model):
    """A link of the chain of a vote: tells that something happened, never how anybody voted."""

    __tablename__ = "owners_event"

    vote_id: Mapped[str] = mapped_column(ForeignKey("owners_vote.id"), primary_key=True)
