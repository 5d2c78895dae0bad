"""The living register of a courtyard's owners: read, looked over, and frozen for a vote."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import insert, select

from surveys.base.db import db, new_id, table_of
from surveys.base.words import N_
from surveys.counting.double_majority import Share
from surveys.courtyards.models import Household
from surveys.errors import NotFound
from surveys.owners import parties
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


class Fault(NamedTuple):
    """What is to be mended, or looked at, as a message id with its parameters."""

    msgid: str
    params: Mapping[str, object]


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

    @property
    def rows(self) -> list[UnitRow]:
        """Its units as rows of a table."""
        return [
            UnitRow(
                unit.building,
                unit.stairwell,
                unit.room,
                unit.area_dm2,
                unit.source,
                self.kind,
                self.named,
                self.voter,
            )
            for unit in self.units
        ]


@dataclass(frozen=True, slots=True)
class Register:
    """All owners of a courtyard as they stand now, in order of their first door."""

    owners: tuple[Holder, ...]
    stated: OwnersRegister | None
    """what the property register states of the whole, where somebody wrote it down"""

    @property
    def units(self) -> int:
        """How many units there are."""
        return sum(len(owner.units) for owner in self.owners)

    @property
    def everyone(self) -> Share:
        """All owners by count, and the areas of all units together."""
        return Share(len(self.owners), sum(owner.area_dm2 for owner in self.owners))

    @property
    def gap(self) -> int | None:
        """What the stated area holds more than the units, in dm²; None where nothing is stated."""
        if self.stated is None or self.stated.stated_area_dm2 is None:
            return None
        return self.stated.stated_area_dm2 - self.everyone.area_dm2

    @property
    def units_gap(self) -> int | None:
        """How many more units are stated than there are; None where nothing is stated."""
        if self.stated is None or self.stated.stated_units is None:
            return None
        return self.stated.stated_units - self.units

    @property
    def rows(self) -> list[UnitRow]:
        """Every unit as a row of a table, owner by owner."""
        return [row for owner in self.owners for row in owner.rows]


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


# what keeps a vote from opening, and what is worth a look


def faults(courtyard_id: str) -> list[Fault]:
    """What is to be mended before a vote may open."""
    return faults_of(read(courtyard_id))


def faults_of(register: Register) -> list[Fault]:
    """The same of a register that was read already."""
    if not register.units:
        return [Fault(N_("业主名册还是空的。请先导入名册。"), {})]
    found = [*_gap_faults(register)]
    lacking = [owner for owner in register.owners if owner.lacks_a_voter]
    if lacking:
        say = N_("有 %(n)s 处共有的房子没写谁代表表决：%(doors)s。请补上。")
        found.append(Fault(say, {"n": len(lacking), "doors": _doors(lacking)}))
    return found


def _gap_faults(register: Register) -> list[Fault]:
    if register.stated is None or register.stated.gap_reason:
        return []
    found = []
    if register.gap:
        say = N_(
            "各套面积加起来是 %(sum)s，登记的总面积是 %(stated)s，对不上。请查清，或者写明原因。"
        )
        stated = register.everyone.area_dm2 + register.gap
        params = {"sum": square_metres(register.everyone.area_dm2)}
        found.append(Fault(say, params | {"stated": square_metres(stated)}))
    if register.units_gap:
        say = N_("名册里有 %(units)s 套，登记的是 %(stated)s 套，对不上。请查清，或者写明原因。")
        whole = register.units + register.units_gap
        found.append(Fault(say, {"units": register.units, "stated": whole}))
    return found


def warnings(courtyard_id: str, register: Register) -> list[Fault]:
    """What keeps no vote from opening, but should be looked at once more."""
    found = []
    if register.units and (register.gap is None or register.units_gap is None):
        say = N_("还没写不动产登记上的总面积和总套数，没法核对有没有漏掉的房子。")
        found.append(Fault(say, {}))
    alike = parties.same_name_without_mark(parties.gather(register.rows))
    if alike:
        say = N_("同名、没写区分的，算成了同一位业主：%(names)s。要是两个人，请写上证件后四位。")
        found.append(Fault(say, {"names": _shortened([one.named[0].name for one in alike])}))
    strange = _not_on_the_roll(courtyard_id, register)
    if strange:
        say = N_("有 %(n)s 套不在住户花名册里：%(doors)s。商铺、车库不用管，住宅请核对门牌。")
        found.append(Fault(say, {"n": len(strange), "doors": _shortened(strange)}))
    return found


def _not_on_the_roll(courtyard_id: str, register: Register) -> list[str]:
    """Doors of the register that no household has, where there is a roll at all."""
    households = select(Household.building, Household.stairwell, Household.room).where(
        Household.courtyard_id == courtyard_id
    )
    known = {tuple(door) for door in db.session.execute(households)}
    if not known:
        return []
    return [door_in_line(row.door) for row in register.rows if row.door not in known]


def _doors(holders: Iterable[Holder]) -> str:
    return _shortened([door_in_line(row.door) for holder in holders for row in holder.rows[:1]])


def door_in_line(door: Sequence[str]) -> str:
    """A door in no language, as it may be typed: 3-2-301."""
    return "-".join(part for part in door if part)


def _shortened(said: Sequence[str], most: int = 6) -> str:
    """A few of what could be said, with an ellipsis for the rest."""
    return "、".join([*said[:most], *(["…"] if len(said) > most else [])])


def square_metres(area_dm2: int) -> str:
    """An area for the trail and for sentences, in no language: 88.67 ㎡."""
    return f"{area_dm2 // 100}.{area_dm2 % 100:02d} ㎡"


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
