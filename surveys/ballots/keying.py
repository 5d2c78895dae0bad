"""What staff key in for a household, and what a second account does with it.

Nothing that staff key in counts before another account has compared it with the paper. Nothing is
covered up: an entry that gives way stays, and every change is an event of the chain.
"""

from datetime import datetime, timedelta

from sqlalchemy import select

from surveys.ballots import asking, chain, offers, recording, rules
from surveys.ballots.link_key import LinkKeys, Unreadable
from surveys.ballots.models import Ballot, Entry, Vote
from surveys.ballots.recording import Coming, Held
from surveys.ballots.rules import Channel, EntryState, State
from surveys.base import audit, clock
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting.ways import Marks
from surveys.courtyards.models import Household
from surveys.errors import NotFound, Refused

SHOWN_FOR = timedelta(minutes=10)
"""from the first look at a keyed choice, to the account that looked"""

audit.words(
    {
        "ballot.keyed": N_("录入一张票"),
        "ballot.looked": N_("打开一张录入的票核对"),
        "ballot.confirmed": N_("确认一张录入的票"),
        "ballot.rejected": N_("退回一张录入的票：%(reason)s"),
        "ballot.disputed": N_("一户说有一张票不是自己家投的"),
        "ballot.withdrawn": N_("撤下一张票：%(reason)s"),
        "ballot.reinstated": N_("恢复一张撤下的票：%(reason)s"),
    }
)


@retrying
def key_in(
    ballot: Ballot,
    household: Household,
    choice: Marks,
    *,
    channel: Channel,
    submission: str,
    by: str,
    at: datetime,
    keys: LinkKeys,
    secret: bytes,
) -> Entry:
    """Key in a vote that came on paper, by phone, at the door or at a meeting. It waits.

    Args:
        choice: the marks by item, in the ballot's way of voting.
        submission: made with the form; the same one sent again gets the same entry.

    Raises:
        Refused: not open (paper that came in time may be keyed until somebody signs), not on the
            frozen roll, or the choice breaks a rule.
        ValueError: the channel is the households' own.
    """
    if channel is Channel.SCAN:
        raise ValueError("a household's own vote is cast, not keyed in")
    offer = offers.offer(ballot)
    _refuse_unless_keyable(ballot, channel, at, offer.zone)
    recording._refuse_faults(ballot, household, choice, offer)
    key = recording._key(ballot, keys)
    held = recording._held(ballot, household, offer, secret)
    sent = held.sent_as(submission)
    if sent:
        return sent
    coming = Coming(channel, submission, EntryState.PENDING, by, at)
    entry = recording._record(ballot, held, coming, choice, offer, key)
    ballot = chain.lock(ballot.id)
    _refuse_unless_keyable(ballot, channel, at, offer.zone)
    _note("ballot.keyed", entry, by, at, channel=str(channel))
    db.session.commit()
    return entry


@retrying
def choice_to_confirm(entry: Entry, *, by: str, at: datetime, keys: LinkKeys) -> dict[str, int]:
    """The marks that were keyed, for comparing with the paper. Every look is noted.

    Shown to one account, which may look again for ten minutes: a phone may die meanwhile.

    Raises:
        Refused: nothing to confirm here, keyed by this very account, shown to another one, or
            shown to this one too long ago.
    """
    ballot, held = _found(entry)
    entry = held.entry(entry.id)
    _refuse_unless_waiting(ballot, entry, by)
    if entry.shown_to is not None and not may_look_again(entry, by, at):
        raise Refused(N_("这张票的内容已经打开过，不能再看。对不上就退回，重新录一遍。"))
    key = recording._key(ballot, keys)
    pseudonym = key.pseudonym(entry.participation_id, entry.number)
    vote = db.session.scalar(select(Vote).where(Vote.pseudonym == pseudonym))
    if vote is None:
        raise NotFound
    try:
        choice = key.decrypt(vote.sealed_choice, pseudonym)
    except Unreadable as error:
        raise Refused(N_("这张票的内容读不出来。请退回，重新录一遍。")) from error
    entry.shown_to = by
    _note("ballot.looked", entry, by, at)
    db.session.commit()
    return choice


def may_look_again(entry: Entry, by: str, at: datetime) -> bool:
    """Whether `by` was shown this entry's choice first, and not longer ago than it stays shown."""
    if entry.shown_to != by:
        return False
    first = audit.first("ballot.looked", by=by, subject_id=entry.ballot_id, entry=entry.id)
    return first is not None and at - first < SHOWN_FOR


@retrying
def confirm(entry: Entry, *, by: str, at: datetime) -> None:
    """Let a keyed entry stand; precedence says whether it counts.

    Raises:
        Refused: nothing to confirm here, keyed by this very account, or not compared by it yet.
    """
    ballot, held = _found(entry)
    entry = held.entry(entry.id)
    _refuse_unless_waiting(ballot, entry, by)
    if entry.shown_to != by:
        raise Refused(N_("先打开这张票，和原件对一遍，再确认。"))
    before = held.part.current_entry
    entry.state, entry.confirmed_by = EntryState.CONFIRMED, by
    ballot = _locked(ballot)
    offer = offers.offer(ballot)
    recording._choose_current(ballot, held, offer)
    recording._new_entry_event(ballot, held, entry, before, at, offer)
    _note("ballot.confirmed", entry, by, at)
    db.session.commit()


