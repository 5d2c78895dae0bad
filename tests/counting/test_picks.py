"""Items and the rules of choosing that belong to each way."""

import pytest

from surveys.counting.picks import (
    ChoiceRules,
    Item,
    by_id,
    household_cap_fen,
    must_do_fen,
    places,
)
from surveys.counting.ways import Way

ROOF = Item("roof", 12_600_000, "basic")
DRAIN = Item("drain", 9_800_000, "basic")
FIRE = Item("fire", 4_000_000, "basic", must_do=True)
MENU = (ROOF, DRAIN, FIRE)


def test_the_must_do_items_come_off_the_budget_of_the_household() -> None:
    assert must_do_fen(MENU) == 4_000_000
    assert household_cap_fen(MENU, ChoiceRules(cap_fen=26_399_999)) == 22_399_999
    assert household_cap_fen(MENU, ChoiceRules(cap_fen=3_999_999)) == 0
    assert household_cap_fen(MENU, ChoiceRules()) is None


@pytest.mark.parametrize(("most", "found"), [(None, 2), (1, 1), (5, 2)])
def test_there_are_as_many_places_as_items_or_as_the_rules_say(
    most: int | None, found: int
) -> None:
    assert places(MENU, ChoiceRules(most=most)) == found


@pytest.mark.parametrize(
    "wrong",
    [
        {"least": -1},
        {"most": 0},
        {"cap_fen": -1},
        {"kind_most": {"basic": -1}},
        {"points": 5},
        {"way": Way.POINTS},
        {"way": Way.POINTS, "points": 0},
        {"way": Way.POINTS, "points": -1},
        {"way": Way.POINTS, "points": 5, "cap_fen": 1},
        {"way": Way.RANK, "cap_fen": 1},
        {"way": Way.RANK, "kind_most": {"basic": 1}},
        {"way": Way.JUDGE, "most": 3},
        {"way": Way.JUDGE, "kind_most": {"basic": 1}},
        {"way": Way.ONE},
        {"way": Way.ONE, "most": 2},
    ],
)
def test_limits_out_of_range_or_of_another_way_are_no_rules(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="limit"):
        ChoiceRules(**wrong)  # type: ignore[arg-type] # of many types


@pytest.mark.parametrize(
    ("way", "rules"),
    [
        (Way.APPROVE, ChoiceRules(Way.APPROVE, 2, 3, 900, {"basic": 1})),
        (Way.ONE, ChoiceRules(Way.ONE, 1, 1, 900, {"basic": 1})),
        (Way.POINTS, ChoiceRules(Way.POINTS, 2, 3, points=10)),
        (Way.RANK, ChoiceRules(Way.RANK, 2, 3)),
        (Way.JUDGE, ChoiceRules(Way.JUDGE, 2)),
    ],
)
def test_a_way_goes_by_the_limits_that_it_knows_and_leaves_the_others(
    way: Way, rules: ChoiceRules
) -> None:
    assert (
        ChoiceRules.of(way, least=2, most=3, cap_fen=900, kind_most={"basic": 1}, points=10)
        == rules
    )


def test_rules_do_not_change_with_the_mapping_they_were_made_from() -> None:
    limits = {"basic": 1}
    rules = ChoiceRules(kind_most=limits)
    limits["basic"] = 9
    assert rules.kind_most == {"basic": 1}


@pytest.mark.parametrize(("item_id", "cost_fen"), [("", 1), ("e\u0301", 1), ("a", -1)])
def test_an_item_without_a_proper_id_or_cost_is_no_item(item_id: str, cost_fen: int) -> None:
    with pytest.raises(ValueError, match="item"):
        Item(item_id, cost_fen, "basic")


def test_two_items_with_one_id_are_no_menu() -> None:
    with pytest.raises(ValueError, match="same id"):
        by_id([ROOF, ROOF])
