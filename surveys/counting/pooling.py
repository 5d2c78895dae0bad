"""One run of equal shares: everybody has the same money, and supporters pool it.

Every supporter of an item pays the same for it, or all they have left if that is less. The
*most* that one pays, divided by the cost, is the item's *price*: 1/40 where forty pay equally,
dearer where some cannot pay their part. The cheapest price is bought first, over and over,
until no item's supporters have its cost together.

Exact. Money is counted in whole parts of a fen: where a payment does not come out even, all
money is counted in smaller parts from there on. Prices only rise during a run, since purses only
get lighter; so an item's price is worked out anew only when its old one comes first.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from heapq import heapify, heappop, heappush, heapreplace
from itertools import accumulate
from math import gcd
from typing import NamedTuple

from surveys.counting.picks import Item
from surveys.counting.room import Hindrance, Room

Share = tuple[int, int]
"""what those pay who pay the most: so many parts of a fen, divided by so many payers"""


class Bid(NamedTuple):
    """What an item costs its supporters at the least; what is bought next has the least bid.

    The price rounded down stands first because whole numbers are compared at once.
    """

    rounded: int
    price: Fraction
    number: int
    """of the item, which is its place in ties"""


class Voters:
    """Who supports which of the items, ready for many runs.

    Voters with the same choice always have the same money left, so they share one purse.

    Args:
        items: with a cost above nothing and a supporter each, the first in ties first.
        choices: for each group of voters with the same choice, the items' ids and how many.
    """

    def __init__(self, items: Sequence[Item], choices: Mapping[frozenset[str], int]) -> None:
        self.items = items
        self.purses = len(choices)
        self.purses_of: list[list[int]] = [[] for _ in items]
        """for each item, the purses of its supporters, each once"""
        self.supporters_of: list[list[int]] = [[] for _ in items]
        """for each item, the purse of every single supporter"""
        number_of = {item.id: number for number, item in enumerate(items)}
        for purse, (choice, times) in enumerate(choices.items()):
            for number in sorted(number_of[item_id] for item_id in choice if item_id in number_of):
                self.purses_of[number].append(purse)
                self.supporters_of[number] += [purse] * times


@dataclass(frozen=True, slots=True)
class Purchase:
    """What was bought, and by how much it came before the next."""

    number: int
    """of the item in `Voters.items`"""
    bid: Bid
    next_bid: Bid | None
    """the least of all other items; None where no other could be bought then"""
    most_fen: Fraction
    """what every supporter paid who could"""
    paying_less: int
    """supporters who gave all they had left, which was less"""
    tied: tuple[int, ...]
    """the items at this price, if ties are told and their order may change what is bought"""


@dataclass(frozen=True, slots=True)
class Run:
    """All purchases of one run, in order; then who could not be bought and why."""

    purchases: tuple[Purchase, ...]
    ruled_out: Mapping[int, Hindrance]
    """items out because of a group or the cap of a kind, whatever their supporters had"""
    too_dear: frozenset[int]
    """the other items: their supporters did not have the money"""

    @property
    def bought(self) -> list[int]:
        """Numbers of the items bought, in order."""
        return [purchase.number for purchase in self.purchases]


def run(voters: Voters, endowment_fen: Fraction, room: Room, *, tell_ties: bool = False) -> Run:
    """Buy until nothing more can be bought, everybody having `endowment_fen` at first.

    Args:
        room: what the chosen rule out beside them; it is used up.
        tell_ties: whether to look for ties that may matter, which takes time.
    """
    return _Market(voters, endowment_fen, room, tell_ties).run()


def _bid(price: Fraction, number: int) -> Bid:
    return Bid((price.numerator << 64) // price.denominator, price, number)


def same_between(low: Run, high: Run) -> bool:
    """Whether every endowment between those of two runs is sure to buy the same in the same order.

    Proof, for an endowment e between, purchase by purchase. With the same bought so far, a purse
    holds the more the higher the endowment: clearly so at first; and the most that one pays for
    an item falls as purses grow, so that max(0, purse - most), which is left, grows too. So the
    price of every item at e lies between its prices in the high run and in the low one. If what
    is bought in the low run bids less there than all others in the high run, it bids less than
    all others at e. And what nobody can buy in the high run, nobody can buy at e. What is ruled
    out follows from what is bought.
    """
    return low.bought == high.bought and all(
        above.next_bid is None or below.bid < above.next_bid
        for below, above in zip(low.purchases, high.purchases, strict=True)
    )


class _Market:
    """The purses while they are emptied."""

    def __init__(
        self, voters: Voters, endowment_fen: Fraction, room: Room, tell_ties: bool
    ) -> None:
        self.tell_ties = tell_ties
        self.voters = voters
        self.room = room
        self.purses = [endowment_fen.numerator] * voters.purses
        self.parts = endowment_fen.denominator
        """money is counted in so many parts of a fen"""
        self.bids: list[Bid] = [
            _bid(Fraction(1, len(supporters)), number)
            for number, supporters in enumerate(voters.supporters_of)
        ]
        heapify(self.bids)

    def run(self) -> Run:
        """Buy as long as something can be bought."""
        purchases = []
        while (found := self._cheapest()) is not None:
            purchases.append(self._buy(*found))
        bought = {purchase.number for purchase in purchases}
        left = [number for number in range(len(self.voters.items)) if number not in bought]
        hindrances = {n: self.room.hindrance([self.voters.items[n]]) for n in left}
        return Run(
            purchases=tuple(purchases),
            too_dear=frozenset(n for n, hindrance in hindrances.items() if hindrance is None),
            ruled_out={n: h for n, h in hindrances.items() if h is not None},
        )

    def _cheapest(self) -> tuple[Bid, Share] | None:
        """Take the least bid off the heap; every bid left there is no more than its true one.

        What is ruled out or too dear on the way is dropped, for it will stay so.
        """
        while self.bids:
            number = self.bids[0].number
            item = self.voters.items[number]
            share = self._share(number)
            if share is None or (self.room.has_limits and self.room.hindrance([item])):
                heappop(self.bids)
                continue
            bid = _bid(Fraction(share[0], share[1] * item.cost_fen * self.parts), number)
            heapreplace(self.bids, bid)
            if self.bids[0] == bid:
                return heappop(self.bids), share
        return None

    def _put_back(self, found: tuple[Bid, Share] | None) -> Bid | None:
        if found is not None:
            heappush(self.bids, found[0])
        return found[0] if found else None

    def _share(self, number: int) -> Share | None:
        """What those pay who pay the most for the item; None if its supporters have too little."""
        purses = self.purses
        held = [purses[purse] for purse in self.voters.supporters_of[number]]
        cost = self.voters.items[number].cost_fen * self.parts
        payers = len(held)
        if min(held) * payers >= cost:
            return cost, payers
        if sum(held) < cost:
            return None
        held.sort()
        below = [0, *accumulate(held)]
        # the first that is no poorer than the payment: what is raised at his purse covers the cost
        poor = bisect_left(range(payers), cost, key=lambda n: below[n] + held[n] * (payers - n))
        return cost - below[poor], payers - poor

    def _buy(self, bid: Bid, share: Share) -> Purchase:
        number = bid.number
        tied = self._tied(bid, share) if self.tell_ties else ()
        next_bid = self._put_back(self._cheapest())
        parts, payers = share
        finer = payers // gcd(parts, payers)
        if finer > 1:
            self.parts *= finer
            self.purses = [purse * finer for purse in self.purses]
        most = parts * finer // payers
        purses = self.purses
        for purse in self.voters.purses_of[number]:
            left = purses[purse] - most
            purses[purse] = left if left > 0 else 0
        self.room.take(self.voters.items[number])
        return Purchase(
            number=number,
            bid=bid,
            next_bid=next_bid,
            most_fen=Fraction(most, self.parts),
            paying_less=len(self.voters.supporters_of[number]) - payers,
            tied=tied,
        )

    def _tied(self, bid: Bid, share: Share) -> tuple[int, ...]:
        """The items at the price of this bid, its own among them; none where it matters not."""
        level = [(bid, share)]
        found = self._cheapest()
        while found is not None and found[0].price == bid.price:
            level.append(found)
            found = self._cheapest()
        for other in (found, *level[1:]):
            self._put_back(other)
        matters = len(level) > 1 and not self._all_can_be_paid(level)
        return tuple(sorted(other.number for other, _ in level)) if matters else ()

    def _all_can_be_paid(self, level: Sequence[tuple[Bid, Share]]) -> bool:
        """Whether items at one price can all be bought, everybody paying as for each alone.

        If so the order among them does not matter: after one is bought, each supporter of another
        still has what it asks of him, so its price stays, and no price falls below it.
        """
        if self.room.hindrance([self.voters.items[bid.number] for bid, _ in level]):
            return False
        owed = dict.fromkeys(range(len(self.purses)), Fraction(0))
        for bid, share in level:
            most = Fraction(*share)
            for purse in self.voters.purses_of[bid.number]:
                owed[purse] += min(most, Fraction(self.purses[purse]))
        return all(owed[number] <= purse for number, purse in enumerate(self.purses))
