"""What other programs count: pabutools for greedy and equal shares, pyrankvote for runoff."""

from collections.abc import Sequence
from fractions import Fraction
from random import Random

import pyrankvote
import pytest
from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import (
    exhaustion_by_budget_increase,
    greedy_utilitarian_welfare,
    method_of_equal_shares,
)
from pabutools.tiebreaking import lexico_tie_breaking

from surveys.counting import greedy, runoff, shares
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule
from surveys.counting.tally import tally
from surveys.counting.ties import by_file_order
from surveys.counting.ways import Way

ELECTIONS = 60
LETTERS = "abcdefgh"

Picks = list[list[str]]


def approvals(seed: int) -> tuple[list[Item], Picks, int]:
    """A small election; the menu is in alphabetical order, as pabutools breaks ties."""
    chance = Random(seed)
    ids = LETTERS[: chance.randint(2, 8)]
    items = [Item(item_id, chance.randint(1, 40), "") for item_id in ids]
    voters = range(chance.randint(2, 14))
    choices = [[i for i in ids if chance.random() < 0.5] for _ in voters]
    return items, choices, chance.randint(20, 120)


def as_pabutools(
    items: Sequence[Item], choices: Picks, budget: int
) -> tuple[Instance, ApprovalProfile]:
    """The same election for pabutools."""
    projects = {item.id: Project(item.id, item.cost_fen) for item in items}
    ballots = [ApprovalBallot({projects[item_id] for item_id in choice}) for choice in choices]
    instance = Instance(projects.values(), budget_limit=budget)
    return instance, ApprovalProfile(ballots, instance=instance)


def names(allocation: Sequence[Project]) -> set[str]:
    """Who won, by id."""
    return {project.name for project in allocation}


def by_shares(
    items: Sequence[Item], choices: Picks, budget: int, unit: Fraction | None
) -> set[str]:
    """Who wins by our equal shares."""
    marks = [dict.fromkeys(choice, 1) for choice in choices]
    rule = Counting(Rule.EQUAL_SHARES)
    found = shares.count(items, marks, Way.APPROVE, budget, rule, by_file_order, unit_fen=unit)
    return set(found.outcome.winners)


@pytest.mark.parametrize("seed", range(ELECTIONS))
def test_pabutools_has_the_same_winners_by_equal_shares(seed: int) -> None:
    items, choices, budget = approvals(seed)
    instance, profile = as_pabutools(items, choices, budget)
    theirs = method_of_equal_shares(
        instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking
    )
    assert by_shares(items, choices, budget, None) == names(theirs)


@pytest.mark.parametrize("seed", range(ELECTIONS))
def test_pabutools_has_the_same_winners_by_equal_shares_with_add_one(seed: int) -> None:
    items, choices, budget = approvals(seed)
    instance, profile = as_pabutools(items, choices, budget)
    theirs = exhaustion_by_budget_increase(
        instance,
        profile,
        method_of_equal_shares,
        {"sat_class": Cost_Sat, "tie_breaking": lexico_tie_breaking},
        exhaustive_stop=False,
        budget_step=len(choices),
    )
    assert by_shares(items, choices, budget, Fraction(1)) == names(theirs)


@pytest.mark.parametrize("seed", range(ELECTIONS))
def test_pabutools_has_the_same_winners_by_votes(seed: int) -> None:
    items, choices, budget = approvals(seed)
    instance, profile = as_pabutools(items, choices, budget)
    theirs = greedy_utilitarian_welfare(
        instance, profile, sat_class=Cost_Sat, tie_breaking=lexico_tie_breaking
    )
    marks = [dict.fromkeys(choice, 1) for choice in choices]
    totals = tally(marks, [item.id for item in items], Way.APPROVE, Counting())
    ours = greedy.count(items, totals, budget, Counting(), by_file_order)
    assert set(ours.winners) == names(theirs) & {i for i in totals.scores if totals.scores[i]}


@pytest.mark.parametrize("seed", range(ELECTIONS))
def test_pyrankvote_has_the_same_rounds(seed: int) -> None:
    chance = Random(seed)
    ids = LETTERS[: chance.randint(2, 6)]
    rankings = [chance.sample(ids, chance.randint(1, len(ids))) for _ in range(41)]
    choices = [({item: n for n, item in enumerate(r, 1)}, 1) for r in rankings]
    ours = runoff.count(ids, choices, by_file_order)
    if ours.ties:
        return  # who goes out of equals, pyrankvote decides by chance
    candidates = {item: pyrankvote.Candidate(item) for item in ids}
    ballots = [pyrankvote.Ballot([candidates[item] for item in ranking]) for ranking in rankings]
    theirs = pyrankvote.instant_runoff_voting(list(candidates.values()), ballots)
    assert [winner.name for winner in theirs.get_winners()] == [ours.winner]
    first = {r.candidate.name: r.number_of_votes for r in theirs.rounds[0].candidate_results}
    assert first == ours.rounds[0].votes
