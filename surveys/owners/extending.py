"""Putting off the close of an owners' vote by a posted notice: only before the close has come."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.owners import chain, rules, service
from surveys.owners.models import OwnersExtension, OwnersVote
from surveys.owners.terms import LONGEST_REASON

audit.words({"vote.extended": N_("推迟业主表决的截止到 %(closes_at)s：%(reason)s")})


@retrying
def extend(
    vote: OwnersVote, closes_at: datetime, reason: str, *, by: str, at: datetime
) -> OwnersExtension:
    """Put off the close; the last hour of sealing moves along.

    Raises:
        Invalid: no reason is given, it is too long, the new close is not later, or the vote would
            last longer than such votes may.
        Refused: it is a draft, or the close has come.
    """
    why = one_line(reason, LONGEST_REASON, N_("请写一句为什么推迟。"))
    vote = chain.lock(vote.id)
    _refuse_unless_extendable(vote, at)
    if closes_at <= vote.closes_at:
        raise Invalid(N_("只能往后推：新的截止要比现在的晚。"))
    if closes_at - vote.opens_at > rules.MOST_OPEN:
        raise Invalid(N_("连推迟的在内，投票最多 %(most)s 天。"), most=rules.MOST_OPEN.days)
    extension = OwnersExtension(
        id=new_id(),
        vote_id=vote.id,
        closed_before=vote.closes_at,
        closes_at=closes_at,
        reason=why,
        by=by,
        at=at,
    )
    db.session.add(extension)
    vote.seals_at += closes_at - vote.closes_at
    vote.closes_at = closes_at
    vote.revision += 1
    _tell(vote, extension)
    db.session.commit()
    return extension


def _tell(vote: OwnersVote, extension: OwnersExtension) -> None:
    """Write it into the chain and the trail."""
    zone, reason, at = service.zone_of(vote), extension.reason, extension.at
    times = {
        "was": extension.closed_before,
        "closes_at": vote.closes_at,
        "seals_at": vote.seals_at,
    }
    body = {name: each.astimezone(UTC).isoformat() for name, each in times.items()}
    chain.append(vote, "extend", {**body, "reason": reason}, at, zone)
    audit.note(
        "vote.extended",
        by=extension.by,
        at=at,
        courtyard_id=vote.courtyard_id,
        subject_id=vote.id,
        closes_at=f"{vote.closes_at.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}",
        reason=reason,
    )


def may_be_extended(vote: OwnersVote, at: datetime) -> bool:
    """Whether the close is still to come."""
    return rules.state(vote, at) in rules.RUNNING


def extensions_of(vote: OwnersVote) -> list[OwnersExtension]:
    """Every time the close was put off, in order."""
    found = select(OwnersExtension).where(OwnersExtension.vote_id == vote.id)
    return list(db.session.scalars(found.order_by(OwnersExtension.closes_at)))


def _refuse_unless_extendable(vote: OwnersVote, at: datetime) -> None:
    if vote.frozen_at is None:
        raise Refused(N_("还是草稿，直接改时间就行。"))
    if not may_be_extended(vote, at):
        raise Refused(N_("截止已经到了，不能再推迟。"))
