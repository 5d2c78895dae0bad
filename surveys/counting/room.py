"""What may still be chosen beside what is chosen already: the money, the groups, the kinds."""

from collections import Counter
from collections.abc import Sequence
from copy import copy
from enum import StrEnum

from surveys.counting.picks import Item
from surveys.counting.rules import Counting


class Hindrance(StrEnum):
    """What stands against choosing something more."""

    GROUP = "group"  # at most one of an exclusive group
    KIND = "kind"  # what the items of a kind may cost together
    MONEY = "money"


class Room:
    """How much may still be chosen. Choosing only ever takes room away."""

    def __init__(self, budget_fen: int, counting: Counting) -> None:
        self.balance_fen = budget_fen
        self._kind_cap_fen = counting.kind_cap_fen
        self._groups = [frozenset(group) for group in counting.exclusive]
        self._chosen: set[str] = set()
        self._spent_fen: Counter[str] = Counter()

    @property
    def has_limits(self) -> bool:
        """Whether anything but money can stand against an item."""
        return bool(self._groups or self._kind_cap_fen)

    def copy(self, balance_fen: int) -> "Room":
        """The same with other money."""
        other = copy(self)
        other.balance_fen = balance_fen
        other._chosen = set(self._chosen)
        other._spent_fen = Counter(self._spent_fen)
        return other

    def take(self, item: Item) -> None:
        """Choose the item, whatever stands against it besides the money (must-do items may)."""
        if item.cost_fen > self.balance_fen:
            raise ValueError(f"there is no money for {item.id}")
        self.balance_fen -= item.cost_fen
        self._chosen.add(item.id)
        self._spent_fen[item.kind] += item.cost_fen

    def hindrance(self, items: Sequence[Item]) -> Hindrance | None:
        """What stands against choosing all of `items`; None where they fit in together."""
        new = {item.id for item in items}
        if any(new & group and len((new | self._chosen) & group) > 1 for group in self._groups):
            return Hindrance.GROUP
        if any(self._is_over_cap(kind, items) for kind in self._kind_cap_fen):
            return Hindrance.KIND
        if sum(item.cost_fen for item in items) > self.balance_fen:
            return Hindrance.MONEY
        return None

    def _is_over_cap(self, kind: str, items: Sequence[Item]) -> bool:
        costs_fen = [item.cost_fen for item in items if item.kind == kind]
        return bool(costs_fen) and sum(costs_fen) + self._spent_fen[kind] > self._kind_cap_fen[kind]
