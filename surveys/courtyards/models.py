"""A courtyard, the households on its roll, and the codes that let a phone speak for one."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId


class Courtyard(Model):
    """What is known of a place of level `courtyard`; its id is that place's id."""

    __tablename__ = "courtyard"

    id: Mapped[str] = mapped_column(ForeignKey("place.id"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    code: Mapped[str] = mapped_column(String(7), unique=True)
    """six symbols and a check symbol; public, permanent, printed on the wall"""
    phone: Mapped[str] = mapped_column(String(40), default="")
    committee: Mapped[str] = mapped_column(String(80), default="")
    zone: Mapped[str] = mapped_column(String(40), default="Asia/Shanghai")
    is_demonstration: Mapped[bool] = mapped_column(default=False)
    slips_guarded_until: Mapped[datetime | None]
    """until then a reprinted slip raises the generation and needs a second account"""
    created_at: Mapped[datetime]

    @property
    def courtyard_id(self) -> str:
        """Itself: what staff may do with a courtyard is decided by its own place."""
        return self.id


class Household(WithId, Model):
    """One household of the roll, known by its door and nothing else."""

    __tablename__ = "household"
    __table_args__ = (
        UniqueConstraint("courtyard_id", "building", "stairwell", "room"),
        CheckConstraint("area_dm2 > 0", name="area_is_positive"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"))
    """its stairwell in the place tree, or its building where there are no stairwells"""
    building: Mapped[str] = mapped_column(String(20))
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(20))
    area_dm2: Mapped[int | None]
    """floor area; 1 m² = 100 dm²"""
    position: Mapped[int]
    """order of the door in the courtyard, for lists and print"""


class HouseholdCode(WithId, Model):
    """One generation of a household's code. Only keyed hashes are kept; print recomputes it."""

    __tablename__ = "household_code"
    __table_args__ = (
        UniqueConstraint("household_id", "generation"),
        UniqueConstraint("courtyard_id", "short_hash"),
        Index(
            "uq_household_code_current",
            "household_id",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"))
    generation: Mapped[int]
    long_hash: Mapped[str] = mapped_column(String(64), unique=True)
    short_hash: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class Reprint(WithId, Model):
    """A wish for a new slip while a ballot is open: asked by one account, granted by another."""

    __tablename__ = "reprint"
    __table_args__ = (CheckConstraint("granted_by <> asked_by", name="two_accounts"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"))
    reason: Mapped[str] = mapped_column(String(200))
    asked_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    granted_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    granted_at: Mapped[datetime | None]
    printed_at: Mapped[datetime | None]
    """a granted slip is printed once"""


class Visit(WithId, Model):
    """Somebody knocked at a door or called: when, who, and what came of it. Never changed."""

    __tablename__ = "visit"
    __table_args__ = (
        CheckConstraint("way IN ('visit', 'phone')", name="way_is_known"),
        CheckConstraint(
            "outcome IN ('met', 'absent', 'refused', 'answered')", name="outcome_is_known"
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    household_id: Mapped[str] = mapped_column(ForeignKey("household.id"), index=True)
    about: Mapped[str | None] = mapped_column(String(13))
    """id of what it was about, a questionnaire or a ballot; a room further down knows which"""
    way: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    note: Mapped[str] = mapped_column(String(100), default="")
    by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
