"""What a household hands in, in every way of voting: one check, and a running line."""

import pytest
from hypothesis import given

from surveys.counting import ways
from surveys.counting.marks import (
    FaultCode,
    Handed,
    Standing,
    bytes_most,
    faults,
    read,
    standing,
    standing_marks,
)
from surveys.counting.picks import ChoiceRules, Item
from surveys.counting.ways import Way
from tests.counting.choices import everything, handed_in, rules_of_any_way, slow_fault
from tests.counting.elections import menus

ROOF = Item("roof", 12_600_000, "basic")
DRAIN = Item("drain", 9_800_000, "basic")
LIGHT = Item("light", 2_400_000, "basic")
RAMP = Item("ramp", 3_200_000, "better")
WALL = Item("wall", 0, "extra")
FIRE = Item("fire", 4_000_000, "basic", must_do=True)
MENU = (ROOF, DRAIN, LIGHT, RAMP, WALL, FIRE)
PICK = ChoiceRules(least=1, most=3, cap_fen=30_000_000, kind_most={"basic": 2})
ONE = ChoiceRules(Way.ONE, 1, 1, cap_fen=20_000_000)
POINTS = ChoiceRules(Way.POINTS, least=2, most=4, points=10)
RANK = ChoiceRules(Way.RANK, least=2, most=3)
JUDGE = ChoiceRules(Way.JUDGE, least=3)

Wrong = dict[FaultCode, dict[str, int | str]]


def picked(*ids: str) -> Handed:
    """Ticks."""
    return [(item_id, 1) for item_id in ids]


@pytest.mark.parametrize(
    ("handed", "wrong"),
    [
        (picked("roof"), {}),
        (picked("roof", "drain", "ramp"), {}),
        (picked("wall"), {}),
        ([], {FaultCode.TOO_FEW: {"picked": 0, "least": 1}}),
        (picked("roof", "nothing", "nowhere"), {FaultCode.UNKNOWN: {"number": 2}}),
        (picked("roof", "roof"), {FaultCode.REPEATED: {"item": "roof"}}),
        (picked("roof", "fire"), {FaultCode.MUST_DO_IS_FIXED: {"item": "fire"}}),
        (
            picked("fire"),
            {
                FaultCode.MUST_DO_IS_FIXED: {"item": "fire"},
                FaultCode.TOO_FEW: {"picked": 0, "least": 1},
            },
        ),
        (
            picked("roof", "light", "ramp", "wall"),
            {FaultCode.TOO_MANY: {"picked": 4, "most": 3}},
        ),
        (
            picked("roof", "drain", "light"),
            {FaultCode.TOO_MANY_OF_KIND: {"kind": "basic", "picked": 3, "most": 2}},
        ),
        (
            [("roof", 2), ("wall", 1)],
            {FaultCode.NO_SUCH_MARK: {"item": "roof", "most": 1}},
        ),
    ],
)
def test_each_fault_of_picking_is_named_with_its_numbers(handed: Handed, wrong: Wrong) -> None:
    found = faults(handed, MENU, PICK)
    assert {fault.code: fault.params for fault in found} == wrong
    assert len(found) == len(wrong)


@pytest.mark.parametrize(
    ("rules", "handed", "wrong"),
    [
        (ONE, picked("roof"), {}),
        (ONE, [], {FaultCode.TOO_FEW: {"picked": 0, "least": 1}}),
        (ONE, picked("light", "ramp"), {FaultCode.TOO_MANY: {"picked": 2, "most": 1}}),
        (POINTS, [("roof", 9), ("drain", 1)], {}),
        (POINTS, [("roof", 1), ("drain", 1)], {}),
        (
            POINTS,
            [("roof", 9), ("drain", 2)],
            {FaultCode.TOO_MANY_POINTS: {"given": 11, "points": 10, "over": 1}},
        ),
        (POINTS, [("roof", 3)], {FaultCode.TOO_FEW: {"picked": 1, "least": 2}}),
        (
            POINTS,
            [(item.id, 1) for item in MENU if not item.must_do],
            {FaultCode.TOO_MANY: {"picked": 5, "most": 4}},
        ),
        (
            POINTS,
            [("roof", 3), ("drain", 3), ("roof", 3)],
            {FaultCode.REPEATED: {"item": "roof"}},
        ),
        (
            POINTS,
            [("roof", 3), ("drain", 1), ("fire", 1)],
            {FaultCode.MUST_DO_IS_FIXED: {"item": "fire"}},
        ),
        (RANK, [("roof", 1), ("drain", 1), ("wall", 3)], {}),
        (RANK, [("roof", 3), ("drain", 3)], {}),
        (RANK, [("roof", 2)], {FaultCode.TOO_FEW: {"picked": 1, "least": 2}}),
        (
            RANK,
            [("roof", 1), ("drain", 2), ("wall", 3), ("light", 3)],
            {FaultCode.TOO_MANY: {"picked": 4, "most": 3}},
        ),
        (
            RANK,
            [("roof", 1), ("drain", 2), ("wall", 4)],
            {FaultCode.NO_SUCH_MARK: {"item": "wall", "most": 3}},
        ),
        (
            RANK,
            [("roof", 1), ("drain", 2), ("roof", 3)],
            {FaultCode.REPEATED: {"item": "roof"}},
        ),
        (JUDGE, [("roof", 1), ("drain", -1), ("light", 0)], {}),
        (JUDGE, [("roof", 0), ("drain", 0)], {FaultCode.TOO_FEW: {"picked": 2, "least": 3}}),
        (
            JUDGE,
            [("roof", 1), ("drain", -1), ("light", 0), ("wall", 2)],
            {FaultCode.NO_SUCH_MARK: {"item": "wall", "most": 1}},
        ),
    ],
)
def test_each_fault_of_the_other_ways_is_named_with_its_numbers(
    rules: ChoiceRules, handed: Handed, wrong: Wrong
) -> None:
    found = faults(handed, MENU, rules)
    assert {fault.code: fault.params for fault in found} == wrong
    assert len(found) == len(wrong)


