"""A count of one ballot, with each item beside its line. Derived from totals or from the sealed
choices, never stored."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from surveys.ballots.offers import Offer, OfferedItem
from surveys.counting import greedy, runoff, ties
from surveys.counting.outcome import Line, Outcome
from surveys.counting.rules import Rule, Score
from surveys.counting.runoff import Round, Runoff
from surveys.counting.tally import Totals
from surveys.counting.ties import Tie
from surveys.counting.ways import Marks, Way


class Unit(StrEnum):
    """What the score of an item is a number of."""

    HOUSEHOLDS = "households"
    FOR = "for"
    """households that are for it"""
    FIRST = "first"
    """households that put it, and it alone, first"""
    POINTS = "points"
    HALF_POINTS = "half_points"


_UNITS = {Score.POINTS: Unit.POINTS, Score.BORDA: Unit.HALF_POINTS}


def unit_of(offer: Offer) -> Unit:
    """What scores are counted in, by the way of voting and the rule."""
    if offer.counting.rule is Rule.RUNOFF:
        return Unit.FIRST
    usual = Unit.FOR if offer.way is Way.JUDGE else Unit.HOUSEHOLDS
    return _UNITS.get(offer.counting.score, usual)


@dataclass(frozen=True, slots=True)
class Bar:
    """The score of one item, to be drawn; `chosen` as far as it is counted."""

    item: OfferedItem
    score: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Counted:
    """One line of a result, with the item it is about and its rank among the chosen."""

    item: OfferedItem
    line: Line
    rank: int | None

    @property
    def chosen(self) -> bool:
        """Whether it will be done."""
        return self.line.chosen


@dataclass(frozen=True, slots=True)
class Finish:
    """How an item came out of a runoff: with how many choices, and in which round it went out."""

    item: OfferedItem
    votes: int
    out_in: int | None
    """number of the round; None where it stayed to the end"""
    chosen: bool


@dataclass(frozen=True, slots=True)
class _Shown:
    """What every count shows: what was offered, and what was added up."""

    offer: Offer
    totals: Totals

    @property
    def households_in(self) -> int:
        """Choices counted."""
        return self.totals.ballots

    @property
    def roll(self) -> int:
        """Households that might have taken part."""
        return self.offer.households

    @property
    def unit(self) -> Unit:
        """What scores are a number of."""
        return unit_of(self.offer)

    @property
    def whole(self) -> int:
        """What a whole bar stands for: every household in, or the best score in points."""
        if self.unit in {Unit.POINTS, Unit.HALF_POINTS}:
            return max(self.totals.scores.values(), default=0)
        return self.totals.ballots

    def whole_of(self, item: OfferedItem) -> int:
        """The same for one item: where one building alone picks it, the households in there."""
        return self.totals.ballots_of(item.part) if item.part else self.whole


@dataclass(frozen=True, slots=True)
class Count(_Shown):
    """A count by a rule that spends money: lines in order of decision."""

    outcome: Outcome
    lines: tuple[Counted, ...]
    by_rounds = False

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The ties that mattered."""
        return self.outcome.ties

    @property
    def waits(self) -> bool:
        """Whether a tie is still to be settled."""
        return self.outcome.waits

    @property
    def winners(self) -> tuple[str, ...]:
        """Ids of what will be done, in order of decision."""
        return self.outcome.winners

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What was asked for, the best liked first."""
        asked = (line for line in self.lines if line.line.votes)
        in_order = sorted(asked, key=lambda line: -line.line.votes)
        return tuple(Bar(line.item, line.line.votes, line.chosen) for line in in_order)

    @property
    def chosen(self) -> tuple[Counted, ...]:
        """What will be done, in order of decision."""
        return tuple(line for line in self.lines if line.chosen)

    @property
    def left_out(self) -> tuple[Counted, ...]:
        """What was asked for and will not be done, or waits for a lot."""
        return tuple(c for c in self.lines if not c.chosen and c.line.votes)

    @property
    def unasked(self) -> tuple[Counted, ...]:
        """What nobody picked."""
        return tuple(c for c in self.lines if not c.chosen and not c.line.votes)

    def rival(self, item_id: str) -> OfferedItem | None:
        """What is done instead of the item, since both stand in a group of which one is done."""
        groups = (group for group in self.offer.counting.exclusive if item_id in group)
        beside = {other for group in groups for other in group} - {item_id}
        return next((c.item for c in self.chosen if c.item.id in beside), None)


@dataclass(frozen=True, slots=True)
class RunoffCount(_Shown):
    """A count in rounds: one winner. Before the sealing there are first places alone."""

    runoff: Runoff | None
    by_rounds = True

    @property
    def rounds(self) -> tuple[Round, ...]:
        """Who had how many in each round, and who went out."""
        return self.runoff.rounds if self.runoff else ()

    @property
    def ties(self) -> tuple[Tie, ...]:
        """The ties that mattered."""
        return self.runoff.ties if self.runoff else ()

    @property
    def waits(self) -> bool:
        """Whether a tie is still to be settled."""
        return self.runoff is not None and self.runoff.waits

    @property
    def winners(self) -> tuple[str, ...]:
        """The winner's id, or none."""
        return (self.runoff.winner,) if self.runoff and self.runoff.winner else ()

    @property
    def winner(self) -> OfferedItem | None:
        """What will be done."""
        return self.offer.item(self.winners[0]) if self.winners else None

    @property
    def finishes(self) -> tuple[Finish, ...]:
        """How every item came out, the winner first, then those that stayed longest."""
        names = {item.id: item for item in self.offer.items}
        found = [
            Finish(names[each.out], each.votes[each.out], number, chosen=False)
            for number, each in enumerate(self.rounds, 1)
            if each.out
        ]
        last = self.rounds[-1].votes if self.rounds else {}
        stayed = sorted(last, key=last.__getitem__)
        found += [Finish(names[i], last[i], None, i in self.winners) for i in stayed]
        return tuple(reversed(found))

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What somebody put first, the best liked first."""
        named = [(item, self.totals.scores[item.id]) for item in self.offer.items]
        in_order = sorted(named, key=lambda pair: -pair[1])
        return tuple(Bar(item, score, item.id in self.winners) for item, score in in_order if score)


AnyCount = Count | RunoffCount


def count(offer: Offer, totals: Totals, settle: ties.TieOrder) -> Count:
    """Count the totals of an offer by its rule, which spends money.

    Raises:
        ValueError: its rule is another one.
    """
    outcome = greedy.count(offer.menu, totals, offer.budget_fen, offer.counting, settle)
    items = {item.id: item for item in offer.items}
    ranks = {item_id: n for n, item_id in enumerate(outcome.winners, 1)}
    lines = (Counted(items[line.item_id], line, ranks.get(line.item_id)) for line in outcome.lines)
    return Count(offer, totals, outcome, tuple(lines))


def count_rounds(
    offer: Offer, totals: Totals, choices: Iterable[tuple[Marks, int]], settle: ties.TieOrder
) -> RunoffCount:
    """Count the rankings of an offer, each with how often it was handed in, by instant runoff."""
    standing = [item.id for item in offer.menu if not item.must_do]
    return RunoffCount(offer, totals, runoff.count(standing, choices, settle))


def so_far(offer: Offer, totals: Totals) -> AnyCount:
    """What live bars can tell: nothing of rounds, and no tie settled before its time."""
    if offer.counting.rule is Rule.RUNOFF:
        return RunoffCount(offer, totals, None)
    return count(offer, totals, ties.unsettled)
