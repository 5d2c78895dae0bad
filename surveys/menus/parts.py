"""Which buildings and stairwells of a courtyard may have items of their own. Only asks."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.base.words import N_
from surveys.counting import parts
from surveys.courtyards.models import Household
from surveys.errors import Invalid


@dataclass(frozen=True, slots=True)
class Part:
    """A building, or one of its stairwells, with the households on the roll there."""

    building: str
    stairwell: str
    households: int

    @property
    def name(self) -> str:
        """By which a form knows it (`counting.parts.name`)."""
        return parts.name(self.building, self.stairwell)


def large_enough(courtyard_id: str) -> list[Part]:
    """The buildings, each with its stairwells below it, that have households enough, in order.

    A building's only stairwell is that building.
    """
    return [part for part in _all(courtyard_id) if part.households >= parts.LEAST_ON_ROLL]


def _refuse(courtyard_id: str, building: str, stairwell: str, *, must_do: bool) -> None:
    """Raises Invalid where an item cannot be one for this building or stairwell alone."""
    if not building:
        return
    if must_do:
        raise Invalid(N_("必做的不用选，一定做：“谁能选”请改成全院。"))
    there = select(func.count()).where(
        Household.courtyard_id == courtyard_id, Household.building == building
    )
    if stairwell:
        there = there.where(Household.stairwell == stairwell)
    if (households := db.session.scalar(there) or 0) < parts.LEAST_ON_ROLL:
        raise Invalid(
            N_(
                "花名册上那里只有 %(households)s 户，不到 %(least)s 户会看出谁选了什么。"
                "“谁能选”请改成整栋楼，或者全院。"
            ),
            households=households,
            least=parts.LEAST_ON_ROLL,
        )


def _all(courtyard_id: str) -> Sequence[Part]:
    found = db.session.execute(
        select(Household.building, Household.stairwell, func.count())
        .where(Household.courtyard_id == courtyard_id)
        .group_by(Household.building, Household.stairwell)
        .order_by(func.min(Household.position))
    ).all()
    listed: list[Part] = []
    for building in dict.fromkeys(row[0] for row in found):
        inside = [Part(*row) for row in found if row[0] == building]
        listed.append(Part(building, "", sum(part.households for part in inside)))
        listed += [part for part in inside if part.stairwell and len(inside) > 1]
    return listed
