"""Who put a suggestion to a need, and when."""

from collections.abc import Collection
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select

from surveys.accounts.models import Account
from surveys.base.db import db
from surveys.needs.ledger import root_id
from surveys.needs.models import Need, Placement


class Sorted(NamedTuple):
    """One act of sorting, as it stands."""

    who: str | None
    """title of the account; None where the program did it"""
    at: datetime


def sorters(need: Need, suggestion_ids: Collection[str]) -> dict[str, Sorted]:
    """By suggestion: who put it to this need, or to one merged into it; the latest of several."""
    rows = db.session.execute(
        select(Placement.suggestion_id, Account.title, Placement.placed_at)
        .join(Need, Need.id == Placement.need_id)
        .outerjoin(Account, Account.id == Placement.placed_by)
        .where(root_id == need.id, Placement.suggestion_id.in_(suggestion_ids))
        .order_by(Placement.placed_at)
    )
    return {suggestion_id: Sorted(who, at) for suggestion_id, who, at in rows}
