"""From the close to the published result: signing, sealing, and forgetting the keys.

After sealing nobody can tell whose choice is whose: `docs/integrity.md` says how, and what it
cannot promise.
"""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update

from surveys.ballots import asking, calling_back, chain, offers, rules
from surveys.ballots.link_key import KeyLost, LinkKey, LinkKeys, Unreadable
from surveys.ballots.models import (
    Ballot,
    BallotHousehold,
    CountedVote,
    Entry,
    Participation,
    TieMethod,
    Vote,
)
from surveys.ballots.rules import EntryState, State
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.counting import parts, ways
from surveys.counting.canon import digest
from surveys.counting.parts import Pieces
from surveys.counting.picks import EVERYBODY
from surveys.counting.ways import Marks
from surveys.errors import Refused

SALT_BYTES = 32
_NO_PIECES: Mapping[str, Sequence[Marks]] = {}

audit.words({"ballot.signed": N_("签认各渠道的票数")})


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing hands to the count."""

    choices: list[dict[str, int]]
    """in random order; the marks of each by item, without those of items of one part alone"""
    pieces: Pieces
    """of each part that has items of its own, what its households chose of them; in random order"""
    tie_seed: str | None
    """hex; None where a tie is settled by lot"""
    salt: str
    """hex, of the hash of the sorted choices in the chain"""
    unconfirmed: int
    """keyed entries that nobody confirmed in time, and that do not count"""


@retrying
def close(ballot: Ballot, *, at: datetime) -> None:
    """Write the close into the chain, once its hour has come. Done already: nothing happens."""
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) is State.CLOSED:
        _close(ballot, at)
    db.session.commit()


@retrying
def sign(ballot: Ballot, *, by: str, at: datetime) -> None:
    """A supervisor signs the numbers by channel; from then on no entry may change.

    Raises:
        Refused: not closed, signed already, or entries still wait for confirmation.
    """
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) is not State.CLOSED:
        raise Refused(N_("截止以后、封存以前才能签字。"))
    if ballot.signed_at is not None:
        raise Refused(N_("已经签过字了。"))
    waiting = _waiting(ballot)
    if waiting:
        raise Refused(N_("还有 %(number)s 张录入的票没有核对，核对完再签字。"), number=waiting)
    _close(ballot, at)
    channels = {str(channel): number for channel, number in asking.by_channel(ballot).items()}
    said = calling_back.numbers(ballot)
    body = {"channels": channels, "households_in": ballot.households_in, "called_back": said}
    chain.append(ballot, "sign", {**body, "by": by}, at, offers.offer(ballot).zone)
    ballot.signed_at, ballot.signed_by = at, by
    audit.note(
        "ballot.signed",
        by=by,
        at=at,
        courtyard_id=ballot.courtyard_id,
        subject_id=ballot.id,
        channels=channels,
    )
    db.session.commit()


def current_choices(ballot: Ballot, keys: LinkKeys) -> list[dict[str, int]]:
    """The choices that count now, in no order that tells anything. For totals, never for showing.

    Raises:
        Refused: the key is lost, or a choice cannot be read.
    """
    return [choice for choice, _ in _decrypted(ballot, _key(ballot, keys))]


def due_to_close(at: datetime) -> list[Ballot]:
    """Ballots whose close is past and not yet in the chain."""
    return _live(Ballot.closes_at <= at, Ballot.closed_at.is_(None))


def due_to_seal(at: datetime) -> list[Ballot]:
    """Ballots that must be sealed now, signed or not."""
    return _live(Ballot.seals_at <= at)


def forget_keys(ballot: Ballot, keys: LinkKeys) -> None:
    """Remove both files of the link key. Only after the sealing, or the voiding, is committed."""
    if ballot.sealed_at is None and ballot.voided_at is None:
        raise ValueError("the key of a ballot that is not sealed is still needed")
    keys.forget(ballot.id)


def forget_leftover_keys(keys: LinkKeys) -> int:
    """Part of the tick: remove keys that outlived a crash right after a sealing; how many."""
    held = keys.held()
    if not held:
        return 0
    over = db.session.scalars(
        select(Ballot)
        .where(Ballot.id.in_(held))
        .where(or_(Ballot.sealed_at.is_not(None), Ballot.voided_at.is_not(None)))
    ).all()
    for ballot in over:
        forget_keys(ballot, keys)
    return len(over)


def counted_choices(ballot: Ballot, part: str = EVERYBODY) -> list[tuple[Marks, int]]:
    """The choices of a sealed ballot and how often each was handed in, sorted by their text.

    Args:
        part: what was chosen of the items of this part; the empty one: of all the others.
    """
    found = db.session.execute(
        select(CountedVote.choice, func.count())
        .where(CountedVote.ballot_id == ballot.id, CountedVote.part == part)
        .group_by(CountedVote.choice)
    )
    return [(ways.parse(text), times) for text, times in sorted((text, n) for text, n in found)]


def choices_hash(
    choices: Iterable[Marks], salt: str, pieces: Mapping[str, Sequence[Marks]] = _NO_PIECES
) -> str:
    """The salted hash of the sorted choices, as it stands in the seal event: 64 hex digits."""
    return digest(sealed_as_data(choices, salt, pieces))


def sealed_as_data(
    choices: Iterable[Marks], salt: str, pieces: Mapping[str, Sequence[Marks]]
) -> dict[str, object]:
    """What `sealed.json` holds: all choices, sorted, and the salt that hides them in their hash."""
    held: dict[str, object] = {"salt": salt, "choices": sorted(choices, key=ways.canonical)}
    if pieces:
        held["parts"] = {part: sorted(found, key=ways.canonical) for part, found in pieces.items()}
    return held


def _has_counted(ballot: Ballot) -> bool:
    found = select(CountedVote.id).where(CountedVote.ballot_id == ballot.id)
    return db.session.scalar(found.limit(1)) is not None


def _seal(ballot: Ballot, *, by: str | None, at: datetime, keys: LinkKeys) -> Sealed:
    """Decrypt, shuffle, write what was chosen and nothing else, and drop the encrypted votes.

    The part without a commit of an act of the results: all or nothing, so that a sealing that was
    interrupted is simply begun again. The key files go after the commit: `forget_keys`.

    Args:
        by: the organizer; None when the clock does it, which it may only from `seals_at` on.

    Raises:
        Refused: still open, sealed already, not signed while there is time, or not readable.
    """
    ballot = _locked_whole(ballot)
    _refuse_unless_sealable(ballot, by, at)
    key = _key(ballot, keys)
    choices, pieces = _cut(ballot, key)
    if len(choices) != ballot.households_in or _has_counted(ballot):
        raise Refused(N_("票数和记录对不上，不能封存。请先查清楚，查不清就作废重来。"))
    sealed = Sealed(
        choices=choices,
        pieces=pieces,
        tie_seed=key.tie_seed.hex() if ballot.tie_method == TieMethod.SEED else None,
        salt=secrets.token_hex(SALT_BYTES),
        unconfirmed=_waiting(ballot),
    )
    _close(ballot, at)
    _replace_votes(ballot, {EVERYBODY: choices, **pieces})
    _seal_event(ballot, sealed, at)
    ballot.sealed_at = at
    ballot.revision += 1
    db.session.flush()
    return sealed


def _count_event(
    ballot: Ballot, rule: str, result_digest: str, code_version: str, *, at: datetime
) -> None:
    """Write into the chain by which rule the sealed choices were counted, and the result's hash."""
    body = {"rule": rule, "result": result_digest, "code": code_version}
    chain.append(ballot, "count", body, at, offers.offer(ballot).zone)


