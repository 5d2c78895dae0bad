"""Menus and rules that nobody could choose by, or whose count could not keep its promise."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from surveys.counting import parts
from surveys.counting.picks import (
    ChoiceRules,
    Item,
    cost_of,
    household_cap_fen,
    must_do_fen,
)
from surveys.counting.rules import Counting, Rule
from surveys.counting.ways import Way


class ContradictionCode(StrEnum):
    """Why a menu and its rules contradict each other, and the parameters that come with it."""

    MUST_DO_OVER_BUDGET = "must_do_over_budget"  # must_do_fen, budget_fen
    MUST_DO_OVER_KIND_CAP = "must_do_over_kind_cap"  # kind, must_do_fen, cap_fen
    MUST_DO_IN_GROUP = "must_do_in_group"  # item: the others of its group could never be done
    NOTHING_TO_PICK = "nothing_to_pick"
    LEAST_OVER_MOST = "least_over_most"  # least, most
    LEAST_OVER_MENU = "least_over_menu"  # least, pickable
    LEAST_OVER_KINDS = "least_over_kinds"  # least, pickable (within the limits of the kinds)
    LEAST_OVER_BUDGET = "least_over_budget"  # least, cheapest_fen, cap_fen (the household's)
    LEAST_OVER_POINTS = "least_over_points"  # least, points
    RUNOFF_NEEDS_RANKS = "runoff_needs_ranks"
    RUNOFF_HAS_ONE_WINNER = "runoff_has_one_winner"  # no must-do items, groups, caps, support
    PART_NEEDS_TICKS = "part_needs_ticks"  # item: one part's, and no choice here can be cut


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One reason to refuse the opening of a ballot; the desk puts it into words."""

    code: ContradictionCode
    params: Mapping[str, int | str] = field(default_factory=dict, hash=False)


def contradictions(
    menu: Sequence[Item],
    rules: ChoiceRules,
    budget_fen: int | None = None,
    counting: Counting | None = None,
) -> tuple[Contradiction, ...]:
    """Why nobody could vote by these rules, or why the count could not keep its promise.

    Exact for voting: but for the count, it is empty if and only if there is something to mark,
    some choice has no fault, and the must-do items can be paid. That holds for every household
    alike, since items of one building count for no limit. `budget_fen` is what the count
    may spend; it is needed only where the rules put no cap on a household.
    """
    counting = counting or Counting()
    of_parts = _contradictions_of_parts(menu, rules, counting)
    if counting.rule is Rule.RUNOFF:
        of_count = _contradictions_of_runoff(menu, rules, counting)
        return (*of_parts, *of_count, *_contradictions_of_limits(menu, rules))
    return (
        *of_parts,
        *_contradictions_of_budget(menu, rules, budget_fen),
        *_contradictions_of_count(menu, counting),
        *_contradictions_of_limits(menu, rules),
    )


def out_of_reach(menu: Sequence[Item], rules: ChoiceRules) -> tuple[str, ...]:
    """Ids of items that stand on the menu for a pick but that nobody can pick.

    Each is dearer alone than what a household may spend, or of a kind of which none may be
    picked. The rules can be met without them, so this is a warning and no contradiction.
    """
    cap_fen = household_cap_fen(menu, rules)
    return tuple(
        item.id
        for item in menu
        if item.is_limited and _is_out_of_reach(item, rules.kind_most.get(item.kind), cap_fen)
    )


def never_done(menu: Sequence[Item], budget_fen: int, counting: Counting) -> tuple[str, ...]:
    """Ids of items that no votes could bring to be done: too dear beside what must be done.

    A warning: the menu can be voted on. Nothing where one is chosen whatever it costs.
    """
    if counting.rule is Rule.RUNOFF:
        return ()
    left_fen = budget_fen - must_do_fen(menu)
    return tuple(
        item.id
        for item in menu
        if not item.must_do
        and item.cost_fen > min(left_fen, _left_of_kind_fen(menu, item.kind, counting, left_fen))
    )


def _left_of_kind_fen(
    menu: Sequence[Item], kind: str, counting: Counting, otherwise_fen: int
) -> int:
    cap_fen = counting.kind_cap_fen.get(kind)
    if cap_fen is None:
        return otherwise_fen
    return cap_fen - must_do_fen([item for item in menu if item.kind == kind])


def _is_out_of_reach(item: Item, kind_most: int | None, cap_fen: int | None) -> bool:
    return kind_most == 0 or (cap_fen is not None and item.cost_fen > cap_fen)


