"""Owners' own codes in a vote that is held online too, apart from households' slips.

A code is 15 symbols (75 bits) and a check symbol, for the QR and for typing alike. It is computed
from the installation's secret, the owner in that vote and a generation; the table keeps a keyed
hash. A household's slip is derived for another purpose and is never looked up here, nor the other
way round: a tenant's slip opens no owners' vote.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from surveys.accounts.models import Account
from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards import codes
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain, service
from surveys.owners.models import OwnerCode, OwnersVote, VoteOwner
from surveys.owners.service import Listed

LENGTH = 16
HOUSEHOLDS = frozenset({codes.SHORT_LENGTH, codes.LONG_LENGTH})
"""lengths of what stands on a household's slip"""

PRINTS = ("owners.slips", "owners.slip_again")
LONGEST_REASON = 200

audit.words(
    {
        "owners.slips": N_("印了 %(count)s 张业主条子"),
        "owners.slip_again": N_("给第 %(number)s 号业主换了条子，旧的作废：%(reason)s"),
    }
)


@dataclass(frozen=True, slots=True)
class Slip:
    """What is printed on one owner's slip."""

    listed: Listed
    code: str
    """folded"""

    @property
    def to_type(self) -> str:
        """The code in groups: K7M4-Q9XT-3RWA-8ZP2."""
        return codes.grouped(self.code)


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


# printing


def not_printed(vote: OwnersVote) -> list[Listed]:
    """The owners of whose present code no slip was ever printed, by number."""
    waiting = set(
        db.session.scalars(
            select(OwnerCode.vote_owner_id).where(
                OwnerCode.vote_id == vote.id,
                OwnerCode.printed_at.is_(None),
                OwnerCode.retired_at.is_(None),
            )
        )
    )
    return [one for one in service.owners_of(vote) if one.owner.id in waiting and one.units]


@retrying
def print_slips(
    vote: OwnersVote, buildings: Collection[str] | None, *, secret: bytes, by: str, at: datetime
) -> list[Slip]:
    """The slips that were never printed, of owners whose first door lies in these buildings.

    Nobody gets two: who lost it is given another by `renew`.

    Args:
        buildings: None for all.

    Raises:
        Refused: the vote is not held online, or is over.
        Invalid: there is none to print.
    """
    vote = chain.lock(vote.id)
    _refuse_unless_online(vote, at)
    chosen = [
        one for one in not_printed(vote) if buildings is None or one.units[0].building in buildings
    ]
    if not chosen:
        raise Invalid(N_("选中的楼里，业主条子都印过了。谁的丢了，就给谁换一张。"))
    slips = []
    for one in chosen:
        code = _present(one.owner)
        code.printed_at = at
        slips.append(Slip(one, owner_code(one.owner.id, code.generation, secret)))
    _note("owners.slips", vote, by, at, count=len(slips))
    db.session.commit()
    return slips


@retrying
def renew(
    vote: OwnersVote, number: int, reason: str, *, secret: bytes, by: str, at: datetime
) -> Slip:
    """A new slip for an owner who lost it: the old one is void at once.

    Args:
        number: of the owner on the register of the vote.

    Raises:
        Refused: the vote is not held online, or is over.
        Invalid: no reason, or no such owner.
    """
    said = one_line(reason, LONGEST_REASON, N_("请写为什么要换。"))
    vote = chain.lock(vote.id)
    _refuse_unless_online(vote, at)
    listed = next((one for one in service.owners_of(vote) if one.owner.number == number), None)
    if listed is None or not listed.units:
        raise Invalid(N_("名册上没有第 %(number)s 号业主。"), number=number)
    old = _present(listed.owner)
    old.retired_at = at
    db.session.flush()  # before the next one comes: only one may be current
    new = _generation(vote.id, listed.owner.id, old.generation + 1, secret, at)
    new.printed_at = at
    db.session.add(new)
    _note("owners.slip_again", vote, by, at, number=number, reason=said)
    db.session.commit()
    return Slip(listed, owner_code(listed.owner.id, new.generation, secret))


def _present(owner: VoteOwner) -> OwnerCode:
    return db.session.scalars(
        select(OwnerCode)
        .where(OwnerCode.vote_owner_id == owner.id, OwnerCode.retired_at.is_(None))
        .execution_options(populate_existing=True)
    ).one()


def _refuse_unless_online(vote: OwnersVote, at: datetime) -> None:
    if not vote.is_online or vote.frozen_at is None:
        raise Refused(N_("这次表决不在网上投，没有业主条子。"))
    if vote.voided_at is not None or vote.closed_at is not None or at >= vote.closes_at:
        raise Refused(N_("投票已经结束，条子不用印了。"))


def _note(act: str, vote: OwnersVote, by: str, at: datetime, **details: object) -> None:
    audit.note(act, by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id, **details)


def printed(vote: OwnersVote, most: int = 20) -> list[tuple[AuditEntry, str]]:
    """Who printed slips of this vote, the newest first, each with the account's title."""
    found = db.session.execute(
        select(AuditEntry, func.coalesce(Account.title, ""))
        .outerjoin(Account, Account.id == AuditEntry.account_id)
        .where(AuditEntry.subject_id == vote.id, AuditEntry.act.in_(PRINTS))
        .order_by(AuditEntry.at.desc(), AuditEntry.id)
        .limit(most)
    )
    return [(entry, title) for entry, title in found]


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


def held(code_id: object, vote: OwnersVote) -> OwnerCode | None:
    """The code of this id, where it is one of this vote and no newer one took its place."""
    if not isinstance(code_id, str):
        return None
    return db.session.scalar(
        select(OwnerCode).where(
            OwnerCode.id == code_id,
            OwnerCode.vote_id == vote.id,
            OwnerCode.retired_at.is_(None),
        )
    )
