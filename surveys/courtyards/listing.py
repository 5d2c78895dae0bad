"""The roll as a long list, and how a door that somebody typed is looked for in any list."""

from typing import Any

from sqlalchemy import ColumnElement, func, select

from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.courtyards import rules
from surveys.courtyards.models import Household


def roll_page(courtyard_id: str, view: View) -> tuple[list[Household], int]:
    """A page of the roll, and how many doors there are on all pages.

    Args:
        view: sorted by `door` or `area` (doors without one last); narrowed by `building`, and by
            `q`, a door as somebody types it.
    """
    wanted = [Household.courtyard_id == courtyard_id, *sought(view.asked.get("q", ""))]
    if building := view.asked.get("building"):
        wanted.append(Household.building == building)
    total = db.session.scalar(select(func.count()).select_from(Household).where(*wanted)) or 0
    columns: dict[str, list[Any]] = {"door": [Household.position], "area": [Household.area_dm2]}
    order = view.clauses(columns, ties=[Household.position], may_lack=["area"])
    asked = select(Household).where(*wanted).order_by(*order).limit(view.a_page)
    return list(db.session.scalars(asked.offset(view.within(total).skip))), total


def sought(typed: str) -> list[ColumnElement[bool]]:
    """What holds of the doors that somebody typed; of every door where nothing was typed."""
    if not typed:
        return []
    building, stairwell, room = rules.door_sought(typed)
    found = [Household.room == room]
    found += [Household.building == building] if building else []
    found += [Household.stairwell == stairwell] if stairwell else []
    return found
