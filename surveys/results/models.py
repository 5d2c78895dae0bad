"""The latest live figures of an open ballot, and the frozen result of a sealed one."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model


class LiveFigure(Model):
    """The bars now on show. Only the newest are kept, and none after sealing."""

    __tablename__ = "live_figure"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    revision: Mapped[int]
    """the ballot's revision at which they were counted"""
    households: Mapped[int]
    totals: Mapped[str]
    """canonical JSON: the totals, as of a result"""


class Result(Model):
    """What was counted at sealing, kept as it was counted."""

    __tablename__ = "result"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    body: Mapped[str]
    """canonical JSON: totals per item, households in, numbers by channel and by building"""
    salt: Mapped[str] = mapped_column(String(64))
    """of the hash of the sorted choices that stands in the chain"""
    tie_seed: Mapped[str | None] = mapped_column(String(64))
    """hex; revealed at sealing, committed to at opening"""
    lot_order: Mapped[str | None]
    """canonical JSON: item ids in the order drawn; who saw it stands in the chain"""
    counted_at: Mapped[datetime]


class SecondOpinion(Model):
    """What equal shares would have chosen from the sealed choices; worked out in the background."""

    __tablename__ = "second_opinion"

    ballot_id: Mapped[str] = mapped_column(ForeignKey("ballot.id"), primary_key=True)
    steps_done: Mapped[int] = mapped_column(default=0)
    """of the add-one completion, for whoever waits"""
    heard_at: Mapped[datetime | None]
    """when whoever works on it was last heard of; nobody else takes it soon after"""
    body: Mapped[str | None]
    """canonical JSON once it is done: what the record tells, each share and what items cost it"""