def _contradictions_of_parts(
    menu: Sequence[Item], rules: ChoiceRules, counting: Counting
) -> Iterator[Contradiction]:
    local = next((item for item in menu if item.part), None)
    if local and not parts.are_sound(rules.way, counting):
        yield Contradiction(ContradictionCode.PART_NEEDS_TICKS, {"item": local.id})


def _contradictions_of_runoff(
    menu: Sequence[Item], rules: ChoiceRules, counting: Counting
) -> Iterator[Contradiction]:
    if rules.way is not Way.RANK:
        yield Contradiction(ContradictionCode.RUNOFF_NEEDS_RANKS)
    support = counting.least_votes or counting.least_percent
    fixed = any(item.must_do for item in menu)
    if fixed or support or counting.exclusive or counting.kind_cap_fen:
        yield Contradiction(ContradictionCode.RUNOFF_HAS_ONE_WINNER)


def _contradictions_of_budget(
    menu: Sequence[Item], rules: ChoiceRules, budget_fen: int | None
) -> Iterator[Contradiction]:
    budgets_fen = [limit for limit in (rules.cap_fen, budget_fen) if limit is not None]
    fixed_fen = must_do_fen(menu)
    if budgets_fen and fixed_fen > min(budgets_fen):
        params = {"must_do_fen": fixed_fen, "budget_fen": min(budgets_fen)}
        yield Contradiction(ContradictionCode.MUST_DO_OVER_BUDGET, params)


def _contradictions_of_count(menu: Sequence[Item], counting: Counting) -> Iterator[Contradiction]:
    for kind, cap_fen in counting.kind_cap_fen.items():
        fixed_fen = must_do_fen([item for item in menu if item.kind == kind])
        if fixed_fen > cap_fen:
            yield Contradiction(
                ContradictionCode.MUST_DO_OVER_KIND_CAP,
                {"kind": kind, "must_do_fen": fixed_fen, "cap_fen": cap_fen},
            )
    grouped = {item for group in counting.exclusive for item in group}
    for item in menu:
        if item.must_do and item.id in grouped:
            yield Contradiction(ContradictionCode.MUST_DO_IN_GROUP, {"item": item.id})


def _contradictions_of_limits(menu: Sequence[Item], rules: ChoiceRules) -> Iterator[Contradiction]:
    pickable = [item for item in menu if item.is_limited]
    cheapest = _cheapest_first(pickable, rules)
    least = rules.least
    if rules.most is not None and least > rules.most:
        params = {"least": least, "most": rules.most}
        yield Contradiction(ContradictionCode.LEAST_OVER_MOST, params)
    if rules.points is not None and least > rules.points:
        params = {"least": least, "points": rules.points}
        yield Contradiction(ContradictionCode.LEAST_OVER_POINTS, params)
    if not cheapest:
        yield Contradiction(ContradictionCode.NOTHING_TO_PICK)
    elif least > len(pickable):
        params = {"least": least, "pickable": len(pickable)}
        yield Contradiction(ContradictionCode.LEAST_OVER_MENU, params)
    elif least > len(cheapest):
        params = {"least": least, "pickable": len(cheapest)}
        yield Contradiction(ContradictionCode.LEAST_OVER_KINDS, params)
    else:
        yield from _contradiction_of_cap(cheapest[:least], household_cap_fen(menu, rules))


def _contradiction_of_cap(cheapest: Sequence[Item], cap_fen: int | None) -> Iterator[Contradiction]:
    cost_fen = cost_of(cheapest)
    if cap_fen is not None and cost_fen > cap_fen:
        params = {"least": len(cheapest), "cheapest_fen": cost_fen, "cap_fen": cap_fen}
        yield Contradiction(ContradictionCode.LEAST_OVER_BUDGET, params)


def _cheapest_first(pickable: Sequence[Item], rules: ChoiceRules) -> list[Item]:
    """The items that the limits of the kinds let through, taken cheapest first.

    Limits by kind form a partition matroid, so the first n of this list are the cheapest n
    items that anybody can pick together, and its length is the most that can be picked.
    """
    taken: Counter[str] = Counter()
    cheapest = []
    for item in sorted(pickable, key=lambda item: item.cost_fen):
        if taken[item.kind] < rules.kind_most.get(item.kind, len(pickable)):
            taken[item.kind] += 1
            cheapest.append(item)
    return cheapest
