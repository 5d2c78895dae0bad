"""What stands before any vote: who owns what now, and where owners may vote online.

An owner is a party that the law counts once: a person, a body, co-owners together, the developer.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId, Word


class OwnerKind(StrEnum):
    """What sort of party an owner is."""

    PERSON = "person"
    TOGETHER = "together"
    """co-owners: one owner by count, with a named voter"""
    BODY = "body"
    """a company, an office, a work unit"""
    DEVELOPER = "developer"
    """for all units not sold or not handed over: one owner"""


class AreaSource(StrEnum):
    """Where the floor area of a unit is taken from: the property register before the others."""

    REGISTER = "register"
    SURVEY = "survey"
    CONTRACT = "contract"


class OwnersRegister(Model):
    """What is said of a courtyard's register of owners as a whole."""

    __tablename__ = "owners_register"
    __table_args__ = (CheckConstraint("stated_area_dm2 > 0", name="area_is_positive"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), primary_key=True)
    stated_area_dm2: Mapped[int | None]
    """exclusive floor area of all units as the register states it, to add up against"""
    stated_units: Mapped[int | None]
    source: Mapped[str] = mapped_column(String(120), default="")
    """where the two were read"""
    gap_reason: Mapped[str] = mapped_column(String(200), default="")
    """why the units do not add up to it, where that is known"""
    revision: Mapped[int] = mapped_column(default=0)
    """raised by every change of owners or units"""
    changed_at: Mapped[datetime]


class Owner(WithId, Model):
    """A party counted once."""

    __tablename__ = "owner"
    __table_args__ = (
        Index(
            "uq_owner_party",
            "courtyard_id",
            "party",
            unique=True,
            sqlite_where=text("retired_at IS NULL"),
            postgresql_where=text("retired_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    kind: Mapped[OwnerKind] = mapped_column(Word(OwnerKind, 10))
    party: Mapped[str] = mapped_column(String(64))
    """digest of who it is: the same people with the same marks are the same owner"""
    voter: Mapped[str] = mapped_column(String(60), default="")
    """of co-owners, who they named to vote for all of them"""
    position: Mapped[int]
    retired_at: Mapped[datetime | None]
    """holds no unit any more"""


class OwnerName(Model):
    """Somebody of an owner: the one person, each of the co-owners, the body."""

    __tablename__ = "owner_name"

    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(60))
    mark: Mapped[str] = mapped_column(String(20), default="")
    """tells apart two of the same name, such as the last four signs of a paper; no more"""


class Unit(WithId, Model):
    """A unit that somebody owns alone (专有部分): a flat, a shop."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("courtyard_id", "building", "stairwell", "room"),
        CheckConstraint("area_dm2 > 0", name="area_is_positive"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    owner_id: Mapped[str] = mapped_column(ForeignKey("owner.id"), index=True)
    building: Mapped[str] = mapped_column(String(20))
    stairwell: Mapped[str] = mapped_column(String(20), default="")
    room: Mapped[str] = mapped_column(String(20))
    area_dm2: Mapped[int]
    """exclusive floor area; 1 m² = 100 dm²"""
    source: Mapped[AreaSource] = mapped_column(Word(AreaSource, 10))
    position: Mapped[int]
    """order of the door in the courtyard"""


class OnlineRule(Model):
    """What local rules say of voting online, at a place and all below it; the nearest counts."""

    __tablename__ = "online_rule"

    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"), primary_key=True)
    is_allowed: Mapped[bool]
    basis: Mapped[str] = mapped_column(String(200))
    """the sentence that says so, with where it stands; shown to everybody"""
    set_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    set_at: Mapped[datetime]
