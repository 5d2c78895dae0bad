"""Many suggestions at once: the category of each, and which of them ask for the same thing.

First by what is the matter with what (`wishes`); what no word tells is gathered by likeness of
characters, apart for each thing that it is surely about.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass

from surveys.needs.proposals.likeness import Groups, Vector, essence, vectors
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import Vocabulary
from surveys.needs.proposals.wishes import Sure, Wish, says_nothing, wishes
from surveys.needs.rules import GAP, TITLE_MOST

ALIKE = 0.3
"""average likeness (cosine, 0 to 1) from which texts are one group"""

Place = tuple[Hashable, ...]
"""what tells one group from another"""


@dataclass(frozen=True, slots=True)
class Placed:
    """Where one text belongs, as far as it can be told."""

    key: str | None
    """of the entry of the catalogue"""
    group: int | None
    """1, 2, 3 … in the order of the first texts; None where nobody else asks for it"""
    title: str | None
    """of the group"""


def place(texts: Sequence[str], vocabulary: Vocabulary) -> list[Placed]:
    """The category and the group of each text, in their order; the same for the same texts."""
    said = [plain(text).strip() for text in texts]
    first = {text: _first(text, vocabulary) for text in dict.fromkeys(said)}
    places = _by_matter(first)
    unknown = [t for t in first if t not in places and not says_nothing(t, vocabulary)]
    likened, titles = _by_likeness(unknown, first)
    places |= likened
    shared = Counter(places[text] for text in said if text in places)
    groups = {found: n for n, found in enumerate((p for p, many in shared.items() if many > 1), 1)}
    written = dict(zip(reversed(said), reversed(texts), strict=True))
    titles = {found: written[text].strip()[:TITLE_MOST] for found, text in titles.items()}
    return [_placed(first[text], places.get(text), groups, titles) for text in said]


def _first(text: str, vocabulary: Vocabulary) -> Wish | None:
    return next(iter(wishes(text, vocabulary)), None)


def _by_matter(first: Mapping[str, Wish | None]) -> dict[str, Place]:
    return {
        text: (wish.key, wish.matter.title) for text, wish in first.items() if wish and wish.matter
    }


def _by_likeness(
    texts: Sequence[str], first: Mapping[str, Wish | None]
) -> tuple[dict[str, Place], dict[Place, str]]:
    """The group of each of `texts`, and the text of each group that is most like all of it."""
    pools: dict[str | None, Groups] = defaultdict(lambda: Groups(ALIKE))
    places: dict[str, Place] = {}
    held: dict[Place, list[tuple[str, Vector]]] = defaultdict(list)
    about = {
        text: wish if wish and wish.sure is not Sure.LOW else None for text, wish in first.items()
    }
    said = [essence(_but_for_the_thing(text, about[text])) for text in texts]
    for text, vector in zip(texts, vectors(said), strict=True):
        wish = about[text]
        pool = wish.key if wish else None
        places[text] = pool, pools[pool].add(vector) if vector else text  # only itself repeated
        held[places[text]].append((text, vector))
    return places, {found: _most_typical(members) for found, members in held.items()}


def _but_for_the_thing(text: str, wish: Wish | None) -> str:
    """What is said about the thing: that both name the thing itself makes no two texts alike."""
    for word in wish.words if wish else ():
        for piece in word.split(GAP):
            text = text.replace(piece, " ")
    return text


def _most_typical(members: Sequence[tuple[str, Vector]]) -> str:
    total: Counter[str] = Counter()
    for _text, vector in members:
        total.update(vector)
    text, _vector = max(
        members, key=lambda member: sum(weight * total[gram] for gram, weight in member[1].items())
    )
    return text


def _placed(
    wish: Wish | None, found: Place | None, groups: Mapping[Place, int], titles: Mapping[Place, str]
) -> Placed:
    group = groups.get(found) if found else None
    title = titles.get(found, str(found[-1])) if found and group else None
    return Placed(wish.key if wish else None, group, title)
