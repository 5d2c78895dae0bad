"""The rule of a ballot, written down and read back."""

import json
from typing import Any

import pytest
from hypothesis import given

from surveys.counting.canon import canonical_json
from surveys.counting.rules import Counting, Rule, Score
from tests.counting.elections import countings


@given(countings)
def test_a_rule_is_read_back_as_it_was_written(counting: Counting) -> None:
    assert Counting.from_data(json.loads(canonical_json(counting.as_data()))) == counting


def test_a_rule_is_written_as_plain_data() -> None:
    counting = Counting(
        Rule.GREEDY, Score.BORDA, 3, 2, exclusive=(("9", "10"),), kind_cap_fen={"better": 5}
    )
    assert canonical_json(counting.as_data()) == (
        '{"exclusive":[["9","10"]],"kind_cap_fen":{"better":5},"least_percent":0,'
        '"least_votes":2,"length":3,"rule":"greedy","score":"borda"}'
    )


@pytest.mark.parametrize(
    "wrong",
    [
        {"score": Score.BORDA},
        {"score": Score.BORDA, "length": 0},
        {"length": 3},
        {"least_votes": -1},
        {"least_percent": 101},
        {"least_percent": -1},
        {"score": Score.POINTS, "least_percent": 5},
        {"exclusive": (("9",),)},
        {"exclusive": (("9", "9"),)},
        {"kind_cap_fen": {"basic": -1}},
    ],
)
def test_settings_that_contradict_each_other_are_no_rule(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="Borda|limit|share|group"):
        Counting(**wrong)


@pytest.mark.parametrize(
    "changed",
    [
        {"rule": "cup"},
        {"score": None},
        {"length": "3"},
        {"least_votes": 1.5},
        {"least_votes": True},
        {"exclusive": ["ab"]},
        {"exclusive": None},
        {"kind_cap_fen": []},
        {"more": 1},
    ],
)
def test_data_of_another_kind_is_no_rule(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words come from several places
        Counting.from_data({**Counting().as_data(), **changed})


def test_data_with_something_missing_is_no_rule() -> None:
    with pytest.raises(ValueError, match="no rule"):
        Counting.from_data({"rule": "greedy"})
