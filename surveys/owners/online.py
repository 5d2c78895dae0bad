"""Whether owners may vote online: off, unless a rule of the place or of one above it allows it."""

from sqlalchemy import func, select

from surveys.accounts.models import Place
from surveys.base.db import db
from surveys.owners.models import OnlineRule


def rule_of(courtyard_id: str) -> OnlineRule | None:
    """The rule that counts at a courtyard: of the nearest place up the tree that has one."""
    path = db.session.get_one(Place, courtyard_id).path
    above = [part for part in path.split("/") if part]
    nearest_first = (
        select(OnlineRule)
        .join(Place, Place.id == OnlineRule.place_id)
        .where(OnlineRule.place_id.in_(above))
        .order_by(func.length(Place.path).desc())
    )
    return db.session.scalar(nearest_first.limit(1))
