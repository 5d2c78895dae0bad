"""Owners' own codes in a vote that is held online too, apart from households' slips.

A code is 15 symbols (75 bits) and a check symbol, for the QR and for typing alike. It is computed
from the installation's secret, the owner in that vote and a generation; the table keeps a keyed
hash. A household's slip is derived for another purpose and is never looked up here, nor the other
way round: a tenant's slip opens no owners' vote.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.courtyards import codes
from surveys.errors import Invalid, NotFound
from surveys.owners.models import OwnerCode, OwnersVote, VoteOwner, VoteUnit

LENGTH = 16
HOUSEHOLDS = frozenset({codes.SHORT_LENGTH, codes.LONG_LENGTH})
"""lengths of what stands on a household's slip"""

audit.words(
    {
        "owners.slips": N_("印了 %(count)s 张业主条子"),
        "owners.slips_again": N_("给 %(count)s 位业主换了条子，旧的作废：%(reason)s"),
    }
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed on one owner's slip."""

    owner: VoteOwner
    units: tuple[VoteUnit, ...]
    code: str


def owner_code(vote_owner_id: str, generation: int, secret: bytes) -> str:
    """The code of one generation of an owner in a vote, folded.

    Args:
        secret: the installation's secret, at least 32 bytes.
    """
    about = f"{vote_owner_id}:{generation}"
    payload = codes.symbols(codes.keyed(secret, "owner code", about)[:12], LENGTH - 1)
    return payload + codes.check_symbol(payload)


def _hash(code: str, secret: bytes) -> str:
    return codes.keyed(secret, "owner look-up", code).hex()


def by_code(typed: str, secret: bytes) -> OwnerCode:
    """The present code that was scanned or typed.

    Raises:
        Invalid: it cannot be an owner's code as it stands; in words, why.
        NotFound: no owner ever had it, or a newer one took its place.
    """
    if len(codes.fold(typed)) in HOUSEHOLDS:
        raise Invalid(N_("这是住户的条子，不能在业主表决里用。请用给业主的那一张。"))
    code = codes.checked(typed, LENGTH)
    found = db.session.scalar(select(OwnerCode).where(OwnerCode.long_hash == _hash(code, secret)))
    if found is None:
        raise NotFound(N_("没有这张业主条子。请对着纸再看一遍。"))
    if found.retired_at is not None:
        raise NotFound(N_("这张业主条子换过了，旧的作废。请用新的那张。"))
    return found


def _issue(vote: OwnersVote, secret: bytes, at: datetime) -> int:
    """Give every owner of a vote that is held online a code where it has none; how many.

    Never commits.
    """
    if not vote.is_online:
        return 0
    without = db.session.scalars(
        select(VoteOwner.id)
        .outerjoin(OwnerCode, OwnerCode.vote_owner_id == VoteOwner.id)
        .where(VoteOwner.vote_id == vote.id, OwnerCode.id.is_(None))
    ).all()
    db.session.add_all(_generation(vote.id, owner_id, 1, secret, at) for owner_id in without)
    db.session.flush()
    return len(without)


def _generation(
    vote_id: str, vote_owner_id: str, generation: int, secret: bytes, at: datetime
) -> OwnerCode:
    return OwnerCode(
        id=new_id(),
        vote_id=vote_id,
        vote_owner_id=vote_owner_id,
        generation=generation,
        long_hash=_hash(owner_code(vote_owner_id, generation, secret), secret),
        made_at=at,
    )
