"""Registers of owners, made straight in the tables: a line a unit."""

from surveys.base.db import db, new_id
from surveys.courtyards.rules import typed_door
from surveys.owners import parties
from surveys.owners.parties import UnitRow
from surveys.owners.register_models import (
    AreaSource,
    Owner,
    OwnerKind,
    OwnerName,
    OwnersRegister,
    Unit,
)
from tests.world import AT


def row(
    door: str, area_dm2: int, names: str, voter: str = "", kind: OwnerKind | None = None
) -> UnitRow:
    """A unit; names are parted by 、 and may bear their mark behind a #: 王强#1234."""
    people = [part.partition("#") for part in names.split("、")]
    marks = [mark for _name, _sharp, mark in people]
    named = parties.read_names(
        "、".join(name for name, _sharp, _mark in people), "、".join(marks) if any(marks) else ""
    )
    return UnitRow(
        *typed_door(door),
        area_dm2,
        AreaSource.REGISTER,
        parties.kind_of(kind, len(named)),
        named,
        voter,
    )


def add_register(courtyard_id: str, *rows: UnitRow, stated_area_dm2: int | None = None) -> None:
    """Keep these units as the register of a courtyard."""
    db.session.add(
        OwnersRegister(
            courtyard_id=courtyard_id, stated_area_dm2=stated_area_dm2, revision=1, changed_at=AT
        )
    )
    place = 0
    for position, party in enumerate(parties.gather(rows), 1):
        owner = Owner(
            id=new_id(),
            courtyard_id=courtyard_id,
            kind=party.kind,
            party=parties.party_of(party.named),
            voter=party.voter,
            position=position,
        )
        db.session.add(owner)
        db.session.flush()
        db.session.add_all(
            OwnerName(owner_id=owner.id, position=n, name=one.name, mark=one.mark)
            for n, one in enumerate(party.named, 1)
        )
        for unit in party.rows:
            place += 1
            db.session.add(
                Unit(
                    courtyard_id=courtyard_id,
                    owner_id=owner.id,
                    building=unit.building,
                    stairwell=unit.stairwell,
                    room=unit.room,
                    area_dm2=unit.area_dm2,
                    source=unit.source,
                    position=place,
                )
            )
    db.session.commit()
