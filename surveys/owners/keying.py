"""Sheets on paper: keyed in by one account, compared with their picture by another.

Nothing that staff key in counts, and nothing that counts is taken out, but by somebody who may
confirm and did not key it. What was taken out stays, with its reason.
"""

from datetime import datetime

from sqlalchemy import select

from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.errors import NotFound, Refused
from surveys.owners import chain, coming, proofs, recording
from surveys.owners.models import Channel, EntryState, OwnerEntry, OwnersVote, Proof, VoteOwner
from surveys.owners.recording import Came

LONGEST_REASON = 200

audit.words(
    {
        "owners.keyed": N_("录入 %(number)s 号业主的一张表决票"),
        "owners.attached": N_("给 %(number)s 号业主的表决票附上照片"),
        "owners.looked": N_("打开 %(number)s 号业主的表决票看"),
        "owners.confirmed": N_("确认 %(number)s 号业主的一张表决票"),
        "owners.sent_back": N_("退回 %(number)s 号业主的一张表决票：%(reason)s"),
        "owners.withdrawn": N_("撤下 %(number)s 号业主的一张表决票：%(reason)s"),
        "owners.reinstated": N_("恢复 %(number)s 号业主的一张表决票：%(reason)s"),
        "owners.disputed": N_("%(number)s 号业主说票不是自己投的：%(reason)s"),
        "owners.decided": N_("裁定 %(number)s 号业主有争议的表决票：%(reason)s"),
    }
)


@retrying
def key_in(
    vote: OwnersVote,
    owner: VoteOwner,
    came: Came,
    *,
    by: str,
    at: datetime,
    picture: Picture | None = None,
    is_blank: bool = False,
) -> OwnerEntry:
    """Key in a signed sheet. It waits for another account; the same form sent twice is one sheet.

    Args:
        picture: of the sheet, where it is at hand; it may come later (`attach`).
        is_blank: somebody has said that the sheet really carries no mark.

    Raises:
        Refused: the vote takes no sheet now, it came on a day outside the voting, whoever signed
            may not, nothing is marked, or the picture is of another owner's sheet.
        ValueError: online votes are cast, not keyed in.
    """
    if came.channel is not Channel.PAPER:
        raise ValueError("what an owner sends online is cast, not keyed in")
    if coming.is_blank(came.marks) and not is_blank:
        raise Refused(N_("一项也没有标。纸上要真是空的，请勾上“这张票确实是空白的”。"))
    vote = chain.lock(vote.id)
    sent = _sent(owner, came.submission)
    if sent is not None:
        db.session.rollback()
        return sent
    if picture is not None:
        _refuse_used(vote, owner, picture)
    entry = recording._record(vote, owner, came, by, at)
    if picture is not None:
        entry.proof_id = proofs._keep(vote, picture, by, at).id
    _note("owners.keyed", entry, owner, by, at)
    db.session.commit()
    return entry


@retrying
def attach(entry: OwnerEntry, picture: Picture, *, by: str, at: datetime) -> None:
    """Add the picture of a sheet that was keyed without one. It cannot be changed afterwards.

    Raises:
        Refused: the sheet waits no more, has its picture, or the picture is of another's sheet.
    """
    vote, owner, entry = _found(entry)
    _refuse_unless_waiting(vote, entry)
    if entry.proof_id is not None:
        raise Refused(N_("这张票已经附了照片。照片不对，就请监督员退回，重新录一遍。"))
    _refuse_used(vote, owner, picture)
    entry.proof_id = proofs._keep(vote, picture, by, at).id
    _note("owners.attached", entry, owner, by, at)
    db.session.commit()


@retrying
def look(entry: OwnerEntry, *, by: str, at: datetime) -> None:
    """Note that somebody is shown how an owner voted."""
    _vote, owner, entry = _found(entry)
    _note("owners.looked", entry, owner, by, at)
    db.session.commit()


def has_looked(entry: OwnerEntry, owner: VoteOwner, by: str) -> bool:
    """Whether this account was shown the entry."""
    seen = audit.first("owners.looked", by=by, subject_id=entry.vote_id, **_which(entry, owner))
    return seen is not None