@pytest.mark.parametrize("odd", [0, -1, 11, 10**30, None])
@pytest.mark.parametrize("rules", [POINTS, RANK])
def test_a_mark_that_is_none_stands_against_it_and_counts_for_nothing(
    odd: int | None, rules: ChoiceRules
) -> None:
    handed = [("roof", 1), ("drain", 2), ("wall", odd)]
    (fault,) = faults(handed, MENU, rules)
    assert (fault.code, fault.params["item"]) == (FaultCode.NO_SUCH_MARK, "wall")
    assert standing_marks(handed, MENU, rules) == {"roof": 1, "drain": 2}


def test_over_the_budget_is_told_by_how_much() -> None:
    tight = ChoiceRules(cap_fen=26_399_999)
    (fault,) = faults(picked("roof", "drain"), MENU, tight)
    assert fault.code == FaultCode.OVER_BUDGET
    assert fault.params == {"total_fen": 22_400_000, "cap_fen": 22_399_999, "over_fen": 1}
    assert not faults(picked("roof", "drain"), MENU, ChoiceRules(cap_fen=26_400_000))


def test_without_a_cap_any_sum_may_be_picked() -> None:
    assert not faults(picked("roof", "drain", "light", "ramp", "wall"), MENU, ChoiceRules())


@pytest.mark.parametrize("way", [way for way in Way if way is not Way.ONE])
def test_an_empty_vote_is_allowed_where_the_rules_say_so(way: Way) -> None:
    rules = ChoiceRules(way, least=0, points=3 if way is Way.POINTS else None)
    assert not faults([], MENU, rules)


def test_money_of_a_hundred_million_yuan_fits() -> None:
    great = (Item("a", 10**10, "x"), Item("b", 10**10, "x"))
    assert standing(picked("a", "b"), great, ChoiceRules()).total_fen == 2 * 10**10


@pytest.mark.parametrize(
    ("rules", "handed", "line"),
    [
        (PICK, [], Standing(0, 0, 3, 26_000_000, 1)),
        (PICK, picked("roof", "ramp"), Standing(2, 15_800_000, 1, 10_200_000, 0)),
        (
            PICK,
            picked("roof", "roof", "fire", "nothing"),
            Standing(1, 12_600_000, 2, 13_400_000, 0),
        ),
        (
            PICK,
            picked("roof", "drain", "light", "ramp"),
            Standing(4, 28_000_000, -1, -2_000_000, 0),
        ),
        (ChoiceRules(), picked("roof"), Standing(1, 12_600_000, None, None, 0)),
        (POINTS, [("roof", 4), ("wall", None)], Standing(1, 12_600_000, 3, None, 1, 6)),
        (POINTS, [("roof", 8), ("wall", 5)], Standing(2, 12_600_000, 2, None, 0, -3)),
        (RANK, [("roof", 1)], Standing(1, 12_600_000, 2, None, 1)),
        (JUDGE, [("roof", 0)], Standing(1, 12_600_000, None, None, 2)),
    ],
)
def test_the_running_line_says_what_is_marked_and_what_is_left(
    rules: ChoiceRules, handed: Handed, line: Standing
) -> None:
    assert standing(handed, MENU, rules) == line


@given(menus(6), rules_of_any_way, handed_in)
def test_there_is_a_fault_exactly_where_the_page_says_so(
    menu: tuple[Item, ...], rules: ChoiceRules, handed: Handed
) -> None:
    found = faults(handed, menu, rules)
    assert bool(found) == slow_fault(handed, menu, rules)
    if not found:
        assert standing_marks(handed, menu, rules) == dict(handed)


@given(menus(3), rules_of_any_way)
def test_no_choice_is_longer_than_its_padding(menu: tuple[Item, ...], rules: ChoiceRules) -> None:
    size = bytes_most(menu, rules)
    for handed in everything(menu, rules):
        if not faults(handed, menu, rules):
            choice = {item: mark for item, mark in handed if mark is not None}
            assert len(ways.canonical(choice).encode()) <= size


def test_the_padding_holds_no_more_items_than_a_household_may_mark() -> None:
    assert bytes_most(MENU, ONE) == len('{"drain":1}')
    assert bytes_most(MENU, RANK) == len('{"drain":1,"light":1,"roof":1}')
    assert bytes_most(MENU, JUDGE) == len('{"drain":-1,"light":-1,"ramp":-1,"roof":-1,"wall":-1}')
    assert bytes_most((FIRE,), RANK) == 2


@pytest.mark.parametrize(
    ("typed", "mark"),
    [
        ("3", 3),
        (" 3 ", 3),
        ("\u3000１２", 12),
        ("-2", -2),
        ("－２", -2),
        ("+2", 2),
        ("007", 7),
        ("", None),
        ("三", None),
        ("abc", None),
        ("1.5", None),
        ("5²", None),
        ("1 2", None),
        ("1e3", None),
        ("1_000", None),
        ("٣", None),
        ("9" * 31, None),
        ("\0", None),
    ],
)
def test_a_mark_is_read_where_it_is_a_plain_whole_number(typed: str, mark: int | None) -> None:
    assert read(typed) == mark
