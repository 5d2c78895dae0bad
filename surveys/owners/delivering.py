"""The register of deliveries: how and when each owner got the ballot, and whom nobody reached.

A line is never changed; a wrong one is taken back and stays readable. It is the proof on which a
silence clause rests.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cached_property
from types import MappingProxyType

from sqlalchemy import Select, select

from surveys.accounts.models import Account
from surveys.accounts.rules import one_line
from surveys.base import audit, clock
from surveys.base.db import db, new_id, retrying
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import chain, proofs, rules, service
from surveys.owners.models import Delivery, DeliveryWay, OwnersVote, Proof, VoteOwner
from surveys.owners.rules import State
from surveys.owners.service import Listed

UNDONE_WITHIN = timedelta(hours=12)
"""what was noted at one go may be taken back at one go for so long"""
LONGEST_WHOM = 60
LONGEST_NOTE = 200

WAYS: Mapping[DeliveryWay, str] = MappingProxyType(
    {
        DeliveryWay.HAND: N_("当面送到"),
        DeliveryWay.MAIL: N_("邮寄"),
        DeliveryWay.MESSAGE: N_("发消息"),
        DeliveryWay.FAILED: N_("去了，没送到"),
        DeliveryWay.POSTED: N_("送不到，贴在院里"),
    }
)

audit.words(
    {
        "delivery.noted": N_("记了送达：%(owners)s 位业主"),
        "delivery.taken_back": N_("撤回一条送达记录，第 %(number)s 号业主"),
    }
)


class Reached(StrEnum):
    """How far the ballot of one owner has come."""

    NOT_YET = "not_yet"
    FAILED = "failed"
    """tried, and to be posted if it cannot be delivered after all"""
    POSTED = "posted"
    DELIVERED = "delivered"


@dataclass(frozen=True, slots=True)
class Noted:
    """One line as staff write it.

    Args:
        to_whom: who took it, or to which address or number it went; of a failed try nothing.
        note: why nobody was reached, or where it is posted.
        picture: of a receipt, or of the poster on the wall.
    """

    way: DeliveryWay
    on_day: date
    to_whom: str = ""
    note: str = ""
    picture: Picture | None = None


@dataclass(frozen=True)
class Doorstep:
    """An owner with all lines about the ballot, newest first, taken back ones too."""

    listed: Listed
    lines: Sequence[tuple[Delivery, str]] = field(default=())
    """each with the title of the account that noted it"""

    @cached_property
    def reached(self) -> Reached:
        """How far the ballot has come, by the lines that stand."""
        return reached(line.way for line, _by in self.lines if line.taken_back_at is None)


def reached(ways: Iterable[DeliveryWay]) -> Reached:
    """How far a ballot has come that went these ways: the best of them."""
    gone = set(ways)
    if gone & {DeliveryWay.HAND, DeliveryWay.MAIL, DeliveryWay.MESSAGE}:
        return Reached.DELIVERED
    if DeliveryWay.POSTED in gone:
        return Reached.POSTED
    return Reached.FAILED if gone else Reached.NOT_YET


# --- noting --------------------------------------------------------------------------------------


@retrying
def note(
    vote: OwnersVote, owner_ids: Collection[str], noted: Noted, *, by: str, at: datetime
) -> int:
    """Note the same of one or many owners; how many lines that made. The same again makes none.

    Raises:
        NotFound: somebody is not on the register of this vote.
        Invalid: nobody is named, the day is not one on which it can have been delivered, what
            makes a line a proof is missing.
        Refused: the vote is a draft, sealed or void; a ballot is posted whose delivery nobody
            tried.
    """
    vote = chain.lock(vote.id)
    _refuse_unless_noted(vote, at)
    zone = service.zone_of(vote)
    noted = _checked(vote, noted, clock.day(at, zone), zone)
    owners = _owners(vote, owner_ids)
    standing = _standing(vote)
    if noted.way is DeliveryWay.POSTED:
        _refuse_untried(owners, standing)
    proof = proofs._keep(vote, noted.picture, by, at) if noted.picture else None
    new = [o for o in owners if not _is_there(standing.get(o.id, ()), noted)]
    db.session.add_all(_line(vote, owner, noted, proof, by, at) for owner in new)
    if new:
        numbers = [owner.number for owner in new]
        body = {"owners": numbers, "way": str(noted.way), "on_day": noted.on_day.isoformat()}
        _settle(vote, "deliver", body, at)
        _note("delivery.noted", vote, by, at, owners=len(new), way=str(noted.way))
    db.session.commit()
    return len(new)


def _line(
    vote: OwnersVote, owner: VoteOwner, noted: Noted, proof: Proof | None, by: str, at: datetime
) -> Delivery:
    return Delivery(
        id=new_id(),
        courtyard_id=vote.courtyard_id,
        vote_id=vote.id,
        vote_owner_id=owner.id,
        way=noted.way,
        on_day=noted.on_day,
        to_whom=noted.to_whom,
        note=noted.note,
        proof_id=proof.id if proof else None,
        by=by,
        at=at,
    )


@retrying
def take_back(vote: OwnersVote, delivery_id: str, *, by: str, at: datetime) -> None:
    """Take a wrong line back; it stays readable. Taken back twice, it is taken back once.

    Raises:
        NotFound: it is no line of this vote.
        Refused: the vote is sealed or void.
    """
    vote = chain.lock(vote.id)
    _refuse_unless_noted(vote, at)
    line = db.session.get(Delivery, delivery_id, populate_existing=True)
    if line is None or line.vote_id != vote.id:
        raise NotFound
    if line.taken_back_at is None:
        _take_back(vote, line, by, at)
    db.session.commit()


@retrying
def take_back_batch(vote: OwnersVote, delivery_id: str, *, by: str, at: datetime) -> int:
    """Take back all lines that `by` noted at one go, of which this is one; how many still stood.

    Raises:
        NotFound: it is no line of this vote that `by` noted.
        Refused: the vote is sealed or void.
    """
    vote = chain.lock(vote.id)
    _refuse_unless_noted(vote, at)
    line = db.session.get(Delivery, delivery_id, populate_existing=True)
    if line is None or (line.vote_id, line.by) != (vote.id, by):
        raise NotFound
    batch = db.session.scalars(_noted_at_one_go(line).execution_options(populate_existing=True))
    standing = list(batch)
    for one in standing:
        _take_back(vote, one, by, at)
    db.session.commit()
    return len(standing)


def last_batch(vote: OwnersVote, by: str, at: datetime) -> list[Delivery]:
    """The lines that still stand of what `by` noted last, at one go and not long ago."""
    newest = db.session.scalar(
        select(Delivery)
        .where(Delivery.vote_id == vote.id, Delivery.by == by, Delivery.at > at - UNDONE_WITHIN)
        .where(Delivery.taken_back_at.is_(None))
        .order_by(Delivery.at.desc(), Delivery.id)
        .limit(1)
    )
    return list(db.session.scalars(_noted_at_one_go(newest))) if newest else []


def _noted_at_one_go(line: Delivery) -> Select[Delivery]:
    return (
        select(Delivery)
        .where(Delivery.vote_id == line.vote_id, Delivery.by == line.by, Delivery.at == line.at)
        .where(Delivery.taken_back_at.is_(None))
        .order_by(Delivery.id)
    )


def _take_back(vote: OwnersVote, line: Delivery, by: str, at: datetime) -> None:
    line.taken_back_at = at
    number = db.session.get_one(VoteOwner, line.vote_owner_id).number
    body = {"owner": number, "way": str(line.way), "on_day": line.on_day.isoformat()}
    _settle(vote, "take_back", body, at)
    _note("delivery.taken_back", vote, by, at, number=number)


# --- reading -------------------------------------------------------------------------------------


def doorsteps(vote: OwnersVote) -> list[Doorstep]:
    """Every owner by number, with the lines about the ballot."""
    lines: dict[str, list[tuple[Delivery, str]]] = {}
    found = (
        select(Delivery, Account.title)
        .join(Account, Account.id == Delivery.by)
        .where(Delivery.vote_id == vote.id)
        .order_by(Delivery.at.desc(), Delivery.id)
    )
    for line, by in db.session.execute(found):
        lines.setdefault(line.vote_owner_id, []).append((line, by))
    return [Doorstep(one, lines.get(one.owner.id, ())) for one in service.owners_of(vote)]


def numbers(vote: OwnersVote) -> dict[Reached, int]:
    """How many owners' ballots have come how far; every `Reached` is there. One statement."""
    standing = _standing(vote)
    counted = dict.fromkeys(Reached, 0)
    for lines in standing.values():
        counted[reached(line.way for line in lines)] += 1
    counted[Reached.NOT_YET] = vote.owners - len(standing)
    return counted


