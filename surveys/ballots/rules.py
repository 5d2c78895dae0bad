"""What is true of a ballot: its state, which entry counts, what may tighten. Pure."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol


class Showing(StrEnum):
    """What may be seen before sealing. It may only tighten while the ballot is open."""

    HIDDEN = "hidden"
    TURNOUT = "turnout"
    LIVE = "live"


class Channel(StrEnum):
    """How a vote came."""

    SCAN = "scan"
    PAPER = "paper"
    PHONE = "phone"
    VISIT = "visit"
    MEETING = "meeting"


class EntryState(StrEnum):
    """What became of one coming of a vote."""

    PENDING = "pending"
    """keyed by staff, waits for a second account"""
    CONFIRMED = "confirmed"
    SUPERSEDED = "superseded"
    WITHDRAWN = "withdrawn"


class TieMethod(StrEnum):
    """How a tie at the edge of the budget is settled; fixed at opening."""

    SEED = "seed"
    LOT = "lot"


class Answer(StrEnum):
    """What a household said when it was called back."""

    OURS = "ours"
    """yes, that was us"""
    NOT_OURS = "not_ours"
    UNREACHED = "unreached"


LONGEST_SEALING = timedelta(days=5)
"""after the close, for paper to be keyed in, confirmed and signed for"""
LEAST_FOR_LIVE = 50
"""households on the roll below which live figures would tell who chose what"""

CALLED_BACK_PERCENT = 5
LEAST_CALLED_BACK = 3

PRECEDENCE: Mapping[Channel, int] = MappingProxyType(
    {
        Channel.PAPER: 3,
        Channel.SCAN: 2,
        Channel.PHONE: 1,
        Channel.VISIT: 1,
        Channel.MEETING: 1,
    }
)
"""signed paper, before the household's own phone, before what staff were told"""

STANDS = frozenset({EntryState.CONFIRMED, EntryState.SUPERSEDED})
"""states of an entry that counts, or would count if a better one were withdrawn"""

_STRICTNESS = {Showing.LIVE: 0, Showing.TURNOUT: 1, Showing.HIDDEN: 2}


class State(StrEnum):
    """Where a ballot is. Derived from its instants, never stored."""

    DRAFT = "draft"
    ANNOUNCED = "announced"
    OPEN = "open"
    CLOSED = "closed"
    SEALED = "sealed"
    PUBLISHED = "published"
    VOID = "void"


class Timed(Protocol):
    """What tells the state of a ballot."""

    @property
    def opens_at(self) -> datetime: ...
    @property
    def closes_at(self) -> datetime: ...
    @property
    def frozen_at(self) -> datetime | None: ...
    @property
    def closed_at(self) -> datetime | None: ...
    @property
    def sealed_at(self) -> datetime | None: ...
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def voided_at(self) -> datetime | None: ...


class Come(Protocol):
    """What tells whether an entry counts."""

    @property
    def number(self) -> int: ...
    @property
    def channel(self) -> Channel: ...
    @property
    def state(self) -> EntryState: ...


def state(ballot: Timed, at: datetime) -> State:
    """The state at `at`. Open from `opens_at` up to, but not at, `closes_at`.

    Once the close was written down it stays closed, whatever a clock that goes back says.
    """
    for reached, found in (
        (ballot.voided_at, State.VOID),
        (ballot.published_at, State.PUBLISHED),
        (ballot.sealed_at, State.SEALED),
    ):
        if reached is not None:
            return found
    if ballot.frozen_at is None:
        return State.DRAFT
    if ballot.closed_at is not None or at >= ballot.closes_at:
        return State.CLOSED
    return State.ANNOUNCED if at < ballot.opens_at else State.OPEN


def current(entries: Iterable[Come], precedence: Mapping[Channel, int] = PRECEDENCE) -> int | None:
    """Number of the entry that counts: the best channel, and within equals the last one.

    None where no entry stands.
    """
    standing = [entry for entry in entries if EntryState(entry.state) in STANDS]
    best = max(standing, key=lambda e: (precedence[Channel(e.channel)], e.number), default=None)
    return best.number if best else None


def may_tighten(old: Showing, new: Showing) -> bool:
    """Whether an open ballot may go from showing `old` to showing `new`: never to more."""
    return _STRICTNESS[Showing(new)] >= _STRICTNESS[Showing(old)]


def to_call_back(households: int) -> int:
    """How many of the `households` in are drawn: 5 %, rounded up; never under three of them."""
    share = (households * CALLED_BACK_PERCENT + 99) // 100
    return min(households, max(LEAST_CALLED_BACK, share))
