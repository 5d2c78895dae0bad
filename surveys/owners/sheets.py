"""The sheets of a vote as the desk and the owner's phone read them."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.double_majority import Mark
from surveys.courtyards import rules as doors
from surveys.errors import Invalid
from surveys.owners import coming, recording, service
from surveys.owners.models import (
    Capacity,
    Channel,
    EntryState,
    Motion,
    OwnerEntry,
    OwnersVote,
    VoteOwner,
    VoteUnit,
)
from surveys.owners.service import Listed

IN_QUESTION = frozenset({EntryState.PENDING, *recording.STANDS})
"""states of entries that count, or may yet"""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A keyed sheet that waits, with its owner."""

    entry: OwnerEntry
    listed: Listed
    disagrees: bool
    """another sheet of this owner, standing or waiting too, says otherwise"""


@dataclass(frozen=True, slots=True)
class Contested:
    """An owner whose sheets say different things, or were disputed, with those sheets."""

    listed: Listed
    entries: Sequence[OwnerEntry]


def pending(vote: OwnersVote) -> list[Waiting]:
    """What waits for a second account, in the order of coming."""
    found = _in(vote, IN_QUESTION)
    listed = {one.owner.id: one for one in service.owners_of(vote)} if found else {}
    return [
        Waiting(entry, listed[entry.vote_owner_id], _disagrees(entry, found))
        for entry in found
        if entry.state is EntryState.PENDING
    ]


def _disagrees(entry: OwnerEntry, others: Sequence[OwnerEntry]) -> bool:
    return any(
        other.vote_owner_id == entry.vote_owner_id
        and other.id != entry.id
        and other.marks != entry.marks
        and coming.meets(entry, other) is not coming.Meeting.REPLACES
        for other in others
    )


def contested(vote: OwnersVote) -> list[Contested]:
    """Owners for whom nothing counts until a supervisor has decided, by number."""
    found = _in(vote, frozenset({EntryState.CONTESTED}))
    whose = {entry.vote_owner_id for entry in found}
    listed = [one for one in service.owners_of(vote) if one.owner.id in whose] if found else []
    return [Contested(one, [e for e in found if e.vote_owner_id == one.owner.id]) for one in listed]


def _in(vote: OwnersVote, states: frozenset[EntryState]) -> list[OwnerEntry]:
    return list(
        db.session.scalars(
            select(OwnerEntry)
            .where(OwnerEntry.vote_id == vote.id, OwnerEntry.state.in_(states))
            .order_by(OwnerEntry.keyed_at, OwnerEntry.vote_owner_id, OwnerEntry.number)
        )
    )


def of_owner(owner: VoteOwner) -> list[OwnerEntry]:
    """Everything that came for one owner, in order."""
    return list(
        db.session.scalars(
            select(OwnerEntry)
            .where(OwnerEntry.vote_owner_id == owner.id)
            .order_by(OwnerEntry.number)
        )
    )


def vote_of(entry: OwnerEntry) -> OwnersVote:
    """The vote that an entry belongs to."""
    return service.find(entry.vote_id)


def listed_of(entry: OwnerEntry) -> Listed:
    """The owner of an entry, with the units held."""
    return service.owner_of(vote_of(entry), entry.vote_owner_id)


def read(entry: OwnerEntry) -> list[tuple[Motion, Mark]]:
    """What an entry says of each motion. Whoever shows it notes the look (`keying.look`)."""
    marks = recording.marks_of(entry)
    return [(motion, marks[motion.number]) for motion in service.motions_of(vote_of(entry))]


def owner_at(vote: OwnersVote, typed: str) -> Listed:
    """The owner whose number on the sheet (12), or one of whose doors (3-2-301), was typed.

    Raises:
        Invalid: it is neither, or nobody on the register of this vote has it.
    """
    said = typed.strip().removesuffix("号")
    if said.isdecimal() and len(said) < 7:
        wanted = select(VoteOwner).where(
            VoteOwner.vote_id == vote.id, VoteOwner.number == int(said)
        )
        owner = db.session.scalar(wanted)
        if owner is None:
            raise Invalid(N_("这次表决的名册上没有 %(number)s 号业主。"), number=int(said))
        return service.owner_of(vote, owner.id)
    return service.owner_of(vote, _unit_at(vote, typed).vote_owner_id)


def _unit_at(vote: OwnersVote, typed: str) -> VoteUnit:
    building, stairwell, room = doors.typed_door(typed)
    wanted = select(VoteUnit).where(
        VoteUnit.vote_id == vote.id, VoteUnit.building == building, VoteUnit.room == room
    )
    if stairwell:
        wanted = wanted.where(VoteUnit.stairwell == stairwell)
    found = list(db.session.scalars(wanted.limit(2)))
    said = doors.printable(typed)
    if not found:
        raise Invalid(N_("业主名册上没有“%(door)s”。租户和没有登记的人不能投业主的票。"), door=said)
    if len(found) > 1:
        raise Invalid(N_("有好几户都叫“%(door)s”，请把单元也写上。"), door=said)
    return found[0]


def may_send(owner: VoteOwner, entries: Sequence[OwnerEntry]) -> bool:
    """Whether anybody of this owner could still change something online.

    Not where each of them has a signed paper that stands: paper goes before the phone.
    """
    signed = {
        coming.name_of(e.signer)
        for e in entries
        if e.state in recording.STANDS
        and e.channel is Channel.PAPER
        and e.capacity is Capacity.OWNER
    }
    return any(coming.name_of(name) not in signed for name in recording.names_of(owner))


def masked(name: str) -> str:
    """A name of which a stranger who finds a slip learns the first sign alone: 王＊＊."""
    return name[:1] + "＊" * min(2, max(1, len(name) - 1))
