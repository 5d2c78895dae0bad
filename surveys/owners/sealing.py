"""From the close to the published result: closing, signing, sealing, publishing; and voiding.

The vote is locked first in every act. Real-name sheets stay readable for those entitled; what is
frozen is the count (`counted.py` describes the body of a result) and, in the chain, the digests of
all that it was counted from, so that whoever holds the register's files can count again.
"""

import secrets
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from sqlalchemy import ColumnElement, select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting import double_majority
from surveys.counting.canon import digest, text_digest
from surveys.errors import NotFound, Refused
from surveys.owners import chain, counted, figures, files, rules, service
from surveys.owners.counted import Result
from surveys.owners.figures import Figures
from surveys.owners.models import OwnersResult, OwnersVote
from surveys.owners.rules import State

SALT_BYTES = 32
LONGEST_REASON = 200
CODE_VERSION = digest(Path(double_majority.__file__).read_text("utf-8"))[:16]
"""of the counting code; stands in the chain beside every result"""

audit.words(
    {
        "vote.signed": N_("签认业主表决的票数：%(owners)s 位业主的票"),
        "vote.sealed": N_("封存业主表决并计票"),
        "vote.published": N_("公布业主表决的结果"),
        "vote.voided": N_("作废业主表决：%(reason)s"),
    }
)


def due_to_close(at: datetime) -> list[str]:
    """Ids of votes whose close is past and not yet in the chain."""
    return _due(OwnersVote.closes_at <= at, OwnersVote.closed_at.is_(None))


def due_to_seal(at: datetime) -> list[str]:
    """Ids of votes that must be sealed now, signed or not."""
    return _due(OwnersVote.seals_at <= at)


@retrying
def close(vote_id: str, *, at: datetime) -> None:
    """Write the close into the chain, once its hour has come. Done already: nothing happens."""
    vote = chain.lock(vote_id)
    if rules.state(vote, at) is State.CLOSED:
        _close(vote, figures.of(vote), at)
    db.session.commit()


@retrying
def sign(vote: OwnersVote, *, uncounted: int = 0, by: str, at: datetime) -> None:
    """A supervisor signs for the numbers; from then on no sheet may change.

    Args:
        uncounted: sheets not confirmed and owners in dispute, together, of whom the supervisor
            says that they shall not count.

    Raises:
        Refused: not closed, signed already, or another number than `uncounted` still waits.
    """
    vote = chain.lock(vote.id)
    if rules.state(vote, at) is not State.CLOSED:
        raise Refused(N_("截止以后、封存以前才能签字。"))
    if vote.signed_at is not None:
        raise Refused(N_("已经签过字了。"))
    found = figures.of(vote)
    _refuse_unless_stated(found, uncounted)
    _close(vote, found, at)
    numbers = counted.numbers_data(counted.numbers(counted.held(vote)))
    body = {**_in_numbers(found), **numbers, "by": by}
    chain.append(vote, "sign", body, at, service.zone_of(vote))
    vote.signed_at, vote.signed_by = at, by
    vote.revision += 1
    _note("vote.signed", vote, by, at, owners=found.taking_part.owners)
    db.session.commit()


@retrying
def seal(vote: OwnersVote, *, by: str | None, at: datetime) -> OwnersResult:
    """Count what is confirmed and freeze it.

    Args:
        by: the organizer; None when the clock does it, which it may only from `seals_at` on. Then
            what nobody confirmed and what is in dispute does not count, and the result says how
            many that are.

    Raises:
        Refused: not closed, sealed already, not signed while there is time, or the chain is broken.
    """
    vote = chain.lock(vote.id)
    _refuse_unless_sealable(vote, by, at)
    found, held = figures.of(vote), counted.held(vote)
    _close(vote, found, at)
    result = OwnersResult(
        vote_id=vote.id,
        salt=secrets.token_hex(SALT_BYTES),
        body=counted.written(
            vote,
            held,
            waiting=found.waiting,
            contested=found.contested,
            signed=vote.signed_at is not None,
        ),
        counted_at=at,
    )
    db.session.add(result)
    _seal_events(vote, result, found, at)
    vote.sealed_at = at
    vote.revision += 1
    _note("vote.sealed", vote, by, at)
    db.session.commit()
    return result


@retrying
def publish(vote: OwnersVote, *, by: str, at: datetime) -> None:
    """Let everybody read the sealed result.

    Raises:
        Refused: it is not sealed, or published already.
    """
    vote = chain.lock(vote.id)
    if rules.state(vote, at) is not State.SEALED:
        raise Refused(N_("要先封存计票，才能公布。"))
    body = {"result": text_digest(result_of(vote).body)}
    chain.append(vote, "publish", body, at, service.zone_of(vote))
    vote.published_at = at
    vote.revision += 1
    _note("vote.published", vote, by, at)
    db.session.commit()


