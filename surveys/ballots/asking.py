"""Questions about ballots. Nothing here writes, and nothing here knows a choice."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import and_, bindparam, func, select

from surveys.ballots import receipts, rules
from surveys.ballots.models import Ballot, BallotHousehold, Entry, Event, Participation
from surveys.ballots.offers import Offer, OfferedClass, OfferedItem, offer
from surveys.ballots.rules import Channel, EntryState, State
from surveys.base import audit
from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.courtyards import codes
from surveys.courtyards.listing import sought
from surveys.courtyards.models import Household
from surveys.errors import Invalid, NotFound
from surveys.menus import listing
from surveys.menus.models import Menu
from surveys.needs.models import Need

__all__ = ["Offer", "OfferedClass", "OfferedItem", "offer"]  # asked for here by other rooms


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one household stands in one ballot."""

    may_vote: bool
    """it is on the frozen roll"""
    receipt: str | None
    """its receipt, if it took part and the secret was given"""
    entries: Sequence[Entry]
    """every coming of a vote for it, the first one first"""
    current: int | None
    """number of the entry that counts"""
    home: tuple[str, str] | None = None
    """building and stairwell on the frozen roll; None: it is not there"""

    @property
    def current_entry(self) -> Entry | None:
        """The entry that counts."""
        return next((entry for entry in self.entries if entry.number == self.current), None)


class Waiting(NamedTuple):
    """A keyed entry that waits for a second account, and the door it was keyed for."""

    entry: Entry
    household: Household


@dataclass(frozen=True, slots=True)
class ReceiptFacts:
    """What a receipt proves. Never what was chosen, never whose it is."""

    ballot: Ballot
    sealed: bool
    counted: bool
    """after sealing: a vote of this household is among those counted; before: it would be"""
    hash: str
    """by which it stands in the record"""
    listed: bool
    """whether it stands there; also where its vote was withdrawn later"""


def find(ballot_id: str) -> Ballot:
    """The ballot of this id.

    Raises:
        NotFound: there is none.
    """
    ballot = db.session.get(Ballot, ballot_id)
    if ballot is None:
        raise NotFound
    return ballot


def entry_of(ballot: Ballot, entry_id: str) -> Entry:
    """An entry of this very ballot.

    Raises:
        NotFound: there is none.
    """
    entry = db.session.get(Entry, entry_id)
    if entry is None or entry.ballot_id != ballot.id:
        raise NotFound
    return entry


def household_of(entry: Entry) -> Household:
    """The household that an entry came for."""
    part = db.session.get_one(Participation, entry.participation_id)
    return db.session.get_one(Household, part.household_id)


def void_reason(ballot: Ballot) -> str:
    """Why a ballot was voided, as the organizer wrote it; empty where it was not."""
    if ballot.voided_at is None:
        return ""
    acts = audit.about(ballot.id)
    return next((str(act.facts["reason"]) for act in acts if act.act == "ballot.voided"), "")


def all_of(courtyard_id: str) -> list[Ballot]:
    """Every ballot of a courtyard, drafts too, the newest first."""
    return list(
        db.session.scalars(
            select(Ballot)
            .where(Ballot.courtyard_id == courtyard_id)
            .order_by(Ballot.created_at.desc(), Ballot.id)
        )
    )


def everywhere() -> list[Ballot]:
    """Every ballot of the installation, the newest first."""
    return list(db.session.scalars(select(Ballot).order_by(Ballot.created_at.desc(), Ballot.id)))


def open_ones(courtyard_id: str, at: datetime) -> list[Ballot]:
    """The ballots that take votes at `at`, the one that closes first at the head."""
    found = db.session.scalars(
        select(Ballot)
        .where(Ballot.courtyard_id == courtyard_id, Ballot.frozen_at.is_not(None))
        .where(Ballot.opens_at <= at, Ballot.closes_at > at)
        .order_by(Ballot.closes_at, Ballot.id)
    )
    return [ballot for ballot in found if rules.state(ballot, at) is State.OPEN]


_STANDING = (
    select(BallotHousehold.building, BallotHousehold.stairwell, Participation, Entry)
    .outerjoin(
        Participation,
        and_(
            Participation.ballot_id == BallotHousehold.ballot_id,
            Participation.household_id == BallotHousehold.household_id,
        ),
    )
    .outerjoin(Entry, Entry.participation_id == Participation.id)
    .where(BallotHousehold.ballot_id == bindparam("ballot"))
    .where(BallotHousehold.household_id == bindparam("household"))
    .order_by(Entry.number)
)
"""put together once: every page of a ballot asks it"""


def standing(ballot: Ballot, household: Household, *, secret: bytes | None = None) -> Standing:
    """Where a household stands, in one statement.

    Args:
        secret: the installation's secret, where the receipt is to be shown.
    """
    rows = db.session.execute(_STANDING, {"ballot": ballot.id, "household": household.id}).all()
    part = rows[0][2] if rows else None
    shown = secret is not None and part is not None
    return Standing(
        may_vote=bool(rows),
        receipt=receipts.code_for(secret or b"", ballot.id, household.id) if shown else None,
        entries=tuple(row[3] for row in rows if row[3] is not None),
        current=part.current_entry if part else None,
        home=(rows[0][0], rows[0][1]) if rows else None,
    )


