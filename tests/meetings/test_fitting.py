"""What fits on a wall: sizes of texts, rows of lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.meetings import fitting

WORDS = st.text("灯坏了，路ab 1\n", min_size=1, max_size=400)


@given(WORDS, st.integers(0, 2))
def test_a_text_is_within_its_frame_and_as_large_as_it_can_be(text: str, letters: int) -> None:
    found = fitting.fit(text, letters)
    size = fitting.SIZES[found.size]
    assert fitting.lines(found.text, size, fitting.CARD[0]) * size * fitting.LINE <= fitting.CARD[1]
    if found.size:
        larger = fitting.SIZES[found.size - 1]
        taken = fitting.lines(text, larger, fitting.CARD[0]) * larger * fitting.LINE
        assert taken > fitting.CARD[1]
    assert found.text == text or found.text.endswith(fitting.CUT)


@given(WORDS)
def test_larger_letters_are_never_smaller(text: str) -> None:
    sizes = [fitting.SIZES[fitting.fit(text, letters).size] for letters in (0, 1, 2)]
    assert sizes == sorted(sizes)


def test_a_short_text_is_shown_as_it_is_in_the_largest_letters() -> None:
    assert fitting.fit("灯坏了") == fitting.Fitted("灯坏了", 0)


def test_larger_letters_take_rows() -> None:
    assert [fitting.rows(7, letters) for letters in (0, 1, 2)] == [7, 5, 5]
    assert fitting.rows(1, 2) == 1


@pytest.mark.parametrize(
    ("count", "most", "here", "before", "behind"),
    [(6, 7, 0, 0, 0), (9, 5, -1, 0, 4), (9, 5, 0, 0, 4), (9, 5, 4, 3, 1), (9, 5, 8, 4, 0)],
)
def test_the_present_one_is_among_those_shown(
    count: int, most: int, here: int, before: int, behind: int
) -> None:
    found = fitting.window(range(count), most, here)
    assert (found.before, found.behind) == (before, behind)
    assert max(here, 0) in found.rows
