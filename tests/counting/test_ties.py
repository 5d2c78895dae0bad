"""When equal votes matter, and how they are put in order."""

import hashlib
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting.picks import Item
from surveys.counting.ties import (
    SettledBy,
    TieOrder,
    by_file_order,
    by_lot,
    by_seed,
    commitment,
    matters,
    unsettled,
)


def tie(costs_fen: list[int], balance_fen: int, *, ends: bool) -> bool:
    """Whether a tie of items of these costs matters when only money counts."""
    items = [Item(f"i{number}", cost_fen, "x") for number, cost_fen in enumerate(costs_fen)]
    return matters(items, lambda some: sum(i.cost_fen for i in some) <= balance_fen, ends=ends)


@pytest.mark.parametrize(
    ("costs_fen", "balance_fen", "when_skipping", "when_ending"),
    [
        ([], 0, False, False),
        ([5], 4, False, False),
        ([5, 5], 10, False, False),
        ([5, 5], 9, True, True),
        ([5, 5, 100], 10, False, True),
        ([5, 5, 100], 9, True, True),
        ([11, 12], 10, False, False),
        ([0, 11], 10, False, True),
        ([0, 0, 10], 10, False, False),
        ([0, 10, 10], 10, True, True),
    ],
)
def test_a_tie_matters_when_those_that_fit_alone_do_not_fit_together(
    costs_fen: list[int], balance_fen: int, when_skipping: bool, when_ending: bool
) -> None:
    assert tie(costs_fen, balance_fen, ends=False) is when_skipping
    assert tie(costs_fen, balance_fen, ends=True) is when_ending


@given(st.lists(st.integers(0, 8), max_size=5), st.integers(0, 20), st.booleans())
def test_a_tie_matters_exactly_when_two_orders_choose_differently(
    costs_fen: list[int], balance_fen: int, ends: bool
) -> None:
    chosen = set()
    for order in permutations(range(len(costs_fen))):
        left_fen, taken = balance_fen, set()
        for place in order:
            if costs_fen[place] <= left_fen:
                left_fen -= costs_fen[place]
                taken.add(place)
            elif ends:
                break
        chosen.add(frozenset(taken))
    assert tie(costs_fen, balance_fen, ends=ends) == (len(chosen) > 1)


def test_the_order_of_a_foreign_file_is_named_as_such() -> None:
    assert by_file_order(["10", "9"]) == ("file order", ("10", "9"))


@given(st.binary(), st.sets(st.text(st.characters(exclude_categories=["Cs"]), min_size=1)))
def test_a_seed_orders_by_the_published_recipe_whatever_order_it_is_given(
    seed: bytes, ids: set[str]
) -> None:
    hexes = {hashlib.sha256(seed + b":" + i.encode()).hexdigest(): i for i in ids}
    expected = tuple(hexes[key] for key in sorted(hexes))
    for given_order in (sorted(ids), sorted(ids, reverse=True)):
        settled = by_seed(seed)(given_order)
        assert settled == (SettledBy.SEED, expected)


def test_ids_9_and_10_are_not_ordered_as_numbers_or_words_but_by_the_seed() -> None:
    firsts = set()
    for number in range(32):
        settled = by_seed(number.to_bytes(16))(["9", "10"])
        assert settled is not None
        firsts.add(settled.order[0])
    assert firsts == {"9", "10"}


def test_a_lot_orders_as_drawn() -> None:
    assert by_lot(["10", "9", "1"])(["9", "10"]) == (SettledBy.LOT, ("10", "9"))


def test_a_lot_that_lacks_one_of_the_tied_settles_nothing() -> None:
    assert by_lot(["10"])(["9", "10"]) is None


def test_a_lot_with_an_item_drawn_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="once"):
        by_lot(["9", "10", "9"])


def test_nothing_drawn_settles_nothing() -> None:
    waiting: TieOrder = unsettled
    assert waiting(["9", "10"]) is None


def test_a_commitment_can_be_checked_by_anyone_with_the_seed() -> None:
    seed = bytes(range(32))
    assert commitment(seed) == hashlib.sha256(b"surveys/tie-seed/1:" + seed).hexdigest()
    assert commitment(seed) != commitment(seed[::-1])


def test_a_seed_short_enough_to_guess_is_not_committed_to() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        commitment(b"x" * 15)
