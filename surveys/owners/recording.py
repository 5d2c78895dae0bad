"""The parts of taking in an owner's vote that paper and phone share. Nothing here commits.

The row of the vote is locked before anything of it is read: owners of one vote wait for each
other, and nothing that was read can be old. Events say whose sheet came and how, never its marks.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.base.words import N_
from surveys.counting.canon import canonical_json
from surveys.counting.double_majority import Mark
from surveys.errors import NotFound, Refused
from surveys.owners import chain, coming, service
from surveys.owners.coming import Marks
from surveys.owners.models import (
    Capacity,
    Channel,
    EntryState,
    Motion,
    OwnerEntry,
    OwnersVote,
    Proxy,
    VoteOwner,
    VoteUnit,
)

STANDS = frozenset({EntryState.CONFIRMED, EntryState.CONTESTED})
"""states of an entry that somebody vouched for and nobody took back"""


@dataclass(frozen=True, slots=True)
class Came:
    """One coming of an owner's vote, as it is handed in."""

    channel: Channel
    capacity: Capacity
    signer: str
    marks: Marks
    received_on: date
    submission: str
    """made with the form, at most 40 characters: the same one sent twice is one entry"""
    proxy_id: str | None = None
    proof_id: str | None = None


def _record(
    vote: OwnersVote, owner: VoteOwner, came: Came, keyed_by: str | None, at: datetime
) -> OwnerEntry:
    """Write down one coming of an owner's vote.

    Paper that staff key in waits (PENDING): it moves nothing before a second account has confirmed
    it (`_stand`). What an owner sends online stands at once: it counts, or is contested together
    with what it disagrees with (`coming.settle`).

    Args:
        keyed_by: account of the staff; None where the owner sends it online.

    Raises:
        NotFound: the owner is of another vote.
        Refused: the vote takes no sheet now, it came on a day outside the voting, the owner holds
            no unit, or whoever signed may not.
    """
    vote = chain.lock(vote.id)
    zone = service.zone_of(vote)
    entries = _entries(vote, owner)
    sent = next((e for e in entries if e.submission == came.submission), None)
    if sent is not None:
        return sent
    _refuse_unless_taken(vote, came, at, zone)
    entry = _written(vote, owner, came, entries, keyed_by, at)
    db.session.add(entry)
    if came.channel is Channel.ONLINE:
        _stand(vote, owner, entry, entries, at)
    else:
        _tell(vote, "sheet", owner, entry, at)
    vote.revision += 1
    db.session.flush()
    return entry


def _written(
    vote: OwnersVote,
    owner: VoteOwner,
    came: Came,
    entries: Sequence[OwnerEntry],
    keyed_by: str | None,
    at: datetime,
) -> OwnerEntry:
    numbers = db.session.scalars(select(Motion.number).where(Motion.vote_id == vote.id))
    marks = coming.whole(came.marks, sorted(numbers))
    return OwnerEntry(
        id=new_id(),
        courtyard_id=vote.courtyard_id,
        vote_id=vote.id,
        vote_owner_id=owner.id,
        number=1 + max((e.number for e in entries), default=0),
        submission=came.submission,
        channel=came.channel,
        capacity=came.capacity,
        signer=_signer(owner, came.capacity, came.signer, came.proxy_id),
        proxy_id=came.proxy_id,
        proof_id=came.proof_id,
        received_on=came.received_on,
        marks=_text(marks),
        state=EntryState.PENDING,
        keyed_by=keyed_by,
        keyed_at=at,
    )


def _stand(
    vote: OwnersVote,
    owner: VoteOwner,
    entry: OwnerEntry,
    entries: Sequence[OwnerEntry],
    at: datetime,
) -> None:
    """Let an entry that is vouched for stand beside the owner's others. The vote is locked."""
    standing = [e for e in entries if e.state in STANDS and e.number != entry.number]
    settled = coming.settle(entry, standing)
    for other in standing:
        if other.number in settled.superseded:
            other.state = EntryState.SUPERSEDED
        elif other.number in settled.contested:
            other.state = EntryState.CONTESTED
    db.session.flush()  # what counted gives way first: an owner has one entry that counts
    entry.state = settled.state
    contested = entry.state is EntryState.CONTESTED
    _tell(vote, "contest" if contested else "confirm", owner, entry, at)


def _contest(vote: OwnersVote, owner: VoteOwner, reason: str, at: datetime) -> int:
    """Let what counts for an owner count no more until a supervisor has decided.

    Returns:
        How many entries this contests: 1, or 0 where nothing counted.
    """
    vote = chain.lock(vote.id)
    counted = [e for e in _entries(vote, owner) if e.state == EntryState.CONFIRMED]
    for entry in counted:
        entry.state, entry.reason = EntryState.CONTESTED, reason
        _tell(vote, "contest", owner, entry, at)
    vote.revision += bool(counted)
    db.session.flush()
    return len(counted)


