"""The highest score first within the budget, by the rules GREEDY and GREEDY_NO_SKIP.

Order of decision:

1. must-do items, in menu order, whatever their scores; what they cost counts towards the cap of
   their kind, and they rule out their exclusive groups;
2. items with enough support, the highest score first. Among equals first those that are ruled
   out whatever the order, then the rest: in menu order where nothing hangs on it, else as the
   tie is settled;
3. items with too little support: some, in the same order, then none, in menu order. They are
   never chosen, even if they cost nothing.

GREEDY skips what does not fit and gives the next its turn. GREEDY_NO_SKIP ends at the first
that the money cannot pay; being ruled out by an exclusive group or by the cap of a kind ends
nothing. Money never runs below zero. A must-do item that the budget cannot pay is not chosen
either (`picks.contradictions` refuses such a menu at the opening), and ends nothing.
"""

from collections.abc import Sequence
from itertools import chain, groupby

from surveys.counting.outcome import REASONS, Ledger, Outcome, Reason, by_support
from surveys.counting.picks import Item
from surveys.counting.room import Hindrance
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import Totals
from surveys.counting.ties import Tie, TieOrder, matters


def count(
    items: Sequence[Item], totals: Totals, budget_fen: int, counting: Counting, settle: TieOrder
) -> Outcome:
    """Decide every item by the score it has in `totals`; an item missing there has none.

    Stops at the first tie that matters and that `settle` leaves open: from there on, items with
    enough support are UNDECIDED and not chosen, except those of the tied group that are ruled
    out whatever the order.

    Raises:
        ValueError: a number is below zero, an id is repeated, totals or exclusive groups name an
            unknown item, or the rule is not one of these two.
    """
    _check(items, totals, budget_fen, counting)
    ledger = Ledger(totals.scores, budget_fen, counting)
    ledger.do_musts(items)
    supported, unsupported = by_support(items, totals, counting)
    give_turns(supported, totals, ledger, counting.rule, settle)
    for item, reason in unsupported:
        ledger.pass_over(item, reason)
    return ledger.outcome(counting.rule)


def give_turns(
    supported: Sequence[Item], totals: Totals, ledger: Ledger, rule: Rule, settle: TieOrder
) -> None:
    """Give each item its turn; they come highest score first, in menu order among equals."""
    turns = _Turns(ledger, rule, settle)
    for score, group in groupby(supported, key=lambda item: totals.scores[item.id]):
        turns.give(list(group), score)


def _check(items: Sequence[Item], totals: Totals, budget_fen: int, counting: Counting) -> None:
    ids = {item.id for item in items}
    unknown = {*totals.scores, *totals.against, *chain(*counting.exclusive)} - ids
    if counting.rule not in {Rule.GREEDY, Rule.GREEDY_NO_SKIP}:
        raise ValueError(f"this does not count by the rule {counting.rule}")
    if len(ids) != len(items):
        raise ValueError("two items have the same id")
    if unknown:
        raise ValueError(f"unknown items in totals or groups: {sorted(unknown)}")
    if budget_fen < 0 or min(totals.scores.values(), default=0) < 0:
        raise ValueError("budget and votes are nothing or more")


class _Turns:
    """Gives items their turns, as long as there is something to decide."""

    def __init__(self, ledger: Ledger, rule: Rule, settle: TieOrder) -> None:
        self.ledger = ledger
        self.room = ledger.room
        self.ends = rule is Rule.GREEDY_NO_SKIP
        self.settle = settle
        self.closed: Reason | None = None
        """once set, why nothing more is chosen"""

    def give(self, group: Sequence[Item], score: int) -> None:
        """Give each of a group of equal scores its turn."""
        waiting = [item for item in group if self.closed or not self._is_out(item)]
        for item in group:
            if item not in waiting:
                self._decide(item)
        for item in self._in_order(waiting, score):
            self._decide(item)

    def _is_out(self, item: Item) -> bool:
        """Whether the item is chosen in no order of its equals, and ends nothing by that."""
        hindrance = self.room.hindrance([item])
        return hindrance is not None and not (self.ends and hindrance is Hindrance.MONEY)

    def _in_order(self, tied: Sequence[Item], score: int) -> Sequence[Item]:
        if self.closed or not matters(tied, self._fit, ends=self.ends):
            return tied
        ids = tuple(item.id for item in tied)
        settled = self.settle(ids)
        by, order = settled if settled else (None, ())
        self.ledger.ties.append(Tie(ids, score, self.room.balance_fen, by, order))
        if settled is None:
            self.closed = Reason.UNDECIDED
            return tied
        return sorted(tied, key=lambda item: order.index(item.id))

    def _fit(self, items: Sequence[Item]) -> bool:
        return self.room.hindrance(items) is None

    def _decide(self, item: Item) -> None:
        hindrance = self.room.hindrance([item])
        if self.closed:
            self.ledger.pass_over(item, self.closed)
        elif hindrance is None:
            self.ledger.buy(item, Reason.FITS)
        else:
            self.ledger.pass_over(item, REASONS[hindrance])
            if self.ends and hindrance is Hindrance.MONEY:
                self.closed = Reason.AFTER_THE_END
