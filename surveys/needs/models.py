"""Suggestions, needs, and which suggestion stands behind which need."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId, Word


class Lane(StrEnum):
    """Where a need goes."""

    OPEN = "open"
    MENU = "menu"
    QUICK_FIX = "quick"
    OWNERS_VOTE = "owners"
    UPWARD = "upward"
    DECLINED = "declined"


class NeedKind(StrEnum):
    """What sort of matter it is: 问题, 需求, 建议."""

    PROBLEM = "problem"
    WISH = "wish"
    IDEA = "idea"


class Suggestion(WithId, Model):
    """What somebody wrote or said, word for word."""

    __tablename__ = "suggestion"
    __table_args__ = (UniqueConstraint("courtyard_id", "number"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    answer_id: Mapped[str | None] = mapped_column(ForeignKey("answer.id"), unique=True)
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"))
    number: Mapped[int]
    """1, 2, 3 … within the courtyard, in the order of taking in"""
    channel: Mapped[str] = mapped_column(String(10))
    text: Mapped[str]
    received_on: Mapped[date]
    superseded_at: Mapped[datetime | None]
    """its answer was replaced by a later one of the same household, or who said it took it back"""
    set_aside_at: Mapped[datetime | None]
    """staff found no wish in it (没意见, 谢谢 …)"""
    submission: Mapped[str | None] = mapped_column(String(40), unique=True)
    """made with the form: the same one sent twice is one suggestion"""
    withheld_at: Mapped[datetime | None]
    """insults or accuses somebody: shown to staff only, from then on"""
    withheld_reason: Mapped[str] = mapped_column(String(200), default="", server_default="")


class Need(WithId, Model):
    """One matter of the ledger, with everybody who asked for it behind it."""

    __tablename__ = "need"
    __table_args__ = (
        CheckConstraint("merged_into_id <> id", name="not_into_itself"),
        CheckConstraint("lane <> 'quick' OR fixed_on IS NOT NULL", name="quick_fix_has_its_day"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(40))
    category: Mapped[str | None] = mapped_column(String(40))
    """key in the catalogue"""
    merged_into_id: Mapped[str | None] = mapped_column(ForeignKey("need.id"), index=True)
    """always names a need that is not itself merged: merging re-points those merged before"""
    lane: Mapped[Lane] = mapped_column(Word(Lane, 10), default=Lane.OPEN)
    fixed_on: Mapped[date | None]
    fix_note: Mapped[str] = mapped_column(String(200), default="")
    kind: Mapped[NeedKind | None] = mapped_column(Word(NeedKind, 10))
    place: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """where in the courtyard, in words"""
    leads: Mapped[str] = mapped_column(String(60), default="", server_default="")
    """who sees to it: a body or a post, as the public may read it"""
    due_on: Mapped[date | None]
    """by when it is to be answered"""
    lane_note: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """why it goes where it goes, for the public; a declined one has its reason"""
    pinned_at: Mapped[datetime | None]
    """an open ballot stands on it: from then on it cannot change"""
    created_at: Mapped[datetime]


class Placement(WithId, Model):
    """A suggestion put to a need, by somebody, at some time."""

    __tablename__ = "placement"
    __table_args__ = (UniqueConstraint("suggestion_id", "need_id"),)

    suggestion_id: Mapped[str] = mapped_column(ForeignKey("suggestion.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"), index=True)
    placed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    placed_at: Mapped[datetime]


class Support(WithId, Model):
    """A household that says 我家也是 to a need."""

    __tablename__ = "support"
    __table_args__ = (UniqueConstraint("need_id", "household_id"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"), index=True)
    supported_on: Mapped[date]


class NeedPhoto(WithId, Model):
    """A picture of a need, made anew from what was sent: no place, no time, no camera in it."""

    __tablename__ = "need_photo"
    __table_args__ = (UniqueConstraint("need_id", "digest"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"))
    digest: Mapped[str] = mapped_column(String(64))
    """SHA-256 of the picture: the same one sent twice is kept once"""
    caption: Mapped[str] = mapped_column(String(80), default="")
    width: Mapped[int]
    height: Mapped[int]
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    added_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    added_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
    """shown to nobody from then on, and deleted when it can be taken back no more"""


class CatalogueEntry(Model):
    """One line of the catalogue: what may be wished for."""

    __tablename__ = "catalogue_entry"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(30), unique=True)
    class_key: Mapped[str] = mapped_column(String(20))
    """of a class of menu items, or `service`: not works, but a wish all the same"""
    what: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    position: Mapped[int]
    retired_at: Mapped[datetime | None]
    """offered no longer; needs that have it keep it"""


class CatalogueWord(WithId, Model):
    """A word that residents use for a line of the catalogue."""

    __tablename__ = "catalogue_word"
    __table_args__ = (UniqueConstraint("entry_key", "word"),)

    entry_key: Mapped[str] = mapped_column(ForeignKey("catalogue_entry.key"))
    word: Mapped[str] = mapped_column(String(20))


class CatalogueState(Model):
    """Another number after every change of the catalogue, so that whoever keeps a copy knows."""

    __tablename__ = "catalogue_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[int]


class LearntWord(WithId, Model):
    """A word that staff's sorting taught in one courtyard."""

    __tablename__ = "learnt_word"
    __table_args__ = (UniqueConstraint("courtyard_id", "word", "entry_key"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    entry_key: Mapped[str] = mapped_column(ForeignKey("catalogue_entry.key"))
    word: Mapped[str] = mapped_column(String(20))
    weight: Mapped[int]
    """what it speaks for the entry with; a known word that misled hints only"""
    texts: Mapped[int]
    """accepted texts that hold it"""
    dropped_at: Mapped[datetime | None]
    """staff said that it means nothing: it is not learnt again"""


class SortingRead(Model):
    """When a courtyard's sorting was last read for words, whether it taught any or not."""

    __tablename__ = "sorting_read"

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), primary_key=True)
    read_at: Mapped[datetime]


class Proposal(Model):
    """What an unsorted suggestion may be about, worked out ahead so that the board need not."""

    __tablename__ = "proposal"
    __table_args__ = (Index(None, "round_id", "entry_key", "matter"),)

    suggestion_id: Mapped[str] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    entry_key: Mapped[str | None] = mapped_column(String(20))
    """of the catalogue, as it is said first; None where no word tells"""
    matter: Mapped[str | None] = mapped_column(String(40))
    """what is the matter with it: those of the same entry and matter are a group"""
    vocabulary: Mapped[str] = mapped_column(String(16))
    """which words made it"""


class ProposedWish(Model):
    """One of several wishes of an unsorted suggestion, worked out with its proposal."""

    __tablename__ = "proposed_wish"
    __table_args__ = (Index(None, "round_id", "entry_key", "matter"),)

    suggestion_id: Mapped[str] = mapped_column(ForeignKey("suggestion.id"), primary_key=True)
    entry_key: Mapped[str] = mapped_column(String(20), primary_key=True)
    matter: Mapped[str] = mapped_column(String(40), primary_key=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