@retrying
def confirm(entry: OwnerEntry, *, by: str, at: datetime) -> EntryState:
    """Vouch for a keyed sheet; `coming.settle` says what becomes of it.

    Returns:
        CONFIRMED: it counts. SUPERSEDED: the owner's vote says the same already. CONTESTED:
        another sheet of the owner says otherwise, and none counts until `decide`.

    Raises:
        Refused: it waits no more, was keyed by this account or not looked at by it, has no
            picture, or whoever signed may not any more.
    """
    vote, owner, entry = _found(entry)
    _refuse_unless_waiting(vote, entry)
    _refuse_own(entry, by)
    if entry.proof_id is None:
        raise Refused(N_("这张票还没有附照片，不能确认。请先拍照附上。"))
    if not has_looked(entry, owner, by):
        raise Refused(N_("先打开这张票，和照片对一遍，再确认。"))
    recording._signer(owner, entry.capacity, entry.signer, entry.proxy_id)
    entry.confirmed_by = by
    recording._stand(vote, owner, entry, recording._entries(vote, owner), at)
    vote.revision += 1
    _note("owners.confirmed", entry, owner, by, at)
    db.session.commit()
    return entry.state


@retrying
def send_back(entry: OwnerEntry, reason: str, *, by: str, at: datetime) -> None:
    """Send a keyed sheet back; it never counted and never will.

    Raises:
        Refused: it waits no more, or no reason is given.
    """
    vote, owner, entry = _found(entry)
    _refuse_unless_waiting(vote, entry)
    _take_out(vote, owner, entry, reason, by, at)
    _note("owners.sent_back", entry, owner, by, at, reason=entry.reason)
    db.session.commit()


@retrying
def withdraw(entry: OwnerEntry, reason: str, *, by: str, at: datetime) -> None:
    """Take back what counted or was contested. Nothing counts in its place by itself.

    Raises:
        Refused: it does not stand, was keyed by this account, no reason, or somebody has signed.
    """
    vote, owner, entry = _found(entry)
    _refuse_unless_standing(vote, entry)
    _refuse_own(entry, by)
    _take_out(vote, owner, entry, reason, by, at)
    _note("owners.withdrawn", entry, owner, by, at, reason=entry.reason)
    db.session.commit()


@retrying
def reinstate(entry: OwnerEntry, reason: str, *, by: str, at: datetime) -> EntryState:
    """Let what was taken back, or gave way to another, come to stand again like a new coming.

    Raises:
        Refused: it stands or was never confirmed, was keyed by this account, whoever signed may
            not any more, no reason, or somebody has signed.
    """
    vote, owner, entry = _found(entry)
    recording._refuse_unless_changeable(vote)
    vouched = entry.channel is Channel.ONLINE or entry.confirmed_by is not None
    if entry.state in recording.STANDS or not vouched:
        raise Refused(N_("这张票不用恢复：它还算数，或者从来没有确认过。"))
    _refuse_own(entry, by)
    recording._signer(owner, entry.capacity, entry.signer, entry.proxy_id)
    entry.reason, entry.decided_by = _reason(reason), by
    recording._stand(vote, owner, entry, recording._entries(vote, owner), at)
    vote.revision += 1
    _note("owners.reinstated", entry, owner, by, at, reason=entry.reason)
    db.session.commit()
    return entry.state


@retrying
def dispute(entry: OwnerEntry, reason: str, *, by: str, at: datetime) -> None:
    """An owner says: that was not us. It does not count until somebody has looked into it.

    Raises:
        Refused: it does not count now, no reason is given, or somebody has signed.
    """
    vote, owner, entry = _found(entry)
    recording._refuse_unless_changeable(vote)
    if entry.state is not EntryState.CONFIRMED:
        raise Refused(N_("这张票现在没有算数。"))
    said = _reason(reason)
    recording._contest(vote, owner, said, at)
    _note("owners.disputed", entry, owner, by, at, reason=said)
    db.session.commit()


