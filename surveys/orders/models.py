"""An order: what became of one chosen item. A first thin one, a public line."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId


class Order(WithId, Model):
    """One chosen item on its way: accepted by whom, promised for when, done, or declined."""

    __tablename__ = "work_order"
    __table_args__ = (
        UniqueConstraint("ballot_id", "item_id"),
        CheckConstraint("declined_on IS NULL OR reason <> ''", name="declined_with_a_reason"),
        CheckConstraint("accepted_on IS NULL OR accepted_by <> ''", name="accepted_by_somebody"),
        CheckConstraint(
            "declined_on IS NULL OR (accepted_on IS NULL AND done_on IS NULL)",
            name="declined_or_accepted",
        ),
        CheckConstraint(
            "done_on IS NULL OR accepted_on IS NOT NULL", name="done_after_it_was_accepted"
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"))
    item_id: Mapped[str] = mapped_column(ForeignKey("menu_item.id"))
    published_to: Mapped[date]
    """the last day on which objections are heard"""
    accepted_by: Mapped[str] = mapped_column(String(80), default="")
    accepted_on: Mapped[date | None]
    promised_for: Mapped[date | None]
    done_on: Mapped[date | None]
    declined_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(String(200), default="")
    """why it was declined, or why the promised day moved, for the public"""
    changed_at: Mapped[datetime]
