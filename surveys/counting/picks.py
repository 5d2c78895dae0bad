"""What stands on a menu, and by which rules one household chooses from it.

How must-do items are treated, everywhere in this package: they are done first, whatever is
chosen. So nobody can mark one, they count towards no limit of the household, and their cost
comes off the money before anything else does. `cap_fen` is therefore the WHOLE budget; what
one household may spend on its own picks is `household_cap_fen(menu, rules)`.

Items of one building or stairwell (`parts`) are under no limit of the household either.

Money is in fen. A menu is a sequence of items in the order in which it was frozen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Self
from unicodedata import is_normalized

from surveys.counting.ways import Way

EVERYBODY = ""
"""the part of an item that is not for one building or stairwell alone"""
SPENDS = frozenset({Way.APPROVE, Way.ONE})
"""ways in which a household picks what to do, so that costs and classes can limit it; the others
say how much they want each item"""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing on the menu, as far as the rules look at it. `kind` is the key of its class.

    `part` names the building or stairwell that alone picks it (`parts.name`).
    """

    id: str
    cost_fen: int
    kind: str
    must_do: bool = False
    part: str = EVERYBODY

    def __post_init__(self) -> None:
        if not self.id or not is_normalized("NFC", self.id):
            raise ValueError(f"an item's id is text in NFC: {self.id!r}")
        if self.cost_fen < 0:
            raise ValueError(f"an item costs nothing or more: {self.cost_fen}")
        if self.must_do and self.part:
            raise ValueError(f"nobody picks a must-do item, nor does a part: {self.id!r}")

    @property
    def is_limited(self) -> bool:
        """Whether the limits of choosing are about it: everybody may mark it, or leave it."""
        return not self.must_do and self.part == EVERYBODY


@dataclass(frozen=True, slots=True)
class ChoiceRules:
    """How one household chooses: its way, and how many items it marks.

    `least` and `most` items are marked (None: no most); `least=0` allows an empty vote. Where one
    picks (`SPENDS`): `cap_fen` (None: no cap; else the whole budget, must-do items included) and
    at most so many of a kind. Where points are shared out: so many `points`. Where one ranks:
    `most` is how many places there are.

    Raises:
        ValueError: a limit is out of range, or one that this way knows nothing of.
    """

    way: Way = Way.APPROVE
    least: int = 1
    most: int | None = None
    cap_fen: int | None = None
    kind_most: Mapping[str, int] = field(default_factory=dict, hash=False)
    points: int | None = None

    def __post_init__(self) -> None:
        limits = (self.least, self.cap_fen or 0, *self.kind_most.values())
        if min(limits) < 0 or (self.most is not None and self.most < 1):
            raise ValueError(f"a limit of choosing is out of range: {self}")
        most_points = 1 if self.points is None else self.points
        if (self.points is None) == (self.way is Way.POINTS) or most_points < 1:
            raise ValueError(f"points, and only points, have a limit of 1 or more: {self}")
        strange = self.way not in SPENDS and (self.cap_fen is not None or self.kind_most)
        if strange or self.most != _most(self.way, self.most):
            raise ValueError(f"a limit of choosing that {self.way} knows nothing of: {self}")
        object.__setattr__(self, "kind_most", MappingProxyType(dict(self.kind_most)))

    @classmethod
    def of(
        cls,
        way: Way,
        *,
        least: int,
        most: int | None,
        cap_fen: int | None,
        kind_most: Mapping[str, int],
        points: int | None,
    ) -> Self:
        """The rules of this way; limits that it knows nothing of are left out."""
        spends = way in SPENDS
        return cls(
            way=way,
            least=1 if way is Way.ONE else least,
            most=_most(way, most),
            cap_fen=cap_fen if spends else None,
            kind_most=kind_most if spends else {},
            points=points if way is Way.POINTS else None,
        )


def _most(way: Way, most: int | None) -> int | None:
    """The `most` that this way goes by: one may judge everything, and choose one thing."""
    if way is Way.JUDGE:
        return None
    return 1 if way is Way.ONE else most


def by_id(menu: Sequence[Item]) -> dict[str, Item]:
    """The items of a menu by their ids.

    Raises:
        ValueError: two items have the same id.
    """
    items = {item.id: item for item in menu}
    if len(items) != len(menu):
        raise ValueError("two items of a menu have the same id")
    return items


def cost_of(items: Iterable[Item]) -> int:
    """What the items cost together, in fen."""
    return sum(item.cost_fen for item in items)


def must_do_fen(menu: Sequence[Item]) -> int:
    """What the must-do items cost together."""
    return cost_of(item for item in menu if item.must_do)


def household_cap_fen(menu: Sequence[Item], rules: ChoiceRules) -> int | None:
    """What one household's picks may cost: the budget less the must-do items, at least 0.

    None where the rules have no cap.
    """
    if rules.cap_fen is None:
        return None
    return max(0, rules.cap_fen - must_do_fen(menu))


def places(menu: Sequence[Item], rules: ChoiceRules) -> int:
    """How many items one household may mark at most; where one ranks, so many ranks there are.

    Without those of its building or stairwell, of which it may mark all.
    """
    pickable = sum(item.is_limited for item in menu)
    return pickable if rules.most is None else min(rules.most, pickable)
