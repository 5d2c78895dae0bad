"""A round and the steps it climbs. Steps are data, taken from a template."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId


class Round(WithId, Model):
    """One renovation round of one courtyard."""

    __tablename__ = "round"
    __table_args__ = (UniqueConstraint("courtyard_id", "name"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    name: Mapped[str] = mapped_column(String(80))
    method: Mapped[str] = mapped_column(String(80))
    """the working method it follows, such as 一征三议两公开"""
    created_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Step(WithId, Model):
    """One rung of the ladder. The first step not yet closed is the one the round stands on."""

    __tablename__ = "step"
    __table_args__ = (UniqueConstraint("round_id", "position"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    position: Mapped[int]
    key: Mapped[str] = mapped_column(String(30))
    name: Mapped[str] = mapped_column(String(20))
    """the caption on the ladder, two characters as a rule"""
    method: Mapped[str] = mapped_column(String(80), default="")
    say: Mapped[str] = mapped_column(String(200), default="")
    needs: Mapped[str] = mapped_column(String(40), default="")
    """code of the fact that must hold before this step may close; empty for none"""
    confirmed_by: Mapped[str] = mapped_column(String(20), default="organizer")
    """kind of the role that closes it"""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
