"""Long work done beside the requests: a row says what, how far, and where the file lies."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import ID_LENGTH, Model, WithId

_UNDER_WAY = "state IN ('waiting', 'running')"


class Job(WithId, Model):
    """One piece of long work. Accounts, courtyards and subjects are named by plain id."""

    __tablename__ = "job"
    __table_args__ = (
        CheckConstraint(
            "state IN ('waiting', 'running', 'done', 'failed', 'dropped')", name="state_is_known"
        ),
        Index(
            "uq_job_under_way",
            "account_id",
            "kind",
            "subject_id",
            "wanted",
            unique=True,
            sqlite_where=text(_UNDER_WAY),
            postgresql_where=text(_UNDER_WAY),
        ),
    )

    account_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    courtyard_id: Mapped[str] = mapped_column(String(ID_LENGTH), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    subject_id: Mapped[str] = mapped_column(String(ID_LENGTH))
    wanted: Mapped[str] = mapped_column(String(400), default="{}")
    """canonical JSON of what was asked for: asked twice at once is one job"""
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    done: Mapped[int] = mapped_column(default=0)
    """of `total` units of work"""
    total: Mapped[int] = mapped_column(default=0)
    said: Mapped[str] = mapped_column(String(400), default="")
    """JSON of the message id and parameters of what went wrong"""
    file: Mapped[str] = mapped_column(String(80), default="")
    """name of the file it made, in the installation's folder of files"""
    name: Mapped[str] = mapped_column(String(120), default="")
    """name under which the file is handed out"""
    made_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]
    """when who works on it was last heard of"""
    ended_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    """the file is deleted then"""
