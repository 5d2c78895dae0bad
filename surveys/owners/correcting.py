"""Corrections of a vote's register: asked for by one account, confirmed by another.

The register stands as on the day it was frozen. What was wrong on that day is put right and counts
as corrected from then on; what was sold since is written down and printed, and changes no count.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import func, select

from surveys.accounts.models import Account
from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.counting.canon import canonical_json, digest
from surveys.courtyards import service as courtyards
from surveys.courtyards.rules import Door
from surveys.errors import Forbidden, Invalid, Refused
from surveys.owners import chain, codes, parties, recording, service
from surveys.owners.adding_up import door_in_line
from surveys.owners.models import (
    Capacity,
    Correction,
    CorrectionKind,
    EntryState,
    OwnerEntry,
    OwnersVote,
    VoteOwner,
    VoteUnit,
)
from surveys.owners.parties import Named
from surveys.owners.register_models import AreaSource, OwnerKind

LONGEST_REASON = 200
CONTESTED_BECAUSE = N_("名册更正了：签字的人不是这套房的业主")

audit.words(
    {
        "register.correct": N_("申请更正表决名册里的 %(door)s：%(reason)s"),
        "register.corrected": N_("核对了表决名册里 %(door)s 的更正"),
        "register.uncorrected": N_("没有采用表决名册里 %(door)s 的更正"),
    }
)


class What(StrEnum):
    """What of a unit is said to be otherwise."""

    AREA = "area"
    """its area, or where that is taken from"""
    NAMES = "names"
    """how its owner is written; it is the same owner"""
    OWNER = "owner"
    """it belongs to another owner, and did so on the day of the register"""
    SOLD = "sold"
    """it was sold since"""


@dataclass(frozen=True, slots=True)
class Claim:
    """What is said to be right; what does not belong to `what` is left out of account."""

    what: What
    area_dm2: int = 0
    source: AreaSource = AreaSource.REGISTER
    named: tuple[Named, ...] = ()
    kind: OwnerKind | None = None
    """of a new owner; None: by the names"""
    voter: str = ""
    number: int | None = None
    """of the owner on the register to whom the unit belongs; None: it is not on it yet"""


@dataclass(frozen=True, slots=True)
class Shown:
    """A correction with what the desk shows of it."""

    correction: Correction
    unit: VoteUnit
    before: dict[str, Any]
    """owner (number), names, kind, voter, area_dm2, source; and so after"""
    after: dict[str, Any]
    asked_by: str
    """title of the account"""
    confirmed_by: str


# asking


@retrying
def ask(
    vote: OwnersVote, door: Door, claim: Claim, reason: str, *, by: str, at: datetime
) -> Correction:
    """Ask for a correction of one unit; another account must confirm it.

    Raises:
        Invalid: no reason, no such door, no such owner, or it would change nothing.
        Refused: the register cannot change now, or a correction of this unit waits already.
    """
    said = one_line(reason, LONGEST_REASON, N_("请写为什么要更正，凭什么。"))
    _refuse_unless_changeable(vote)
    unit = unit_at(vote, door)
    if db.session.scalar(_waiting(vote).where(Correction.vote_unit_id == unit.id).limit(1)):
        raise Refused(N_("这一套已经有人申请更正了，还没核对。"))
    before = _as_it_is(unit)
    after = before | _claimed(vote, claim)
    if after == before:
        raise Invalid(N_("和名册上一样，没有要更正的。"))
    asked = Correction(
        id=new_id(),
        courtyard_id=vote.courtyard_id,
        vote_id=vote.id,
        vote_unit_id=unit.id,
        kind=CorrectionKind.SOLD if claim.what is What.SOLD else CorrectionKind.MISTAKE,
        body=canonical_json({"before": before, "after": after}),
        reason=said,
        asked_by=by,
        asked_at=at,
    )
    db.session.add(asked)
    _note("register.correct", vote, unit, by, at, reason=said)
    db.session.commit()
    return asked


def unit_at(vote: OwnersVote, door: Door) -> VoteUnit:
    """The unit of the vote's register behind a door; the stairwell may be left out.

    Raises:
        Invalid: there is none, or there are several.
    """
    building, stairwell, room = door
    same = VoteUnit.building == building, VoteUnit.room == room
    found = select(VoteUnit).where(VoteUnit.vote_id == vote.id, *same)
    if stairwell:
        found = found.where(VoteUnit.stairwell == stairwell)
    units = db.session.scalars(found.limit(2)).all()
    if not units:
        raise Invalid(N_("这次表决的名册里没有“%(door)s”。"), door=door_in_line(door))
    if len(units) > 1:
        say = N_("有好几套都叫“%(door)s”，请把单元也写上。")
        raise Invalid(say, door=door_in_line(door))
    return units[0]


def _as_it_is(unit: VoteUnit) -> dict[str, Any]:
    owner = db.session.get_one(VoteOwner, unit.vote_owner_id, populate_existing=True)
    return {
        **_of(owner),
        "area_dm2": unit.area_dm2,
        "source": str(unit.source),
    }


def _of(owner: VoteOwner) -> dict[str, Any]:
    return {
        "owner": owner.number,
        "names": json.loads(owner.names),
        "kind": str(owner.kind),
        "voter": owner.voter,
    }


def _claimed(vote: OwnersVote, claim: Claim) -> dict[str, Any]:
    """What a claim changes of what stands in the register."""
    if claim.what is What.AREA:
        return {"area_dm2": claim.area_dm2, "source": str(claim.source)}
    if claim.what is What.OWNER and claim.number is not None:
        return _of(_owner(vote, claim.number))
    kind = parties.kind_of(claim.kind, len(claim.named))
    written = {
        "names": [one.name for one in claim.named],
        "kind": str(kind),
        "voter": parties.read_voter(claim.voter, claim.named),
    }
    if kind is OwnerKind.TOGETHER and not written["voter"] and claim.what is not What.SOLD:
        raise Invalid(N_("几个人共有的，请写上他们推谁代表表决。"))
    return written if claim.what is What.NAMES else written | {"owner": None}


def _owner(vote: OwnersVote, number: int) -> VoteOwner:
    found = db.session.scalar(
        select(VoteOwner).where(VoteOwner.vote_id == vote.id, VoteOwner.number == number)
    )
    if found is None:
        raise Invalid(N_("名册上没有第 %(number)s 号业主。"), number=number)
    return found


# confirming


@retrying
def confirm(correction: Correction, *, secret: bytes, by: str, at: datetime) -> None:
    """Let a correction hold.

    A mistake is put right: area, names, or whose unit it is. An entry that counted stands in
    doubt where its owner holds nothing any more, or whoever signed is none of its names.

    Args:
        secret: the installation's secret, of which a new owner's code is derived.

    Raises:
        Forbidden: the same account asked for it.
        Refused: it waits no more, the register cannot change now, or says otherwise by now.
    """
    vote = chain.lock(correction.vote_id)
    _refuse_unless_waiting(correction)
    _refuse_unless_changeable(vote)
    if correction.asked_by == by:
        raise Forbidden(N_("这是您自己申请的，要由另一个人核对。"))
    unit = db.session.get_one(VoteUnit, correction.vote_unit_id, populate_existing=True)
    body = json.loads(correction.body)
    if _as_it_is(unit) != body["before"]:
        raise Refused(N_("名册后来又变过，这条更正对不上了。请不采用，重新申请。"))
    correction.confirmed_by, correction.confirmed_at = by, at
    if correction.kind is CorrectionKind.MISTAKE:
        _put_right(vote, unit, body["after"], secret, at)
    _tell(vote, correction, unit, body, at)
    _note("register.corrected", vote, unit, by, at)
    db.session.commit()


def _put_right(
    vote: OwnersVote, unit: VoteUnit, after: dict[str, Any], secret: bytes, at: datetime
) -> None:
    old = db.session.get_one(VoteOwner, unit.vote_owner_id)
    unit.area_dm2, unit.source = after["area_dm2"], AreaSource(after["source"])
    if after["owner"] == old.number:
        _write(old, after)
    else:
        new = _new_owner(vote, after) if after["owner"] is None else _owner(vote, after["owner"])
        unit.vote_owner_id = new.id
        db.session.flush()
        codes._issue(vote, secret, at)
    db.session.flush()
    if _stands_in_doubt(old):
        recording._contest(vote, old, CONTESTED_BECAUSE, at)
    _add_up(vote)
    vote.revision += 1


def _write(owner: VoteOwner, after: dict[str, Any]) -> None:
    owner.names = canonical_json(after["names"])
    owner.kind, owner.voter = OwnerKind(after["kind"]), after["voter"]


def _new_owner(vote: OwnersVote, after: dict[str, Any]) -> VoteOwner:
    last = select(func.max(VoteOwner.number)).where(VoteOwner.vote_id == vote.id)
    owner = VoteOwner(id=new_id(), vote_id=vote.id, number=1 + (db.session.scalar(last) or 0))
    _write(owner, after)
    db.session.add(owner)
    db.session.flush()
    return owner


def _stands_in_doubt(owner: VoteOwner) -> bool:
    """Whether the entry that counts for an owner was signed by nobody who may, as it is now."""
    held = select(VoteUnit.id).where(VoteUnit.vote_owner_id == owner.id)
    if db.session.scalar(held.limit(1)) is None:
        return True
    signers = select(OwnerEntry.signer).where(
        OwnerEntry.vote_owner_id == owner.id,
        OwnerEntry.state == EntryState.CONFIRMED,
        OwnerEntry.capacity == Capacity.OWNER,
    )
    may_sign = recording.names_of(owner)
    return any(signer not in may_sign for signer in db.session.scalars(signers))


def _add_up(vote: OwnersVote) -> None:
    """What the register adds up to, by now: owners that hold a unit, and all areas."""
    owners, area_dm2 = db.session.execute(
        select(func.count(VoteUnit.vote_owner_id.distinct()), func.sum(VoteUnit.area_dm2)).where(
            VoteUnit.vote_id == vote.id
        )
    ).one()
    vote.owners, vote.area_dm2 = owners, int(area_dm2)


def _tell(
    vote: OwnersVote, correction: Correction, unit: VoteUnit, body: dict[str, Any], at: datetime
) -> None:
    """Append the event: which door, what of it, and the digest of the register as it is now."""
    kind = "sold" if correction.kind is CorrectionKind.SOLD else "correct"
    told = {
        "unit": [unit.building, unit.stairwell, unit.room],
        "reason": correction.reason,
        "change": digest(body),
        "owners": vote.owners,
        "area_dm2": vote.area_dm2,
        "register": digest(service.register_as_data(vote)),
    }
    chain.append(vote, kind, told, at, courtyards.find(vote.courtyard_id).zone)


@retrying
def drop(correction: Correction, *, by: str, at: datetime) -> None:
    """Let a correction that waits not hold: it was wrong, or is asked for anew.

    Raises:
        Refused: it waits no more.
    """
    vote = chain.lock(correction.vote_id)
    _refuse_unless_waiting(correction)
    correction.dropped_at = at
    unit = db.session.get_one(VoteUnit, correction.vote_unit_id)
    _note("register.uncorrected", vote, unit, by, at)
    db.session.commit()


def _refuse_unless_waiting(correction: Correction) -> None:
    db.session.refresh(correction)
    if correction.confirmed_at is not None or correction.dropped_at is not None:
        raise Refused(N_("这条更正已经有人处理过了。"))


def may_change(vote: OwnersVote) -> bool:
    """Whether the register of a vote can be corrected: from the opening to the signature."""
    over = vote.voided_at or vote.signed_at or vote.sealed_at
    return vote.frozen_at is not None and over is None


def _refuse_unless_changeable(vote: OwnersVote) -> None:
    if not may_change(vote):
        raise Refused(N_("开票以后、签字以前，才能更正表决名册。"))


def _note(
    act: str, vote: OwnersVote, unit: VoteUnit, by: str, at: datetime, **details: object
) -> None:
    door = door_in_line((unit.building, unit.stairwell, unit.room))
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=vote.courtyard_id,
        subject_id=vote.id,
        door=door,
        **details,
    )


# reading


def _waiting(vote: OwnersVote) -> Any:
    return select(Correction.id).where(
        Correction.vote_id == vote.id,
        Correction.confirmed_at.is_(None),
        Correction.dropped_at.is_(None),
    )


def waiting(vote: OwnersVote) -> int:
    """How many corrections wait for a second account."""
    return db.session.scalar(select(func.count()).select_from(_waiting(vote).subquery())) or 0


def corrections_of(vote: OwnersVote) -> Sequence[Shown]:
    """Everything that was asked for, the newest first."""
    asker, confirmer = db.aliased(Account), db.aliased(Account)
    found = db.session.execute(
        select(Correction, VoteUnit, asker.title, func.coalesce(confirmer.title, ""))
        .join(VoteUnit, VoteUnit.id == Correction.vote_unit_id)
        .join(asker, asker.id == Correction.asked_by)
        .outerjoin(confirmer, confirmer.id == Correction.confirmed_by)
        .where(Correction.vote_id == vote.id)
        .order_by(Correction.asked_at.desc(), Correction.id)
    )
    return [_shown(*row) for row in found]


def _shown(correction: Correction, unit: VoteUnit, asked_by: str, confirmed_by: str) -> Shown:
    body = json.loads(correction.body)
    return Shown(correction, unit, body["before"], body["after"], asked_by, confirmed_by)
