"""What insults or accuses somebody by name is kept as it was written, and shown to staff alone.

Its household counts all the same, and its maker reads that it is withheld and why. Masking hides
single words of what everybody may read; this hides the whole of it. What its maker takes back is
hidden too, and counts no more.
"""

from datetime import datetime

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.needs.keeping import note
from surveys.needs.models import Suggestion
from surveys.needs.rules import NOTE_MOST


def withhold(suggestion: Suggestion, reason: str, *, by: str, at: datetime) -> None:
    """Show it to nobody but staff and its maker. Withheld already: the reason is the new one.

    Raises:
        Invalid: no reason, or one too long.
    """
    why = one_line(reason, NOTE_MOST, N_("不给别人看，要写一句为什么。说的人看得到。"))
    db.session.refresh(suggestion, with_for_update=True)
    if suggestion.withheld_at is not None and suggestion.withheld_reason == why:
        db.session.rollback()  # sent twice
        return
    _withhold(suggestion, why, by, at)
    db.session.commit()


def _withhold(suggestion: Suggestion, why: str, by: str | None, at: datetime) -> None:
    """The same, of a reason that was checked. Part of an act; does not commit."""
    suggestion.withheld_at, suggestion.withheld_reason = suggestion.withheld_at or at, why
    note("suggestion.withhold", suggestion, by, at, number=suggestion.number, why=why)


def release(suggestion: Suggestion, *, by: str, at: datetime) -> None:
    """Let everybody read it again."""
    db.session.refresh(suggestion, with_for_update=True)
    if suggestion.withheld_at is None:
        db.session.rollback()
        return
    _release(suggestion, by, at)
    db.session.commit()


def _release(suggestion: Suggestion, by: str | None, at: datetime) -> None:
    """Let everybody read it again. Part of an act; does not commit."""
    suggestion.withheld_at, suggestion.withheld_reason = None, ""
    note("suggestion.release", suggestion, by, at, number=suggestion.number)


def _take_back(suggestion: Suggestion, by: str | None, at: datetime) -> None:
    """Who said it takes it back: it counts no more and nobody is shown it. Does not commit."""
    suggestion.superseded_at = at
    note("suggestion.take_back", suggestion, by, at, number=suggestion.number)


audit.words(
    {
        "suggestion.withhold": N_("第 %(number)s 条不给别人看：%(why)s"),
        "suggestion.release": N_("第 %(number)s 条又给别人看了"),
        "suggestion.take_back": N_("第 %(number)s 条，说的人收回了"),
    }
)
