"""Households heard from as squares in little houses, building by building. Pure.

The squares count households and nothing else: they fill from the ground up and from left to right,
whichever doors these are. A building of fewer than `LARGE_ENOUGH` is never told by itself, nor so
that it could be worked out from the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil

LARGE_ENOUGH = 10
"""households of a building"""
MOST = 12
"""houses on one wall; what is more stands together in the last"""
ONE_LINE = 6
"""houses side by side; more stand in two lines"""

WIDTH = 560
"""of the room for squares in a house, in units of its drawing"""
HIGH, LOW = 840, 420
"""height of that room where houses stand in one line, and in two"""


@dataclass(frozen=True, slots=True)
class Building:
    """A building, or several that are told together."""

    names: tuple[str, ...]
    heard: int
    roll: int
    """households on the roll: the denominator"""

    def __add__(self, other: "Building") -> "Building":
        """Both told together."""
        return Building(
            (*self.names, *other.names), self.heard + other.heard, self.roll + other.roll
        )

    @property
    def missing(self) -> int:
        """Households not heard from."""
        return self.roll - self.heard

    @property
    def is_one(self) -> bool:
        """Whether it is one building, that has a name to call it by."""
        return len(self.names) == 1


@dataclass(frozen=True, slots=True)
class House:
    """A building as it is drawn: a floor is a row of squares."""

    building: Building
    across: int
    side: int
    """of a square with its gap, in units"""
    height: int
    """of the room for squares, in units"""

    @property
    def floors(self) -> int:
        """Rows of squares, the last one perhaps not full."""
        return ceil(self.building.roll / self.across)

    @property
    def squares(self) -> list[tuple[int, int, bool]]:
        """Of each square its left edge and its lower one above the ground, in units; heard or not.

        Several buildings told together are no house: nobody could count their squares.
        """
        if not self.building.is_one:
            return []
        return [
            (n % self.across * self.side, n // self.across * self.side, n < self.building.heard)
            for n in range(self.building.roll)
        ]


def together(found: Sequence[tuple[str, int, int]]) -> list[Building]:
    """The buildings in their order, small ones told together, at the end.

    Where the small ones are fewer than `LARGE_ENOUGH` even together, the smallest of the others
    is told with them: else the rest of the whole would tell them.

    Args:
        found: name, households heard from, households on the roll.
    """
    every = [Building((name,), heard, roll) for name, heard, roll in found if roll]
    large = [one for one in every if one.roll >= LARGE_ENOUGH]
    small = [one for one in every if one.roll < LARGE_ENOUGH]
    if not small:
        return large
    while large and sum(one.roll for one in small) < LARGE_ENOUGH:
        least = min(large, key=lambda one: one.roll)
        large.remove(least)
        small.append(least)
    return [*large, _sum(small)] if sum(one.roll for one in small) >= LARGE_ENOUGH else []


def at_most(buildings: Sequence[Building], most: int = MOST) -> list[Building]:
    """The buildings in their order; those with the fewest missing together where they are many."""
    if len(buildings) <= most:
        return list(buildings)
    ranked = sorted(buildings, key=lambda one: (not one.is_one, -one.missing))
    kept = {id(one) for one in ranked[: most - 1]}
    rest = [one for one in buildings if id(one) not in kept]
    return [*(one for one in buildings if id(one) in kept), _sum(rest)]


def houses(buildings: Sequence[Building]) -> list[House]:
    """The buildings as they are drawn, all with squares of the same size."""
    room = HIGH if len(buildings) <= ONE_LINE else LOW
    drawn = [one.roll for one in buildings if one.is_one] or [one.roll for one in buildings]
    across = _across(max(drawn, default=1), room)
    return [House(one, across, WIDTH // across, room) for one in buildings]


def most_missing(buildings: Sequence[Building]) -> Building | None:
    """The one building where most are missing; None where there is no such one."""
    named = [one for one in buildings if one.is_one and one.missing]
    most = max((one.missing for one in named), default=0)
    found = [one for one in named if one.missing == most]
    return found[0] if len(found) == 1 and len(named) > 1 else None


def _across(households: int, room: int) -> int:
    """The least number of squares side by side with which all of them find room."""
    across = 3
    while ceil(households / across) * WIDTH > room * across:
        across += 1
    return across


def _sum(buildings: Sequence[Building]) -> Building:
    first, *others = buildings
    for other in others:
        first = first + other
    return first
