"""A questionnaire, its versions, and what was answered."""

from datetime import datetime

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

from surveys.base.db import Model, WithId

_CURRENT = "sent_at IS NOT NULL AND superseded_at IS NULL"
_UNCOUNTED = "sent_at IS NULL OR superseded_at IS NOT NULL"
"""the opposite: drafts, and what was replaced"""


class Questionnaire(WithId, Model):
    """What is asked of one courtyard, from when to when. Its questions stand in its versions."""

    __tablename__ = "questionnaire"
    __table_args__ = (
        CheckConstraint("opens_at < closes_at", name="opens_before_it_closes"),
        CheckConstraint("identity IN ('open', 'household', 'staff')", name="identity_is_known"),
        Index("uq_questionnaire_origin_id_round_id", "origin_id", "round_id", unique=True),
    )

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"), index=True)
    round_id: Mapped[str] = mapped_column(ForeignKey("round.id"))
    template: Mapped[str] = mapped_column(String(40))
    title: Mapped[str] = mapped_column(String(80))
    intro: Mapped[str] = mapped_column(default="")
    keeps: Mapped[str] = mapped_column(default="")
    """what is kept of an answer, in a sentence for the first screen"""
    seen_by: Mapped[str] = mapped_column(default="")
    kept_until: Mapped[datetime]
    identity: Mapped[str] = mapped_column(String(10), default="open")
    """who may answer (`rules.IDENTITY`)"""
    origin_id: Mapped[str | None] = mapped_column(ForeignKey("questionnaire.id"))
    """the questionnaire that this one is a copy of, to be compared with it; one copy a round"""
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
    """from 1; 0 is what the desk works on while answers come in, and nobody is asked it"""
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
        CheckConstraint("relation = '' OR has_consent", name="answered_for_with_consent"),
        Index(
            "ix_response_counted",  # how many and by which channel, and all in the order of coming
            "questionnaire_id",
            "sent_at",
            "id",
            "channel",
            "household_id",
            sqlite_where=text(_CURRENT),
            postgresql_where=text(_CURRENT),
        ),
        Index(
            "ix_response_uncounted",
            "questionnaire_id",
            sqlite_where=text(_UNCOUNTED),
            postgresql_where=text(_UNCOUNTED),
        ),
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
    saved_at: Mapped[datetime | None]
    """when the sender's answers were saved last; empty where staff keyed them in"""
    sent_at: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    keyed_by: Mapped[str | None] = mapped_column(ForeignKey("account.id"))
    relation: Mapped[str] = mapped_column(String(10), default="")
    """who answered in the household's place (`rules.RELATIONS`); empty where it did itself"""
    has_consent: Mapped[bool] = mapped_column(default=False)
    """the household agreed to be answered for"""
    tag_id: Mapped[str | None] = mapped_column(ForeignKey("questionnaire_tag.id"))
    """the link by which it came, where that had a tag"""


class Answer(WithId, Model):
    """One answer, or one choice of several, to one question."""

    __tablename__ = "answer"
    __table_args__ = (
        UniqueConstraint("response_id", "question", "choice"),
        Index(
            "ix_answer_counted",  # counting reads nothing but this
            "questionnaire_id",
            "question",
            "choice",
            "place",
        ),
    )

    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"))
    response_id: Mapped[str] = mapped_column(ForeignKey("response.id"))
    question: Mapped[str] = mapped_column(String(40))
    choice: Mapped[str] = mapped_column(String(81), default="")
    """key of a choice, `row:column` of a matrix, number, day, id of a photo; empty for text"""
    text: Mapped[str | None]
    """what was written, also beside a choice"""
    place: Mapped[int] = mapped_column(default=1)
    """order in the answer, from 1: of a ranking the place"""


class Tag(WithId, Model):
    """A link of its own for one way of spreading a questionnaire: 微信群, 海报, 横幅, 入户."""

    __tablename__ = "questionnaire_tag"
    __table_args__ = (
        UniqueConstraint("questionnaire_id", "name"),
        UniqueConstraint("questionnaire_id", "code"),
    )

    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"))
    name: Mapped[str] = mapped_column(String(20))
    code: Mapped[str] = mapped_column(String(10))
    """what stands in its address"""
    made_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    """since then its address leads to the questionnaire and is not counted"""


class SavedTemplate(WithId, Model):
    """A questionnaire saved for others to start from, by everybody at or below its place."""

    __tablename__ = "questionnaire_template"
    __table_args__ = (UniqueConstraint("place_id", "title"),)

    place_id: Mapped[str] = mapped_column(ForeignKey("place.id"))
    title: Mapped[str] = mapped_column(String(80))
    intro: Mapped[str] = mapped_column(default="")
    keeps: Mapped[str] = mapped_column(default="")
    seen_by: Mapped[str] = mapped_column(default="")
    kept_days: Mapped[int]
    questions: Mapped[str]
    """canonical JSON, as in a version"""
    digest: Mapped[str] = mapped_column(String(64))
    made_by: Mapped[str] = mapped_column(ForeignKey("account.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class AnswerPhoto(WithId, Model):
    """A photo given as an answer; of nobody yet until an answer holds it."""

    __tablename__ = "answer_photo"

    courtyard_id: Mapped[str] = mapped_column(ForeignKey("courtyard.id"))
    questionnaire_id: Mapped[str] = mapped_column(ForeignKey("questionnaire.id"), index=True)
    response_id: Mapped[str | None] = mapped_column(ForeignKey("response.id"), index=True)
    holder: Mapped[str] = mapped_column(String(64))
    """draft key of the device that sent it, or the account that keyed it in; nobody else uses it"""
    question: Mapped[str] = mapped_column(String(40))
    jpeg: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)
    digest: Mapped[str] = mapped_column(String(64))
    width: Mapped[int]
    height: Mapped[int]
    added_at: Mapped[datetime]
