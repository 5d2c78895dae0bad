"""What became of a suggestion, by the lanes of the needs that it was put to."""

import pytest

from surveys.needs.models import Lane
from surveys.needs.rules import Outcome, outcome
from surveys.needs.wording import LANES, OUTCOMES

OPEN, MENU, QUICK, OWNERS, UPWARD, DECLINED = Lane


@pytest.mark.parametrize(
    ("lanes", "found"),
    [
        ([], Outcome.UNSORTED),
        ([OPEN], Outcome.SORTED),
        ([MENU], Outcome.ADOPTED),
        ([OWNERS], Outcome.ADOPTED),
        ([QUICK], Outcome.SOLVED),
        ([UPWARD], Outcome.UPWARD),
        ([DECLINED], Outcome.DECLINED),
        ([MENU, MENU], Outcome.ADOPTED),
        ([QUICK, QUICK], Outcome.SOLVED),
        ([QUICK, MENU], Outcome.ADOPTED),
        ([MENU, UPWARD], Outcome.ADOPTED),
        ([MENU, DECLINED], Outcome.PARTLY),
        ([QUICK, OPEN], Outcome.PARTLY),
        ([UPWARD, DECLINED], Outcome.PARTLY),
        ([OPEN, DECLINED], Outcome.SORTED),
        ([OPEN, OPEN], Outcome.SORTED),
    ],
)
def test_what_became_of_it(lanes: list[Lane], found: Outcome) -> None:
    assert outcome(lanes) is found


def test_what_was_set_aside_or_replaced_says_so() -> None:
    assert outcome([], aside=True) is Outcome.ASIDE
    assert outcome([MENU], aside=True) is Outcome.ADOPTED, "it was put to a need after all"
    assert outcome([MENU], replaced=True) is Outcome.REPLACED


def test_every_lane_and_every_outcome_has_its_words() -> None:
    assert set(LANES) == set(Lane)
    assert set(OUTCOMES) == set(Outcome)
