"""An election as it stands in a file, whatever the format."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import repeat

from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import Totals, tally
from surveys.counting.ties import TieOrder, by_file_order
from surveys.counting.ways import Marks, Way


class Unreadable(ValueError):
    """Why a file cannot be counted: one sentence that says where and what."""


@dataclass(frozen=True, slots=True)
class Election:
    """Everything a file says that a count needs. Items stand in the order of the file.

    Money is in the smallest part that the file needs, here called fen: `fen_per_unit` of them
    are one unit of its currency. `choices` are rankings, picks … with how often each was handed
    in; where a file tells totals only, they are empty and `totals` is there.
    """

    items: tuple[Item, ...]
    names: Mapping[str, str]
    way: Way
    choices: tuple[tuple[Marks, int], ...]
    counting: Counting
    """score, least support, groups and caps as the file states them; its rule is `stated`"""
    stated: str
    """the rule as the file names it; empty where it names none"""
    budget_fen: int | None = None
    """None where no money is spent: a ranking with one winner"""
    fen_per_unit: int = 1
    currency: str = ""
    unit_fen: Fraction | None = None
    """what add-one adds to everybody's share"""
    settle: TieOrder = by_file_order
    official: frozenset[str] | None = None
    """the winners that the file names; None where it names none"""
    warnings: tuple[str, ...] = ()
    totals: Totals | None = field(default=None)

    def each_choice(self) -> Iterator[Marks]:
        """Every choice as often as it was handed in."""
        for marks, times in self.choices:
            yield from repeat(marks, times)

    def scores(self, counting: Counting) -> Totals:
        """The totals by `counting`: those of the file where it tells nothing else."""
        if self.totals is not None:
            return self.totals
        return tally(self.each_choice(), [item.id for item in self.items], self.way, counting)


RULES = {
    "greedy": Rule.GREEDY,
    "greedy-no-skip": Rule.GREEDY_NO_SKIP,
    "greedy-threshold": Rule.GREEDY,
    "greedy-exclusive": Rule.GREEDY,
    "equalshares/add1": Rule.EQUAL_SHARES,
    "runoff": Rule.RUNOFF,
}
"""the rules by the names that files give them; thresholds and groups are settings beside"""


def rule_named(name: str) -> tuple[Rule, str | None]:
    """The rule that is meant, and a warning where that is not quite sure.

    Raises:
        Unreadable: nobody here knows it.
    """
    if name in RULES:
        return RULES[name], None
    if name.startswith("greedy-"):
        return Rule.GREEDY, f"The rule {name} is not known here; counted as greedy."
    known = ", ".join(RULES)
    if not name:
        raise Unreadable(f"The file names no rule; give one with --rule: {known}.")
    raise Unreadable(f"Unknown rule {name!r}; known are {known}.")
