"""The method of equal shares: everybody decides on an equal part of the money.

1. Must-do items are paid first; then what costs nothing is chosen, the highest score first. The
   rest of the budget is shared equally: every choice counted has one share, and pays only for
   items that it marks.
2. Items are bought as `pooling` says: where the supporters' shares suffice, the one for which
   each has to pay the least, measured by its cost; what it costs is split among them equally.
3. *Add-one*: some of the money is left where nobody can use it alone. So the same is done over
   again with shares that are one unit larger, and again, until the next unit would cost more
   than there is; the last result within the budget stands. It also ends when nothing is out of
   reach any more. The shares are a measure then, and no longer money that is there.

The value of an item to whoever marks it is its cost, so that dear and cheap items are weighed
alike. Exact, and as fast as a binary search where nothing changes (`pooling.same_between`).

**Ties.** A tie is told where several items have the same price and not all their supporters can
pay their part of all of them: then the order changes what is paid, and may change what is
chosen. Ties of the result that stands are told; the order is the same in all runs.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys.counting.greedy import give_turns
from surveys.counting.outcome import REASONS, Ledger, Outcome, Reason, by_support
from surveys.counting.picks import Item
from surveys.counting.pooling import Purchase, Run, Voters, run, same_between
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import FOR, tally
from surveys.counting.ties import Tie, TieOrder, by_file_order
from surveys.counting.ways import Marks, Way

Progress = Callable[[int], None]
"""told before each run of add-one by how many units its shares are larger"""


@dataclass(frozen=True, slots=True)
class Payment:
    """How an item was paid: all supporters gave `most_fen`, or all they had left."""

    item_id: str
    supporters: int
    most_fen: Fraction
    paying_less: int
    """of the supporters: those who had less left than `most_fen`"""


@dataclass(frozen=True, slots=True)
class Shares:
    """A count by equal shares: the outcome as by other rules, and who paid how much.

    In its lines and ties votes are supporters; for a tie, as many as would give the price they
    share if all of them paid equally, rounded down.
    """

    outcome: Outcome
    payments: tuple[Payment, ...]
    """in order of decision, without items that cost nothing or must be done"""
    first_share_fen: Fraction
    """of each choice counted: its part of the money"""
    share_fen: Fraction
    """by which the result was reached: the first share and `units` units more"""
    units: int


def own_unit_fen(budget_fen: int, voters: int) -> Fraction | None:
    """The unit of our own ballots: a thousandth of the budget, shared equally; None if nothing."""
    return Fraction(budget_fen, 1000 * voters) if budget_fen and voters else None


def count(
    items: Sequence[Item],
    choices: Iterable[Marks],
    way: Way,
    budget_fen: int,
    counting: Counting,
    settle: TieOrder,
    *,
    unit_fen: Fraction | None,
    progress: Progress | None = None,
) -> Shares:
    """Decide every item by equal shares.

    Whoever marks an item supports it, by whatever points or rank; where each is judged, whoever
    is for it. The least support, the groups and the caps of kinds of `counting` hold here too.

    Args:
        settle: asked to put all items that have to be paid in order; where it cannot, they stand
            in menu order and ties are told as open.
        unit_fen: what add-one adds to each share at a time; None goes without add-one.

    Raises:
        ValueError: `unit_fen` is not above nothing, or as for `tally`.
    """
    if unit_fen is not None and unit_fen <= 0:
        raise ValueError(f"a unit is more than nothing: {unit_fen}")
    held = list(choices)
    totals = tally(held, [item.id for item in items], way, counting)
    groups = Counter(_supported(choice, way) for choice in held)
    ledger = Ledger(_votes(groups), budget_fen, counting)
    ledger.do_musts(items)
    running, unsupported = by_support(items, totals, counting)
    gifts = [item for item in running if not item.cost_fen]
    give_turns(gifts, totals, ledger, Rule.GREEDY, by_file_order)  # nobody pays for them
    paid = [item for item in running if item.cost_fen]
    sharing = _Sharing(paid, items, groups, ledger, settle)
    units = sharing.units(unit_fen, progress) if unit_fen else 0
    share_fen = sharing.first_fen + units * (unit_fen or 0)
    payments = sharing.write_down(sharing.run(share_fen, tell_ties=True), unsupported)
    outcome = ledger.outcome(Rule.EQUAL_SHARES)
    return Shares(outcome, tuple(payments), sharing.first_fen, share_fen, units)


def _supported(choice: Marks, way: Way) -> frozenset[str]:
    if way is Way.JUDGE:
        return frozenset(item_id for item_id, mark in choice.items() if mark == FOR)
    return frozenset(choice)


def _votes(groups: Mapping[frozenset[str], int]) -> dict[str, int]:
    votes: Counter[str] = Counter()
    for choice, times in groups.items():
        votes.update(dict.fromkeys(choice, times))
    return votes


class _Sharing:
    """The sharing of the money that the ledger has left among the voters."""

    def __init__(
        self,
        running: Sequence[Item],
        menu: Sequence[Item],
        groups: Mapping[frozenset[str], int],
        ledger: Ledger,
        settle: TieOrder,
    ) -> None:
        self.ledger = ledger
        self.menu = [item.id for item in menu if item in running]
        self.settled = settle(self.menu)
        order = self.settled.order if self.settled else self.menu
        self.voters = Voters(sorted(running, key=lambda item: order.index(item.id)), groups)
        self.first_fen = Fraction(ledger.room.balance_fen, sum(groups.values()) or 1)

    def run(self, share_fen: Fraction, *, tell_ties: bool = False) -> Run:
        """What is bought by this share, whether or not there is as much money."""
        boundless_fen = sum(item.cost_fen for item in self.voters.items)
        room = self.ledger.room.copy(boundless_fen)
        return run(self.voters, share_fen, room, tell_ties=tell_ties)

    def units(self, unit_fen: Fraction, progress: Progress | None) -> int:
        """By how many units shares can grow, one by one, until what is bought is too dear."""

        def run_at(units: int) -> Run:
            if progress:
                progress(units)
            return self.run(self.first_fen + units * unit_fen)

        return _last_within(run_at, self._is_within)

    def _is_within(self, found: Run) -> bool:
        """Whether the money pays for what the run bought."""
        cost_fen = sum(self.voters.items[number].cost_fen for number in found.bought)
        return cost_fen <= self.ledger.room.balance_fen

    def write_down(self, found: Run, unsupported: Iterable[tuple[Item, Reason]]) -> list[Payment]:
        """Into the ledger: what the run bought, then what was not; who paid how much."""
        payments = [self._buy(purchase) for purchase in found.purchases]
        for number, item in enumerate(self.voters.items):
            if number in found.too_dear:
                self.ledger.pass_over(item, Reason.SUPPORTERS_SHORT)
            elif number in found.ruled_out:
                self.ledger.pass_over(item, REASONS[found.ruled_out[number]])
        for item, reason in unsupported:
            self.ledger.pass_over(item, reason)
        return payments

    def _buy(self, purchase: Purchase) -> Payment:
        item = self.voters.items[purchase.number]
        if purchase.tied:
            self.ledger.ties.append(self._tie(purchase))
        self.ledger.buy(item, Reason.FITS)
        return Payment(
            item_id=item.id,
            supporters=len(self.voters.supporters_of[purchase.number]),
            most_fen=purchase.most_fen,
            paying_less=purchase.paying_less,
        )

    def _tie(self, purchase: Purchase) -> Tie:
        in_order = [self.voters.items[number].id for number in purchase.tied]
        return Tie(
            item_ids=tuple(item_id for item_id in self.menu if item_id in in_order),
            votes=int(1 / purchase.bid.price),
            balance_fen=self.ledger.room.balance_fen,
            settled_by=self.settled.by if self.settled else None,
            order=tuple(in_order) if self.settled else (),
        )


def _last_within(run_at: Callable[[int], Run], is_within: Callable[[Run], bool]) -> int:
    """The last run that is within the money when units are added one by one, and how many.

    Args:
        run_at: makes the run with so many units added.

    Runs further ahead are made first: where they show that everything between is the same, none
    of that is made.
    """
    units, low = 0, run_at(0)
    ahead: list[tuple[int, Run]] = []
    step = 1
    while low.too_dear:
        if not ahead:
            ahead.append((units + step, run_at(units + step)))
        far, high = ahead[-1]
        if far > units + 1 and not same_between(low, high):
            middle = (units + far) // 2
            ahead.append((middle, run_at(middle)))
        elif is_within(high):
            ahead.pop()
            step = 2 * (far - units)
            units, low = far, high
        else:
            break
    return units