def turnout_by_building(ballot: Ballot) -> list[tuple[str, int, int]]:
    """Building, households in, households on the frozen roll; in the order of the doors."""
    found = db.session.execute(
        select(
            BallotHousehold.building,
            func.count(Participation.current_entry),
            func.count(BallotHousehold.household_id),
        )
        .join(Household, Household.id == BallotHousehold.household_id)
        .outerjoin(
            Participation,
            and_(
                Participation.ballot_id == BallotHousehold.ballot_id,
                Participation.household_id == BallotHousehold.household_id,
            ),
        )
        .where(BallotHousehold.ballot_id == ballot.id)
        .group_by(BallotHousehold.building)
        .order_by(func.min(Household.position), BallotHousehold.building)
    )
    return [(building, came, of) for building, came, of in found]


def by_channel(ballot: Ballot) -> dict[Channel, int]:
    """Households whose vote counts, by the channel that it came by; every channel is named."""
    found = db.session.execute(
        select(Entry.channel, func.count())
        .join(Participation, Participation.id == Entry.participation_id)
        .where(Participation.ballot_id == ballot.id)
        .where(Participation.current_entry == Entry.number)
        .group_by(Entry.channel)
    )
    counted = {Channel(channel): number for channel, number in found}
    return {channel: counted.get(channel, 0) for channel in Channel}


def pending(ballot: Ballot, door: str = "") -> list[Waiting]:
    """The keyed entries that wait for a second account, in the order of the doors.

    Args:
        door: the only one looked for, as somebody types it.
    """
    found = db.session.execute(
        select(Entry, Household)
        .join(Participation, Participation.id == Entry.participation_id)
        .join(Household, Household.id == Participation.household_id)
        .where(Entry.ballot_id == ballot.id, Entry.state == EntryState.PENDING, *sought(door))
        .order_by(Household.position, Entry.number)
    )
    return [Waiting(entry, household) for entry, household in found]


def disputed(ballot: Ballot) -> list[Waiting]:
    """The entries that a household says are not its own, and that are not yet withdrawn."""
    found = db.session.execute(
        select(Entry, Household)
        .join(Participation, Participation.id == Entry.participation_id)
        .join(Household, Household.id == Participation.household_id)
        .where(Entry.ballot_id == ballot.id, Entry.disputed_on.is_not(None))
        .where(Entry.state != EntryState.WITHDRAWN)
        .order_by(Household.position, Entry.number)
    )
    return [Waiting(entry, household) for entry, household in found]


class Came(NamedTuple):
    """One coming of a vote: whose door, and the number of the entry that counts for it."""

    entry: Entry
    household: Household
    current: int | None


def entries(ballot: Ballot, view: View) -> tuple[list[Came], int]:
    """A page of all comings of votes, and how many there are; never what they say.

    Args:
        view: sorted by `door` or `day`; narrowed by `q`, a door, by `channel` and by `state`.
    """
    wanted = [Entry.ballot_id == ballot.id, *sought(view.asked.get("q", ""))]
    if channel := view.asked.get("channel"):
        wanted.append(Entry.channel == Channel(channel))
    if state := view.asked.get("state"):
        wanted.append(Entry.state == EntryState(state))
    came = (
        select(Entry, Household, Participation.current_entry)
        .join(Participation, Participation.id == Entry.participation_id)
        .join(Household, Household.id == Participation.household_id)
        .where(*wanted)
    )
    total = db.session.scalar(select(func.count()).select_from(came.subquery())) or 0
    order = view.clauses(
        {"door": [Household.position], "day": [Entry.day]}, ties=[Household.position, Entry.number]
    )
    found = came.order_by(*order).offset(view.within(total).skip).limit(view.a_page)
    return [Came(*row) for row in db.session.execute(found)], total


def find_receipt(typed: str) -> ReceiptFacts | None:
    """What the receipt proves; None where there is no such receipt or it is mistyped."""
    try:
        code = codes.checked(typed, receipts.LENGTH)
    except Invalid:
        return None
    found = db.session.execute(
        select(Participation, Ballot)
        .join(Ballot, Ballot.id == Participation.ballot_id)
        .where(Participation.receipt_hash == receipts.digest(code))
    ).one_or_none()
    if found is None:
        return None
    part, ballot = found
    return ReceiptFacts(
        ballot=ballot,
        sealed=ballot.sealed_at is not None,
        counted=part.current_entry is not None,
        hash=part.receipt_hash,
        listed=_is_listed(ballot, part.receipt_hash),
    )


def _is_listed(ballot: Ballot, receipt_hash: str) -> bool:
    """Whether an event of the chain says that a vote with this receipt was cast."""
    found = select(Event.number).where(
        Event.ballot_id == ballot.id, Event.body.like(f'%"receipt":"{receipt_hash}"%')
    )
    return db.session.scalar(found.limit(1)) is not None


def asked_for(ballots: Iterable[Ballot]) -> dict[str, list[Need]]:
    """The needs that the items of these ballots answer, by the item's id."""
    found: dict[str, list[Need]] = {}
    for ballot in ballots:
        found |= listing.needs_by_item(db.session.get_one(Menu, ballot.menu_id))
    return found
