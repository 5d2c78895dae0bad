"""Instant runoff: round tables, exhausted choices, ties in going out."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.counting.runoff import Runoff, count
from surveys.counting.ties import SettledBy, by_file_order, by_lot, unsettled
from surveys.counting.ways import Marks
from tests.counting import slow


def ranked(text: str) -> Marks:
    """A ranking such as "a b (cd) e": those in brackets share a rank."""
    places = enumerate(text.split(), 1)
    return {item: place for place, rank in places for item in rank.strip("()")}


def counted(rankings: dict[str, int], ids: str = "abcd") -> Runoff:
    """The count of rankings with how often each was handed in; ties follow the menu."""
    choices = [(ranked(text), times) for text, times in rankings.items()]
    return count(ids, choices, by_file_order)


def test_the_last_goes_out_and_its_choices_move_on() -> None:
    found = counted({"a": 8, "b c": 7, "c b": 4, "d c b": 2})
    assert [(each.votes, each.exhausted, each.out) for each in found.rounds] == [
        ({"a": 8, "b": 7, "c": 4, "d": 2}, 0, "d"),
        ({"a": 8, "b": 7, "c": 6}, 0, "c"),
        ({"a": 8, "b": 13}, 0, None),
    ]
    assert found.winner == "b"
    assert found.ties == ()


def test_it_is_over_as_soon_as_somebody_has_more_than_half() -> None:
    found = counted({"a": 6, "b": 3, "c": 1, "d": 1})
    assert (found.winner, len(found.rounds)) == ("a", 1)
    exactly_half = counted({"a": 5, "b": 3, "c b": 1, "d b": 1})
    assert len(exactly_half.rounds) > 1


def test_more_than_half_is_counted_of_the_choices_that_still_count() -> None:
    found = counted({"a": 4, "b": 3, "c": 2}, "abc")
    assert found.rounds[-1].votes == {"a": 4, "b": 3}
    assert (found.winner, found.rounds[-1].exhausted, found.rounds[-1].continuing) == ("a", 2, 7)


def test_a_choice_ends_at_an_overvote() -> None:
    found = counted({"a": 3, "b": 2, "(ab) c": 4, "c (ab)": 1}, "abc")
    assert found.rounds[0].exhausted == 4
    assert found.rounds[1].votes == {"a": 3, "b": 2}
    assert found.rounds[1].exhausted == 5


def test_a_rank_of_which_only_one_is_left_is_no_overvote() -> None:
    found = counted({"a": 5, "b": 4, "c": 1, "d (cb)": 2})
    assert [each.out for each in found.rounds] == ["c", "d", None]
    assert found.rounds[-1].votes == {"a": 5, "b": 6}


def test_skipped_ranks_are_passed_over() -> None:
    choices: list[tuple[Marks, int]] = [({"a": 3}, 1), ({"b": 2, "c": 40}, 1), ({"c": 9}, 2)]
    found = count("abc", choices, by_file_order)
    assert found.rounds[0].votes == {"a": 1, "b": 1, "c": 2}
    assert found.rounds[-1].votes["c"] > found.rounds[0].votes["c"]


def test_last_ones_who_go_out_anyway_are_no_tie_to_speak_of() -> None:
    found = counted({"a": 6, "b": 5, "c a": 2, "d a": 2})
    assert [each.out for each in found.rounds] == ["d", None]
    assert found.ties == ()


def test_a_tie_for_the_last_place_is_told_and_settled() -> None:
    choices = [(ranked("a"), 4), (ranked("9 a"), 3), (ranked("1 9"), 3)]
    ids = ["a", "9", "1"]
    waiting = count(ids, choices, unsettled)
    assert waiting.waits
    assert (waiting.winner, len(waiting.rounds)) == (None, 1)
    assert (waiting.ties[0].item_ids, waiting.ties[0].votes) == (("9", "1"), 3)
    for order, winner in ((["9", "1"], "9"), (["1", "9"], "a")):
        drawn = count(ids, choices, by_lot(order))
        assert drawn.winner == winner
        assert drawn.ties[0].settled_by == SettledBy.LOT
        assert drawn.rounds[0].out == order[-1]


def test_two_who_are_level_at_the_end_are_a_tie() -> None:
    found = counted({"a": 2, "b": 2}, "ab")
    assert found.winner == "a"
    assert found.ties[0].settled_by == "file order"


def test_a_shared_rank_further_down_makes_the_order_of_going_out_matter() -> None:
    shared = counted({"a": 5, "b": 5, "c (da) b": 1, "d": 1})
    assert shared.ties[0].item_ids == ("c", "d")
    clear = counted({"a": 5, "b": 5, "c d a b": 1, "d": 1})
    assert [tie.item_ids for tie in clear.ties] == []


def test_where_no_choice_counts_nobody_wins() -> None:
    assert counted({}).winner is None
    found = counted({"(ab)": 3})
    assert (found.winner, found.rounds[0].exhausted, found.waits) == (None, 3, False)
    assert count([], [], by_file_order).rounds[0].votes == {}


@pytest.mark.parametrize(("ids", "ranking"), [("aa", "a"), ("ab", "a c"), ("ab", "(ac)")])
def test_repeated_and_unknown_items_are_refused(ids: str, ranking: str) -> None:
    with pytest.raises(ValueError, match="same id|not on the menu"):
        count(ids, [(ranked(ranking), 1)], by_file_order)


rankings = st.lists(st.dictionaries(st.sampled_from("abcde"), st.integers(1, 4)), max_size=12)


def agrees_with_the_plain_counter(choices: list[dict[str, int]]) -> None:
    """Round by round."""
    found = count("abcde", [(choice, 1) for choice in choices], by_file_order)
    winner, rounds = slow.runoff("abcde", choices)
    assert [(dict(each.votes), each.exhausted) for each in found.rounds] == rounds
    assert found.winner == winner


@settings(max_examples=300)
@given(rankings)
def test_a_runoff_agrees_with_a_plain_counter(choices: list[dict[str, int]]) -> None:
    agrees_with_the_plain_counter(choices)


@pytest.mark.long
@settings(max_examples=5_000, deadline=None)
@given(rankings)
def test_a_runoff_agrees_with_a_plain_counter_for_long(choices: list[dict[str, int]]) -> None:
    agrees_with_the_plain_counter(choices)


@settings(max_examples=200, deadline=None)
@given(rankings.map(lambda choices: [{i: m for i, m in c.items() if i != "e"} for c in choices]))
def test_without_a_tie_that_is_told_no_order_changes_the_winner(
    choices: list[dict[str, int]],
) -> None:
    found = count("abcd", [(choice, 1) for choice in choices], by_file_order)
    if not found.ties:
        assert {slow.runoff(order, choices)[0] for order in permutations("abcd")} == {found.winner}


@given(rankings, st.integers(2, 5))
def test_choices_handed_in_several_times_count_as_often(
    choices: list[dict[str, int]], times: int
) -> None:
    once = count("abcde", [(choice, times) for choice in choices], by_file_order)
    each = count("abcde", [(choice, 1) for choice in choices for _ in range(times)], by_file_order)
    assert once == each
