"""Owners' votes as they are read: one, a courtyard's, its motions, everybody on its register."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from sqlalchemy import select

from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound
from surveys.owners.models import Motion, OwnersVote, VoteOwner, VoteUnit


@dataclass(frozen=True)
class Listed:
    """An owner on the frozen register of a vote, with all units held there."""

    owner: VoteOwner
    units: Sequence[VoteUnit]

    @cached_property
    def names(self) -> list[str]:
        """Of everybody who is this owner, in order; each may sign."""
        found: list[str] = json.loads(self.owner.names)
        return found

    @property
    def area_dm2(self) -> int:
        """Of all units together."""
        return sum(unit.area_dm2 for unit in self.units)


def find(vote_id: str) -> OwnersVote:
    """The vote of this id.

    Raises:
        NotFound: there is none.
    """
    found = db.session.get(OwnersVote, vote_id)
    if found is None:
        raise NotFound
    return found


def of_courtyard(courtyard_id: str) -> list[OwnersVote]:
    """The courtyard's votes, newest first, drafts and void ones too."""
    return list(
        db.session.scalars(
            select(OwnersVote)
            .where(OwnersVote.courtyard_id == courtyard_id)
            .order_by(OwnersVote.created_at.desc(), OwnersVote.id)
        )
    )


def zone_of(vote: OwnersVote) -> str:
    """IANA name of the zone by whose calendar the courtyard lives."""
    return db.session.get_one(Courtyard, vote.courtyard_id).zone


def motions_of(vote: OwnersVote) -> list[Motion]:
    """The motions in the order of the sheet."""
    return list(
        db.session.scalars(select(Motion).where(Motion.vote_id == vote.id).order_by(Motion.number))
    )


def owners_of(vote: OwnersVote) -> list[Listed]:
    """Everybody on the frozen register by number, units by door; in two statements."""
    owners = db.session.scalars(
        select(VoteOwner).where(VoteOwner.vote_id == vote.id).order_by(VoteOwner.number)
    )
    units: dict[str, list[VoteUnit]] = {}
    for unit in units_of(vote):
        units.setdefault(unit.vote_owner_id, []).append(unit)
    return [Listed(owner, units.get(owner.id, ())) for owner in owners]


def owner_of(vote: OwnersVote, vote_owner_id: str) -> Listed:
    """One owner on the frozen register.

    Raises:
        NotFound: none of this vote.
    """
    owner = db.session.get(VoteOwner, vote_owner_id)
    if owner is None or owner.vote_id != vote.id:
        raise NotFound
    units = select(VoteUnit).where(VoteUnit.vote_owner_id == owner.id).order_by(VoteUnit.position)
    return Listed(owner, list(db.session.scalars(units)))


def units_of(vote: OwnersVote) -> list[VoteUnit]:
    """All units of the frozen register in the order of the doors."""
    found = select(VoteUnit).where(VoteUnit.vote_id == vote.id)
    return list(db.session.scalars(found.order_by(VoteUnit.position, VoteUnit.id)))


def buildings_of(vote: OwnersVote) -> list[str]:
    """The buildings of the frozen register in the order of the doors."""
    return list(dict.fromkeys(unit.building for unit in units_of(vote)))


def by_building(listed: Sequence[Listed]) -> list[tuple[str, list[Listed]]]:
    """Owners by the building of their first door, in the order of the doors."""

    def first(one: Listed) -> int:
        return one.units[0].position

    with_units = sorted((one for one in listed if one.units), key=first)
    grouped = groupby(with_units, key=lambda one: one.units[0].building)
    merged: dict[str, list[Listed]] = {}
    for building, found in grouped:
        merged.setdefault(building, []).extend(found)
    return list(merged.items())


def register_as_data(vote: OwnersVote) -> list[list[object]]:
    """The frozen register: each owner with number, kind, names, voter, and units by door.

    What the chain's first event keeps a digest of.
    """
    return [
        [
            one.owner.number,
            str(one.owner.kind),
            one.names,
            one.owner.voter,
            [[u.building, u.stairwell, u.room, u.area_dm2, str(u.source)] for u in one.units],
        ]
        for one in owners_of(vote)
    ]
