"""What residents' words may be, and how a sentence is shown with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.errors import Invalid
from surveys.needs import rules


@pytest.mark.parametrize("typed", ["漏雨、渗水", "漏雨 渗水", " 漏雨,\n渗水； ", "漏雨，渗水、"])
def test_words_are_parted_by_whatever_people_type_between_them(typed: str) -> None:
    assert rules.spoken_words(typed) == ["漏雨", "渗水"]


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        (" 、 ", "请写几个"),
        ("漏" * 21, "太长了"),
        ("漏雨、渗水、漏雨", "写了两遍"),
        ("…不亮", "要在中间"),
        ("灯…", "要在中间"),
        ("灯…不…亮", "要在中间"),
    ],
)
def test_a_word_that_cannot_stand_is_named(typed: str, says: str) -> None:
    with pytest.raises(Invalid, match=says):
        rules.spoken_words(typed)


def test_the_words_are_marked_in_the_sentence() -> None:
    assert rules.marked("后面的下水道冒水", [(3, 6), (6, 8)]) == [
        ("后面的", False),
        ("下水道", True),
        ("冒水", True),
    ]


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=5),
)
def test_marking_loses_no_character(text: str, found: list[tuple[int, int]]) -> None:
    spans = [(start, start + size) for start, size in found if start + size <= len(text)]
    assert "".join(piece for piece, _ in rules.marked(text, spans)) == text
