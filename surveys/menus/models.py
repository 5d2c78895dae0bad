"""A menu, its classes, its items with their costs, and the needs each item answers."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint, true
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId, Word
from surveys.counting import parts


class Source(StrEnum):
    """Who pays: 上级, 维修基金, 受益户, 共建单位."""

    ABOVE = "above"
    FUND = "fund"
    HOUSEHOLDS = "households"
    PARTNERS = "partners"


class MenuClass(Model):
    """A class of menu items (基础类, 完善类, 提升类): data, with the national three as default."""

    __tablename__ = "menu_class"

    key: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str] = mapped_column(String(20))
    say: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(unique=True)


class Menu(WithId, Model):
    """What a ballot offers: a budget, rules of picking, and items."""

    __tablename__ = "menu"
    __table_args__ = (
        CheckConstraint("budget_fen >= 0", name="budget_is_not_negative"),
        CheckConstraint("least >= 1", name="at_least_one_pick"),
        CheckConstraint("most IS NULL OR most >= least", name="most_is_no_less_than_least"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    title: Mapped[str] = mapped_column(String(80))
    budget_fen: Mapped[int]
    least: Mapped[int] = mapped_column(default=1)
    most: Mapped[int | None]
    capped: Mapped[bool] = mapped_column(default=True)
    """whether one household's picks must together stay within the budget"""
    pinned_at: Mapped[datetime | None]
    """a ballot on it was opened: from then on it cannot change"""
    created_at: Mapped[datetime]


class ClassLimit(WithId, Model):
    """Limits of one class: how many picks a household has there, what it may cost in the result."""

    __tablename__ = "class_limit"
    __table_args__ = (
        UniqueConstraint("menu_id", "class_key"),
        CheckConstraint("most >= 0", name="limit_is_not_negative"),
        CheckConstraint("cap_fen >= 0", name="cap_is_not_negative"),
    )

    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"))
    class_key: Mapped[str] = mapped_column(ForeignKey("menu_class.key"))
    most: Mapped[int | None]
    """picks of one household; None: no limit"""
    cap_fen: Mapped[int | None]
    """what the chosen items of the class may cost together; None: no cap"""


class MenuItem(WithId, Model):
    """One thing that may be done, with what it costs."""

    __tablename__ = "menu_item"
    __table_args__ = (
        UniqueConstraint("menu_id", "name"),
        CheckConstraint("cost_fen >= 0", name="cost_is_not_negative"),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"))
    position: Mapped[int]
    class_key: Mapped[str] = mapped_column(ForeignKey("menu_class.key"))
    name: Mapped[str] = mapped_column(String(30))
    what: Mapped[str] = mapped_column(String(200), default="")
    unit: Mapped[str] = mapped_column(String(20), default="")
    quantity_milli: Mapped[int]
    """how many units, in thousandths"""
    unit_cost_fen: Mapped[int]
    cost_fen: Mapped[int]
    """quantity × unit cost, a half fen rounded up"""
    benefits: Mapped[str] = mapped_column(String(200), default="")
    upkeep: Mapped[str] = mapped_column(String(200), default="")
    note: Mapped[str] = mapped_column(String(200), default="")
    must_do: Mapped[bool] = mapped_column(default=False)
    only_one_of: Mapped[str] = mapped_column(String(20), default="")
    """name of a group of which at most one is done; empty: none"""
    is_priced: Mapped[bool] = mapped_column(default=True, server_default=true())
    """False: drafted from the ledger, and nobody has typed what it costs"""
    share_fen: Mapped[int | None]
    """what each household that benefits pays itself; None: nothing said"""
    upkeep_fen: Mapped[int | None]
    """what it costs each such household a year afterwards; None: nothing said"""
    building: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """only this building picks it; empty: the whole courtyard does"""
    stairwell: Mapped[str] = mapped_column(String(20), default="", server_default="")
    """only this stairwell of the building; empty: all of it"""

    @property
    def part(self) -> str:
        """The part that alone picks it (`counting.parts`); a must-do item is picked by nobody."""
        return "" if self.must_do else parts.name(self.building, self.stairwell)


class MenuItemNeed(Model):
    """The item answers the need: the link that is never lost."""

    __tablename__ = "menu_item_need"

    menu_item_id: Mapped[str] = mapped_column(ForeignKey("menu_item.id"), primary_key=True)
    need_id: Mapped[str] = mapped_column(ForeignKey("need.id"), primary_key=True, index=True)


class Funding(WithId, Model):
    """Money that is expected for a menu from one source."""

    __tablename__ = "funding"
    __table_args__ = (
        UniqueConstraint("menu_id", "source"),
        CheckConstraint("amount_fen >= 0", name="amount_is_not_negative"),
    )

    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"))
    source: Mapped[Source] = mapped_column(Word(Source, 12))
    amount_fen: Mapped[int]
    note: Mapped[str] = mapped_column(String(80), default="")


class MenuVersion(WithId, Model):
    """A menu as it was posted for comment; what was posted never changes."""

    __tablename__ = "menu_version"
    __table_args__ = (UniqueConstraint("menu_id", "number"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    menu_id: Mapped[str] = mapped_column(ForeignKey("menu.id"))
    number: Mapped[int]
    body: Mapped[str]
    """canonical JSON: title, budget, rules, funding, and the items"""
    note: Mapped[str] = mapped_column(String(400), default="")
    """what changed, in a few words of whoever posted it"""
    comments_until: Mapped[date | None]
    posted_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    posted_at: Mapped[datetime]


class MenuCause(Model):
    """The suggestion that caused a change between a posted menu and the one before."""

    __tablename__ = "menu_cause"

    version_id: Mapped[str] = mapped_column(ForeignKey("menu_version.id"), primary_key=True)
    item_id: Mapped[str] = mapped_column(String(13), primary_key=True)
    """of the item that changed; it may be gone by now"""
    suggestion_id: Mapped[str] = mapped_column(
        ForeignKey("suggestion.id"), primary_key=True, index=True
    )
