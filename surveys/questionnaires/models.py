"""A questionnaire, its versions, and what was answered."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import Model, WithId

_CURRENT = "sent_at IS NOT NULL AND superseded_at IS NULL"


class Questionnaire(WithId, Model):
    """What is asked of one courtyard, from when to when. Its questions stand in its versions."""

    __tablename__ = "questionnaire"
    __table_args__ = (CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),)

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    template: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    intro: Mapped[str] = mapped_column(default="")
    keeps: Mapped[str] = mapped_column(default="")
    """what is kept of an answer, in a sentence for the first screen"""
    seen_by: Mapped[str] = mapped_column(default="")
    kept_until: Mapped[datetime]
    opens_at: Mapped[datetime | None]
    closes_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    def is_open(self, at: datetime) -> bool:
        """Whether it takes answers at `at`."""
        return (
            self.opens_at is not None
            and self.opens_at <= at
            and (self.closes_at is None or at < self.closes_at)
        )

    def is_closed(self, at: datetime) -> bool:
        """Whether it took answers once and does no longer."""
        return self.closes_at is not None and self.closes_at <= at


class Version(WithId, Model):
    """The questions as they stood from `made_at` on. An answered version never changes."""

    __tablename__ = "version"
    __table_args__ = (UniqueConstraint("questionnaire_id", "number"),)

    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"))
    number: Mapped[int]
    questions: Mapped[str]
    """canonical JSON: a list of questions as in the templates, with `off` marks"""
    digest: Mapped[str] = mapped_column(String(64))
    made_at: Mapped[datetime]


class Response(WithId, Model):
    """One household's (or one anonymous device's) answers: a draft until `sent_at`."""

    __tablename__ = "response"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "submission"),
        UniqueConstraint("questionnaire_id", "number"),
        Index(
            "uq_response_current",
            "questionnaire_id",
            "respondent",
            unique=True,
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
        Index(
            "uq_response_draft",
            "questionnaire_id",
            "device",
            unique=True,
            sqlite_where=text("sent_at IS NULL"),
            postgresql_where=text("sent_at IS NULL"),
        ),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"))
    version_id: Mapped[str] = mapped_column(ForeignKey("version.id"))
    household_id: Mapped[str | None] = mapped_column(ForeignKey("household.id"), index=True)
    respondent: Mapped[str] = mapped_column(String(80))
    """whose answer it is: `h:<household>`, or `d:<hash of the device>` for an anonymous one"""
    device: Mapped[str | None] = mapped_column(String(64))
    """hash of the device that holds the draft, and of the household it speaks for"""
    channel: Mapped[str] = mapped_column(String(10))
    submission: Mapped[str] = mapped_column(String(40))
    """made with the form: the same one sent twice is one answer"""
    number: Mapped[str] = mapped_column(String(9))
    """random, shown with the thanks and printed on nothing else"""
    copy_hash: Mapped[str] = mapped_column(String(64), unique=True)
    """keyed hash of the 128-bit code under which its sender may read it again"""
    begun_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    keyed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))


class Answer(WithId, Model):
    """One answer, or one choice of several, to one question."""

    __tablename__ = "answer"
    __table_args__ = (UniqueConstraint("response_id", "question", "choice"),)

    response_id: Mapped[str] = mapped_column(ForeignKey("response.id"))
    question: Mapped[str] = mapped_column(String(20))
    choice: Mapped[str] = mapped_column(String(20), default="")
    """key of the choice; empty for text"""
    text: Mapped[str | None]