def delivered(vote: OwnersVote) -> set[str]:
    """Ids of the owners on the vote's register whose ballot is proven to have come by the close.

    Handed over, sent, or posted in the courtyard after somebody tried; a line taken back proves
    nothing. Only these may be folded into a majority where a silence clause stands.
    """
    last = clock.day(vote.closes_at, service.zone_of(vote))
    return {
        owner_id
        for owner_id, lines in _standing(vote).items()
        if reached(line.way for line in lines if line.on_day <= last)
        in {Reached.DELIVERED, Reached.POSTED}
    }


def may_be_noted(vote: OwnersVote, at: datetime) -> bool:
    """Whether lines are taken: from the freezing until the sealing."""
    return rules.state(vote, at) in {State.ANNOUNCED, State.OPEN, State.CLOSED}


def _standing(vote: OwnersVote) -> dict[str, list[Delivery]]:
    """The lines that were not taken back, by owner."""
    found: dict[str, list[Delivery]] = {}
    for line in db.session.scalars(
        select(Delivery).where(Delivery.vote_id == vote.id, Delivery.taken_back_at.is_(None))
    ):
        found.setdefault(line.vote_owner_id, []).append(line)
    return found


def _owners(vote: OwnersVote, owner_ids: Collection[str]) -> list[VoteOwner]:
    if not owner_ids:
        raise Invalid(N_("请先勾上业主。"))
    found = db.session.scalars(
        select(VoteOwner).where(VoteOwner.vote_id == vote.id).order_by(VoteOwner.number)
    )
    wanted = set(owner_ids)
    owners = [owner for owner in found if owner.id in wanted]
    if len(owners) != len(wanted):
        raise NotFound
    return owners


