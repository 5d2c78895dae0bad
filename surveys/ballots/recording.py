"""The parts of taking in a vote that every channel shares. Nothing here commits.

The order of locks is always the same: first the household's participation, last the ballot.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, insert, select

from surveys.ballots import chain, receipts, rules, wording
from surveys.ballots.link_key import KeyLost, LinkKey, LinkKeys
from surveys.ballots.models import Ballot, BallotHousehold, Entry, Participation, Vote
from surveys.ballots.offers import Offer
from surveys.ballots.rules import Channel, EntryState, State
from surveys.base import clock
from surveys.base.db import db, new_id, table_of
from surveys.base.words import N_
from surveys.counting.marks import faults
from surveys.counting.ways import Marks
from surveys.courtyards.models import Household
from surveys.errors import Refused

# Put together once: while a vote is written down, the next one waits.
_LOCKED = select(Participation).with_for_update(key_share=True)
_LOCKED = _LOCKED.execution_options(populate_existing=True)
_PART = _LOCKED.where(Participation.id == bindparam("part"))
_PART_AT = _LOCKED.where(Participation.ballot_id == bindparam("ballot")).where(
    Participation.household_id == bindparam("household")
)
_ON_ROLL = (
    select(BallotHousehold.household_id)
    .where(BallotHousehold.ballot_id == bindparam("ballot"))
    .where(BallotHousehold.household_id == bindparam("household"))
)
_HOME = (
    select(BallotHousehold.building, BallotHousehold.stairwell)
    .where(BallotHousehold.ballot_id == bindparam("ballot"))
    .where(BallotHousehold.household_id == bindparam("household"))
)
_ENTRIES = (
    select(Entry)
    .where(Entry.participation_id == bindparam("part"))
    .order_by(Entry.number)
    .execution_options(populate_existing=True)
)
_INSERT_VOTE = insert(table_of(Vote))


@dataclass(frozen=True, slots=True)
class Held:
    """What one household has handed in so far, locked until the commit."""

    part: Participation
    entries: list[Entry]

    def sent_as(self, submission: str) -> Entry | None:
        """The entry that this very form has made already."""
        return next((e for e in self.entries if e.submission == submission), None)

    @property
    def current(self) -> Entry | None:
        """The entry that counts."""
        return next((e for e in self.entries if e.number == self.part.current_entry), None)

    def entry(self, entry_id: str) -> Entry:
        """The entry of this id."""
        return next(e for e in self.entries if e.id == entry_id)


def _held(ballot: Ballot, household: Household, offer: Offer, secret: bytes) -> Held:
    """The household's participation, made at its first coming.

    Raises:
        Refused: the household is not on the frozen roll, or the secret is not the one that the
            ballot was opened with, so that nobody would find the receipt again.
    """
    if receipts.fingerprint(secret, ballot.id) != offer.receipts:
        raise Refused(N_("这里的锁换过了，票没有收下。请打社区电话。"))
    door = {"ballot": ballot.id, "household": household.id}
    part = db.session.scalar(_PART_AT, door)
    if part is not None:
        return Held(part, _entries(part.id))
    if db.session.scalar(_ON_ROLL, door) is None:
        raise Refused(N_("这一户不在这次点单的花名册上。请打社区电话问一问。"))
    receipt = receipts.code_for(secret, ballot.id, household.id)
    part = Participation(
        id=new_id(),
        ballot_id=ballot.id,
        household_id=household.id,
        receipt_hash=receipts.digest(receipt),
        changed_at_revision=0,
    )
    db.session.add(part)
    db.session.flush()
    return Held(part, [])


def _held_by(participation_id: str) -> Held:
    """A participation with all its entries as they are now."""
    part = db.session.scalars(_PART, {"part": participation_id})
    return Held(part.one(), _entries(participation_id))


def _entries(participation_id: str) -> list[Entry]:
    return list(db.session.scalars(_ENTRIES, {"part": participation_id}))


@dataclass(frozen=True, slots=True)
class Coming:
    """One coming of a vote, as it is written down."""

    channel: Channel
    submission: str
    state: EntryState
    keyed_by: str | None
    at: datetime


def _record(
    ballot: Ballot,
    held: Held,
    coming: Coming,
    choice: Marks,
    offer: Offer,
    key: LinkKey,
) -> Entry:
    """Write the entry, which says who and when, and the vote, which says what and is encrypted."""
    entry = Entry(
        id=new_id(),
        courtyard_id=ballot.courtyard_id,
        ballot_id=ballot.id,
        participation_id=held.part.id,
        number=1 + max((e.number for e in held.entries), default=0),
        submission=coming.submission,
        channel=coming.channel,
        day=clock.day(coming.at, offer.zone),
        state=coming.state,
        keyed_by=coming.keyed_by,
    )
    held.entries.append(entry)
    pseudonym = key.pseudonym(held.part.id, entry.number)
    sealed = key.encrypt(choice, pseudonym, offer.choice_bytes)
    vote = {"ballot_id": entry.ballot_id, "pseudonym": pseudonym, "sealed_choice": sealed}
    db.session.execute(_INSERT_VOTE, vote)
    db.session.add(entry)
    db.session.flush()
    return entry


def _choose_current(ballot: Ballot, held: Held, offer: Offer) -> None:
    """Let precedence say which entry counts now; a lower one stays, marked as superseded.

    The ballot is locked. The caller appends the event that says why.
    """
    before = held.part.current_entry
    after = rules.current(held.entries, offer.precedence)
    for entry in held.entries:
        if entry.state in rules.STANDS:
            counts = entry.number == after
            entry.state = EntryState.CONFIRMED if counts else EntryState.SUPERSEDED
    ballot.revision += 1
    if before != after:
        ballot.households_in += (after is not None) - (before is not None)
        held.part.current_entry = after
        held.part.changed_at_revision = ballot.revision


def _new_entry_event(
    ballot: Ballot, held: Held, entry: Entry, before: int | None, at: datetime, offer: Offer
) -> None:
    """Append the event of an entry that has just come to stand.

    cast: the household had no vote that counts; replace: the same rank of channel, the last one
    counts; override: one channel goes before another, whichever came first.
    """
    old = next((e for e in held.entries if e.number == before), None)
    if old is None:
        body = {"receipt": held.part.receipt_hash, "channel": str(entry.channel)}
        chain.append(ballot, "cast", _with_turnout(ballot, body), at, offer.zone)
        return
    won, lost = (entry, old) if held.part.current_entry == entry.number else (old, entry)
    ranks = offer.precedence
    kind = "replace" if ranks[won.channel] == ranks[lost.channel] else "override"
    body = {"counts": str(won.channel), "gives_way": str(lost.channel)}
    chain.append(ballot, kind, _with_turnout(ballot, body), at, offer.zone)


def _with_turnout(ballot: Ballot, body: dict[str, str]) -> dict[str, object]:
    return {**body, "households_in": ballot.households_in}


def _refuse_faults(ballot: Ballot, household: Household, choice: Marks, offer: Offer) -> None:
    """Raises Refused with the first thing that is wrong with this household's choice."""
    found = faults(tuple(choice.items()), offer.menu, offer.rules, _parts(ballot, household, offer))
    if found:
        raise wording.refusal(found[0], offer)


