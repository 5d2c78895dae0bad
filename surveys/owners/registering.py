"""Changing the living register: a table taken in, a unit added, put right, sold or taken out.

Every act brings the tables to a list of rows, one a unit, so that owners are always those that the
law counts. The trail says which door was changed, and never whose it is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import delete, select

from surveys.base import audit
from surveys.base.db import db, new_id, retrying
from surveys.base.words import N_
from surveys.courtyards.rules import Door, door_key
from surveys.errors import Invalid, NotFound, Refused
from surveys.owners import adding_up, merging, parties, register, register_whole
from surveys.owners.merging import Plan
from surveys.owners.parties import Party, UnitRow
from surveys.owners.register_models import Owner, OwnerName, OwnersRegister, Unit

audit.words(
    {
        "register.import": N_("导入业主名册：新增 %(new)s 套，改 %(changed)s 套"),
        "register.export": N_("下载了业主名册，%(count)s 套"),
        "register.add": N_("业主名册加了 %(door)s"),
        "register.change": N_("业主名册改了 %(door)s"),
        "register.sell": N_("业主名册里 %(door)s 过户了"),
        "register.remove": N_("业主名册删了 %(door)s"),
        "register.voter": N_("业主名册里 %(door)s 写了表决代表"),
        "register.state": N_("写了登记的总面积和总套数：%(area)s，%(units)s 套"),
    }
)


# a table


def plan_import(courtyard_id: str, rows: Iterable[UnitRow]) -> Plan:
    """What `import_rows` would change now. Changes nothing."""
    return merging.compare(register.read(courtyard_id).rows, rows)


@retrying
def import_rows(
    courtyard_id: str, rows: Sequence[UnitRow], *, seen: str, by: str, at: datetime
) -> Plan:
    """Bring the register up to `rows`. No unit is taken out. Sent twice, they are saved once.

    Args:
        rows: checked, from `register_file.read_file`.
        seen: the fingerprint of the plan that was shown.

    Raises:
        Refused: the register has changed since, so that something else would be saved.
    """
    held = _lock(courtyard_id, at)
    plan = plan_import(courtyard_id, rows)
    if plan.changes and seen != plan.fingerprint:
        raise Refused(N_("业主名册刚刚被别人改过。请把文件再交一次，重新看一遍。"))
    if plan.changes:
        _bring(held, plan.after, at)
        audit.note(
            "register.import",
            by=by,
            at=at,
            courtyard_id=courtyard_id,
            new=len(plan.new),
            changed=len(plan.changed),
            missing=len(plan.missing),
        )
    db.session.commit()
    return plan


def take_out(courtyard_id: str, *, by: str, at: datetime) -> list[UnitRow]:
    """Every unit, for a file that leaves the house: that it left is noted."""
    rows = register.read(courtyard_id).rows
    audit.note("register.export", by=by, at=at, courtyard_id=courtyard_id, count=len(rows))
    db.session.commit()
    return rows


# one unit


@retrying
def add_unit(courtyard_id: str, row: UnitRow, *, by: str, at: datetime) -> None:
    """Add a unit and, where it is new, its owner.

    Raises:
        Invalid: the register holds that door already.
    """
    held = _lock(courtyard_id, at)
    present = register.read(courtyard_id).rows
    _refuse_taken(present, row.door)
    _bring(held, merging.compare(present, [row]).after, at)
    _note("register.add", courtyard_id, row.door, by, at)
    db.session.commit()


@retrying
def change_unit(unit_id: str, row: UnitRow, *, is_sold: bool, by: str, at: datetime) -> None:
    """Put a unit right, or pass it on: door, area and its source, and whose it is.

    What is said of its owner (kind, voter) holds for all that this owner has.

    Args:
        is_sold: it was right until now; only the trail tells the two apart.

    Raises:
        NotFound: the unit was taken out meanwhile.
        Invalid: the register holds that door already.
    """
    unit = _unit(unit_id)
    held = _lock(unit.courtyard_id, at)
    door = _door(_unit(unit_id))
    rows = register.read(unit.courtyard_id).rows
    was = next(one for one in rows if one.door == door)
    present = [one for one in rows if one.door != door]
    _refuse_taken(present, row.door)
    after = merging.compare(present, [row]).after
    if not row.voter and row.party == was.party:  # the field is empty: nobody is named any more
        after = [replace(one, voter="") if one.party == row.party else one for one in after]
    _bring(held, after, at)
    _note("register.sell" if is_sold else "register.change", unit.courtyard_id, row.door, by, at)
    db.session.commit()


@retrying
def remove_unit(unit_id: str, *, by: str, at: datetime) -> None:
    """Take out a unit that does not exist. Its owner goes with its last unit.

    Raises:
        NotFound: it was taken out before.
    """
    unit = _unit(unit_id)
    held = _lock(unit.courtyard_id, at)
    gone = _door(_unit(unit_id))
    rows = [row for row in register.read(unit.courtyard_id).rows if row.door != gone]
    _bring(held, rows, at)
    _note("register.remove", unit.courtyard_id, gone, by, at)
    db.session.commit()


@retrying
def set_voter(courtyard_id: str, owner_id: str, typed: str, *, by: str, at: datetime) -> None:
    """Write down whom co-owners named to vote for all of them; empty: nobody.

    Raises:
        NotFound: no such owner in this courtyard, or it holds nothing any more.
        Invalid: it is none of them.
    """
    held = _lock(courtyard_id, at)
    owner = db.session.get(Owner, owner_id, populate_existing=True)
    if owner is None or owner.courtyard_id != courtyard_id:
        raise NotFound
    holder = register.find_owner(owner_id)
    owner.voter = parties.read_voter(typed, holder.named)
    _touch(held, at)
    _note("register.voter", courtyard_id, holder.rows[0].door, by, at)
    db.session.commit()


# the whole


@retrying
def state(
    courtyard_id: str,
    *,
    area_dm2: int | None,
    units: int | None,
    source: str,
    gap_reason: str,
    by: str,
    at: datetime,
) -> None:
    """Write down what the property register states of the whole, and why the units differ from it.

    A reason holds as long as the difference does: the next change of it asks for the reason anew.

    Raises:
        Invalid: figures are stated without their source.
    """
    if (area_dm2 is not None or units is not None) and not source:
        raise Invalid(N_("请写总面积和总套数是从哪里抄来的，比如：不动产登记中心查询结果。"))
    held = _lock(courtyard_id, at)
    held.stated_area_dm2, held.stated_units = area_dm2, units
    held.source, held.gap_reason = source, gap_reason
    _touch(held, at)
    stated = adding_up.square_metres(area_dm2) if area_dm2 is not None else "—"
    audit.note(
        "register.state",
        by=by,
        at=at,
        courtyard_id=courtyard_id,
        area=stated,
        units=units if units is not None else "—",
        reason=gap_reason,
    )
    db.session.commit()


# parts


def _lock(courtyard_id: str, at: datetime) -> OwnersRegister:
    """The row of a courtyard's register, made where it lacks; one act at a time goes past it."""
    held = db.session.scalar(
        select(OwnersRegister)
        .where(OwnersRegister.courtyard_id == courtyard_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if held is None:
        held = OwnersRegister(courtyard_id=courtyard_id, revision=0, changed_at=at)
        db.session.add(held)
        db.session.flush()  # who made it at the same time is found when this is begun anew
    return held


def _touch(held: OwnersRegister, at: datetime) -> None:
    held.revision, held.changed_at = held.revision + 1, at


def _unit(unit_id: str) -> Unit:
    found = db.session.get(Unit, unit_id, populate_existing=True)
    if found is None:
        raise NotFound
    return found


def _door(unit: Unit) -> Door:
    return unit.building, unit.stairwell, unit.room


def _refuse_taken(rows: Iterable[UnitRow], door: Door) -> None:
    if any(row.door == door for row in rows):
        raise Invalid(N_("名册里已经有“%(door)s”了。"), door=adding_up.door_in_line(door))


def _note(act: str, courtyard_id: str, door: Door, by: str, at: datetime) -> None:
    audit.note(act, by=by, at=at, courtyard_id=courtyard_id, door=adding_up.door_in_line(door))


def _bring(held: OwnersRegister, rows: Sequence[UnitRow], at: datetime) -> None:
    """Let the tables say what `rows` say. Never commits.

    Owners without a unit are retired; a reason for a gap goes when the gap changes.
    """
    before = register_whole.sums(held.courtyard_id)
    in_order = sorted(rows, key=lambda row: door_key(row.door))
    owners = _owners(held.courtyard_id, parties.gather(in_order), at)
    _units(held.courtyard_id, in_order, {row.door: owners[row.party].id for row in in_order})
    db.session.flush()
    after = register_whole.sums(held.courtyard_id)
    if (before.gap, before.units_gap) != (after.gap, after.units_gap):
        held.gap_reason = ""
    _touch(held, at)


def _owners(courtyard_id: str, found: Sequence[Party], at: datetime) -> dict[str, Owner]:
    """The rows of these owners, by party."""
    living = select(Owner).where(Owner.courtyard_id == courtyard_id, Owner.retired_at.is_(None))
    held = {owner.party: owner for owner in db.session.scalars(living)}
    wanted = {parties.party_of(party.named): party for party in found}
    for party, owner in held.items():
        if party not in wanted:
            owner.retired_at = at
    for position, (party, one) in enumerate(wanted.items(), 1):
        if party not in held:
            held[party] = Owner(id=new_id(), courtyard_id=courtyard_id, party=party)
            db.session.add(held[party])
        owner = held[party]
        owner.kind, owner.voter, owner.position = one.kind, one.voter, position
    db.session.flush()
    _write_names({held[party].id: one for party, one in wanted.items()})
    return held


def _write_names(wanted: Mapping[str, Party]) -> None:
    """The people of each owner; written anew where another way of writing came."""
    known: dict[str, list[tuple[str, str]]] = {}
    for owner_id, name, mark in db.session.execute(
        select(OwnerName.owner_id, OwnerName.name, OwnerName.mark)
        .where(OwnerName.owner_id.in_(wanted))
        .order_by(OwnerName.position)
    ):
        known.setdefault(owner_id, []).append((name, mark))
    for owner_id, party in wanted.items():
        people = [(one.name, one.mark) for one in party.named]
        if known.get(owner_id) == people:
            continue
        db.session.execute(delete(OwnerName).where(OwnerName.owner_id == owner_id))
        db.session.add_all(
            OwnerName(owner_id=owner_id, position=position, name=name, mark=mark)
            for position, (name, mark) in enumerate(people, 1)
        )


def _units(courtyard_id: str, rows: Sequence[UnitRow], owner_of: Mapping[Door, str]) -> None:
    """The rows of these units, in order of doors; others go."""
    units = db.session.scalars(select(Unit).where(Unit.courtyard_id == courtyard_id))
    held = {_door(unit): unit for unit in units}
    for door, unit in held.items():
        if door not in owner_of:
            db.session.delete(unit)
    db.session.flush()
    for position, row in enumerate(rows, 1):
        unit = held.get(row.door) or Unit(
            courtyard_id=courtyard_id,
            building=row.building,
            stairwell=row.stairwell,
            room=row.room,
        )
        db.session.add(unit)
        unit.owner_id, unit.position = owner_of[row.door], position
        unit.area_dm2, unit.source = row.area_dm2, row.source