@retrying
def decide(
    vote: OwnersVote,
    owner: VoteOwner,
    keep: str | None,
    reason: str,
    *,
    by: str,
    at: datetime,
) -> None:
    """Say which of an owner's contested sheets counts, or that none does; the others are out.

    Args:
        keep: id of the entry that counts; None: none.

    Raises:
        NotFound: nothing of this owner is contested, or `keep` is none of it.
        Refused: this account keyed what is to count, no reason, or somebody has signed.
    """
    vote = chain.lock(vote.id)
    recording._refuse_unless_changeable(vote)
    said = _reason(reason)
    entries = recording._entries(vote, owner)
    contested = [e for e in entries if e.state is EntryState.CONTESTED]
    kept = next((e for e in contested if e.id == keep), None)
    if not contested or (keep is not None and kept is None):
        raise NotFound(N_("这位业主没有这样一张有争议的票，也许别人刚处理过。"))
    if kept is not None:
        _refuse_own(kept, by)
    for entry in contested:
        entry.state = EntryState.CONFIRMED if entry is kept else EntryState.WITHDRAWN
        entry.decided_by, entry.reason = by, said
        recording._tell(vote, "decide", owner, entry, at)
    vote.revision += 1
    _note("owners.decided", kept or contested[0], owner, by, at, reason=said)
    db.session.commit()


# --- parts ---------------------------------------------------------------------------------------


def _found(entry: OwnerEntry) -> tuple[OwnersVote, VoteOwner, OwnerEntry]:
    """The entry as it is now with its vote, which is locked, and its owner."""
    vote = chain.lock(entry.vote_id)
    db.session.refresh(entry)
    return vote, db.session.get_one(VoteOwner, entry.vote_owner_id), entry


def _sent(owner: VoteOwner, submission: str) -> OwnerEntry | None:
    """What this very form has made already."""
    return db.session.scalar(
        select(OwnerEntry).where(
            OwnerEntry.vote_owner_id == owner.id, OwnerEntry.submission == submission
        )
    )


def _refuse_used(vote: OwnersVote, owner: VoteOwner, picture: Picture) -> None:
    """Raises Refused where this very picture lies with the sheet of another owner."""
    other = db.session.scalar(
        select(VoteOwner.number)
        .join(OwnerEntry, OwnerEntry.vote_owner_id == VoteOwner.id)
        .join(Proof, Proof.id == OwnerEntry.proof_id)
        .where(
            Proof.vote_id == vote.id,
            Proof.digest == picture.digest,
            VoteOwner.id != owner.id,
            OwnerEntry.state != EntryState.WITHDRAWN,
        )
    )
    if other is not None:
        raise Refused(N_("这张照片已经附在 %(number)s 号业主的票上了，请换一张。"), number=other)


def _take_out(
    vote: OwnersVote, owner: VoteOwner, entry: OwnerEntry, reason: str, by: str, at: datetime
) -> None:
    entry.state, entry.reason, entry.decided_by = EntryState.WITHDRAWN, _reason(reason), by
    recording._tell(vote, "withdraw", owner, entry, at)
    vote.revision += 1


def _which(entry: OwnerEntry, owner: VoteOwner) -> dict[str, object]:
    return {"number": owner.number, "entry": entry.id}


def _note(
    act: str,
    entry: OwnerEntry,
    owner: VoteOwner,
    by: str,
    at: datetime,
    **details: object,
) -> None:
    audit.note(
        act,
        by=by,
        at=at,
        courtyard_id=entry.courtyard_id,
        subject_id=entry.vote_id,
        **_which(entry, owner),
        **details,
    )


def _reason(typed: str) -> str:
    reason = typed.strip()
    if not reason:
        raise Refused(N_("请写一句为什么。"))
    return reason[:LONGEST_REASON]


def _refuse_unless_waiting(vote: OwnersVote, entry: OwnerEntry) -> None:
    recording._refuse_unless_changeable(vote)
    if entry.state is not EntryState.PENDING:
        raise Refused(N_("这张票已经处理过了。"))


def _refuse_unless_standing(vote: OwnersVote, entry: OwnerEntry) -> None:
    recording._refuse_unless_changeable(vote)
    if entry.state not in recording.STANDS:
        raise Refused(N_("这张票现在没有算数，不用撤。"))


def _refuse_own(entry: OwnerEntry, by: str) -> None:
    if entry.keyed_by == by:
        raise Refused(N_("录入和确认要用两个账号。请另一位来核对。"))
