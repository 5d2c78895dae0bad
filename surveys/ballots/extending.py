"""Putting off the close of a ballot: before it has come, with a reason that everybody reads."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from sqlalchemy import select

from surveys.ballots import chain, guarding, offers, rules
from surveys.ballots.models import Ballot, Event
from surveys.ballots.rules import State
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, Refused

LONGEST_REASON = 20
"""it stands on the wall too"""
_KIND = '%"kind":"extend"%'
"""in a canonical body; inside a reason the quotes would be escaped"""

audit.words({"ballot.extended": N_("推迟截止到 %(closes_at)s：%(reason)s")})


@dataclass(frozen=True, slots=True)
class Extension:
    """The close was put off: since when it is later, and why."""

    closes_at: datetime
    reason: str


@retrying
def extend(ballot: Ballot, closes_at: datetime, reason: str, *, by: str, at: datetime) -> None:
    """Put off the close. The last hour of sealing and the guard of the slips move along.

    Raises:
        Invalid: no reason is given, it is too long, or the new close is not later.
        Refused: the close has come, or there was none to put off.
    """
    why = reason.strip()
    if not 0 < len(why) <= LONGEST_REASON:
        raise Invalid(N_("请写一句为什么推迟，最多 %(most)s 个字。"), most=LONGEST_REASON)
    ballot = chain.lock(ballot.id)
    _refuse_unless_extendable(ballot, at)
    if closes_at <= ballot.closes_at:
        raise Invalid(N_("只能往后推：新的截止要比现在的晚。"))
    zone, was = offers.offer(ballot).zone, ballot.closes_at
    ballot.closes_at, ballot.seals_at = closes_at, ballot.seals_at + (closes_at - was)
    ballot.revision += 1
    times = {"was": was, "closes_at": ballot.closes_at, "seals_at": ballot.seals_at}
    body = {name: each.astimezone(UTC).isoformat() for name, each in times.items()}
    chain.append(ballot, "extend", {**body, "reason": why}, at, zone)
    guarding._guard_slips(ballot.courtyard_id)
    audit.note(
        "ballot.extended",
        by=by,
        at=at,
        courtyard_id=ballot.courtyard_id,
        subject_id=ballot.id,
        closes_at=f"{closes_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
        reason=why,
    )
    db.session.commit()


def may_be_extended(ballot: Ballot, at: datetime) -> bool:
    """Whether the close is still to come."""
    return rules.state(ballot, at) in {State.ANNOUNCED, State.OPEN}


def latest(ballot: Ballot) -> Extension | None:
    """How the close was last put off; None, and no statement, where it never was."""
    if ballot.frozen_at is None or ballot.closes_at == _first_close(ballot.rules):
        return None
    text = db.session.scalar(
        select(Event.body)
        .where(Event.ballot_id == ballot.id, Event.body.like(_KIND))
        .order_by(Event.number.desc())
        .limit(1)
    )
    return Extension(ballot.closes_at, json.loads(text)["reason"]) if text else None


@lru_cache(maxsize=64)
def _first_close(frozen: str) -> datetime:
    """The close that was fixed at the opening."""
    return datetime.fromisoformat(json.loads(frozen)["closes_at"])


def _refuse_unless_extendable(ballot: Ballot, at: datetime) -> None:
    if ballot.frozen_at is None:
        raise Refused(N_("还是草稿，直接改时间就行。"))
    if not may_be_extended(ballot, at):
        raise Refused(N_("截止已经到了，不能再推迟。"))
