"""The living register of a courtyard's owners: read, and frozen for a vote."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import ColumnElement, Select, and_, insert, select

from surveys.base.db import db, new_id, table_of
from surveys.counting.double_majority import Share
from surveys.errors import NotFound
from surveys.owners import parties
from surveys.owners.models import VoteOwner, VoteUnit
from surveys.owners.parties import Named, UnitRow
from surveys.owners.register_models import Owner, OwnerKind, OwnerName, OwnersRegister, Unit


@dataclass(frozen=True, slots=True)
class Holder:
    """An owner with its people and its units, in order of doors."""

    id: str
    kind: OwnerKind
    named: tuple[Named, ...]
    voter: str
    units: tuple[Unit, ...]

    @property
    def names(self) -> list[str]:
        """Each of those who may sign."""
        return [one.name for one in self.named]

    @property
    def area_dm2(self) -> int:
        """The areas of its units added up."""
        return sum(unit.area_dm2 for unit in self.units)

    @property
    def lacks_a_voter(self) -> bool:
        """Whether co-owners have not named who votes for all of them."""
        return self.kind is OwnerKind.TOGETHER and not self.voter

    def row(self, unit: Unit) -> UnitRow:
        """One of its units as a row of a table."""
        door = unit.building, unit.stairwell, unit.room
        whose = self.kind, self.named, self.voter
        return UnitRow(*door, unit.area_dm2, unit.source, *whose)

    @property
    def rows(self) -> list[UnitRow]:
        """Its units as rows of a table."""
        return [self.row(unit) for unit in self.units]


@dataclass(frozen=True)
class Register:
    """All owners of a courtyard as they stand now, in order of their first door."""

    owners: Sequence[Holder]

    @cached_property
    def rows(self) -> list[UnitRow]:
        """Every unit as a row of a table, owner by owner."""
        return [row for owner in self.owners for row in owner.rows]

    @cached_property
    def everyone(self) -> Share:
        """All owners by count, and the areas of all units together."""
        return Share(len(self.owners), sum(owner.area_dm2 for owner in self.owners))


LACKS_A_VOTER = and_(Owner.kind == OwnerKind.TOGETHER, Owner.voter == "")
"""`Holder.lacks_a_voter`, for a statement"""


def living(courtyard_id: str) -> ColumnElement[bool]:
    """Those who own something in a courtyard now."""
    return and_(Owner.courtyard_id == courtyard_id, Owner.retired_at.is_(None))


def read(courtyard_id: str) -> Register:
    """The register as it stands now, in three statements."""
    now = living(courtyard_id)
    owners = db.session.scalars(select(Owner).where(now).order_by(Owner.position, Owner.id))
    return Register(_holders(owners.all(), select(Owner.id).where(now)))


def holders(ids: Sequence[str]) -> list[Holder]:
    """A few owners with their people and units, in the order given; in three statements."""
    found = db.session.scalars(select(Owner).where(Owner.id.in_(ids)))
    return _holders(sorted(found, key=lambda owner: ids.index(owner.id)), ids)


def _holders(owners: Sequence[Owner], ids: Sequence[str] | Select[str]) -> list[Holder]:
    """Owners and their ids: where these are many, as the statement that finds them."""
    units: dict[str, list[Unit]] = defaultdict(list)
    held = select(Unit).where(Unit.owner_id.in_(ids)).order_by(Unit.position, Unit.id)
    for unit in db.session.scalars(held):
        units[unit.owner_id].append(unit)
    named: dict[str, list[Named]] = defaultdict(list)
    people = select(OwnerName.owner_id, OwnerName.name, OwnerName.mark)
    theirs = people.where(OwnerName.owner_id.in_(ids)).order_by(OwnerName.position)
    for owner_id, name, mark in db.session.execute(theirs):
        named[owner_id].append(Named(name, mark))
    return [
        Holder(one.id, one.kind, tuple(named[one.id]), one.voter, tuple(units[one.id]))
        for one in owners
    ]


def find_owner(owner_id: str) -> Holder:
    """An owner of the living register, with its people and units.

    Raises:
        NotFound: there is none, or it holds no unit any more.
    """
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.retired_at is not None:
        raise NotFound
    return _holders([owner], [owner_id])[0]


def row_of(unit: Unit) -> UnitRow:
    """One unit of the living register as a row of a table."""
    return find_owner(unit.owner_id).row(unit)


# frozen for a vote


def _freeze(vote_id: str, courtyard_id: str) -> Share:
    """Copy the living register into the register of a vote, owner 1 behind the first door.

    Nobody can change the living one meanwhile. Never commits. Returns all owners and all areas.
    """
    db.session.execute(
        select(OwnersRegister.revision)
        .where(OwnersRegister.courtyard_id == courtyard_id)
        .with_for_update()
    )
    register = read(courtyard_id)
    owners, units = [], []
    for number, holder in enumerate(register.owners, 1):
        copied = new_id()
        owners.append(
            {
                "id": copied,
                "vote_id": vote_id,
                "owner_id": holder.id,
                "number": number,
                "kind": holder.kind,
                "names": parties.written(holder.named),
                "voter": holder.voter,
            }
        )
        units += [_unit(unit, vote_id, copied) for unit in holder.units]
    if owners:
        db.session.execute(insert(table_of(VoteOwner)), owners)
        db.session.execute(insert(table_of(VoteUnit)), units)
    return register.everyone


def _unit(unit: Unit, vote_id: str, vote_owner_id: str) -> dict[str, object]:
    same = ("building", "stairwell", "room", "area_dm2", "source", "position")
    copied: dict[str, object] = {name: getattr(unit, name) for name in same}
    return copied | {"id": new_id(), "vote_id": vote_id, "vote_owner_id": vote_owner_id}
