"""What a suggestion wishes for: proposals with the words that made them and how sure they are."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from surveys.needs.proposals.clauses import Clause, clauses
from surveys.needs.proposals.likeness import unfilled
from surveys.needs.proposals.places import unplaced
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import NOTHING, STRONG, Matter, Vocabulary, Word

NAMING_MOST = 6
"""characters of a text that only names the thing"""
READ_MOST = 1_000
"""characters of a text that are read: a suggestion has half as many, and a flood tells no more"""

_LETTER = re.compile(r"[a-z\u3400-\u9fff]")


class Sure(StrEnum):
    """How much speaks for a proposal."""

    HIGH = "high"
    FAIR = "fair"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class Wish:
    """One thing that a text may wish for."""

    key: str
    """of an entry of the catalogue"""
    matter: Matter | None
    words: tuple[str, ...]
    """the words of the vocabulary that speak for it, in the order of the text"""
    clauses: tuple[Clause, ...]
    """where it is said; the whole sentence stays readable around it"""
    sure: Sure


@dataclass(frozen=True, slots=True)
class _Case:
    """What speaks for one entry in one text."""

    key: str
    words: Sequence[Word]

    def weight(self) -> int:
        """Of its different words together."""
        return sum({word.found.word: word.weights[self.key] for word in self.words}.values())

    def is_strong(self) -> bool:
        """Whether it is said outright: more than hinted at."""
        return any(word.weights[self.key] >= STRONG for word in self.words)

    def where(self) -> tuple[int, int]:
        """Where it is first said outright: from, up to."""
        strong = [w for w in self.words if w.weights[self.key] >= STRONG]
        return min((_place(word), word.found.end) for word in strong or self.words)

    def within(self, clause: Clause) -> int:
        """How much speaks for it in this clause."""
        said = [word for word in self.words if clause.start <= _place(word) < clause.end]
        return sum(word.weights[self.key] for word in said)


def _place(word: Word) -> int:
    """Where a word is complete: a gap may reach over what is said in between."""
    return word.found.spans[-1][0]


def says_nothing(text: str, vocabulary: Vocabulary) -> bool:
    """Whether nobody can tell a wish in it: no letter, or thanks, content, an advertisement."""
    said = plain(text[:READ_MOST])
    return not _LETTER.search(said) or any(
        NOTHING in word.weights for word in vocabulary.words(said)
    )


def wishes(text: str, vocabulary: Vocabulary) -> list[Wish]:
    """What a text wishes for, the one said first in front; nothing where no word is known."""
    said = unplaced(plain(text[:READ_MOST]))
    cases = _cases(vocabulary.words(said))
    nothing = cases.pop(NOTHING, None)
    pieces = clauses(said)
    heard = _heard(list(cases.values()), pieces)
    if not heard or (nothing and not heard[0].is_strong()):
        return []
    return [
        _wish(case, said, own, vocabulary, len(heard))
        for case, own in zip(heard, _shared_out(pieces, heard), strict=True)
    ]


def _cases(words: Sequence[Word]) -> dict[str, _Case]:
    speaking: dict[str, list[Word]] = defaultdict(list)
    for word in words:
        for key in word.weights:
            speaking[key].append(word)
    return {key: _Case(key, found) for key, found in speaking.items()}


def _heard(cases: Sequence[_Case], pieces: Sequence[Clause]) -> list[_Case]:
    """Those that are said outright and loud in some clause, in the order of the text.

    Else the one hinted at most.
    """
    strong = [case for case in cases if case.is_strong()]
    if strong:
        loud = {case.key for piece in pieces for case in _loud(strong, piece)}
        own = [case for case in strong if case.key in loud]
        return sorted(own, key=lambda case: (case.where(), -case.weight()))
    return sorted(cases, key=lambda case: (-case.weight(), case.where()))[:1]


def _loud(cases: Sequence[_Case], piece: Clause) -> list[_Case]:
    """At least two thirds as much speaks for them in this clause as for any other."""
    weights = [case.within(piece) for case in cases]
    least = 2 * max(weights)
    return [
        case for case, weight in zip(cases, weights, strict=True) if weight and 3 * weight >= least
    ]


def _shared_out(pieces: Sequence[Clause], cases: Sequence[_Case]) -> list[tuple[Clause, ...]]:
    """The clauses of each wish; where none is heard, the wish before goes on."""
    own: list[list[Clause]] = [[] for _ in cases]
    going_on = [0]
    for piece in pieces:
        here = [n for n, case in enumerate(cases) if case.within(piece)]
        going_on = here or going_on
        for n in going_on:
            own[n].append(piece)
    return [tuple(found) for found in own]


def _wish(case: _Case, said: str, own: Sequence[Clause], vocabulary: Vocabulary, of: int) -> Wish:
    sure = _sure(case, of)
    words = sorted(case.words, key=lambda word: word.found.start)
    written = tuple(dict.fromkeys(word.found.word for word in words))
    spoken = " ".join(said[piece.start : piece.end] for piece in own)
    return Wish(
        case.key, _matter(case.key, spoken, written, sure, vocabulary), written, tuple(own), sure
    )


def _matter(
    key: str, spoken: str, words: Sequence[str], sure: Sure, vocabulary: Vocabulary
) -> Matter | None:
    """What is the matter; left open where nothing tells and the thing is not merely named.

    After a mere hint the hint itself is no sign.
    """
    matter, signs = vocabulary.matter(key, spoken)
    if sure is Sure.LOW:
        signs = tuple(s for s in signs if not any(s.word in word for word in words))
    return matter if signs or sure is Sure.HIGH or len(unfilled(spoken)) <= NAMING_MOST else None


def _sure(case: _Case, of: int) -> Sure:
    if not case.is_strong():
        return Sure.LOW
    return Sure.HIGH if of == 1 and case.weight() > STRONG else Sure.FAIR
