"""A ballot that opens pins the needs it stands on: their words and their grouping stay."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.needs.models import Need


def _pin(need_ids: Collection[str], at: datetime) -> None:
    """Pin these needs with every need merged with them; those pinned before stay as they are.

    Part of an act: does not commit.
    """
    root = func.coalesce(Need.merged_into_id, Need.id)
    roots = select(root).where(Need.id.in_(need_ids))
    rows = select(Need).where(root.in_(roots)).order_by(Need.id).with_for_update()
    for need in db.session.scalars(rows.execution_options(populate_existing=True)):
        if need.pinned_at is None:
            need.pinned_at = at
    db.session.flush()
