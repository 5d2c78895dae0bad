"""A household casts its own vote: one transaction, a receipt, and nobody's vote twice."""

from datetime import datetime

from surveys.ballots import chain, offers, receipts, recording
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.ballots.recording import Coming
from surveys.ballots.rules import Channel, EntryState
from surveys.base.db import db, retrying
from surveys.counting.ways import Marks
from surveys.courtyards.models import Household


@retrying
def cast(
    ballot: Ballot,
    household: Household,
    choice: Marks,
    *,
    submission: str,
    channel: Channel = Channel.SCAN,
    at: datetime,
    keys: LinkKeys,
    secret: bytes,
) -> str:
    """Record the household's own vote, replacing an earlier one where the rules allow.

    Args:
        choice: the marks by item, in the ballot's way of voting.
        submission: made with the form, at most 40 characters; the same one sent again changes
            nothing and gets the same receipt.
        secret: the installation's secret, of which the receipt is derived.

    Returns:
        The receipt, 14 symbols; one per household and ballot, kept by later votes.

    Raises:
        Refused: not open at `at`, not on the frozen roll, or the choice breaks a rule.
        ValueError: a channel of the staff's: those are keyed in and confirmed.
    """
    if channel is not Channel.SCAN:
        raise ValueError("what staff were given or told is keyed in, and confirmed by another")
    offer = offers.offer(ballot)
    recording._refuse_unless_open(ballot, at, offer.zone)
    recording._refuse_faults(ballot, household, choice, offer)
    key = recording._key(ballot, keys)
    held = recording._held(ballot, household, offer, secret)
    receipt = receipts.code_for(secret, ballot.id, household.id)
    if held.sent_as(submission):
        db.session.rollback()
        return receipt
    before = held.part.current_entry
    coming = Coming(channel, submission, EntryState.CONFIRMED, None, at)
    entry = recording._record(ballot, held, coming, choice, offer, key)
    ballot = chain.lock(ballot.id)
    recording._refuse_unless_open(ballot, at, offer.zone)
    recording._choose_current(ballot, held, offer)
    recording._new_entry_event(ballot, held, entry, before, at, offer)
    db.session.commit()
    return receipt
