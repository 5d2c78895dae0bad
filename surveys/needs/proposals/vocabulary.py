"""The residents' words for each entry of the catalogue, and what may be the matter with it.

What ships lies in `vocabulary.json`; rows of a table can be handed in just as well.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from surveys.needs import shipped as catalogue
from surveys.needs.proposals.characters import MISTAKEN
from surveys.needs.proposals.places import NAME
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.words import Found, Span, Words
from surveys.needs.rules import GAP, Entry

FILE = Path(__file__).with_name("vocabulary.json")
NOTHING = ""
"""key of what is said without a wish"""


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that may be the matter with a thing: what one works order mends."""

    title: str
    signs: tuple[str, ...]
    """words that tell it from other matters of the same thing"""
    is_plain: bool = False
    """what is meant by whoever only names the thing"""


@dataclass(frozen=True, slots=True)
class Topic:
    """An entry of the catalogue as it is spoken of."""

    key: str
    name: str
    words: tuple[str, ...]
    hints: tuple[str, ...] = ()
    """words that are said about other things too: they only help"""
    matters: tuple[Matter, ...] = ()


STRONG = 4
"""weight of the shortest word that is no hint: two characters; each further one weighs one more"""
LONG = 4
"""characters beyond which a word weighs no more"""
HINT = 1


Weights = Mapping[str, int]
"""what a word weighs for each entry that it speaks for, by key"""


@dataclass(frozen=True, slots=True)
class Word:
    """A word that stands in a text, and for which entries it speaks with what weight."""

    found: Found
    weights: Weights


class Vocabulary:
    """Every word, ready to be looked for."""

    def __init__(self, topics: Iterable[Topic], weights: Mapping[str, Weights]) -> None:
        self.topics = {topic.key: topic for topic in topics}
        self.weights = weights
        self._words = Words(weights)
        self._signs = {key: _signs(topic) for key, topic in self.topics.items()}

    def taught(self, words: Mapping[str, Weights]) -> "Vocabulary":
        """The same with these words besides, or with these weights for words that it knew."""
        return Vocabulary(self.topics.values(), {**self.weights, **words})

    def words(self, plain_text: str) -> list[Word]:
        """The words that stand in a text, the longest first.

        Not those that begin within another one: 大门口 is no 大门, the 路 of 路灯 is no road. And a
        name of a place hints at nothing.
        """
        found = self._words.found(plain_text)
        spans = [span for word in found if not self._hints(word.word) for span in word.spans]
        names = [name.span() for name in NAME.finditer(plain_text)]
        return [
            self._word(word, names)
            for word in found
            if not any(_is_part(word.spans[0], span) for span in spans)
        ]

    def _hints(self, word: str) -> bool:
        """Whether it speaks for things, but for none outright."""
        return 0 < max(self.weights[word].values(), default=0) < STRONG

    def _word(self, found: Found, names: Sequence[Span]) -> Word:
        weights = self.weights[found.word]
        if any(start <= found.start and found.end <= end for start, end in names):
            weights = {key: weight for key, weight in weights.items() if weight >= STRONG}
        return Word(found, weights)

    def matter(self, key: str, plain_text: str) -> tuple[Matter | None, tuple[Found, ...]]:
        """What is the matter with the thing, and the signs that say so; None if it is not clear."""
        matters = self.topics[key].matters
        scores = dict.fromkeys(range(len(matters)), 0)
        speaking = defaultdict(list)
        words, of_word = self._signs[key]
        for found in words.found(plain_text):
            for n in of_word[found.word]:
                scores[n] += 2 * found.length - matters[n].is_plain
                speaking[n].append(found)
        best = max(scores, key=lambda n: (scores[n], matters[n].is_plain), default=None)
        if best is None or (not scores[best] and not matters[best].is_plain):
            return None, ()
        return matters[best], tuple(speaking[best])


def _is_part(span: Span, whole: Span) -> bool:
    return span != whole and whole[0] <= span[0] and span[1] <= whole[1]


def weighed(
    topics: Sequence[Topic], nothing: Iterable[str] = (), places: Iterable[str] = ()
) -> dict[str, Weights]:
    """What each word weighs: for a topic, for nothing, or, where it only says a place, for none."""
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for topic in topics:
        for word in topic.words:
            found[plain(word)][topic.key] = _weight(word)
    found |= {word: {NOTHING: _weight(word)} for word in map(plain, nothing)}
    found |= {plain(word): {} for word in places}
    for word, weights in list(found.items()):
        for variant in _mistaken(word):
            found.setdefault(variant, dict(weights))
    for topic in topics:
        for word in topic.hints:
            found[plain(word)][topic.key] = HINT
    return dict(found)


def _weight(word: str) -> int:
    return min(len(word.replace(GAP, "")), LONG) + STRONG - 2


def _mistaken(word: str) -> list[str]:
    """The word with one of its characters mistaken; not of a single one."""
    signs = sorted(set(word) & MISTAKEN.keys()) if len(word) > 1 else []
    return [word.replace(sign, MISTAKEN[sign]) for sign in signs]


def _signs(topic: Topic) -> tuple[Words, Mapping[str, list[int]]]:
    of_word: dict[str, list[int]] = defaultdict(list)
    for n, matter in enumerate(topic.matters):
        for sign in matter.signs:
            of_word[plain(sign)].append(n)
    return Words(of_word), of_word


@cache
def shipped() -> Vocabulary:
    """The vocabulary that ships: the words of the catalogue that ships and `vocabulary.json`."""
    return of(catalogue.entries())


def of(entries: Iterable[Entry]) -> Vocabulary:
    """The vocabulary of a catalogue: its own words, and those of `vocabulary.json` for its keys."""
    held = json.loads(FILE.read_text("utf-8"))
    nothing = held["nothing"]
    topics = []
    for entry in entries:
        more: Mapping[str, Any] = held["entries"].get(entry.key, {})
        hints = more.get("hints", ())
        known = (entry.name, *entry.words, *more.get("words", ()))
        words = [word for word in known if word not in {*hints, *nothing}]
        matters = (*_matters(more.get("matters", ())), *_matters(held["common"]))
        topics.append(Topic(entry.key, entry.name, tuple(words), tuple(hints), matters))
    return Vocabulary(topics, weighed(topics, nothing, held["places"]))


def _matters(held: Iterable[Mapping[str, Any]]) -> Iterator[Matter]:
    for matter in held:
        yield Matter(matter["title"], tuple(matter["signs"]), matter.get("plain", False))
