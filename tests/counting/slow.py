"""Counters written for plainness, to hold the quick ones against. Ties follow the given order."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

Choice = Mapping[str, int]
Round = tuple[dict[str, int], int]
Allowed = Callable[[Sequence[str], str], bool]
"""whether an item may still be got beside those that are"""


def anything(won: Sequence[str], item: str) -> bool:
    """No item stands in the way of another."""
    return True


def equal_shares(
    costs: Mapping[str, int],
    choices: Sequence[Choice],
    share: Fraction,
    allowed: Allowed = anything,
) -> list[tuple[str, Fraction]]:
    """What is got when everybody has `share`, in order, with the most that one paid."""
    purses = [share] * len(choices)
    got = [(item, Fraction(0)) for item in gifts(costs, choices, allowed)]
    while True:
        offers = []
        won = [item for item, _ in got]
        for place, (item, cost) in enumerate(costs.items()):
            payers = [n for n, choice in enumerate(choices) if item in choice]
            most = payment([purses[n] for n in payers], cost)
            if most is not None and cost and item not in won and allowed(won, item):
                offers.append((most / cost, place, item, most))
        if not offers:
            return got
        _, _, item, most = min(offers)
        got.append((item, most))
        for number, choice in enumerate(choices):
            if item in choice:
                purses[number] -= min(purses[number], most)


def gifts(costs: Mapping[str, int], choices: Sequence[Choice], allowed: Allowed) -> list[str]:
    """What costs nothing and is wanted, the most wanted first."""
    votes = {item: sum(item in choice for choice in choices) for item in costs}
    got: list[str] = []
    for item in sorted(costs, key=lambda item: -votes[item]):
        if votes[item] and not costs[item] and allowed(got, item):
            got.append(item)
    return got


def payment(purses: Sequence[Fraction], cost: int) -> Fraction | None:
    """The least that all pay, or all they have, so that it makes up the cost."""
    if not purses or sum(purses) < cost:
        return None
    for able in range(len(purses), 0, -1):
        rich = sorted(purses)[len(purses) - able :]
        most = (cost - sum(sorted(purses)[: len(purses) - able])) / Fraction(able)
        if rich[0] >= most:
            return most
    return None


def add_one(
    costs: Mapping[str, int],
    choices: Sequence[Choice],
    budget: int,
    unit: Fraction,
    allowed: Allowed = anything,
) -> tuple[list[str], int]:
    """Who wins by equal shares with add-one, in order, and how many units were added."""
    supported = [item for item in costs if any(item in choice for choice in choices)]
    share, units = Fraction(budget, max(1, len(choices))), 0
    won = [item for item, _ in equal_shares(costs, choices, share, allowed)]
    while any(item not in won and allowed(won, item) for item in supported):
        more = [item for item, _ in equal_shares(costs, choices, share + unit, allowed)]
        if sum(costs[item] for item in more) > budget:
            break
        won, share, units = more, share + unit, units + 1
    return won, units


def runoff(order: Sequence[str], choices: Sequence[Choice]) -> tuple[str | None, list[Round]]:
    """Who wins an instant runoff, and each round: votes, exhausted. The last in order goes out."""
    left = list(order)
    ended: set[int] = set()
    rounds: list[Round] = []
    while True:
        votes = dict.fromkeys(left, 0)
        for number, choice in enumerate(choices):
            ranked = [item for item in left if item in choice]
            best = [i for i in ranked if choice[i] == min(choice[j] for j in ranked)]
            if len(best) != 1:
                ended.add(number)
            if number not in ended:
                votes[best[0]] += 1
        rounds.append((votes, len(ended)))
        winners = [item for item in left if 2 * votes[item] > sum(votes.values())]
        if winners or not any(votes.values()):
            return (winners[0] if winners else None), rounds
        left.remove([item for item in left if votes[item] == min(votes.values())][-1])


def owners_decide(
    areas: Sequence[int],
    marks: Mapping[int, str],
    silent: Sequence[int] | None,
    *,
    blank_abstains: bool,
    quorum: tuple[int, int] | None,
    needed: tuple[int, int],
    exactly_is_enough: bool,
    of_everyone: bool,
) -> bool:
    """Whether owners, each with an area, agree by a rule given in whole numbers.

    Args:
        marks: what the sheet of an owner, by place in `areas`, says of the motion.
        silent: owners that a clause puts on the side of the majority; None: no clause.
        quorum: at least so many parts of so many of everyone take part; `needed` alike.
    """
    marks = {
        place: "abstain" if mark == "unmarked" else mark
        for place, mark in marks.items()
        if mark != "unmarked" or blank_abstains
    }
    for_, against = (
        [p for p, mark in marks.items() if mark == word] for word in ("for", "against")
    )
    if silent is not None:
        areas_said = [sum(areas[p] for p in said) for said in (for_, against)]
        if len(for_) > len(against) and areas_said[0] > areas_said[1]:
            marks = {**marks, **dict.fromkeys(silent, "for")}
        if len(for_) < len(against) and areas_said[0] < areas_said[1]:
            marks = {**marks, **dict.fromkeys(silent, "against")}
    said_for = [p for p, mark in marks.items() if mark == "for"]
    asked = list(range(len(areas))) if of_everyone else list(marks)
    for weigh in (lambda place: 1, lambda place: areas[place]):
        everyone, took_part = (sum(map(weigh, places)) for places in (range(len(areas)), marks))
        agree, base = (sum(map(weigh, places)) for places in (said_for, asked))
        if quorum and (not took_part or took_part * quorum[1] < everyone * quorum[0]):
            return False
        over = agree * needed[1] - base * needed[0]
        if not agree or over < 0 or (over == 0 and not exactly_is_enough):
            return False
    return True
