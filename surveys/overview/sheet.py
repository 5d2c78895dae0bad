"""A questionnaire's main figures in plain words, as many as one sheet on the wall takes. Pure.

It is made of numbers that everybody may see, and of nothing else.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from surveys.overview.coverage import Part
from surveys.questionnaires.figures import Figures, Line, QuestionFigures

PICKS = 3
"""choices that are told of a question"""
ROOM_MM = 176
"""of the sheet's height, between its head and its foot"""
WIDE = 34
"""characters in a line"""
SHARE = 6
"""characters that a number takes with its share"""
BESIDE = 5
"""buildings in a line of the head, which has room for two such lines"""
LARGE_ENOUGH = 10
"""households of a building; a smaller one's silent few would be known by name"""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of one question."""

    title: str
    answered: int
    """the denominator"""
    picks: tuple[Line, ...] = ()
    rows: tuple[tuple[str, int, Line], ...] = ()
    """of a matrix: name of a row, how many answered it, what most of them marked"""
    mean: Fraction | None = None
    unit: str = ""

    @property
    def height_mm(self) -> int:
        """How high it stands on the sheet, rather too much than too little."""
        said = [len(line.name) + SHARE for line in self.picks]
        said += [len(name) + len(line.name) + SHARE for name, _answered, line in self.rows]
        return 5 + 8 * _lines([len(self.title) + SHARE + 2]) + 7 * _lines(said)


def _lines(pieces: Sequence[int]) -> int:
    """How many lines these take, none broken that fits in one."""
    lines, left = 1, WIDE
    for piece in pieces:
        if piece > left and left < WIDE:
            lines, left = lines + 1, WIDE
        more, rest = divmod(max(piece, 1) - 1, WIDE)
        lines, left = lines + more, (WIDE if more else left) - rest - 1
    return lines


def told(shown: Figures, buildings: int = 0) -> tuple[list[Told], int]:
    """The questions that the sheet takes, in their order, and how many more have figures.

    Args:
        shown: what everybody may see (`figures.for_everybody`).
        buildings: how many are told in the head.
    """
    every = [one for each in shown.questions if (one := _told(each))]
    found: list[Told] = []
    room = ROOM_MM - 7 * max(0, -(-buildings // BESIDE) - 2)
    for one in every:
        room -= one.height_mm
        if room < 0:
            break
        found.append(one)
    return found, len(every) - len(found)


def _told(each: QuestionFigures) -> Told | None:
    """None where there is nothing to tell: words, photos, too few answers, all hidden."""
    if not each.enough:
        return None
    found = Told(
        each.question.title,
        each.answered,
        _most(each.lines, PICKS),
        tuple((row.name, row.answered, line) for row in each.rows for line in _most(row.lines, 1)),
        each.spread.mean,
        each.question.unit,
    )
    return found if found.picks or found.rows or found.mean is not None else None


def _most(lines: Sequence[Line], number: int) -> tuple[Line, ...]:
    """The most frequent of those that are shown and that anybody picked."""
    seen = [line for line in lines if line.number]
    return tuple(sorted(seen, key=lambda line: -(line.number or 0))[:number])


def buildings(parts: Sequence[Part]) -> Sequence[Part]:
    """The buildings to be told by name: none where one of them is small."""
    large = len(parts) > 1 and all(part.roll >= LARGE_ENOUGH for part in parts)
    return parts if large else ()
