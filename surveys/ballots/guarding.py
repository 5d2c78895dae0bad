"""How long a courtyard's slips are guarded: as long as a ballot there may still take votes."""

from sqlalchemy import func, select

from surveys.ballots.models import Ballot
from surveys.base.db import db
from surveys.courtyards import service as courtyards


def _guard_slips(courtyard_id: str) -> None:
    """Guard them until the last ballot that is not void is sealed at the latest.

    Part of every act that opens, puts off or voids one, after it has changed that ballot.
    """
    courtyards._lock_guard(courtyard_id)
    last = select(func.max(Ballot.seals_at)).where(
        Ballot.courtyard_id == courtyard_id,
        Ballot.frozen_at.is_not(None),
        Ballot.voided_at.is_(None),
    )
    courtyards._guard_slips_until(courtyard_id, db.session.scalar(last))
