"""By which rule a ballot is counted: fixed before it opens, published, kept with the result."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Self


class Rule(StrEnum):
    """How the winners come out of the choices. The values are those of Pabulib where it has one."""

    GREEDY = "greedy"
    """the highest score first within the budget; what does not fit is skipped"""
    GREEDY_NO_SKIP = "greedy-no-skip"
    """the same, but the first that does not fit ends it"""
    EQUAL_SHARES = "equalshares/add1"
    """everybody has an equal share of the budget, and supporters pay together"""
    RUNOFF = "runoff"
    """instant runoff: one winner; the last one out, round by round"""


class Score(StrEnum):
    """What an item's score is made of. RUNOFF and EQUAL_SHARES do not use it."""

    VOTES = "votes"
    """choices that mark the item; where one judges each item, those that are for it"""
    POINTS = "points"
    """the points given, summed"""
    BORDA = "borda"
    """points by rank, counted in HALF points so that equal ranks stay whole"""


@dataclass(frozen=True, slots=True)
class Counting:
    """The rule and everything it needs besides the menu, the budget and the choices.

    `length` is the declared length of Borda (first of so many places), None for other scores.
    An item needs a score of `least_votes` (Borda: in whole points) and the votes of
    `least_percent` percent of the choices counted. At most one of each group in `exclusive` is
    chosen, and items of a kind in `kind_cap_fen` cost no more than that together.

    Raises:
        ValueError: a number is out of range, or two settings contradict each other.
    """

    rule: Rule = Rule.GREEDY
    score: Score = Score.VOTES
    length: int | None = None
    least_votes: int = 0
    least_percent: int = 0
    exclusive: tuple[tuple[str, ...], ...] = ()
    kind_cap_fen: Mapping[str, int] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if (self.length is not None) != (self.score is Score.BORDA) or self.length == 0:
            raise ValueError("Borda, and only Borda, has a declared length of 1 or more")
        limits = [self.length or 0, self.least_votes, self.least_percent]
        limits += self.kind_cap_fen.values()
        if any(type(limit) is not int for limit in limits):
            raise ValueError("a limit of counting is a whole number")
        if min(limits) < 0 or self.least_percent > 100:
            raise ValueError("a limit of counting is out of range")
        if self.least_percent and self.score is not Score.VOTES:
            raise ValueError("a share of the choices can be asked of votes only, not of points")
        if any(len(set(group)) < max(2, len(group)) for group in self.exclusive):
            raise ValueError("a group of which one is chosen has two items or more, each once")
        object.__setattr__(self, "kind_cap_fen", MappingProxyType(dict(self.kind_cap_fen)))

    def as_data(self) -> dict[str, object]:
        """Plain data for canonical JSON."""
        return {
            "rule": self.rule.value,
            "score": self.score.value,
            "length": self.length,
            "least_votes": self.least_votes,
            "least_percent": self.least_percent,
            "exclusive": [list(group) for group in self.exclusive],
            "kind_cap_fen": dict(self.kind_cap_fen),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` wrote down.

        Raises:
            ValueError: anything that `as_data` would not have written.
        """
        try:
            found = cls(
                rule=Rule(data["rule"]),
                score=Score(data["score"]),
                length=data["length"],
                least_votes=data["least_votes"],
                least_percent=data["least_percent"],
                exclusive=tuple(tuple(group) for group in data["exclusive"]),
                kind_cap_fen=data["kind_cap_fen"],
            )
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError("this is no rule of counting") from fault
        if found.as_data() != data:
            raise ValueError("a rule of counting is written in one way only")
        return found
