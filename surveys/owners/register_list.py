"""The living register as a long list: searched, sorted and leafed through by the database."""

from typing import Any

from sqlalchemy import ColumnElement, String, case, func, or_, select

from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.owners import register
from surveys.owners.register import Holder
from surveys.owners.register_models import Owner, OwnerName, Unit

SORTS = ("door", "name", "-units", "-area")


def page(courtyard_id: str, view: View) -> tuple[list[Holder], int]:
    """A page of the owners, and how many there are on all pages.

    Args:
        view: sorted by one of `SORTS` (`name`: the first of an owner's); narrowed by `q`, what a
            name, a mark or a door like 3-2-301 holds.
    """
    wanted = register.living(courtyard_id), *_sought(view.asked.get("q", ""))
    order = view.clauses(_columns(), ties=[Owner.position, Owner.id])
    ids = db.session.scalars(select(Owner.id).where(*wanted).order_by(*order)).all()
    return register.holders(view.shown(ids)), len(ids)  # to search twice would cost more than ids


def lacking_a_voter(courtyard_id: str, most: int) -> list[Holder]:
    """The first co-owners who have not named who votes for all of them."""
    asked = select(Owner.id).where(register.living(courtyard_id), register.LACKS_A_VOTER)
    ids = db.session.scalars(asked.order_by(Owner.position, Owner.id).limit(most))
    return register.holders(ids.all())


def _columns() -> dict[str, list[Any]]:
    name = select(OwnerName.name).where(OwnerName.owner_id == Owner.id, OwnerName.position == 1)
    units = select(func.count()).where(Unit.owner_id == Owner.id)
    area = select(func.sum(Unit.area_dm2)).where(Unit.owner_id == Owner.id)
    return {
        "door": [Owner.position],
        "name": [name.scalar_subquery()],
        "units": [units.scalar_subquery()],
        "area": [area.scalar_subquery()],
    }


def _sought(typed: str) -> list[ColumnElement[bool]]:
    """What holds of the owners that somebody typed; of every owner where nothing was typed.

    Asked of each owner by itself: found as a list of ids, PostgreSQL compared every owner with
    every unit as long as it had no statistics of a register that had just been imported.
    """
    words = "".join(typed.split())
    if not words:
        return []
    people = select(OwnerName.name).where(
        OwnerName.owner_id == Owner.id,
        or_(_holds(OwnerName.name, words), _holds(OwnerName.mark, words)),
    )
    stairwell = case((Unit.stairwell == "", ""), else_="-" + Unit.stairwell)
    door = Unit.building + stairwell + "-" + Unit.room  # `adding_up.door_in_line`
    homes = select(Unit.id).where(Unit.owner_id == Owner.id, _holds(door, words))
    return [or_(people.exists(), homes.exists())]


def _holds(text: Any, words: str) -> ColumnElement[bool]:
    """Whether a text holds words without spaces, however both are spaced."""
    return func.replace(text, " ", "", type_=String).icontains(words, autoescape=True)
