"""Which needs of a courtyard somebody may be writing about again. Offered before it is sent."""

from collections.abc import Sequence
from dataclasses import dataclass

from surveys.needs.proposals.likeness import Vector, essence, vectors
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import Vocabulary
from surveys.needs.proposals.wishes import Sure, wishes

LIKE = 0.3
"""likeness of characters (cosine, 0 to 1) from which a text is about the same by itself"""
BY_CATEGORY = 0.25
BY_MATTER = 0.5
"""what it adds that both are about the same thing, and that the same is the matter with it"""


@dataclass(frozen=True, slots=True)
class Known:
    """A need as far as it is compared: its words, and some of what was said of it."""

    id: str
    title: str
    category: str | None
    texts: Sequence[str] = ()


def alike(text: str, known: Sequence[Known], vocabulary: Vocabulary, most: int = 3) -> list[str]:
    """Ids of the needs that `text` may be about, the likest first; those before go first if level.

    By what it wishes for (`wishes`: the same thing, better still with the same matter), and by the
    characters that it shares with a need's title and with what others said.
    """
    wanted = {
        wish.key: wish.matter.title if wish.matter else None
        for wish in wishes(text, vocabulary)
        if wish.sure is not Sure.LOW
    }
    likeness = _likeness(text, known)
    scores = {
        need.id: near + _about(need, wanted, vocabulary)
        for need, near in zip(known, likeness, strict=True)
    }
    found = [need_id for need_id, score in scores.items() if score >= BY_CATEGORY]
    return sorted(found, key=lambda need_id: -scores[need_id])[:most]


def _about(need: Known, wanted: dict[str, str | None], vocabulary: Vocabulary) -> float:
    if need.category not in wanted:
        return 0.0
    matter = wanted[need.category]
    same = matter is not None and any(
        wish.key == need.category and wish.matter is not None and wish.matter.title == matter
        for wish in wishes(need.title, vocabulary)
    )
    return BY_CATEGORY + (BY_MATTER if same else 0.0)


def _likeness(text: str, known: Sequence[Known]) -> list[float]:
    """How like `text` is to each need: to its title, or to one of its texts."""
    written = [essence(plain(text))]
    places: list[range] = []
    for need in known:
        start = len(written)
        written += [essence(plain(said)) for said in (need.title, *need.texts)]
        places.append(range(start, len(written)))
    asked, *others = vectors(written)
    near = [_cosine(asked, other) for other in others]
    found = [max((near[at - 1] for at in place), default=0.0) for place in places]
    return [likeness if likeness >= LIKE else 0.0 for likeness in found]


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(gram, 0.0) for gram, weight in one.items())
