"""Places, accounts, roles, and failures counted against guessing."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.accounts.rules import RoleKind
from surveys.base.db import Model, WithId, Word


class PlaceLevel(Model):
    """A level of the place tree. The product knows levels by key; a town gives them its names."""

    __tablename__ = "place_level"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    position: Mapped[int] = mapped_column(unique=True)


class Place(WithId, Model):
    """A node of the tree: district, street, community, zone, courtyard, building, stairwell."""

    __tablename__ = "place"
    __table_args__ = (UniqueConstraint("parent_id", "name"),)

    parent_id: Mapped[str | None] = mapped_column(ForeignKey("place.id"))
    level: Mapped[str] = mapped_column(ForeignKey("place_level.key"))
    name: Mapped[str] = mapped_column(String(80))
    path: Mapped[str] = mapped_column(unique=True)
    """ids from the root down to this place, each followed by a slash"""


class Account(WithId, Model):
    """Somebody on the staff. Residents have no accounts."""

    __tablename__ = "account"

    name: Mapped[str] = mapped_column(String(60), unique=True)
    """what is typed to sign in, in lower case"""
    title: Mapped[str] = mapped_column(String(60))
    """what others see: a post rather than a person's name"""
    password_hash: Mapped[str]
    must_change_password: Mapped[bool] = mapped_column(default=False)
    disabled_at: Mapped[datetime | None]
    generation: Mapped[int] = mapped_column(default=0)
    """raised by signing out, by a new password and by disabling: ends every session before it"""
    created_at: Mapped[datetime]


class Role(WithId, Model):
    """A post that an account holds on a place, and so on everything below it."""

    __tablename__ = "role"
    __table_args__ = (UniqueConstraint("account_id", "place_id", "kind"),)

    account_id: Mapped[str] = mapped_column(ForeignKey("account.id"))
    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"), index=True)
    kind: Mapped[RoleKind] = mapped_column(Word(RoleKind, 20))


class Failure(WithId, Model):
    """One wrong try at something that could be guessed: a password, a typed code."""

    __tablename__ = "failure"
    __table_args__ = (Index(None, "subject", "at"),)

    subject: Mapped[str] = mapped_column(String(80))
    """what was tried on, such as `sign-in:<name>` or `code:<courtyard>:<device>`"""
    at: Mapped[datetime]
