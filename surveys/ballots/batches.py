"""A whole table of votes is keyed in at once: all of it, or nothing.

What comes in like this waits for a second account, sheet by sheet, as if it had been typed.
"""

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from surveys.ballots import chain, keying, offers, recording
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, BallotHousehold, Entry
from surveys.ballots.offers import Offer
from surveys.ballots.recording import Coming
from surveys.ballots.rules import Channel, EntryState
from surveys.ballots.vote_tables import Batch, Doors, Parts, has_header, read_votes
from surveys.base import tables
from surveys.base.db import db, retrying
from surveys.courtyards.models import Household
from surveys.courtyards.rules import Door


def read(ballot: Ballot, data: bytes) -> Batch:
    """The votes in a file, or every fault in it. Keeps nothing.

    Raises:
        Invalid: it is no table, its header does not name every item, or it has too many rows.
    """
    offer = offers.offer(ballot)
    wide = tables.MOST_COLUMNS + len(offer.numbered)
    table = tables.read(data, most_columns=wide, wanted=has_header)
    return read_votes(table, offer, _doors(ballot), _parts(ballot, offer))


def fingerprint(data: bytes) -> str:
    """By which the same file handed in again is known: 24 hex digits."""
    return sha256(data).hexdigest()[:24]


@retrying
def key_in(
    ballot: Ballot,
    batch: Batch,
    *,
    source: str,
    by: str,
    at: datetime,
    keys: LinkKeys,
    secret: bytes,
) -> int:
    """Key in a whole table, all of it or nothing; how many of its votes are new. They wait.

    Args:
        source: the file's fingerprint; the rows of the same file are keyed in once.

    Raises:
        Refused: not open (paper that came in time may be keyed until somebody signs), a household
            is not on the frozen roll, or a choice breaks a rule.
        ValueError: the table has faults.
    """
    if batch.faults:
        raise ValueError("a table with faults is not keyed in")
    offer, channels = offers.offer(ballot), sorted(batch.by_channel)
    _refuse_unless_keyable(ballot, channels, at, offer)
    made = _recorded(ballot, batch, offer, source=source, by=by, at=at, keys=keys, secret=secret)
    ballot = chain.lock(ballot.id)
    _refuse_unless_keyable(ballot, channels, at, offer)
    for entry in made:
        keying._note("ballot.keyed", entry, by, at, channel=str(entry.channel))
    db.session.commit()
    return len(made)


def _recorded(
    ballot: Ballot,
    batch: Batch,
    offer: Offer,
    *,
    source: str,
    by: str,
    at: datetime,
    keys: LinkKeys,
    secret: bytes,
) -> list[Entry]:
    """The entries of the rows that are new, written in an order that is always the same."""
    key = recording._key(ballot, keys)
    made = []
    for row in sorted(batch.rows, key=lambda row: row.household.id):
        recording._refuse_faults(ballot, row.household, row.choice, offer)
        held = recording._held(ballot, row.household, offer, secret)
        submission = f"{source}-{row.number}"
        if held.sent_as(submission) is None:
            coming = Coming(row.channel, submission, EntryState.PENDING, by, at)
            made.append(recording._record(ballot, held, coming, row.choice, offer, key))
    return made


def _refuse_unless_keyable(
    ballot: Ballot, channels: Sequence[Channel], at: datetime, offer: Offer
) -> None:
    for channel in channels:
        keying._refuse_unless_keyable(ballot, channel, at, offer.zone)


def _doors(ballot: Ballot) -> Doors:
    found = db.session.scalars(
        select(Household)
        .join(BallotHousehold, BallotHousehold.household_id == Household.id)
        .where(BallotHousehold.ballot_id == ballot.id)
    )
    known: dict[Door, list[Household]] = {}
    for home in found:
        for stairwell in {home.stairwell, ""}:
            known.setdefault((home.building, stairwell, home.room), []).append(home)
    return known


def _parts(ballot: Ballot, offer: Offer) -> Parts:
    """To which parts with items of their own the households of the frozen roll belong."""
    if not offer.parts:
        return {}
    homes = select(BallotHousehold).where(BallotHousehold.ballot_id == ballot.id)
    return {
        home.household_id: offer.parts_of(home.building, home.stairwell)
        for home in db.session.scalars(homes)
    }