def _lot_event(
    ballot: Ballot, order: Sequence[str], witnesses: Sequence[str], *, at: datetime
) -> None:
    """Write a lot that was drawn before witnesses into the chain."""
    ballot = chain.lock(ballot.id)
    body = {"order": list(order), "witnesses": list(witnesses)}
    chain.append(ballot, "lot", body, at, offers.offer(ballot).zone)


def _publish(ballot: Ballot, at: datetime) -> None:
    """Let the sealed ballot be published."""
    ballot = chain.lock(ballot.id)
    if rules.state(ballot, at) is not State.SEALED:
        raise Refused(N_("要先封存计票，才能公布。"))
    ballot.published_at = at
    ballot.revision += 1


def _live(*conditions: ColumnElement[bool]) -> list[Ballot]:
    found = select(Ballot).where(
        Ballot.frozen_at.is_not(None), Ballot.voided_at.is_(None), Ballot.sealed_at.is_(None)
    )
    for condition in conditions:
        found = found.where(condition)
    return list(db.session.scalars(found.order_by(Ballot.closes_at, Ballot.id)))


def _locked_whole(ballot: Ballot) -> Ballot:
    """The ballot with every participation in it, locked in the order that casting locks them."""
    db.session.execute(
        select(Participation.id)
        .where(Participation.ballot_id == ballot.id)
        .order_by(Participation.id)
        .with_for_update(key_share=True)
    ).all()
    return chain.lock(ballot.id)


