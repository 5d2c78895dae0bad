"""Small numbers are hidden, and nothing hidden can be worked out."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting.cells import ENOUGH, SMALL, Guarded, guard, guard_table

H = None  # hidden


def rows_of(total: int, length: int) -> Iterator[tuple[int, ...]]:
    """Every row of `length` numbers that sums to `total`."""
    if length == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in rows_of(total - first, length - 1):
            yield (first, *rest)


def assert_nothing_hidden_is_certain(guarded: Guarded, behind: Sequence[Sequence[int]]) -> None:
    """Each hidden number has two values among all that a reader must hold possible."""
    for place, number in enumerate(guarded):
        if number is None:
            assert len({row[place] for row in behind}) > 1, (guarded, behind[0])


@pytest.mark.parametrize(
    ("counts", "shown"),
    [
        ((9,), (H,)),
        ((4, 5), (H, H)),
        ((12,), (12,)),
        ((5, 5), (5, 5)),
        ((100, 44, 0, 0, 0), (100, 44, 0, 0, 0)),
        ((20, 0), (20, 0)),
        ((60, 50, 8, 3, 2), (60, 50, 8, H, H)),
        ((60, 50, 8, 3, 2, 0), (60, 50, 8, H, H, H)),
        ((60, 50, 8, 3), (60, 50, H, H)),
        ((60, 50, 8, 1, 2), (60, 50, H, H, H)),
        ((60, 50, 8, 8, 1), (60, 50, H, H, H)),
        ((60, 8, 4, 4), (60, H, H, H)),
        ((18, 2), (H, H)),
        ((0, 0), (H, H)),
        ((), ()),
    ],
)
def test_a_row_shows_what_it_may(counts: tuple[int, ...], shown: Guarded) -> None:
    assert guard(counts) == shown


@pytest.mark.parametrize(
    ("ticks", "answered", "shown"),
    [
        ((5, 4), 9, (H, H)),
        ((80, 60, 20, 10), 100, (80, 60, 20, 10)),
        ((80, 60, 20, 10, 0), 100, (80, 60, 20, 10, 0)),
        ((80, 60, 20, 4, 1), 100, (80, 60, 20, H, H)),
        ((80, 60, 20, 4), 100, (80, 60, H, H)),
        ((97, 60, 20, 10), 100, (H, 60, 20, H)),
        ((100, 60, 20, 10), 100, (100, 60, 20, 10)),
        ((100, 60, 20, 10, 1), 100, (H, 60, 20, 10, H)),
        ((3,), 20, (H,)),
    ],
)
def test_where_several_may_be_ticked_not_ticking_is_guarded_too(
    ticks: tuple[int, ...], answered: int, shown: Guarded
) -> None:
    assert guard(ticks, answered=answered) == shown


@pytest.mark.parametrize(
    ("length", "totals"), [(2, range(10, 41)), (3, range(10, 31)), (4, range(10, 25)), (5, [17])]
)
def test_no_hidden_number_of_a_row_follows_from_the_total_and_the_rule(
    length: int, totals: Sequence[int]
) -> None:
    for total in totals:
        behind = defaultdict(list)
        for row in rows_of(total, length):
            behind[guard(row)].append(row)
        for guarded, rows in behind.items():
            assert_nothing_hidden_is_certain(guarded, rows)


@pytest.mark.parametrize(("length", "answered"), [(2, 10), (2, 23), (3, 10), (3, 16), (4, 11)])
def test_no_hidden_tick_follows_even_from_the_sum_of_all_ticks(length: int, answered: int) -> None:
    behind = defaultdict(list)
    for row in product(range(answered + 1), repeat=length):
        behind[guard(row, answered=answered), sum(row)].append(row)
    for (guarded, _), rows in behind.items():
        assert_nothing_hidden_is_certain(guarded, rows)


@given(st.lists(st.integers(0, 60), min_size=1, max_size=8))
def test_a_row_shows_true_numbers_none_of_them_small_beside_a_hidden_one(
    counts: list[int],
) -> None:
    shown = guard(counts)
    assert all(s is None or s == n for s, n in zip(shown, counts, strict=True))
    assert not any(s is not None and 0 < s < SMALL for s in shown)
    hidden = sum(n for s, n in zip(shown, counts, strict=True) if s is None)
    assert None not in shown or 0 not in shown
    assert None not in shown or hidden >= SMALL or sum(counts) < ENOUGH


@pytest.mark.parametrize(
    ("rows", "shown"),
    [
        ((), ()),
        (((3, 3), (2, 1)), ((H, H), (H, H))),
        (((20, 10), (15, 25)), ((20, 10), (15, 25))),
        (((20, 0), (15, 25)), ((20, 0), (15, 25))),
        (((20, 9, 3), (15, 25, 9), (9, 9, 9)), ((20, H, H), (15, 25, 9), (9, H, H))),
        (((20, 30, 3), (15, 25, 9), (19, 18, 9)), ((H, 30, H), (15, 25, 9), (H, 18, H))),
        (((20, 3, 30), (0, 0, 0), (15, 30, 10)), ((H, H, 30), (0, 0, 0), (H, H, 10))),
        (((30, 2, 0), (20, 2, 0)), ((H, H, H), (H, H, H))),
        (((30, 12, 0), (0, 0, 0)), ((30, 12, 0), (0, 0, 0))),
        (((30, 12, 1), (0, 0, 0)), ((30, H, H), (0, 0, 0))),
        (((30, 0), (3, 0)), ((30, 0), (3, 0))),
        (((6, 3), (20, 30), (30, 21)), ((H, H), (H, H), (30, 21))),
    ],
)
def test_a_table_shows_what_it_may(
    rows: tuple[tuple[int, ...], ...], shown: tuple[Guarded, ...]
) -> None:
    assert guard_table(rows) == shown


@pytest.mark.parametrize(
    ("answered_by_row", "choices"),
    [
        ((10, 10), 2),
        ((20, 25), 2),
        ((10, 11, 15), 2),
        ((12, 15, 18), 2),
        ((1, 2, 15), 2),
        ((0, 12, 9), 2),
        ((20,), 3),
        ((0, 20), 3),
        ((1, 14), 3),
        ((10, 14), 3),
        pytest.param((18, 18), 3, marks=pytest.mark.long),
        pytest.param((10, 10, 10), 3, marks=pytest.mark.long),
        pytest.param((10, 13, 10, 10), 2, marks=pytest.mark.long),
    ],
)
def test_no_hidden_number_of_a_table_follows_from_its_margins_and_the_rule(
    answered_by_row: tuple[int, ...], choices: int
) -> None:
    behind = defaultdict(list)
    for table in product(*(list(rows_of(total, choices)) for total in answered_by_row)):
        sums = guard([sum(column) for column in zip(*table, strict=True)])
        behind[guard_table(table), sums].append(table)
    for (guarded, _), tables in behind.items():
        for place, row in enumerate(guarded):
            assert_nothing_hidden_is_certain(row, [table[place] for table in tables])


tables = st.integers(2, 5).flatmap(
    lambda width: st.lists(
        st.lists(st.integers(0, 30), min_size=width, max_size=width), min_size=1, max_size=6
    )
)


@given(tables)
def test_a_table_shows_true_numbers_and_no_single_gap_in_a_row_or_column(
    rows: list[list[int]],
) -> None:
    shown = guard_table(rows)
    for line, truth in zip(
        [*shown, *zip(*shown, strict=True)], [*rows, *zip(*rows, strict=True)], strict=True
    ):
        assert all(s is None or s == n for s, n in zip(line, truth, strict=True))
    live_columns = [any(column) for column in zip(*rows, strict=True)]
    if sum(map(any, rows)) > 1 and sum(live_columns) > 1:
        assert all(s is None or not 0 < s < SMALL for row in shown for s in row)
        assert all(row.count(None) != 1 for row in shown)
        assert all(column.count(None) != 1 for column in zip(*shown, strict=True))


@given(tables)
def test_a_building_with_few_answers_is_never_broken_down(rows: list[list[int]]) -> None:
    live_columns = [any(column) for column in zip(*rows, strict=True)]
    if sum(map(any, rows)) < 2 or sum(live_columns) < 2:
        return
    for row, shown in zip(rows, guard_table(rows), strict=True):
        if 0 < sum(row) < ENOUGH:
            assert all(s is None for s, live in zip(shown, live_columns, strict=True) if live)


def test_a_number_below_zero_is_no_number_of_answers() -> None:
    with pytest.raises(ValueError, match="number"):
        guard([-1, 20])
    with pytest.raises(ValueError, match="number"):
        guard_table([[-1, 20], [20, 20]])


def test_more_ticks_than_answers_cannot_be() -> None:
    with pytest.raises(ValueError, match="out of range"):
        guard([12], answered=11)


def test_rows_of_different_length_are_no_table() -> None:
    with pytest.raises(ValueError, match="zip"):
        guard_table([[20, 20], [20]])
