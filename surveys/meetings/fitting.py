"""What fits on a wall: how large a text may be, how many rows, which part of a list. Pure.

A wall is 25 units high and at least 33 wide; a text is as large as it can be within its frame.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")

WIDE = 1.0
"""of a Chinese character, in units of the size of the text"""
NARROW = 0.58
"""of a letter or a digit"""
_WIDE_FROM = "\u2e80"
LINE = 1.4
"""height of a line, in units of the size of the text"""
SIZES = (4.4, 3.4, 2.6, 2.0, 1.6, 1.3)
"""of a large text, as the classes `size-0` to `size-5` of wall.css, in units of the wall"""
CARD = (29.0, 14.0)
"""width and height of the frame of a large text on the narrowest wall"""
GROWN = (1.0, 1.2, 1.4)
"""what the remote's two steps of larger letters make of rows"""
CUT = "……"


@dataclass(frozen=True, slots=True)
class Fitted:
    """A text and the class of its size; cut where even the smallest has no room for it."""

    text: str
    size: int
    """number of a class in `SIZES`"""


@dataclass(frozen=True, slots=True)
class Window(Generic[Row]):
    """The part of a list that is shown, and how many stand before and behind it."""

    rows: Sequence[Row]
    before: int
    behind: int


def lines(text: str, size: float, width: float) -> int:
    """How many lines a text takes, rather too many than too few."""
    return sum(_lines(line, size, width) for line in text.split("\n"))


def _lines(line: str, size: float, width: float) -> int:
    taken = sum(WIDE if sign >= _WIDE_FROM else NARROW for sign in line) * size
    return max(1, -(-int(taken * 100) // int((width - size) * 100)))


def fit(text: str, letters: int = 0, frame: tuple[float, float] = CARD) -> Fitted:
    """The largest size at which the text stands within its frame.

    Args:
        letters: 1 or 2 ask for larger letters: the smallest sizes are given up for them, so that
            a long text is cut rather than small.
        frame: width and height, in units of the wall.
    """
    sizes = SIZES[: len(SIZES) - letters]
    for number, size in enumerate(sizes):
        if _fits(text, size, frame):
            return Fitted(text, number)
    return Fitted(_cut(text, sizes[-1], frame), len(sizes) - 1)


def _fits(text: str, size: float, frame: tuple[float, float]) -> bool:
    width, height = frame
    return lines(text, size, width) * size * LINE <= height


def _cut(text: str, size: float, frame: tuple[float, float]) -> str:
    """The longest beginning that fits with the sign that says there is more."""
    shown, too_much = 0, len(text)
    while too_much - shown > 1:
        middle = (shown + too_much) // 2
        if _fits(text[:middle].rstrip() + CUT, size, frame):
            shown = middle
        else:
            too_much = middle
    return text[:shown].rstrip() + CUT


def rows(usual: int, letters: int) -> int:
    """How many rows there is room for, where there is room for `usual` in letters as they are."""
    return max(1, int(usual / GROWN[letters]))


def window(every: Sequence[Row], most: int, here: int = 0) -> Window[Row]:
    """At most `most` rows with the one at place `here` among them, one before it if there is."""
    if len(every) <= most:
        return Window(every, 0, 0)
    first = min(max(here - 1, 0), len(every) - most)
    return Window(every[first : first + most], first, len(every) - first - most)
