"""The remote: a link made on the desk, taken by one phone, held until another host takes over."""

import base64
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.errors import NotFound, Refused
from surveys.meetings import minutes, rules
from surveys.meetings.models import Meeting, MinuteKind, Remote
from surveys.meetings.rules import State

LASTS = timedelta(hours=6)
"""how long a link makes a remote, from its making"""
LONGEST_HOST = 40
OVER = N_("这次会已经结束了，用不着遥控器了。")

audit.words(
    {
        "remote.made": N_("开了恳谈会的遥控器链接，主持人：%(host)s"),
        "remote.taken": N_("%(host)s 拿起了恳谈会的遥控器"),
        "remote.put_down": N_("%(host)s 放下了恳谈会的遥控器"),
    }
)


@dataclass(frozen=True, slots=True)
class Standing:
    """How one phone stands to the remote of one meeting."""

    remote: Remote | None
    """the last link that this phone took"""
    holds: bool
    """it may act now"""


def token_of(remote: Remote, secret: bytes) -> str:
    """What stands in the link: derived, so that it can be shown again until it was taken.

    128 bits in capitals and digits, for the alphanumeric mode of QR codes.
    """
    chance = hmac.digest(secret, f"remote\0{remote.id}".encode(), sha256)
    return base64.b32encode(chance[:16]).decode().rstrip("=")


def _hash(token: str) -> str:
    return sha256(token.strip().upper().encode()).hexdigest()


@retrying
def make(meeting: Meeting, host: str, *, secret: bytes, by: str, at: datetime) -> Remote:
    """Make a link for a host.

    Raises:
        Invalid: the host is not named, or too long.
        Refused: the meeting has ended or was cancelled.
    """
    meeting = minutes._lock(meeting.id)
    _refuse_if_over(meeting)
    remote = Remote(
        id=new_id(),
        courtyard_id=meeting.courtyard_id,
        meeting_id=meeting.id,
        made_by=by,
        made_at=at,
        expires_at=at + LASTS,
        host=one_line(host, LONGEST_HOST, N_("请写由谁主持。")),
    )
    remote.token_hash = _hash(token_of(remote, secret))
    db.session.add(remote)
    _note("remote.made", remote, by, at)
    db.session.commit()
    return remote


def find(token: str) -> Remote:
    """The remote that a link makes, taken or not.

    Raises:
        NotFound: there never was such a link.
    """
    remote = db.session.scalar(select(Remote).where(Remote.token_hash == _hash(token)))
    if remote is None:
        raise NotFound(N_("没有这个遥控器。链接可能少了一个字，请再扫一次。"))
    return remote


def held(meeting_id: str) -> Remote | None:
    """The remote that is in somebody's hand."""
    return db.session.scalar(
        select(Remote).where(
            Remote.meeting_id == meeting_id,
            Remote.taken_at.is_not(None),
            Remote.ended_at.is_(None),
        )
    )


@retrying
def take(remote: Remote, device_hash: str, *, at: datetime) -> Remote:
    """Make this phone the remote; whoever held it before is told who took over.

    Taken again by the same phone, as by a double tap, it stays as it is.

    Raises:
        Refused: another phone took this link, it has run out, or the meeting is over.
    """
    meeting = minutes._lock(remote.meeting_id)
    db.session.refresh(remote)
    if remote.device_hash == device_hash and may_act(remote, at):
        db.session.rollback()
        return remote
    if (fault := in_the_way(remote, meeting, at)) is not None:
        raise fault
    before = held(meeting.id)
    if before is not None:
        before.ended_at, before.ended_by = at, remote.host
        db.session.flush()  # before this one is taken: only one may be
    remote.taken_at, remote.device_hash = at, device_hash
    say = N_("%(host)s 接过了遥控器") if before else N_("%(host)s 拿起了遥控器")
    minutes._write(meeting, MinuteKind.MEETING, say, remote.host, at, host=remote.host)
    minutes._touch(meeting)
    _note("remote.taken", remote, None, at)
    db.session.commit()
    return remote


@retrying
def put_down(remote: Remote, *, at: datetime) -> None:
    """Let the remote go; nobody holds it then."""
    minutes._lock(remote.meeting_id)
    db.session.refresh(remote)
    if remote.ended_at is None:
        remote.ended_at = at
        _note("remote.put_down", remote, None, at)
    db.session.commit()


def standing(meeting_id: str, device_hash: str, at: datetime) -> Standing:
    """How a phone stands to the remote, in one statement."""
    last = db.session.scalar(
        select(Remote)
        .where(Remote.meeting_id == meeting_id, Remote.device_hash == device_hash)
        .order_by(Remote.ended_at.is_not(None), Remote.taken_at.desc())
        .limit(1)
    )
    return Standing(last, last is not None and may_act(last, at))


def may_act(remote: Remote, at: datetime) -> bool:
    """Whether who holds this remote may still act."""
    return remote.taken_at is not None and remote.ended_at is None and at < remote.expires_at


def in_the_way(remote: Remote, meeting: Meeting, at: datetime) -> Refused | None:
    """Why a phone that does not hold this remote cannot take it; None where it can."""
    if rules.state(meeting) in {State.ENDED, State.CANCELLED}:
        return Refused(OVER)
    if remote.taken_at is not None:
        return Refused(N_("这个链接已经有一部手机用过了。要换手机，请工作人员再开一个。"))
    if at >= remote.expires_at:
        return Refused(N_("这个链接过期了，请工作人员再开一个。"))
    return None


def why_not(remote: Remote) -> Refused:
    """Why who took this remote holds it no more."""
    if remote.ended_by:
        return Refused(N_("%(host)s 接过了遥控器，这部手机不再管大屏了。"), host=remote.ended_by)
    if remote.ended_at is not None:
        return Refused(N_("遥控器放下了。要再拿，请工作人员再开一个。"))
    return Refused(N_("遥控器过了 6 小时，用完了。请工作人员再开一个。"))


def _refuse_if_over(meeting: Meeting) -> None:
    if rules.state(meeting) in {State.ENDED, State.CANCELLED}:
        raise Refused(OVER)


def _note(act: str, remote: Remote, by: str | None, at: datetime) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=remote.courtyard_id,
        subject_id=remote.meeting_id,
        host=remote.host,
    )
