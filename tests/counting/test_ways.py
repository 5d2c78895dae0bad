"""A choice has one written form, in every way of voting."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.counting.ways import canonical, parse
from tests.counting.elections import IDS


def test_a_choice_has_one_written_form() -> None:
    assert canonical({"9": 2, "10": 1, "1": -1}) == '{"1":-1,"10":1,"9":2}'
    assert canonical({}) == "{}"
    assert canonical({"e\u0301": 0}) == '{"é":0}'


@given(st.dictionaries(st.sampled_from(IDS), st.integers(-1, 99)))
def test_a_written_choice_is_read_back(marks: dict[str, int]) -> None:
    assert parse(canonical(marks)) == marks
    assert list(parse(canonical(marks))) == sorted(marks)


def test_a_choice_that_names_an_item_twice_is_not_written() -> None:
    with pytest.raises(ValueError, match="same in NFC"):
        canonical({"é": 1, "e\u0301": 1})


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x",
        "[]",
        '["a"]',
        '{"a":1.0}',
        '{"a":true}',
        '{"a":"1"}',
        '{"a": 1}',
        '{"b":1,"a":1}',
        '{"a":1,"a":1}',
        '{"e\u0301":1}',
        '{"a":NaN}',
    ],
)
def test_a_choice_written_otherwise_is_not_read(text: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the words come from several places
        parse(text)
