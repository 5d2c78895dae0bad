"""The living register of a courtyard's owners: read, looked over, and frozen for a vote."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import insert, select

from surveys.base.db import db, new_id, table_of
from surveys.base.long_lists import View
from surveys.counting.double_majority import Share
from surveys.courtyards.models import Household
from surveys.errors import NotFound
from surveys.owners import adding_up, parties
from surveys.owners.adding_up import Fault, Whole
from surveys.owners.models import (
    Owner,
    OwnerKind,
    OwnerName,
    OwnersRegister,
    Unit,
    VoteOwner,
    VoteUnit,
)
from surveys.owners.parties import Named, UnitRow


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


@dataclass(frozen=True, slots=True)
class Register:
    """All owners of a courtyard as they stand now, in order of their first door."""

    owners: tuple[Holder, ...]
    stated: OwnersRegister | None
    """what the property register states of the whole, where somebody wrote it down"""

    @property
    def rows(self) -> list[UnitRow]:
        """Every unit as a row of a table, owner by owner."""
        return [row for owner in self.owners for row in owner.rows]

    @property
    def whole(self) -> Whole:
        """What it adds up to."""
        return Whole(self.rows, self.stated)

    @property
    def everyone(self) -> Share:
        """All owners by count, and the areas of all units together."""
        return Share(len(self.owners), sum(owner.area_dm2 for owner in self.owners))

    @property
    def units(self) -> int:
        """How many units there are."""
        return sum(len(owner.units) for owner in self.owners)

    @property
    def gap(self) -> int | None:
        """What the stated area holds more than the units, in dm²; None where nothing is stated."""
        return self.whole.gap


def read(courtyard_id: str) -> Register:
    """The register as it stands now, in three statements."""
    units: dict[str, list[Unit]] = defaultdict(list)
    for unit in db.session.scalars(
        select(Unit).where(Unit.courtyard_id == courtyard_id).order_by(Unit.position, Unit.id)
    ):
        units[unit.owner_id].append(unit)
    found = db.session.execute(
        select(Owner, OwnerName.name, OwnerName.mark)
        .join(OwnerName, OwnerName.owner_id == Owner.id)
        .where(Owner.courtyard_id == courtyard_id, Owner.retired_at.is_(None))
        .order_by(Owner.position, Owner.id, OwnerName.position)
    )
    named: dict[Owner, list[Named]] = defaultdict(list)
    for owner, name, mark in found:
        named[owner].append(Named(name, mark))
    holders = tuple(_holder(owner, people, units[owner.id]) for owner, people in named.items())
    return Register(holders, db.session.get(OwnersRegister, courtyard_id))


def find_owner(owner_id: str) -> Holder:
    """An owner of the living register, with its people and units.

    Raises:
        NotFound: there is none, or it holds no unit any more.
    """
    owner = db.session.get(Owner, owner_id)
    if owner is None or owner.retired_at is not None:
        raise NotFound
    units = select(Unit).where(Unit.owner_id == owner_id).order_by(Unit.position, Unit.id)
    return _holder(owner, names_of(owner_id), list(db.session.scalars(units)))


def row_of(unit: Unit) -> UnitRow:
    """One unit of the living register as a row of a table."""
    return find_owner(unit.owner_id).row(unit)


def names_of(owner_id: str) -> list[Named]:
    """The people of an owner, in the order they were written."""
    found = db.session.execute(
        select(OwnerName.name, OwnerName.mark)
        .where(OwnerName.owner_id == owner_id)
        .order_by(OwnerName.position)
    )
    return [Named(name, mark) for name, mark in found]


def _holder(owner: Owner, people: Sequence[Named], units: Iterable[Unit]) -> Holder:
    return Holder(owner.id, owner.kind, tuple(people), owner.voter, tuple(units))


SORTS = ("door", "name", "-units", "-area")


def search(register: Register, view: View) -> list[Holder]:
    """The owners of whom a name, a mark or a door holds what was typed; all where nothing was.

    Args:
        view: sorted by one of `SORTS`, narrowed by `q`.
    """
    wanted = "".join(view.asked.get("q", "").split()).casefold()
    found = [one for one in enumerate(register.owners) if wanted in _words(one[1])]
    ordered = view.arranged(
        found,
        {
            "door": lambda one: one[0],
            "name": lambda one: one[1].names,
            "units": lambda one: len(one[1].units),
            "area": lambda one: one[1].area_dm2,
        },
    )
    return [holder for _place, holder in ordered]


def _words(holder: Holder) -> str:
    people = [part for one in holder.named for part in (one.name, one.mark)]
    doors = [adding_up.door_in_line(row.door) for row in holder.rows]
    return "\n".join([*people, *doors]).casefold()


# what keeps a vote from opening, and what is worth a look


def faults(courtyard_id: str) -> list[Fault]:
    """What is to be mended before a vote may open."""
    return adding_up.faults(read(courtyard_id).whole)


def warnings(courtyard_id: str, whole: Whole) -> list[Fault]:
    """What keeps no vote from opening, but should be looked at once more."""
    households = select(Household.building, Household.stairwell, Household.room).where(
        Household.courtyard_id == courtyard_id
    )
    return adding_up.warnings(whole, {(b, s, r) for b, s, r in db.session.execute(households)})


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