def _parts(ballot: Ballot, household: Household, offer: Offer) -> tuple[str, ...]:
    """The parts to which the household belongs by the frozen roll; asked where there are any."""
    if not offer.parts:
        return ()
    door = {"ballot": ballot.id, "household": household.id}
    home = db.session.execute(_HOME, door).one_or_none()
    return offer.parts_of(home.building, home.stairwell) if home else ()


def _key(ballot: Ballot, keys: LinkKeys) -> LinkKey:
    """The link key. Raises Refused where both files are lost, or removed by a sealing just now."""
    try:
        return keys.read(ballot.id)
    except KeyLost as error:
        db.session.refresh(ballot)
        if ballot.sealed_at is not None:
            raise Refused(N_("这次点单已经封存计票，不再收票。")) from error
        raise Refused(N_("这次点单的钥匙找不到了，票没有收下。请打社区电话。")) from error


def _refuse_unless_open(ballot: Ballot, at: datetime, zone: str) -> None:
    """Raises Refused, in words, where no vote of a household's own is taken at `at`."""
    state = rules.state(ballot, at)
    if state is State.OPEN:
        return
    if state is State.VOID:
        raise Refused(N_("这次点单已经作废，不再收票。"))
    if state is State.DRAFT:
        raise Refused(N_("这次点单还没有定下来，不能投票。"))
    if state is State.ANNOUNCED:
        raise Refused(
            N_("点单 %(month)s 月 %(day)s 日 %(clock)s 才开始，到时候再来。"),
            **wording.moment(ballot.opens_at, zone),
        )
    raise Refused(
        N_("点单 %(month)s 月 %(day)s 日 %(clock)s 截止了，现在不收票了。您刚才选的没有交上。"),
        **wording.moment(ballot.ends_at, zone),
    )
