"""From choices to scores: what each item has, before any money is looked at."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from types import MappingProxyType
from typing import Any, Self

from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.ways import Marks, Way

FOR, ABSTAINS, AGAINST = 1, 0, -1
"""marks of a choice that judges each item"""

Pairs = Mapping[tuple[str, int], int]
"""for each item and mark, how many choices have it"""

_NO_PIECES: Mapping[str, Sequence[Marks]] = MappingProxyType({})
_FITTING = {Score.POINTS: Way.POINTS, Score.BORDA: Way.RANK}


@dataclass(frozen=True, slots=True)
class Totals:
    """What was counted out of the choices: `ballots` of them, and for each item its score.

    Every item of the menu stands in `scores`, 0 included. Scores are votes, points or half
    points (Borda), as the rule says. `against` and `abstain` hold every item too where each
    item was judged, and are empty otherwise. `parts` says how many households of each part
    (`counting.parts`) were counted there, and is empty where nothing is for one part alone.

    Raises:
        ValueError: there are fewer choices than none.
    """

    ballots: int
    scores: Mapping[str, int]
    against: Mapping[str, int] = field(default_factory=dict)
    abstain: Mapping[str, int] = field(default_factory=dict)
    parts: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counted = (*self.against.values(), *self.abstain.values(), *self.parts.values())
        if min(self.ballots, *counted, 0) < 0:
            raise ValueError("nobody votes less than not at all")
        for name in ("scores", "against", "abstain", "parts"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    def ballots_of(self, part: str) -> int:
        """How many households were counted that might pick the items of this part."""
        return self.parts.get(part, 0) if part else self.ballots

    def as_data(self) -> dict[str, object]:
        """Plain data for canonical JSON."""
        return {
            "ballots": self.ballots,
            "scores": dict(self.scores),
            "against": dict(self.against),
            "abstain": dict(self.abstain),
            **({"parts": dict(self.parts)} if self.parts else {}),
        }

    @classmethod
    def from_data(cls, data: Mapping[str, Any]) -> Self:
        """What `as_data` wrote down.

        Raises:
            ValueError: anything that `as_data` would not have written.
        """
        try:
            kinds = (data["scores"], data["against"], data["abstain"], data.get("parts", {}))
            found = cls(data["ballots"], *kinds)
        except (KeyError, TypeError, AttributeError) as fault:
            raise ValueError("these are no totals") from fault
        if found.as_data() != data or not all(map(_whole, _numbers(found))):
            raise ValueError("totals are whole numbers, written in one way only")
        return found


def _numbers(totals: Totals) -> Iterable[object]:
    held = (totals.scores, totals.against, totals.abstain, totals.parts)
    return chain([totals.ballots], *(by_item.values() for by_item in held))


def _whole(number: object) -> bool:
    return type(number) is int


def tally(
    choices: Iterable[Marks],
    item_ids: Sequence[str],
    way: Way,
    counting: Counting,
    pieces: Mapping[str, Sequence[Marks]] = _NO_PIECES,
) -> Totals:
    """Count the choices, each valid for `way`, into a score for every item.

    Args:
        pieces: of each part that has items of its own, what its households chose of them; where
            there are any, `choices` holds what they chose of the other items.

    Raises:
        ValueError: a choice marks an item that is not in `item_ids`, or the score of `counting`
            cannot be made of choices of this way.
    """
    _check(way, counting)
    held = choices if isinstance(choices, Sequence) else list(choices)
    every = [*held, *chain.from_iterable(pieces.values())] if pieces else held
    unknown = set().union(*every) - set(item_ids)
    if unknown:
        raise ValueError(f"votes for items that are not on the menu: {sorted(unknown)}")
    if way is Way.JUDGE:
        judged = _pairs(held)
        marks = (_with_mark(judged, mark) for mark in (FOR, AGAINST, ABSTAINS))
        return Totals(len(held), *(_for_each(item_ids, found) for found in marks))
    in_parts = {part: len(found) for part, found in pieces.items()}
    return Totals(len(held), _for_each(item_ids, _scores(every, counting)), parts=in_parts)


def half_points(ranks: Sequence[int], length: int) -> tuple[int, ...]:
    """Borda: the half points of each rank of one choice, in place; 1 is the best rank.

    Of `length` places the first gives `length` points, the next one less, and so on; items on
    equal ranks share the points of the places they take. Only the order of ranks counts: k
    equal ranks of which the first takes place p give 2·(length + 1) - 2·p - (k - 1) half points
    each, at least 0.
    """
    in_order = sorted(ranks)
    last = {rank: place for place, rank in enumerate(in_order)}
    first = dict(zip(reversed(in_order), range(len(in_order) - 1, -1, -1), strict=True))
    return tuple(max(0, 2 * length - first[rank] - last[rank]) for rank in ranks)


def _check(way: Way, counting: Counting) -> None:
    needed = Way.RANK if counting.rule is Rule.RUNOFF else _FITTING.get(counting.score, way)
    if needed is not way:
        raise ValueError(f"{counting.score} by the rule {counting.rule} needs {needed}, not {way}")


def _scores(choices: Sequence[Marks], counting: Counting) -> Mapping[str, int]:
    if counting.rule is Rule.RUNOFF:
        return _first_places(choices)
    if counting.score is Score.POINTS:
        return _summed(_pairs(choices), lambda points: points)
    if counting.score is Score.BORDA and counting.length is not None:
        return _borda(choices, counting.length)
    return Counter(chain.from_iterable(choices))


def _pairs(choices: Iterable[Marks]) -> Pairs:
    """How often each item has each mark."""
    return Counter(chain.from_iterable(marks.items() for marks in choices))


def _with_mark(pairs: Pairs, mark: int) -> dict[str, int]:
    return {item: times for (item, found), times in pairs.items() if found == mark}


def _summed(pairs: Pairs, worth: Callable[[int], int]) -> Counter[str]:
    sums: Counter[str] = Counter()
    for (item, mark), times in pairs.items():
        sums[item] += worth(mark) * times
    return sums


def _borda(choices: Iterable[Marks], length: int) -> Counter[str]:
    """Half points; choices ranked 1, 2, 3 … without equals and gaps are counted together."""
    plain: list[Marks] = []
    others: list[Marks] = []
    for marks in choices:
        ranks = marks.values()
        is_plain = len(set(ranks)) == len(marks) == max(ranks, default=0)
        (plain if is_plain else others).append(marks)
    sums = _summed(_pairs(plain), lambda rank: max(0, 2 * (length + 1 - rank)))
    for marks in others:
        for item, halves in zip(marks, half_points(tuple(marks.values()), length), strict=True):
            sums[item] += halves
    return sums


def _first_places(choices: Iterable[Marks]) -> Counter[str]:
    """How many choices put each item, and it alone, first."""
    firsts: Counter[str] = Counter()
    for marks in choices:
        if marks:
            first = min(marks, key=marks.__getitem__)
            firsts[first] += list(marks.values()).count(marks[first]) == 1
    return firsts


def _for_each(item_ids: Sequence[str], found: Mapping[str, int]) -> dict[str, int]:
    return {item: found.get(item, 0) for item in item_ids}
