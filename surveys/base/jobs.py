"""Long work done beside the requests: a row says what, how far, and where the file lies.

A room says with `does` who does its kind of work. Whoever asks is shown the row and may leave; a
process of its own (`flask jobs`) takes one after the other. It holds a row by the moment at which
it was last heard of: when it falls silent, by a restart or a crash, the next one begins anew.
"""

import json
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import CheckConstraint, ColumnElement, Index, String, or_, select, text, update
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import ID_LENGTH, Model, WithId, db, reading, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.errors import SurveysError

LOG = logging.getLogger(__name__)
LEASE = timedelta(minutes=1)
"""whoever is not heard of for so long has lost its job"""
TELL_AFTER_S = 1.0
"""between two words about how far it has come"""
KEPT = timedelta(days=7)
"""a file is kept so long"""
MOST_TRIES = 3
"""begun so often and never ended: it is given up"""
_UNDER_WAY = "state IN ('waiting', 'running')"
FAILED = N_("没有做成，出了意外。请再做一次；还不行，就告诉管这个系统的人。")


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
    tries: Mapped[int] = mapped_column(default=0)
    """how often it was begun"""
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

    @property
    def is_under_way(self) -> bool:
        """Whether it is to be done still."""
        return self.state in {"waiting", "running"}

    @property
    def asks(self) -> dict[str, str]:
        """What was asked for."""
        found: dict[str, str] = json.loads(self.wanted)
        return found

    @property
    def fault(self) -> tuple[str, dict[str, object]]:
        """Message id and parameters of what went wrong."""
        msgid, params = json.loads(self.said) if self.said else (FAILED, {})
        return msgid, params


class Overtaken(Exception):
    """The job was dropped, or another process works on it now."""


@dataclass
class Progress:
    """How far a job has come, told at most once a second."""

    job_id: str
    begun: int
    """which of its tries this is: another one began where it differs"""
    now: Callable[[], datetime]
    _told: float = field(default_factory=time.monotonic)

    def tell(self, done: int, total: int) -> None:
        """Say how far it is.

        Raises:
            Overtaken: nobody waits for this any more.
        """
        if time.monotonic() - self._told < TELL_AFTER_S and done < total:
            return
        self._told = time.monotonic()
        _put(self.job_id, self.begun, done=done, total=total, heard_at=self.now())


Maker = Callable[[Job, Path, Progress], None]
"""does the work and writes the file"""
_MAKERS: dict[str, Maker] = {}


def does(kind: str, make: Maker) -> None:
    """Say who does this kind of work."""
    _MAKERS[kind] = make


@retrying
def ask(
    kind: str,
    subject_id: str,
    wanted: Mapping[str, str],
    *,
    name: str,
    courtyard_id: str,
    by: str,
    at: datetime,
) -> Job:
    """Ask for long work. The same, asked again while it is under way, is the same job."""
    asks = canonical_json(dict(wanted))
    same = select(Job).where(
        Job.account_id == by,
        Job.kind == kind,
        Job.subject_id == subject_id,
        Job.wanted == asks,
        _under_way(),
    )
    found = db.session.scalar(same)
    if found is not None:
        return found
    made = Job(
        account_id=by,
        courtyard_id=courtyard_id,
        kind=kind,
        subject_id=subject_id,
        wanted=asks,
        name=name,
        made_at=at,
    )
    db.session.add(made)
    db.session.commit()
    return made


@retrying
def drop(job: Job, *, at: datetime) -> None:
    """Let it be: whoever works on it stops."""
    db.session.execute(
        update(Job).where(Job.id == job.id, _under_way()).values(state="dropped", ended_at=at)
    )
    db.session.commit()


def of(subject_id: str, by: str, most: int = 5) -> list[Job]:
    """The latest jobs that this account asked for about a subject, newest first."""
    wanted = select(Job).where(Job.subject_id == subject_id, Job.account_id == by)
    return list(db.session.scalars(wanted.order_by(Job.made_at.desc(), Job.id).limit(most)))


def work(folder: Path, now: Callable[[], datetime]) -> bool:
    """Take one job that waits, or whose worker fell silent, and do it; whether there was one."""
    job = _take(now())
    if job is None:
        return False
    file = folder / f"{job.id}-{secrets.token_hex(4)}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with reading():
            _MAKERS[job.kind](job, file, Progress(job.id, job.tries, now))
        at = now()
        _put(job.id, job.tries, state="done", file=file.name, ended_at=at, expires_at=at + KEPT)
    except Overtaken:
        file.unlink(missing_ok=True)
    except Exception as fault:
        file.unlink(missing_ok=True)
        if not isinstance(fault, SurveysError):
            LOG.exception("job %s %s failed", job.kind, job.id)
        _fail(job, fault, now())
    finally:
        db.session.remove()
    return True


def _fail(job: Job, fault: Exception, at: datetime) -> None:
    db.session.rollback()
    told = [fault.msgid, fault.params] if isinstance(fault, SurveysError) else [FAILED, {}]
    said = json.dumps(told, ensure_ascii=False)
    try:
        _put(job.id, job.tries, state="failed", said=said[:400], ended_at=at)
    except Overtaken:
        LOG.info("job %s was overtaken", job.id)


@retrying
def _take(at: datetime) -> Job | None:
    """The next job, held from now on."""
    silent = (Job.state == "running") & (Job.heard_at < at - LEASE)
    free = or_(Job.state == "waiting", silent)
    found = db.session.scalar(select(Job).where(free).order_by(Job.made_at, Job.id).limit(1))
    if found is None:
        db.session.rollback()
        return None
    given_up = found.tries >= MOST_TRIES
    values = {"state": "failed", "ended_at": at} if given_up else {"state": "running"}
    taken = db.session.execute(
        update(Job)
        .where(Job.id == found.id, Job.tries == found.tries, free)
        .values(**values, tries=found.tries + 1, heard_at=at, done=0)
    )
    db.session.commit()
    if getattr(taken, "rowcount", 0) == 0 or given_up:
        return _take(at)
    db.session.refresh(found)
    return found


@retrying
def _put(job_id: str, tries: int, **values: object) -> None:
    """Write into a job that is still held."""
    held = (Job.id == job_id) & (Job.state == "running") & (Job.tries == tries)
    done = db.session.execute(update(Job).where(held).values(**values))
    db.session.commit()
    if getattr(done, "rowcount", 0) == 0:
        raise Overtaken


def _under_way() -> ColumnElement[bool]:
    return Job.state.in_(("waiting", "running"))


@retrying
def expire(folder: Path, at: datetime) -> int:
    """Delete the files of jobs that have expired, and all that belong to none; how many."""
    old = list(db.session.scalars(select(Job).where(Job.expires_at <= at, Job.file != "")))
    for job in old:
        job.file = ""
    db.session.commit()
    known = set(db.session.scalars(select(Job.file).where(Job.file != "")))
    running = set(db.session.scalars(select(Job.id).where(_under_way())))
    db.session.rollback()
    gone = [
        file
        for file in (folder.iterdir() if folder.is_dir() else ())
        if file.name not in known and file.name.partition("-")[0] not in running
    ]
    for file in gone:
        file.unlink(missing_ok=True)
    return len(gone)