def _checked(vote: OwnersVote, noted: Noted, today: date, zone: str) -> Noted:
    """The line tidied, if it proves what it says."""
    if vote.frozen_at is None:
        raise Refused(N_("还是草稿，表决票还没定下来。"))
    first, last = clock.day(vote.frozen_at, zone), min(today, clock.day(vote.closes_at, zone))
    if not first <= noted.on_day <= last:
        raise Invalid(
            N_("送达的日子要在 %(first)s 到 %(last)s 之间。"),
            first=first.isoformat(),
            last=last.isoformat(),
        )
    to_whom, say = one_line(noted.to_whom, LONGEST_WHOM), one_line(noted.note, LONGEST_NOTE)
    if noted.way is DeliveryWay.FAILED and not say:
        raise Invalid(N_("请写一句为什么没送到。"))
    if noted.way is DeliveryWay.POSTED and not (say or noted.picture):
        raise Invalid(N_("请写贴在哪里，或者附一张照片。"))
    if noted.way not in {DeliveryWay.FAILED, DeliveryWay.POSTED} and not to_whom:
        raise Invalid(N_("请写交给了谁，或者寄到、发到了哪里。"))
    return Noted(noted.way, noted.on_day, to_whom, say, noted.picture)


def _is_there(lines: Iterable[Delivery], noted: Noted) -> bool:
    """Whether this was noted before: whoever sends a form twice notes it once."""
    said = (noted.way, noted.on_day, noted.to_whom, noted.note)
    return any((line.way, line.on_day, line.to_whom, line.note) == said for line in lines)


def _refuse_untried(owners: Iterable[VoteOwner], standing: Mapping[str, list[Delivery]]) -> None:
    untried = [o.number for o in owners if o.id not in standing]
    if untried:
        raise Refused(
            N_("第 %(numbers)s 号还没有送过。先送，送不到再张贴。"),
            numbers="、".join(map(str, untried[:10])) + ("…" if len(untried) > 10 else ""),
        )


def _refuse_unless_noted(vote: OwnersVote, at: datetime) -> None:
    if vote.frozen_at is None:
        raise Refused(N_("还是草稿，表决票还没定下来。"))
    if not may_be_noted(vote, at):
        raise Refused(N_("已经封存或作废了，送达登记不能再改。"))


def _settle(vote: OwnersVote, kind: str, body: Mapping[str, object], at: datetime) -> None:
    chain.append(vote, kind, body, at, service.zone_of(vote))
    vote.revision += 1


def _note(act: str, vote: OwnersVote, by: str, at: datetime, **details: object) -> None:
    audit.note(act, by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id, **details)
