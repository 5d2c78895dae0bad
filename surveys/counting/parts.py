"""Items that only one building or one stairwell picks: who may, and how a choice is cut in pieces.

A part is named by its building, or by building, blank and stairwell; neither holds a blank. The
empty part is what everybody chooses from. The limits of choosing hold for that one alone, so that
no piece of a choice tells anything of another; why, says docs/decisions/0009.
"""

from collections.abc import Collection, Iterable, Sequence

from surveys.counting.cells import ENOUGH, SMALL
from surveys.counting.picks import EVERYBODY, Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.ways import Marks, Way

LEAST_ON_ROLL = ENOUGH
"""households of a part below which it has no items of its own"""
LEAST_IN = SMALL
"""households of a part that took part, below which its pieces are neither counted nor kept"""

Pieces = dict[str, list[dict[str, int]]]
"""the pieces of many choices, by part"""


def name(building: str, stairwell: str = "") -> str:
    """The part that a building or one of its stairwells is; the empty one where neither is."""
    return f"{building} {stairwell}".rstrip()


def place(part: str) -> tuple[str, str]:
    """The building and the stairwell that a part is named by."""
    building, _, stairwell = part.partition(" ")
    return building, stairwell


def around(building: str, stairwell: str) -> tuple[str, ...]:
    """The parts that a household there belongs to, the larger one first."""
    return tuple(dict.fromkeys((name(building), name(building, stairwell))))


def encloses(outer: str, part: str) -> bool:
    """Whether `part` is `outer`, or a stairwell of that building."""
    return part == outer or part.startswith(f"{outer} ")


def own(menu: Iterable[Item]) -> list[str]:
    """The parts that have items of their own, in the order of the menu."""
    return [part for part in dict.fromkeys(item.part for item in menu) if part]


def are_sound(way: Way, counting: Counting) -> bool:
    """Whether a choice can be cut so that each piece is counted by itself and tells no other."""
    return way is Way.APPROVE and counting.rule in {Rule.GREEDY, Rule.GREEDY_NO_SKIP}


def common(choice: Marks, menu: Iterable[Item]) -> dict[str, int]:
    """What a choice marks of the items that everybody chooses from."""
    everybodys = {item.id for item in menu if item.part == EVERYBODY}
    return {item: mark for item, mark in choice.items() if item in everybodys}


def cut(choices: Iterable[tuple[Marks, Collection[str]]], menu: Sequence[Item]) -> Pieces:
    """The pieces of all choices, each handed in by a household that belongs to these parts.

    Every part of the menu is there, the empty one too. A household has one piece in each part
    that it belongs to, be it empty. A part with fewer than `LEAST_IN` pieces gives none.

    Raises:
        ValueError: a choice marks an item that its household may not pick.
    """
    parts = {item.id: item.part for item in menu}
    pieces: Pieces = {part: [] for part in (EVERYBODY, *own(menu))}
    for choice, belongs in choices:
        mine: dict[str, dict[str, int]] = {
            part: {} for part in pieces if part == EVERYBODY or part in belongs
        }
        for item, mark in choice.items():
            if parts.get(item) not in mine:
                raise ValueError("a choice marks an item that is not for its household")
            mine[parts[item]][item] = mark
        for part, piece in mine.items():
            pieces[part].append(piece)
    small = [part for part in own(menu) if len(pieces[part]) < LEAST_IN]
    return pieces | {part: [] for part in small}
