"""The register of a vote owner by owner: who sent what, for those entitled; each look is noted.

Before the sealing it has no marks: whoever could read all sheets could add them up, and agreement
is to be known to nobody before everything is in, signed for and counted. A void vote keeps them
closed for good.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from surveys.accounts import lists
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting.double_majority import Mark
from surveys.errors import Refused
from surveys.owners import delivering, recording, sheets
from surveys.owners.delivering import Doorstep
from surveys.owners.models import EntryState, OwnerEntry, OwnersVote

SHOWN_LOOKS = 50
_BEFORE_OTHERS = (EntryState.CONFIRMED, EntryState.CONTESTED, EntryState.PENDING)
"""which of an owner's sheets stands for the others: the one that counts, else one in question"""

audit.words(
    {
        "owners.read_all": N_("看了逐户登记，第 %(page)s 页"),
        "owners.read_one": N_("在逐户登记里查了 %(number)s 号业主"),
        "owners.read_printed": N_("打开逐户登记准备打印"),
    }
)
LOOKS = (
    "owners.read_all",
    "owners.read_one",
    "owners.read_printed",
    "owners.looked",
    "vote.bundle",
)
"""acts by which somebody may have learnt who voted how"""


@dataclass(frozen=True, slots=True)
class Line:
    """One owner with the sheet that counts, or that is in question, if anything came."""

    doorstep: Doorstep
    entry: OwnerEntry | None
    marks: Mapping[int, Mark] | None
    """by number of the motion; None: nothing came, or it may not be read"""

    @property
    def counts(self) -> bool:
        """Whether the sheet counts."""
        return self.entry is not None and self.entry.state is EntryState.CONFIRMED


def may_show_marks(vote: OwnersVote) -> bool:
    """Whether marks may be read by those entitled: once everything is counted."""
    return vote.sealed_at is not None


def whole(
    vote: OwnersVote, *, page: int, size: int, by: str, at: datetime
) -> tuple[list[Line], int]:
    """One page of all owners by number, and how many pages there are. The look is noted first."""
    _note("owners.read_all", vote, by, at, page=page)
    db.session.commit()
    every = delivering.doorsteps(vote)
    return _lines(vote, every[(page - 1) * size : page * size]), -(-len(every) // size)


def printed(vote: OwnersVote, *, by: str, at: datetime) -> list[Line]:
    """Everybody, for the printer. The look is noted first."""
    _note("owners.read_printed", vote, by, at)
    db.session.commit()
    return _lines(vote, delivering.doorsteps(vote))


def one(vote: OwnersVote, typed: str, *, by: str, at: datetime) -> Line:
    """One owner by number or door, as when an owner asks at the desk. The look is noted first.

    Raises:
        Invalid: nobody has this number or door.
    """
    owner = sheets.owner_at(vote, typed).owner
    _note("owners.read_one", vote, by, at, number=owner.number)
    db.session.commit()
    found = [each for each in delivering.doorsteps(vote) if each.listed.owner.id == owner.id]
    return _lines(vote, found)[0]


def looks(vote: OwnersVote) -> list[lists.Line]:
    """Who looked, and when, the newest first; the desk's pages of sheets and the bundle too."""
    return lists.acts_on(vote.id, SHOWN_LOOKS, acts=LOOKS)


def _lines(vote: OwnersVote, doorsteps: Sequence[Doorstep]) -> list[Line]:
    entries = _entries(vote)
    open_ = may_show_marks(vote)
    found = []
    for each in doorsteps:
        entry = entries.get(each.listed.owner.id)
        marks = recording.marks_of(entry) if entry and open_ else None
        found.append(Line(each, entry, marks))
    return found


def _entries(vote: OwnersVote) -> dict[str, OwnerEntry]:
    """Of each owner the sheet that stands before the others."""
    found = db.session.scalars(
        select(OwnerEntry)
        .where(OwnerEntry.vote_id == vote.id, OwnerEntry.state.in_(_BEFORE_OTHERS))
        .order_by(OwnerEntry.number)
    )
    by_rank = sorted(found, key=lambda entry: _BEFORE_OTHERS.index(entry.state), reverse=True)
    return {entry.vote_owner_id: entry for entry in by_rank}


def _note(act: str, vote: OwnersVote, by: str, at: datetime, **details: object) -> None:
    if vote.frozen_at is None:
        raise Refused(N_("还是草稿，名册还没定下来。"))
    audit.note(act, by=by, at=at, courtyard_id=vote.courtyard_id, subject_id=vote.id, **details)
