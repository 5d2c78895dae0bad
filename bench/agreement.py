"""How far proposals agree with labels: F1 over categories, pairs of texts put together."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Agreement:
    """Shares of what was proposed, and of what was to be found, that are right."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def agreement(right: int, proposed: int, labelled: int) -> Agreement:
    """Out of counts; nothing proposed and nothing to be found is full agreement."""
    return Agreement(
        right / proposed if proposed else float(not labelled),
        right / labelled if labelled else float(not proposed),
    )


def macro_f1(labels: Sequence[str | None], proposed: Sequence[str | None], least: int) -> float:
    """The mean F1 of every category that `least` texts or more are labelled with."""
    right = Counter(a for a, b in zip(labels, proposed, strict=True) if a == b)
    labelled, offered = Counter(labels), Counter(proposed)
    counted = [label for label, number in labelled.items() if label and number >= least]
    scores = [agreement(right[c], offered[c], labelled[c]).f1 for c in counted]
    return sum(scores) / len(scores)


def pairs(labels: Sequence[Hashable | None], proposed: Sequence[Hashable | None]) -> Agreement:
    """Of the pairs of texts put into one group; a text without a group is in no pair."""
    both = (
        (a, b) for a, b in zip(labels, proposed, strict=True) if a is not None and b is not None
    )
    return agreement(_pairs(both), _pairs(proposed), _pairs(labels))


def _pairs(groups: Iterable[Hashable | None]) -> int:
    sizes = Counter(group for group in groups if group is not None)
    return sum(comb(size, 2) for size in sizes.values())