def _entries(vote: OwnersVote, owner: VoteOwner) -> list[OwnerEntry]:
    """Everything that came for an owner, in order, as it is now. The vote is locked."""
    if owner.vote_id != vote.id:
        raise NotFound
    return list(
        db.session.scalars(
            select(OwnerEntry)
            .where(OwnerEntry.vote_owner_id == owner.id)
            .order_by(OwnerEntry.number)
            .execution_options(populate_existing=True)
        )
    )


def _tell(vote: OwnersVote, kind: str, owner: VoteOwner, entry: OwnerEntry, at: datetime) -> None:
    """Append the event of an entry: whose, which one, how it came, what became of it."""
    body = {
        "owner": owner.number,
        "entry": entry.number,
        "channel": str(entry.channel),
        "state": str(entry.state),
    }
    chain.append(vote, kind, body, at, service.zone_of(vote))


def _text(marks: Marks) -> str:
    return canonical_json({str(number): str(mark) for number, mark in marks.items()})


def marks_of(entry: OwnerEntry) -> dict[int, Mark]:
    """What an entry says of each motion, by number. Whoever shows it notes the look."""
    return {int(n): Mark(mark) for n, mark in sorted(json.loads(entry.marks).items())}


def names_of(owner: VoteOwner) -> list[str]:
    """Everybody who may sign for an owner: each of the names, and whom they named to vote."""
    names = [str(name) for name in json.loads(owner.names)]
    return names if not owner.voter or owner.voter in names else [*names, owner.voter]


# --- what is refused -----------------------------------------------------------------------------


def _refuse_unless_changeable(vote: OwnersVote) -> None:
    """Raises Refused once nothing of a vote's sheets may move any more."""
    if vote.frozen_at is None:
        raise Refused(N_("这次表决还没有定下来，不能收票。"))
    if vote.voided_at is not None:
        raise Refused(N_("这次表决已经作废。"))
    if vote.sealed_at is not None:
        raise Refused(N_("这次表决已经封存计票，票不能再动。"))
    if vote.signed_at is not None:
        raise Refused(N_("监督员已经签过字，票不能再动。"))


def _refuse_unless_taken(vote: OwnersVote, came: Came, at: datetime, zone: str) -> None:
    _refuse_unless_changeable(vote)
    opens, closes = clock.day(vote.opens_at, zone), clock.day(vote.closes_at, zone)
    if at < vote.opens_at or came.received_on < opens:
        raise Refused(
            N_("%(month)s 月 %(day)s 日才开始投票，在这以前收到的票不能算。"),
            month=opens.month,
            day=opens.day,
        )
    online_too_late = came.channel is Channel.ONLINE and (
        vote.closed_at is not None or at >= vote.closes_at
    )
    if online_too_late or came.received_on > closes:
        raise Refused(
            N_("%(month)s 月 %(day)s 日已经截止，在这以后收到的票不能算。"),
            month=closes.month,
            day=closes.day,
        )
    if came.received_on > clock.day(at, zone):
        raise Refused(N_("收到的日子还没有到，请看看写对了没有。"))


def _signer(owner: VoteOwner, capacity: Capacity, signed: str, proxy_id: str | None) -> str:
    """The name of who signed, as the register or the 委托书 writes it.

    Raises:
        Refused: the owner holds no unit, or whoever signed may not sign for it.
    """
    if db.session.scalar(select(VoteUnit.id).where(VoteUnit.vote_owner_id == owner.id)) is None:
        raise Refused(N_("这位业主名下没有房屋了，不能投票。"))
    may_sign = names_of(owner) if capacity is Capacity.OWNER else _agents(owner, proxy_id)
    found = next((n for n in may_sign if coming.name_of(n) == coming.name_of(signed)), None)
    if found is not None:
        return found
    if capacity is Capacity.OWNER:
        say = N_("“%(signer)s”不是这一户登记的业主。租户、家人不能代签，要有委托书。")
    else:
        say = N_("没有“%(signer)s”替这位业主投票的委托书。请先登记委托书。")
    raise Refused(say, signer=signed[:60])


def _agents(owner: VoteOwner, proxy_id: str | None) -> list[str]:
    """Name of the agent whom the owner lets vote by this 委托书, if it still holds."""
    proxy = db.session.get(Proxy, proxy_id) if proxy_id else None
    if proxy is None or proxy.vote_owner_id != owner.id or proxy.ended_at is not None:
        return []
    return [proxy.agent_name]
