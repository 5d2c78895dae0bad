"""How agreement with labels is counted."""

import pytest

from bench.agreement import agreement, macro_f1, pairs


def test_agreement_is_counted_from_what_is_right() -> None:
    found = agreement(right=3, proposed=4, labelled=6)
    assert (found.precision, found.recall) == (0.75, 0.5)
    assert found.f1 == pytest.approx(0.6)


def test_nothing_to_find_and_nothing_proposed_agree() -> None:
    assert agreement(0, 0, 0).f1 == 1
    assert agreement(0, 2, 0).f1 == 0
    assert agreement(0, 0, 2).f1 == 0


def test_every_category_counts_the_same_in_the_mean() -> None:
    labels = ["a", "a", "a", "b", "b", None, "c"]
    found = ["a", "a", "b", "b", "b", None, None]
    assert macro_f1(labels, found, 2) == pytest.approx((0.8 + 0.8) / 2)
    assert macro_f1(labels, found, 3) == pytest.approx(0.8)


def test_pairs_of_one_group_are_compared() -> None:
    assert pairs([1, 1, 1, None], ["x", "x", None, None]).precision == 1
    assert pairs([1, 1, 1, None], ["x", "x", None, None]).recall == pytest.approx(1 / 3)
    assert pairs([1, 1, None], ["x", "x", "x"]).precision == pytest.approx(1 / 3)
    assert pairs([None, None], [None, None]).f1 == 1
