"""What comes of a count: what became of each item, why, and what was left then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from surveys.counting.picks import Item
from surveys.counting.room import Hindrance, Room
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import Totals
from surveys.counting.ties import Tie


class Reason(StrEnum):
    """Why an item is chosen, or not."""

    MUST_DO = "must_do"
    FITS = "fits"
    DOES_NOT_FIT = "does_not_fit"
    EXCLUDED = "excluded"  # another one of its group is chosen
    OVER_KIND_CAP = "over_kind_cap"
    AFTER_THE_END = "after_the_end"  # one before it did not fit, and that ended the count
    OUTVOTED = "outvoted"  # no more are for it than against it
    SUPPORTERS_SHORT = "supporters_short"  # their equal shares do not pay for it
    TOO_FEW = "too_few"  # for the least support that was asked for
    NO_VOTES = "no_votes"
    UNDECIDED = "undecided"  # an unsettled tie stands at or before it


REASONS = {
    Hindrance.GROUP: Reason.EXCLUDED,
    Hindrance.KIND: Reason.OVER_KIND_CAP,
    Hindrance.MONEY: Reason.DOES_NOT_FIT,
}


@dataclass(frozen=True, slots=True)
class Line:
    """What became of one item when its turn came; an undecided line keeps the balance as is.

    `votes` is the item's score: votes, points or half points, as the rule says.
    """

    item_id: str
    votes: int
    cost_fen: int
    chosen: bool
    reason: Reason
    balance_before_fen: int
    balance_after_fen: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """The whole count: one line per item in order of decision, and the ties that mattered."""

    rule: str
    budget_fen: int
    spent_fen: int
    lines: tuple[Line, ...]
    ties: tuple[Tie, ...]

    @property
    def winners(self) -> tuple[str, ...]:
        """Ids of the chosen items in order of decision."""
        return tuple(line.item_id for line in self.lines if line.chosen)

    @property
    def left_fen(self) -> int:
        """What the budget keeps over."""
        return self.budget_fen - self.spent_fen

    @property
    def partly(self) -> Line | None:
        """The first item left out for money while some was left, which would have paid a part.

        How much was left then is its `balance_before_fen`. It is pointed out, never bought.
        """
        short = (line for line in self.lines if line.reason is Reason.DOES_NOT_FIT)
        return next((line for line in short if line.balance_before_fen), None)

    @property
    def waits(self) -> bool:
        """Whether a tie that matters is still to be settled, so that the count is not done."""
        return any(tie.settled_by is None for tie in self.ties)


class Ledger:
    """The money while it is spent, and what was written down about each item so far."""

    def __init__(self, scores: Mapping[str, int], budget_fen: int, counting: Counting) -> None:
        self.room = Room(budget_fen, counting)
        self._scores = scores
        self._budget_fen = budget_fen
        self._lines: list[Line] = []
        self.ties: list[Tie] = []

    def do_musts(self, items: Sequence[Item]) -> None:
        """Buy the must-do items that the money can pay, whatever else stands against them."""
        for item in items:
            if item.must_do and item.cost_fen <= self.room.balance_fen:
                self.buy(item, Reason.MUST_DO)
            elif item.must_do:
                self.pass_over(item, Reason.DOES_NOT_FIT)

    def buy(self, item: Item, reason: Reason) -> None:
        """Choose the item for `reason`; the money must suffice."""
        before_fen = self.room.balance_fen
        self.room.take(item)
        self._write(item, reason, before_fen, chosen=True)

    def pass_over(self, item: Item, reason: Reason) -> None:
        """Leave the item out for `reason`."""
        self._write(item, reason, self.room.balance_fen, chosen=False)

    def _write(self, item: Item, reason: Reason, before_fen: int, *, chosen: bool) -> None:
        self._lines.append(
            Line(
                item_id=item.id,
                votes=self._scores.get(item.id, 0),
                cost_fen=item.cost_fen,
                chosen=chosen,
                reason=reason,
                balance_before_fen=before_fen,
                balance_after_fen=self.room.balance_fen,
            )
        )

    def outcome(self, rule: Rule) -> Outcome:
        """What was written down, closed."""
        return Outcome(
            rule=rule.value,
            budget_fen=self._budget_fen,
            spent_fen=self._budget_fen - self.room.balance_fen,
            lines=tuple(self._lines),
            ties=tuple(self.ties),
        )


def by_support(
    items: Sequence[Item], totals: Totals, counting: Counting
) -> tuple[list[Item], list[tuple[Item, Reason]]]:
    """The items in the running, and the others with their reasons; both highest score first."""
    open_items = [item for item in items if not item.must_do]
    open_items.sort(key=lambda item: -totals.scores.get(item.id, 0))
    reasons = [(item, _lacks(item, totals, counting)) for item in open_items]
    return (
        [item for item, reason in reasons if reason is None],
        [(item, reason) for item, reason in reasons if reason is not None],
    )


def _lacks(item: Item, totals: Totals, counting: Counting) -> Reason | None:
    """Why the item has too little support to be looked at; None where it has enough."""
    score = totals.scores.get(item.id, 0)
    in_a_point = 2 if counting.score is Score.BORDA else 1
    if not score:
        return Reason.NO_VOTES
    if item.id in totals.against and score <= totals.against[item.id]:
        return Reason.OUTVOTED
    if score < counting.least_votes * in_a_point:
        return Reason.TOO_FEW
    if score * 100 < counting.least_percent * totals.ballots_of(item.part):
        return Reason.TOO_FEW
    return None
