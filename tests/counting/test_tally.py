"""From choices to scores, for every way of voting."""

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting.canon import canonical_json
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import Totals, half_points, tally
from surveys.counting.ways import Marks, Way

IDS = ["10", "9", "1"]


def borda(length: int) -> Counting:
    """Borda with so many places."""
    return Counting(score=Score.BORDA, length=length)


@pytest.mark.parametrize(
    ("way", "counting", "choices", "scores"),
    [
        (Way.APPROVE, Counting(), [{"9": 1, "10": 1}, {"10": 1}, {}], [2, 1, 0]),
        (Way.ONE, Counting(), [{"9": 1}, {"9": 1}, {"10": 1}], [1, 2, 0]),
        (Way.POINTS, Counting(score=Score.POINTS), [{"9": 3, "10": 1}, {"9": 2}], [1, 5, 0]),
        (Way.POINTS, Counting(), [{"9": 3, "10": 1}, {"9": 2}], [1, 2, 0]),
        (Way.RANK, borda(2), [{"9": 1, "10": 2}, {"10": 1}], [6, 4, 0]),
        (Way.RANK, borda(2), [{"9": 1, "10": 1}, {"10": 7, "9": 3, "1": 9}], [5, 7, 0]),
        (Way.RANK, Counting(), [{"9": 1, "10": 2}, {"10": 1}], [2, 1, 0]),
        (
            Way.RANK,
            Counting(Rule.RUNOFF),
            [{"9": 1, "10": 2}, {"9": 2}, {"9": 1, "10": 1}, {"10": 3, "1": 4}, {}],
            [1, 2, 0],
        ),
    ],
)
def test_each_way_has_its_score(
    way: Way, counting: Counting, choices: list[Marks], scores: list[int]
) -> None:
    totals = tally(choices, IDS, way, counting)
    assert list(totals.scores.items()) == list(zip(IDS, scores, strict=True))
    assert totals.ballots == len(choices)
    assert (totals.against, totals.abstain) == ({}, {})


def test_where_each_item_is_judged_for_against_and_neither_are_counted_apart() -> None:
    choices = [{"9": 1, "10": -1}, {"9": 1, "10": 0}, {"9": -1}]
    totals = tally(choices, IDS, Way.JUDGE, Counting())
    assert totals.as_data() == {
        "ballots": 3,
        "scores": {"10": 0, "9": 2, "1": 0},
        "against": {"10": 1, "9": 1, "1": 0},
        "abstain": {"10": 1, "9": 0, "1": 0},
    }


@given(st.lists(st.sets(st.sampled_from("abcd"))))
def test_votes_agree_with_counting_one_item_after_the_other(choices: list[set[str]]) -> None:
    totals = tally([dict.fromkeys(c, 1) for c in choices], "abcd", Way.APPROVE, Counting())
    assert totals.scores == {i: sum(i in c for c in choices) for i in "abcd"}


@given(st.lists(st.integers(1, 6), max_size=6), st.integers(1, 8))
def test_equal_ranks_share_the_points_of_their_places(ranks: list[int], length: int) -> None:
    got = half_points(ranks, length)
    for rank, halves in zip(ranks, got, strict=True):
        better = sum(other < rank for other in ranks)
        equals = ranks.count(rank)
        points = [length - place for place in range(better, better + equals)]
        assert halves == max(0, 2 * Fraction(sum(points), equals))


def test_skipped_ranks_keep_nothing_but_their_order() -> None:
    assert half_points([1, 2, 3], 3) == half_points([2, 5, 40], 3) == (6, 4, 2)


@pytest.mark.parametrize(
    ("way", "counting"),
    [
        (Way.APPROVE, Counting(score=Score.POINTS)),
        (Way.POINTS, borda(3)),
        (Way.APPROVE, Counting(Rule.RUNOFF)),
    ],
)
def test_a_score_is_made_of_the_marks_it_was_meant_for(way: Way, counting: Counting) -> None:
    with pytest.raises(ValueError, match="needs"):
        tally([], IDS, way, counting)


@pytest.mark.parametrize("way", list(Way))
def test_items_that_are_not_on_the_menu_are_refused(way: Way) -> None:
    with pytest.raises(ValueError, match="not on the menu"):
        tally([{"elsewhere": 1}], IDS, way, Counting())


def test_totals_are_read_back_as_they_were_written() -> None:
    totals = tally([{"9": 1, "10": -1}, {"9": 0}], IDS, Way.JUDGE, Counting())
    assert Totals.from_data(json.loads(canonical_json(totals.as_data()))) == totals


@pytest.mark.parametrize(
    "changed",
    [
        {"ballots": -1},
        {"ballots": "3"},
        {"scores": {"a": 0.5}},
        {"scores": None},
        {"against": {"a": -1}},
        {"abstain": {"a": True}},
        {"more": 1},
    ],
)
def test_data_of_another_kind_are_no_totals(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words come from several places
        Totals.from_data({**Totals(3, {"a": 1}).as_data(), **changed})


def test_data_with_something_missing_are_no_totals() -> None:
    with pytest.raises(ValueError, match="no totals"):
        Totals.from_data({"ballots": 3})
