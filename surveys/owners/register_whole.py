"""The living register as a whole: what it comes to, and what a look over it finds.

Counted by the database, however long the register is; `adding_up.of_rows` says the same of rows
that are at hand.
"""

from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.counting.double_majority import Share
from surveys.courtyards.models import Household
from surveys.owners import adding_up, parties, register
from surveys.owners.adding_up import FEW, Fault, Some, Sums, Whole
from surveys.owners.register_models import Owner, OwnerKind, OwnerName, OwnersRegister, Unit

_DOOR = Unit.building, Unit.stairwell, Unit.room
_IN_ORDER = Owner.position, Owner.id


def sums(courtyard_id: str) -> Sums:
    """What the register comes to."""
    owners = select(func.count()).select_from(Owner).where(register.living(courtyard_id))
    held = select(func.count(), func.sum(Unit.area_dm2)).where(Unit.courtyard_id == courtyard_id)
    units, area_dm2 = db.session.execute(held).one()
    everyone = Share(db.session.scalar(owners) or 0, int(area_dm2 or 0))
    return Sums(everyone, units, stated(courtyard_id))


def stated(courtyard_id: str) -> OwnersRegister | None:
    """What is stated of the whole; None where nobody wrote it down."""
    return db.session.get(OwnersRegister, courtyard_id)


def look(courtyard_id: str) -> Whole:
    """The register looked over."""
    now = register.living(courtyard_id)
    return Whole(
        sums(courtyard_id),
        lacking=_some(_lacking(now)),
        alike=_some(_alike(courtyard_id, now)),
        half=_half(now),
        strange=_some(_strange(courtyard_id)),
    )


def faults(courtyard_id: str) -> list[Fault]:
    """What is to be mended before a vote may open."""
    return adding_up.faults(look(courtyard_id))


def warnings(courtyard_id: str) -> list[Fault]:
    """What keeps no vote from opening, but should be looked at once more."""
    return adding_up.warnings(look(courtyard_id))


def _some(asked: Select[*tuple[Any, ...]]) -> Some:
    """How many rows there are, and the first of them, each a door or a name in line."""
    found = db.session.execute(asked.add_columns(func.count().over()).limit(FEW)).all()
    return Some(found[0][-1] if found else 0, [adding_up.door_in_line(row[:-1]) for row in found])


def _lacking(now: ColumnElement[bool]) -> Select[str, str, str]:
    held = aliased(Unit)
    first = select(held.id).where(held.owner_id == Owner.id).order_by(held.position, held.id)
    return (
        select(*_DOOR)
        .join(Owner, Owner.id == Unit.owner_id)
        .where(now, register.LACKS_A_VOTER, Unit.id == first.limit(1).scalar_subquery())
        .order_by(*_IN_ORDER)
    )


def _alike(courtyard_id: str, now: ColumnElement[bool]) -> Select[str]:
    of_several = (
        select(Unit.owner_id)
        .where(Unit.courtyard_id == courtyard_id)
        .group_by(Unit.owner_id)
        .having(func.count() > 1)
    )
    return (
        select(OwnerName.name)
        .join(Owner, Owner.id == OwnerName.owner_id)
        .where(now, Owner.kind == OwnerKind.PERSON, OwnerName.mark == "", Owner.id.in_(of_several))
        .order_by(*_IN_ORDER)
    )


def _half(now: ColumnElement[bool]) -> Some:
    """Which ways of writing are the same name is known to `parties` alone: all are read."""
    alone = (
        select(OwnerName.name, OwnerName.mark)
        .join(Owner, Owner.id == OwnerName.owner_id)
        .where(now, Owner.kind != OwnerKind.TOGETHER)
        .order_by(*_IN_ORDER)
    )
    found = db.session.execute(alone)
    return Some.of(parties.marked_here_and_not_there((name, mark) for name, mark in found))


def _strange(courtyard_id: str) -> Select[str, str, str]:
    roll = select(Household.id).where(Household.courtyard_id == courtyard_id)
    behind = roll.where(
        Household.building == Unit.building,
        Household.stairwell == Unit.stairwell,
        Household.room == Unit.room,
    )
    return (
        select(*_DOOR)
        .join(Owner, Owner.id == Unit.owner_id)
        .where(Unit.courtyard_id == courtyard_id, roll.exists(), ~behind.exists())
        .order_by(*_IN_ORDER, Unit.position, Unit.id)
    )