@retrying
def void(vote: OwnersVote, reason: str, *, by: str, at: datetime) -> None:
    """End a vote without a result. The record stays.

    Raises:
        Invalid: no reason is given, or it is too long.
        Refused: it is void already, or sealed, so that whoever dislikes a result cannot undo it.
    """
    why = one_line(reason, LONGEST_REASON, N_("请写一句为什么作废，业主会看到。"))
    vote = chain.lock(vote.id)
    if rules.state(vote, at) in {State.VOID, *rules.COUNTED}:
        raise Refused(N_("已经作废的、封存计票的或公布的，不能再作废。"))
    if vote.frozen_at is not None:
        chain.append(vote, "void", {"reason": why}, at, service.zone_of(vote))
    vote.voided_at, vote.void_reason = at, why
    vote.revision += 1
    _note("vote.voided", vote, by, at, reason=why)
    db.session.commit()


def result_of(vote: OwnersVote) -> OwnersResult:
    """The row of the sealed result: its body as it was frozen, and its salt.

    Raises:
        NotFound: the vote is not sealed.
    """
    result = db.session.get(OwnersResult, vote.id)
    if result is None:
        raise NotFound
    return result


def read(vote: OwnersVote) -> Result:
    """The sealed result. Who may see it before it is published, the caller decides.

    Raises:
        NotFound: it is not sealed.
    """
    return counted.read(vote, result_of(vote).body)


def _due(*conditions: ColumnElement[bool]) -> list[str]:
    found = (
        select(OwnersVote.id)
        .where(OwnersVote.frozen_at.is_not(None), OwnersVote.voided_at.is_(None))
        .where(OwnersVote.sealed_at.is_(None), *conditions)
        .order_by(OwnersVote.closes_at, OwnersVote.id)
    )
    return list(db.session.scalars(found))


def _close(vote: OwnersVote, found: Figures, at: datetime) -> None:
    """Write the close into the chain, once. The vote is locked and past its close."""
    if vote.closed_at is not None:
        return
    vote.closed_at = at
    vote.revision += 1
    chain.append(vote, "close", _in_numbers(found), at, service.zone_of(vote))


def _in_numbers(found: Figures) -> dict[str, object]:
    return {
        **counted.share_data(found.taking_part),
        "waiting": found.waiting,
        "contested": found.contested,
    }


def _refuse_unless_stated(found: Figures, uncounted: int) -> None:
    if found.waiting + found.contested != uncounted:
        raise Refused(
            N_(
                "还有 %(waiting)s 张票没有核对，%(contested)s 位业主的票有争议。"
                "处理完再签字；处理不完的不计入，要写明一共 %(all)s 张。"
            ),
            waiting=found.waiting,
            contested=found.contested,
            all=found.waiting + found.contested,
        )


def _refuse_unless_sealable(vote: OwnersVote, by: str | None, at: datetime) -> None:
    state = rules.state(vote, at)
    if state in rules.COUNTED:
        raise Refused(N_("已经封存计票了。"))
    if state is not State.CLOSED:
        raise Refused(N_("还没截止，不能封存计票。"))
    if vote.signed_at is None and at < vote.seals_at:
        raise Refused(N_("先请监督员签认票数，再封存计票。"))
    if by is None and at < vote.seals_at:
        raise Refused(N_("没到最晚的时间，要由组织者封存计票。"))
    if chain.verify(vote) is not None:
        raise Refused(N_("事件链对不上，记录被人动过，不能封存。请作废重来，并查清原因。"))


def _seal_events(vote: OwnersVote, result: OwnersResult, found: Figures, at: datetime) -> None:
    """Into the chain: digests of everything that was counted, and of what came out."""
    zone = service.zone_of(vote)
    sealed: Mapping[str, object] = {
        **_in_numbers(found),
        "signed": vote.signed_at is not None,
        **files.digests(vote, result.salt),
    }
    chain.append(vote, "seal", sealed, at, zone)
    body = {
        "rule": vote.rule_set,
        "result": text_digest(result.body),
        "code": CODE_VERSION,
    }
    chain.append(vote, "count", body, at, zone)


def _note(act: str, vote: OwnersVote, by: str | None, at: datetime, **details: object) -> None:
    audit.note(act, by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id, **details)
