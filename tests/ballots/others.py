"""People and things outside the courtyard that votes."""

from surveys.base.db import db
from surveys.courtyards.models import Household
from tests.world import World


def household_elsewhere(world: World) -> str:
    """Id of a household of another courtyard."""
    found: str = db.session.scalars(
        db.select(Household.id).where(Household.courtyard_id != world.courtyard).limit(1)
    ).one()
    return found
