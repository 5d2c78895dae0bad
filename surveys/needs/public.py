"""What anybody may read of what was said: a few sentences without names, numbers and doors."""

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.needs.ledger import root_id
from surveys.needs.models import Need, Placement, Suggestion
from surveys.needs.proposals.masking import masked, private
from surveys.needs.rules import marked

SAMPLES = 3
SHORTEST, LONGEST = 6, 120
"""characters of a sentence that is shown: shorter says nothing, longer is read by nobody"""
LOOKED_THROUGH = 30


def shown(suggestion: Suggestion) -> str | None:
    """Its words as anybody may read them; None where nobody else may.

    What its household said otherwise since is quoted no more.
    """
    hidden = suggestion.withheld_at or suggestion.superseded_at
    return None if hidden else masked(suggestion.text)


def pieces(text: str) -> list[tuple[str, bool]]:
    """A text in pieces, each with whether it is hidden from everybody but staff."""
    return marked(text, [(piece.start, piece.end) for piece in private(text)])


def samples(need: Need, most: int = SAMPLES) -> list[str]:
    """Some of what was said about a need, one sentence of each household, the earliest first."""
    length = func.length(Suggestion.text)
    rows = db.session.scalars(
        select(Suggestion)
        .join(Placement, Placement.suggestion_id == Suggestion.id)
        .join(Need, Need.id == Placement.need_id)
        .where(
            root_id == need.id,
            Suggestion.superseded_at.is_(None),
            Suggestion.withheld_at.is_(None),
            length.between(SHORTEST, LONGEST),
        )
        .order_by(Suggestion.number)
        .limit(LOOKED_THROUGH)
    )
    kept: dict[str, str] = {}
    for suggestion in rows:
        said = shown(suggestion)
        if said and said not in kept.values():
            kept.setdefault(suggestion.household_id or suggestion.id, said)
    return list(kept.values())[:most]
