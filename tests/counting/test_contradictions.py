"""Menus that nobody could choose from, and counts that could not keep their promise."""

import pytest
from hypothesis import given

from surveys.counting.contradictions import (
    ContradictionCode,
    contradictions,
    never_done,
    out_of_reach,
)
from surveys.counting.marks import FaultCode, faults
from surveys.counting.picks import ChoiceRules, Item, must_do_fen
from surveys.counting.rules import Counting, Rule
from surveys.counting.ways import Way
from tests.counting.choices import everything, rules_of_any_way
from tests.counting.elections import menus

ROOF = Item("roof", 12_600_000, "basic")
DRAIN = Item("drain", 9_800_000, "basic")
LIGHT = Item("light", 2_400_000, "basic")
RAMP = Item("ramp", 3_200_000, "better")
WALL = Item("wall", 0, "extra")
FIRE = Item("fire", 4_000_000, "basic", must_do=True)
MENU = (ROOF, DRAIN, LIGHT, RAMP, WALL, FIRE)
FREE = MENU[:-1]
RANK = ChoiceRules(Way.RANK)
RUNOFF = Counting(Rule.RUNOFF)


@pytest.mark.parametrize(
    ("menu", "rules", "why"),
    [
        (MENU, ChoiceRules(most=3, cap_fen=30_000_000, kind_most={"basic": 2}), []),
        ((), ChoiceRules(least=0), [ContradictionCode.NOTHING_TO_PICK]),
        ((FIRE,), ChoiceRules(), [ContradictionCode.NOTHING_TO_PICK]),
        ((FIRE,), RANK, [ContradictionCode.NOTHING_TO_PICK]),
        (MENU, ChoiceRules(least=3, most=2), [ContradictionCode.LEAST_OVER_MOST]),
        (MENU, ChoiceRules(least=6), [ContradictionCode.LEAST_OVER_MENU]),
        (MENU, ChoiceRules(Way.JUDGE, least=6), [ContradictionCode.LEAST_OVER_MENU]),
        (MENU, ChoiceRules(least=5, kind_most={"basic": 1}), [ContradictionCode.LEAST_OVER_KINDS]),
        (MENU, ChoiceRules(cap_fen=3_999_999), [ContradictionCode.MUST_DO_OVER_BUDGET]),
        (MENU, ChoiceRules(least=3, cap_fen=9_599_999), [ContradictionCode.LEAST_OVER_BUDGET]),
        (MENU, ChoiceRules(least=3, cap_fen=9_600_000), []),
        (MENU, ChoiceRules(Way.POINTS, least=3, points=2), [ContradictionCode.LEAST_OVER_POINTS]),
        (MENU, ChoiceRules(Way.POINTS, least=3, points=3), []),
    ],
)
def test_rules_that_nobody_can_meet_are_named_before_the_opening(
    menu: tuple[Item, ...], rules: ChoiceRules, why: list[ContradictionCode]
) -> None:
    assert [found.code for found in contradictions(menu, rules)] == why


def test_must_do_items_dearer_than_the_budget_are_found_without_a_cap_too() -> None:
    (found,) = contradictions(MENU, ChoiceRules(), budget_fen=3_000_000)
    assert found.code == ContradictionCode.MUST_DO_OVER_BUDGET
    assert found.params == {"must_do_fen": 4_000_000, "budget_fen": 3_000_000}


@pytest.mark.parametrize(
    ("counting", "why"),
    [
        (Counting(kind_cap_fen={"basic": 4_000_000}, exclusive=(("roof", "drain"),)), []),
        (Counting(kind_cap_fen={"basic": 3_999_999}), [ContradictionCode.MUST_DO_OVER_KIND_CAP]),
        (Counting(exclusive=(("roof", "fire"),)), [ContradictionCode.MUST_DO_IN_GROUP]),
        (
            RUNOFF,
            [ContradictionCode.RUNOFF_NEEDS_RANKS, ContradictionCode.RUNOFF_HAS_ONE_WINNER],
        ),
    ],
)
def test_a_count_that_could_not_keep_its_promise_is_named(
    counting: Counting, why: list[ContradictionCode]
) -> None:
    found = contradictions(MENU, ChoiceRules(), 40_000_000, counting)
    assert [one.code for one in found] == why


@pytest.mark.parametrize(
    ("menu", "counting", "fits"),
    [
        (FREE, RUNOFF, True),
        (MENU, RUNOFF, False),
        (FREE, Counting(Rule.RUNOFF, least_votes=1), False),
        (FREE, Counting(Rule.RUNOFF, least_percent=1), False),
        (FREE, Counting(Rule.RUNOFF, exclusive=(("roof", "wall"),)), False),
        (FREE, Counting(Rule.RUNOFF, kind_cap_fen={"basic": 1}), False),
    ],
)
def test_a_runoff_chooses_one_by_ranks_and_asks_for_nothing_else(
    menu: tuple[Item, ...], counting: Counting, *, fits: bool
) -> None:
    found = {one.code for one in contradictions(menu, RANK, 0, counting)}
    assert found == (set() if fits else {ContradictionCode.RUNOFF_HAS_ONE_WINNER})


@given(menus(4), rules_of_any_way)
def test_rules_are_contradictory_exactly_when_no_choice_is_allowed(
    menu: tuple[Item, ...], rules: ChoiceRules
) -> None:
    somebody_can_vote = any(not faults(handed, menu, rules) for handed in everything(menu, rules))
    something_to_pick = any(
        not item.must_do and rules.kind_most.get(item.kind) != 0 for item in menu
    )
    payable = rules.cap_fen is None or must_do_fen(menu) <= rules.cap_fen
    good = somebody_can_vote and something_to_pick and payable
    assert good == (not contradictions(menu, rules))


@given(menus(6), rules_of_any_way)
def test_an_item_out_of_reach_is_in_no_allowed_choice(
    menu: tuple[Item, ...], rules: ChoiceRules
) -> None:
    alone = {FaultCode.OVER_BUDGET, FaultCode.TOO_MANY_OF_KIND}
    expected = tuple(
        item.id
        for item in menu
        if not item.must_do and alone & {f.code for f in faults([(item.id, 1)], menu, rules)}
    )
    assert out_of_reach(menu, rules) == expected


def test_what_no_votes_could_pay_for_is_named() -> None:
    assert never_done(MENU, 16_599_999, Counting()) == ("roof",)
    assert never_done(MENU, 16_600_000, Counting()) == ()
    capped = Counting(kind_cap_fen={"basic": 13_800_000, "extra": 0})
    assert never_done(MENU, 40_000_000, capped) == ("roof",)
    assert never_done(MENU, 0, RUNOFF) == ()