@retrying
def reject(entry: Entry, reason: str, *, by: str, at: datetime) -> None:
    """Send a keyed entry back; it never counted and never will.

    Raises:
        Refused: nothing to confirm here, or no reason is given.
    """
    reason = _reason(reason)
    ballot, held = _found(entry)
    entry = held.entry(entry.id)
    _refuse_unless_waiting(ballot, entry, None)
    entry.state = EntryState.WITHDRAWN
    _locked(ballot)
    _note("ballot.rejected", entry, by, at, reason=reason)
    db.session.commit()


@retrying
def dispute(entry: Entry, household: Household, *, at: datetime) -> None:
    """The household says: that was not us. Staff look into it; nothing is withdrawn by itself.

    Raises:
        NotFound: the entry is another household's.
        Refused: it is too late to look into it.
    """
    ballot, held = _found(entry)
    if held.part.household_id != household.id:
        raise NotFound
    if ballot.signed_at is not None or ballot.sealed_at is not None:
        raise Refused(N_("监督员已经签过字，改不了了。请打社区电话说明。"))
    _mark_disputed(held.entry(entry.id), at, offers.offer(ballot).zone)
    db.session.commit()


def _mark_disputed(entry: Entry, at: datetime, zone: str) -> None:
    """Note that the household says of this entry: that was not us. Once."""
    if entry.disputed_on is None:
        entry.disputed_on = clock.day(at, zone)
        _note("ballot.disputed", entry, None, at)


def withdraw(entry: Entry, reason: str, *, by: str, at: datetime) -> None:
    """Take back an entry that stood; what stood behind it counts again.

    Raises:
        Refused: it does not stand, no reason is given, or somebody has signed.
    """
    _move(entry, reason, "withdrawn", by=by, at=at)


def reinstate(entry: Entry, reason: str, *, by: str, at: datetime) -> None:
    """Let a withdrawn entry stand again.

    Raises:
        Refused: it was not withdrawn, or was never confirmed; no reason; somebody has signed.
    """
    _move(entry, reason, "reinstated", by=by, at=at)


@retrying
def _move(entry: Entry, reason: str, kind: str, *, by: str, at: datetime) -> None:
    reason = _reason(reason)
    ballot, held = _found(entry)
    _refuse_unless_changeable(ballot)
    entry = held.entry(entry.id)
    if kind == "withdrawn":
        _refuse_unless_standing(entry)
        entry.state = EntryState.WITHDRAWN
    else:
        _refuse_unless_withdrawn(entry)
        entry.state = EntryState.CONFIRMED
    ballot = _locked(ballot)
    offer = offers.offer(ballot)
    recording._choose_current(ballot, held, offer)
    body = {"channel": str(entry.channel), "households_in": ballot.households_in}
    chain.append(ballot, kind, body, at, offer.zone)
    _note(f"ballot.{kind}", entry, by, at, reason=reason)
    db.session.commit()


def _found(entry: Entry) -> tuple[Ballot, Held]:
    return asking.find(entry.ballot_id), recording._held_by(entry.participation_id)


def _locked(ballot: Ballot) -> Ballot:
    """The ballot locked, when nobody has signed or sealed in the meantime."""
    with db.session.no_autoflush:
        ballot = chain.lock(ballot.id)
    _refuse_unless_changeable(ballot)
    return ballot


def _note(act: str, entry: Entry, by: str | None, at: datetime, **details: object) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=entry.courtyard_id,
        subject_id=entry.ballot_id,
        entry=entry.id,
        **details,
    )


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason:
        raise Refused(N_("请写一句为什么。"))
    return reason[:200]


def _refuse_unless_keyable(ballot: Ballot, channel: Channel, at: datetime, zone: str) -> None:
    paper_in_time = channel is Channel.PAPER and rules.state(ballot, at) is State.CLOSED
    if not paper_in_time:
        recording._refuse_unless_open(ballot, at, zone)
    _refuse_unless_changeable(ballot)


def _refuse_unless_changeable(ballot: Ballot) -> None:
    if ballot.voided_at is not None:
        raise Refused(N_("这次点单已经作废。"))
    if ballot.sealed_at is not None:
        raise Refused(N_("这次点单已经封存计票，票不能再动。"))
    if ballot.signed_at is not None:
        raise Refused(N_("监督员已经签过字，票不能再动。"))


def _refuse_unless_waiting(ballot: Ballot, entry: Entry, by: str | None) -> None:
    _refuse_unless_changeable(ballot)
    if entry.state != EntryState.PENDING:
        raise Refused(N_("这张票已经处理过了。"))
    if by is not None and entry.keyed_by == by:
        raise Refused(N_("录入和确认要用两个账号。请另一位来核对。"))


def _refuse_unless_standing(entry: Entry) -> None:
    if entry.state not in rules.STANDS:
        raise Refused(N_("这张票现在没有算数，不用撤。"))


def _refuse_unless_withdrawn(entry: Entry) -> None:
    if entry.state != EntryState.WITHDRAWN:
        raise Refused(N_("这张票没有撤下，不用恢复。"))
    if entry.keyed_by is not None and entry.confirmed_by is None:
        raise Refused(N_("这张票没有核对过，不能恢复。请重新录一遍。"))
