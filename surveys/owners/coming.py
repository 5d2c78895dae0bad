"""What a sheet means for those of the same owner that stand already. Pure.

An owner is one party and has one vote, whoever of it signs and however often. So no sheet goes
before another one because it came last: where two say different things, neither counts until a
supervisor has decided. Only two things settle themselves, and the pages say so beforehand. Who
voted online may do so again until the close. A paper with one's own signature goes before what
the same person sent online, whichever came first.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from surveys.counting.double_majority import Mark
from surveys.owners.models import Capacity, Channel, EntryState

Marks = Mapping[int, Mark]
"""number of a motion → what the sheet says of it"""


class Sheet(Protocol):
    """What tells how one coming stands to another."""

    @property
    def channel(self) -> Channel: ...
    @property
    def capacity(self) -> Capacity: ...
    @property
    def signer(self) -> str: ...
    @property
    def marks(self) -> str:
        """as they are kept: canonical JSON"""
        ...


class Standing(Sheet, Protocol):
    """A sheet that came to stand before."""

    @property
    def number(self) -> int: ...
    @property
    def state(self) -> EntryState: ...


class Meeting(StrEnum):
    """How a sheet stands to an earlier one of the same owner."""

    REPLACES = "replaces"
    GIVES_WAY = "gives_way"
    SAME = "same"
    DISAGREES = "disagrees"


@dataclass(frozen=True, slots=True)
class Settled:
    """What becomes of a sheet, and of those that stood before it, by their numbers."""

    state: EntryState
    superseded: frozenset[int] = frozenset()
    contested: frozenset[int] = frozenset()


def name_of(typed: str) -> str:
    """A name as two of them are compared: without the blanks that people put between its signs."""
    return "".join(typed.split()).casefold()


def meets(sheet: Sheet, earlier: Sheet) -> Meeting:
    """How `sheet` stands to one of the same owner that came to stand before it."""
    if _same_hand(sheet, earlier):
        ways = (sheet.channel, earlier.channel)
        if ways in {(Channel.ONLINE, Channel.ONLINE), (Channel.PAPER, Channel.ONLINE)}:
            return Meeting.REPLACES
        if ways == (Channel.ONLINE, Channel.PAPER):
            return Meeting.GIVES_WAY
    return Meeting.SAME if sheet.marks == earlier.marks else Meeting.DISAGREES


def _same_hand(one: Sheet, other: Sheet) -> bool:
    return one.capacity == other.capacity and name_of(one.signer) == name_of(other.signer)


def settle(sheet: Sheet, standing: Sequence[Standing]) -> Settled:
    """What becomes of a sheet that somebody vouches for, where others of its owner stand.

    Args:
        standing: the owner's entries that are confirmed or contested.
    """
    met = {earlier.number: meets(sheet, earlier) for earlier in standing}
    replaced = frozenset(n for n, how in met.items() if how is Meeting.REPLACES)
    left = {e.number: e for e in standing if e.number not in replaced}
    if not left:
        return Settled(EntryState.CONFIRMED, superseded=replaced)
    if any(met[n] is Meeting.GIVES_WAY for n in left):
        return Settled(EntryState.SUPERSEDED)
    disputed = any(e.state == EntryState.CONTESTED for e in left.values())
    if disputed or any(met[n] is Meeting.DISAGREES for n in left):
        return Settled(EntryState.CONTESTED, superseded=replaced, contested=frozenset(left))
    return Settled(EntryState.SUPERSEDED, superseded=replaced)


def whole(marks: Marks, motions: Iterable[int]) -> dict[int, Mark]:
    """The marks of a sheet for each motion of the vote; what it leaves out is not marked."""
    return {number: marks.get(number, Mark.UNMARKED) for number in motions}


def is_blank(marks: Marks) -> bool:
    """Whether nothing at all is marked, which somebody may have overlooked."""
    return all(mark == Mark.UNMARKED for mark in marks.values())
