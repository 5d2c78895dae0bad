"""Instant runoff: one winner out of rankings; the last one goes out, round by round.

In each round a choice counts for the best-ranked item that is left. Who has more than half of
the choices that still count wins; else the item with the fewest goes out and its choices move
on. Ranks that were skipped are passed over.

A choice ends (is *exhausted*) where its ranking ends, or at an *overvote*: where two items or more
that are left share its next rank, and one cannot know which was meant. So it was done in
Burlington in 2009.

**Ties.** Several items may be last together. If together they have fewer choices than the next
one, they all go out one after the other in whatever order; and if they have none, or no choice of
theirs shares a rank further down, that leads to the same choices for the others. Then nothing
hangs on it, and the last in the menu goes first. Else the tie is told, since it may decide who
wins: the last in the settled order goes out.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from surveys.counting.ties import Tie, TieOrder
from surveys.counting.ways import Marks

Step = str | tuple[str, ...]
"""the item that a choice counts for next, or items that share its next rank"""


@dataclass(frozen=True, slots=True)
class Round:
    """One round: the choices of each item left, in menu order, and what came of it."""

    votes: Mapping[str, int]
    exhausted: int
    """choices that count for nobody any more"""
    out: str | None
    """the item that goes out; None in the last round"""

    @property
    def continuing(self) -> int:
        """Choices that count in this round."""
        return sum(self.votes.values())


@dataclass(frozen=True, slots=True)
class Runoff:
    """A whole count; there is no winner where nobody ranked anything or a tie is still open."""

    winner: str | None
    rounds: tuple[Round, ...]
    ties: tuple[Tie, ...]

    @property
    def waits(self) -> bool:
        """Whether a tie is still to be settled, so that the count is not done."""
        return any(tie.settled_by is None for tie in self.ties)


def count(
    item_ids: Sequence[str], choices: Iterable[tuple[Marks, int]], settle: TieOrder
) -> Runoff:
    """Count rankings until somebody has more than half.

    Args:
        item_ids: of the items that may win, in menu order.
        choices: each ranking with how often it was handed in.

    Raises:
        ValueError: a ranking names an unknown item, or an id is repeated.
    """
    if len(set(item_ids)) != len(item_ids):
        raise ValueError("two items have the same id")
    held = list(choices)
    unknown = set().union(*(marks for marks, _ in held)) - set(item_ids)
    if unknown:
        raise ValueError(f"rankings of items that are not on the menu: {sorted(unknown)}")
    return _Contest(item_ids, held, settle).run()


def steps_of(marks: Marks) -> list[Step]:
    """What a choice counts for one after the other; the best is last, to be taken first."""
    backwards = sorted(marks, key=marks.__getitem__, reverse=True)
    if len(set(marks.values())) == len(backwards):
        return list(backwards)
    ranks = (tuple(rank) for _, rank in groupby(backwards, key=marks.__getitem__))
    return [rank if len(rank) > 1 else rank[0] for rank in ranks]


class _Contest:
    """Who is left, and which choices stand behind each."""

    def __init__(
        self, item_ids: Sequence[str], choices: Iterable[tuple[Marks, int]], settle: TieOrder
    ) -> None:
        self.settle = settle
        self.ties: list[Tie] = []
        self.rounds: list[Round] = []
        self.exhausted = 0
        self.votes = dict.fromkeys(item_ids, 0)
        """of the items left"""
        self.behind: dict[str, list[tuple[list[Step], int]]] = defaultdict(list)
        """for each item left, its choices with the steps they still have before them"""
        for marks, times in choices:
            self._stand(steps_of(marks), times)

    def _stand(self, steps: list[Step], times: int) -> None:
        """Let choices take their next step to an item that is left, or end."""
        while steps:
            step = steps.pop()
            if isinstance(step, tuple):
                left = [item for item in step if item in self.votes]
                if len(left) > 1:
                    break
                step = left[0] if left else ""
            if step in self.votes:
                self.votes[step] += times
                self.behind[step].append((steps, times))
                return
        self.exhausted += times

    def run(self) -> Runoff:
        """Round by round, until one has more than half or nobody can go out."""
        winner = self._winner()
        while winner is None and (out := self._last()) is not None:
            self._write(out)
            del self.votes[out]
            for steps, times in self.behind.pop(out, ()):
                self._stand(steps, times)
            winner = self._winner()
        self._write(None)
        return Runoff(winner, tuple(self.rounds), tuple(self.ties))

    def _write(self, out: str | None) -> None:
        self.rounds.append(Round(dict(self.votes), self.exhausted, out))

    def _winner(self) -> str | None:
        counted = sum(self.votes.values())
        return next((item for item, votes in self.votes.items() if 2 * votes > counted), None)

    def _last(self) -> str | None:
        """Who goes out; None where there is nobody to count for, or a tie stays open."""
        if not any(self.votes.values()):
            return None
        fewest = min(self.votes.values())
        tied = tuple(item for item, votes in self.votes.items() if votes == fewest)
        if len(tied) == 1 or not self._may_matter(tied, fewest):
            return tied[-1]
        settled = self.settle(tied)
        by, order = settled if settled else (None, ())
        self.ties.append(Tie(tied, fewest, 0, by, order))
        return order[-1] if order else None

    def _may_matter(self, tied: Sequence[str], fewest: int) -> bool:
        """Whether the order in which the last go out may make a difference to the others."""
        above = [votes for votes in self.votes.values() if votes > fewest]
        if not above or fewest * len(tied) >= min(above):
            return True
        further_down = (steps for item in tied for steps, _ in self.behind[item])
        return any(isinstance(step, tuple) for steps in further_down for step in steps)
