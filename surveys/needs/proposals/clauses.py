"""A suggestion may hold several wishes: it is split where a new one may begin."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_STOP = re.compile(
    r"[;!?。、\s…—~|]+"
    r"|(?<!\d)[,.:]+|[,.:]+(?!\d)"  # not within 2.5 or 8:30
    r"|(?=还有|另外|并且|而且|其次|再一个|再就是|再有|同时|顺便|顺带|最后|此外|第[一二三四五六七八九])"
)
"""between two wishes, in a plain text"""


@dataclass(frozen=True, slots=True)
class Clause:
    """A piece of a text: from the place `start` up to `end`, which is the next one's at most."""

    start: int
    end: int


def clauses(plain_text: str) -> list[Clause]:
    """The pieces that can each be a wish, in their order; one or more unless nothing is said."""
    return list(_pieces(plain_text))


def _pieces(text: str) -> Iterator[Clause]:
    start = 0
    for stop in _STOP.finditer(text):
        if start < stop.start():
            yield Clause(start, stop.start())
        start = stop.end()
    if start < len(text):
        yield Clause(start, len(text))
