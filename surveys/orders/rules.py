"""Where an order stands, and what may be done with it. Pure: days come from outside."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

NAME_MOST = 80
"""characters of who accepts"""
REASON_MOST = 200
NOTICE_DAYS = 7
"""how long a result hangs before it is final: custom, no law gives a number"""


class OrderState(StrEnum):
    """How far a chosen item has come."""

    POSTED = "posted"
    """公示: objections are heard"""
    WAITING = "waiting"
    """the notice is over and nobody has accepted yet"""
    ACCEPTED = "accepted"
    DONE = "done"
    DECLINED = "declined"


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of an order."""

    published_to: date
    """the last day on which objections are heard"""
    accepted_on: date | None = None
    promised_for: date | None = None
    done_on: date | None = None
    declined_on: date | None = None


def last_notice_day(published_on: date) -> date:
    """The last day on which objections are heard, the day of publishing not counted."""
    return published_on + timedelta(days=NOTICE_DAYS)


def stage(facts: Facts, today: date) -> OrderState:
    """Where the order stands on a day."""
    if facts.declined_on is not None:
        return OrderState.DECLINED
    if facts.done_on is not None:
        return OrderState.DONE
    if facts.accepted_on is not None:
        return OrderState.ACCEPTED
    return OrderState.POSTED if today <= facts.published_to else OrderState.WAITING


def is_late(facts: Facts, today: date) -> bool:
    """Whether the promised day has passed and it is not done."""
    return (
        stage(facts, today) is OrderState.ACCEPTED
        and facts.promised_for is not None
        and facts.promised_for < today
    )
