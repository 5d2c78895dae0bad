"""What is true of an owners' vote: its state, its calendar, what may be when. Pure."""

from datetime import date, datetime, timedelta

from surveys.ballots.rules import State, state

__all__ = ["State", "state"]  # a vote is derived from its instants just as a ballot is

NOTICE_DAYS = 15
"""from the posting to the opening, as the notices seen have it; a shorter one gives a reason"""
LEAST_OPEN = timedelta(days=5)
MOST_OPEN = timedelta(days=60)
"""the calendar of the notices seen; putting off the close does not go beyond it either"""
LONGEST_SEALING = timedelta(days=10)
"""after the close, for paper to be keyed in, confirmed and signed for"""
POSTED_WITHIN_DAYS = 3
"""from the sealing to the posting of the result, as the notices seen have it"""
MOST_MOTIONS = 20
"""on one sheet of paper with its back"""

RUNNING = frozenset({State.ANNOUNCED, State.OPEN})
"""frozen, and the close is still to come"""
COUNTED = frozenset({State.SEALED, State.PUBLISHED})
"""the result is known"""


def notice_days(noticed_on: date, opens_on: date) -> int:
    """Whole days between the day of the notice and the day of the opening."""
    return (opens_on - noticed_on).days


def is_short(noticed_on: date, opens_on: date) -> bool:
    """Whether the notice comes later than usual, so that a reason must be given."""
    return notice_days(noticed_on, opens_on) < NOTICE_DAYS


def posted_by(sealed_at: datetime) -> datetime:
    """Until when the notice of the result is to hang."""
    return sealed_at + timedelta(days=POSTED_WITHIN_DAYS)


def fits(opens_at: datetime, closes_at: datetime) -> bool:
    """Whether a vote may last from the one to the other."""
    return LEAST_OPEN <= closes_at - opens_at <= MOST_OPEN
