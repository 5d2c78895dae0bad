"""Squares count households and tell no door; a small building is never told by itself."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.meetings import squares
from surveys.meetings.squares import Building

ROLLS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)), max_size=30)


def rows(pairs: list[tuple[int, int]]) -> list[tuple[str, int, int]]:
    return [(f"{n}", min(a, b), b) for n, (a, b) in enumerate(pairs, 1)]


@pytest.mark.parametrize(
    ("rolls", "told"),
    [
        ([24, 24], [("1",), ("2",)]),
        ([24, 9, 12], [("1",), ("2", "3")]),
        ([24, 9, 4], [("1",), ("2", "3")]),
        ([24, 0, 12], [("1",), ("3",)]),
        ([9], []),
        ([], []),
    ],
)
def test_small_buildings_are_told_together(rolls: list[int], told: list[tuple[str, ...]]) -> None:
    found = squares.together(rows([(3, roll) for roll in rolls]))
    assert [tuple(sorted(one.names)) for one in found] == told


@given(ROLLS)
def test_whatever_is_told_stands_for_ten_households_and_the_whole_adds_up(
    pairs: list[tuple[int, int]],
) -> None:
    every = rows(pairs)
    for found in (squares.together(every), squares.at_most(squares.together(every))):
        assert all(one.roll >= squares.LARGE_ENOUGH for one in found)
        assert len({name for one in found for name in one.names}) == sum(
            len(one.names) for one in found
        )
        if found:
            assert sum(one.heard for one in found) == sum(heard for _, heard, _ in every)
            assert sum(one.roll for one in found) == sum(roll for *_, roll in every)
    assert len(found) <= squares.MOST


@given(ROLLS)
def test_squares_stay_within_their_house_and_fill_from_the_ground(
    pairs: list[tuple[int, int]],
) -> None:
    for house in squares.houses(squares.at_most(squares.together(rows(pairs)))):
        drawn = house.squares
        if not house.building.is_one:
            assert drawn == []
            continue
        assert len(drawn) == house.building.roll
        assert sum(heard for *_, heard in drawn) == house.building.heard
        assert [heard for *_, heard in drawn] == sorted((h for *_, h in drawn), reverse=True)
        assert all(x + house.side <= squares.WIDTH for x, _, _ in drawn)
        assert all(y + house.side <= house.height for _, y, _ in drawn)


def test_where_most_are_missing_is_named_only_where_it_is_one() -> None:
    few, most, same = (Building((name,), n, 24) for name, n in (("1", 20), ("2", 8), ("3", 8)))
    assert squares.most_missing([few, most]) == most
    assert squares.most_missing([few, most, same]) is None
    assert squares.most_missing([most]) is None
