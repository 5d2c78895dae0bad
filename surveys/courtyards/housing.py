"""Households put into the tables, with their places in the tree: parts of acts, none commits."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from surveys.accounts.models import Place
from surveys.base import audit
from surveys.base.db import db, new_id
from surveys.courtyards import rules
from surveys.courtyards.models import Courtyard, Household
from surveys.courtyards.rules import Plan, RollRow


def _import(
    courtyard: Courtyard,
    plan: Plan,
    held: dict[rules.Door, Household],
    by: str | None,
    at: datetime,
) -> None:
    """Carry out a plan for these households. Never commits."""
    for row, _area in plan.changed:
        held[row.door].area_dm2 = row.area_dm2
    _add_households(courtyard, plan.new, held)
    _number_doors(held.values())
    audit.note(
        "roll.import",
        by=by,
        at=at,
        courtyard_id=courtyard.id,
        new=len(plan.new),
        changed=len(plan.changed),
        same=len(plan.same),
        missing=len(plan.missing),
    )


def row_of(household: Household) -> RollRow:
    """A household as a row of the roll."""
    return RollRow(household.building, household.stairwell, household.room, household.area_dm2)


def _add_households(
    courtyard: Courtyard, rows: Iterable[RollRow], held: dict[rules.Door, Household]
) -> None:
    places = _Places(db.session.get_one(Place, courtyard.id))
    for row in rows:
        household = Household(
            id=new_id(),
            courtyard_id=courtyard.id,
            place_id=places.of(row.building, row.stairwell).id,
            building=row.building,
            stairwell=row.stairwell,
            room=row.room,
            area_dm2=row.area_dm2,
            position=0,
        )
        db.session.add(household)
        held[row.door] = household


def _number_doors(households: Iterable[Household]) -> None:
    """Give every door its position, as people count: building 2 before 10, room 201 before 1001."""
    in_order = sorted(households, key=lambda household: rules.door_key(row_of(household).door))
    for position, household in enumerate(in_order, 1):
        if household.position != position:
            household.position = position


class _Places:
    """The buildings and stairwells of one courtyard in the place tree, made where they lack."""

    def __init__(self, courtyard: Place) -> None:
        self._courtyard = courtyard
        below = db.session.scalars(
            select(Place).where(Place.path.startswith(courtyard.path, autoescape=True))
        )
        self._held = {(place.parent_id, place.name): place for place in below}

    def of(self, building: str, stairwell: str) -> Place:
        """The place of a stairwell, or of its building where there are no stairwells."""
        place = self._below(self._courtyard, "building", building)
        return self._below(place, "stairwell", stairwell) if stairwell else place

    def _below(self, parent: Place, level: str, name: str) -> Place:
        found = self._held.get((parent.id, name))
        if found is None:
            found = self._held[parent.id, name] = _place_below(parent, level, name)
        return found


def _place_below(parent: Place, level: str, name: str) -> Place:
    place = Place(id=new_id(), parent_id=parent.id, level=level, name=name)
    place.path = f"{parent.path}{place.id}/"
    db.session.add(place)
    db.session.flush()
    return place
