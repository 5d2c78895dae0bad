"""委托书: an owner lets somebody vote for it. One agent votes for a few owners at most.

How many is a setting of the vote (three by custom). Each owner that an agent votes for takes one
of the agent's slots, and a constraint lets no slot be taken twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.counting.canon import digest
from surveys.errors import Refused
from surveys.owners import chain, coming, proofs, recording, service
from surveys.owners.models import EntryState, OwnerEntry, OwnersVote, Proxy, VoteOwner
from surveys.owners.service import Listed

LONGEST_NAME = 60
LONGEST_MARK = 20
LONGEST_REASON = 200

audit.words(
    {
        "owners.proxy": N_("登记 %(number)s 号业主的委托书，由 %(agent)s 代投"),
        "owners.proxy_ended": N_("收回 %(number)s 号业主的委托书：%(reason)s"),
    }
)


@dataclass(frozen=True, slots=True)
class Agent:
    """Somebody who votes for others, with the proxies that hold, by number of the owner."""

    name: str
    mark: str
    held: Sequence[tuple[Proxy, Listed]]


@retrying
def give(
    vote: OwnersVote,
    owner: VoteOwner,
    name: str,
    mark: str,
    picture: Picture,
    *,
    by: str,
    at: datetime,
) -> Proxy:
    """Note that an owner lets an agent vote.

    Args:
        name, mark: of the agent; the mark tells two of one name apart.
        picture: of the 委托书.

    Raises:
        Invalid: no name or mark, or one too long.
        Refused: the vote takes none, the owner has one or is the agent itself, or the agent votes
            for as many owners as one may.
    """
    name = one_line(name, LONGEST_NAME, N_("请写代理人的姓名。"))
    mark = one_line(mark, LONGEST_MARK, N_("请写代理人证件的后四位。")).upper()
    vote = chain.lock(vote.id)
    recording._refuse_unless_changeable(vote)
    _refuse_unless_free(owner, name)
    agent = _agent(name, mark)
    proxy = Proxy(
        id=new_id(),
        courtyard_id=vote.courtyard_id,
        vote_id=vote.id,
        vote_owner_id=owner.id,
        agent=agent,
        agent_name=name,
        agent_mark=mark,
        slot=_free_slot(vote, agent, name),
        proof_id=proofs._keep(vote, picture, by, at).id,
        noted_by=by,
        noted_at=at,
    )
    db.session.add(proxy)
    db.session.flush()
    _tell(vote, owner, proxy, at)
    _note("owners.proxy", vote, owner, by, at, agent=name)
    db.session.commit()
    return proxy


@retrying
def end(proxy: Proxy, reason: str, *, by: str, at: datetime) -> None:
    """A proxy holds no more. What the agent handed in for it is contested if it counted.

    Raises:
        Invalid: no reason.
        Refused: it was ended already, or somebody has signed.
    """
    said = one_line(reason, LONGEST_REASON, N_("请写一句为什么。"))
    vote = chain.lock(proxy.vote_id)
    recording._refuse_unless_changeable(vote)
    db.session.refresh(proxy)
    if proxy.ended_at is not None:
        raise Refused(N_("这份委托书已经收回了。"))
    proxy.ended_at, proxy.end_reason = at, said
    owner = db.session.get_one(VoteOwner, proxy.vote_owner_id)
    if _counts(proxy):
        recording._contest(vote, owner, said, at)
    _tell(vote, owner, proxy, at)
    _note("owners.proxy_ended", vote, owner, by, at, reason=said)
    db.session.commit()


def of_owner(owner: VoteOwner) -> Proxy | None:
    """The proxy that an owner has given and that holds."""
    return db.session.scalar(
        select(Proxy).where(Proxy.vote_owner_id == owner.id, Proxy.ended_at.is_(None))
    )


def vote_of(proxy: Proxy) -> OwnersVote:
    """The vote for which a proxy was given."""
    return service.find(proxy.vote_id)


def listed_of(proxy: Proxy) -> Listed:
    """The owner who gave it, with the units held."""
    return service.owner_of(vote_of(proxy), proxy.vote_owner_id)


def agents(vote: OwnersVote) -> list[Agent]:
    """Everybody who votes for others in this vote, by name."""
    found = db.session.scalars(
        select(Proxy)
        .where(Proxy.vote_id == vote.id, Proxy.ended_at.is_(None))
        .order_by(Proxy.agent_name, Proxy.agent_mark, Proxy.noted_at)
    ).all()
    listed = {one.owner.id: one for one in service.owners_of(vote)} if found else {}
    held: dict[str, list[tuple[Proxy, Listed]]] = {}
    for proxy in found:
        held.setdefault(proxy.agent, []).append((proxy, listed[proxy.vote_owner_id]))
    return [
        Agent(
            those[0][0].agent_name,
            those[0][0].agent_mark,
            sorted(those, key=lambda one: one[1].owner.number),
        )
        for those in held.values()
    ]


def _agent(name: str, mark: str) -> str:
    """Digest of who an agent is: two spellings of one name are one agent."""
    return digest([coming.name_of(name), mark])


def _refuse_unless_free(owner: VoteOwner, name: str) -> None:
    if coming.name_of(name) in {coming.name_of(own) for own in recording.names_of(owner)}:
        raise Refused(N_("代理人就是这位业主自己，不用委托书，直接签字就行。"))
    held = of_owner(owner)
    if held is not None:
        raise Refused(
            N_("这位业主已经委托了%(agent)s。要换人，先把那一份收回。"), agent=held.agent_name
        )


def _free_slot(vote: OwnersVote, agent: str, name: str) -> int:
    if not vote.proxy_most:
        raise Refused(N_("这次表决不收委托票。"))
    taken = set(
        db.session.scalars(
            select(Proxy.slot).where(
                Proxy.vote_id == vote.id, Proxy.agent == agent, Proxy.ended_at.is_(None)
            )
        )
    )
    free = next((s for s in range(1, vote.proxy_most + 1) if s not in taken), None)
    if free is None:
        raise Refused(
            N_("%(agent)s已经替 %(most)s 位业主投票，一个人最多替这么多。"),
            agent=name,
            most=vote.proxy_most,
        )
    return free


def _counts(proxy: Proxy) -> bool:
    """Whether what counts for the owner was handed in on this proxy."""
    counted = select(OwnerEntry.id).where(
        OwnerEntry.proxy_id == proxy.id, OwnerEntry.state == EntryState.CONFIRMED
    )
    return db.session.scalar(counted) is not None


def _tell(vote: OwnersVote, owner: VoteOwner, proxy: Proxy, at: datetime) -> None:
    body = {"owner": owner.number, "agent": proxy.agent, "holds": proxy.ended_at is None}
    chain.append(vote, "proxy", body, at, service.zone_of(vote))


def _note(
    act: str, vote: OwnersVote, owner: VoteOwner, by: str, at: datetime, **details: object
) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=vote.courtyard_id,
        subject_id=vote.id,
        number=owner.number,
        **details,
    )
