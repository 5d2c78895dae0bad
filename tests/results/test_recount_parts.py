"""recount.py on ballots with items for one building: what is honest holds, what cannot be is named.

Every bundle here is forged with all of its hashes, as whoever runs the server could.
"""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.results.handmade import Case, edited, fails, holds, item, write

HONEST = Case(
    [
        item("roof", 60),
        item("stairs", 20, building="3"),
        item("ramp", 10, building="3", stairwell="1"),
        item("door", 5, building="4"),
    ],
    [{"roof": 1}] * 7,
    [7, 4, 2, 0],
    "roof fits, stairs fits, ramp too_few, door no_votes",
    counting={"least_percent": 50},
    parts={"3": 12, "3 1": 10, "4": 11},
    pieces={"3": [{"stairs": 1}] * 4 + [{}] * 2, "3 1": [{"ramp": 1}] * 2 + [{}] * 3, "4": []},
    format=2,
)


@pytest.mark.parametrize("sealed", [True, False])
def test_an_honest_bundle_holds(tmp_path: Path, sealed: bool) -> None:
    told = holds(write(tmp_path / "bundle", HONEST, sealed))
    assert ("3 处，另有 11 份选择" in told) is sealed


def pieces(**given: list[dict[str, int]]) -> dict[str, list[dict[str, int]]]:
    """The honest pieces with others for building 3, for its stairwell, or for building 4."""
    names = {"building": "3", "stairwell": "3 1", "other": "4"}
    return HONEST.pieces | {names[name]: found for name, found in given.items()}


def menu(place: int, **more: str) -> list[dict[str, Any]]:
    return [{**each, **(more if n == place else {})} for n, each in enumerate(HONEST.items)]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"format": 1}, "格式号"),
        ({"parts": {"3": 9, "3 1": 10, "4": 11}}, "“3”只有 9 户"),
        ({"parts": {"3": 12, "3 1": 10}}, "rules.parts"),
        ({"parts": {"3": 12, "3 1": 10, "4": 11, "5": 30}}, "rules.parts"),
        ({"parts": {}}, "totals.parts|rules.parts"),
        ({"way": "one"}, "没法重算"),
        ({"items": menu(0, stairwell="1")}, "stairwell"),
        ({"items": menu(0, building="")}, "building"),
        ({"items": menu(0, building="1 2")}, "building"),
        ({"items": menu(0, building="5")}, "rules.parts"),
        ({"pieces": pieces(other=[{}] * 4)}, "“4”不可能有 4 份"),
        ({"pieces": pieces(building=[{"stairs": 1}] * 4 + [{}] * 9)}, "“3”不可能有 13 份"),
        ({"pieces": pieces(stairwell=[{"ramp": 1}] * 2 + [{}] * 5)}, "“3 1”不可能有 7 份"),
        ({"pieces": {"3": HONEST.pieces["3"]}}, "totals.parts"),
        ({"scores": [7, 7, 2, 0]}, "“stairs”不可能"),
        ({"scores": [7, 4, 2, 1]}, "“door”不可能"),
        ({"opinion": {"winners": ["roof"], "spent_fen": 60, "units": 0}}, "second_opinion"),
        ({"lines": "roof fits, stairs fits, ramp fits, door no_votes"}, "outcome"),
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_what_cannot_be_is_named(
    tmp_path: Path, changed: dict[str, Any], says: str, sealed: bool
) -> None:
    fails(write(tmp_path / "bundle", replace(HONEST, **changed), sealed), says)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"choices": [{"roof": 1, "stairs": 1}] + [{"roof": 1}] * 6}, "第 1 张选择不合规则"),
        ({"pieces": pieces(building=[{"roof": 1}] + [{"stairs": 1}] * 5)}, "里“3”的第 1 份"),
        ({"pieces": pieces(building=[{"ramp": 1}] + [{"stairs": 1}] * 5)}, "里“3”的第 1 份"),
        ({"pieces": pieces(building=[{"stairs": 2}] * 6)}, "里“3”的第 1 份"),
        ({"pieces": pieces(building=[{"stairs": 1}] * 3 + [{}] * 3)}, "totals.scores.stairs"),
    ],
)
def test_pieces_that_nobody_could_hand_in_are_named(
    tmp_path: Path, changed: dict[str, Any], says: str
) -> None:
    fails(write(tmp_path / "bundle", replace(HONEST, **changed)), says)


def test_pieces_out_of_order_might_tell_something(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", HONEST)
    edited(folder, "sealed.json", lambda text: text.replace("{},{}", "{} ,{}"))
    fails(folder, "sealed.json")


def test_a_record_that_says_another_format_than_its_rules_is_named(tmp_path: Path) -> None:
    folder = write(tmp_path / "bundle", HONEST)
    edited(folder, "record.json", lambda text: text.replace('"format": 2', '"format": 1'))
    fails(folder, "record.json 的格式号")


def test_a_ballot_without_such_items_is_of_the_first_format(tmp_path: Path) -> None:
    plain = Case([item("roof", 60)], [{"roof": 1}], [1], "roof fits", format=2)
    fails(write(tmp_path / "bundle", plain), "格式号")