def _refuse_unless_sealable(ballot: Ballot, by: str | None, at: datetime) -> None:
    state = rules.state(ballot, at)
    if state in {State.SEALED, State.PUBLISHED}:
        raise Refused(N_("已经封存计票了。"))
    if state is not State.CLOSED:
        raise Refused(N_("还没截止，不能封存计票。"))
    if ballot.signed_at is None and at < ballot.seals_at:
        raise Refused(N_("先请监督员签认各渠道的票数，再封存计票。"))
    if by is None and at < ballot.seals_at:
        raise Refused(N_("没到最晚的时间，要由组织者封存计票。"))
    if chain.verify(ballot) is not None:
        raise Refused(N_("事件链对不上，记录被人动过，不能封存。请作废重来，并查清原因。"))


def _key(ballot: Ballot, keys: LinkKeys) -> LinkKey:
    try:
        return keys.read(ballot.id)
    except KeyLost as error:
        raise Refused(N_("两份钥匙都找不到了，票读不出来。这次点单只能作废重来。")) from error


def _cut(ballot: Ballot, key: LinkKey) -> tuple[list[dict[str, int]], Pieces]:
    """Every choice in its pieces, those of each part in an order of chance of its own."""
    offer = offers.offer(ballot)
    whole = [(choice, offer.parts_of(*home)) for choice, home in _decrypted(ballot, key)]
    try:
        pieces = parts.cut(whole, offer.menu)
    except ValueError as error:
        raise Refused(_UNREADABLE) from error
    for found in pieces.values():
        secrets.SystemRandom().shuffle(found)
    return pieces.pop(EVERYBODY), pieces


def _decrypted(ballot: Ballot, key: LinkKey) -> list[tuple[dict[str, int], tuple[str, str]]]:
    """Every choice that counts, with the building and the stairwell of its household."""
    found = db.session.scalars(select(Vote).where(Vote.ballot_id == ballot.id))
    votes = {vote.pseudonym: vote.sealed_choice for vote in found}
    counting = db.session.execute(
        select(
            Participation.id,
            Participation.current_entry,
            BallotHousehold.building,
            BallotHousehold.stairwell,
        )
        .join(
            BallotHousehold,
            and_(
                BallotHousehold.ballot_id == Participation.ballot_id,
                BallotHousehold.household_id == Participation.household_id,
            ),
        )
        .where(Participation.ballot_id == ballot.id)
        .where(Participation.current_entry.is_not(None))
        .order_by(Participation.id)
    )
    try:
        named = [
            (key.pseudonym(row.id, row.current_entry), (row.building, row.stairwell))
            for row in counting
        ]
        return [(key.decrypt(votes[name], name), home) for name, home in named]
    except (KeyError, Unreadable) as error:
        raise Refused(_UNREADABLE) from error


_UNREADABLE = N_("有票读不出来，不能计票。请先查清楚，查不清就作废重来。")


def _waiting(ballot: Ballot) -> int:
    found = select(func.count()).where(
        Entry.ballot_id == ballot.id, Entry.state == EntryState.PENDING
    )
    return db.session.scalar(found) or 0


def _close(ballot: Ballot, at: datetime) -> None:
    """Write the close into the chain, once, and draw whom to call back.

    The ballot is locked and past its close.
    """
    if ballot.closed_at is not None:
        return
    ballot.closed_at = at
    body = {"households_in": ballot.households_in}
    chain.append(ballot, "close", body, at, offers.offer(ballot).zone)
    calling_back._draw(ballot, at)


def _replace_votes(ballot: Ballot, pieces: Mapping[str, Sequence[Marks]]) -> None:
    """Write the shuffled choices in this order, then drop what could still be linked."""
    rows = [
        {"ballot_id": ballot.id, "part": part, "choice": ways.canonical(choice)}
        for part, choices in pieces.items()
        for choice in choices
    ]
    if rows:
        db.session.execute(insert(CountedVote), rows)
    db.session.execute(delete(Vote).where(Vote.ballot_id == ballot.id))
    db.session.execute(
        update(Participation)
        .where(Participation.ballot_id == ballot.id, Participation.changed_at_revision != 0)
        .values(changed_at_revision=0)
    )


def _seal_event(ballot: Ballot, sealed: Sealed, at: datetime) -> None:
    body = {
        "choices": choices_hash(sealed.choices, sealed.salt, sealed.pieces),
        "count": len(sealed.choices),
        "unconfirmed": sealed.unconfirmed,
        "signed": ballot.signed_at is not None,
    }
    chain.append(ballot, "seal", body, at, offers.offer(ballot).zone)
