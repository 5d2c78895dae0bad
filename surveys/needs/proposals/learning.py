"""What staff accepted teaches words: pieces of text that go with one entry in this courtyard.

Nothing is hidden in numbers. What is learnt are words like those that ship, with the same weights,
and a word that misled here only hints from then on.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from surveys.needs.proposals.likeness import essence
from surveys.needs.proposals.plain import plain
from surveys.needs.proposals.vocabulary import HINT, STRONG, Vocabulary, Weights

HINT_TEXTS, WORD_TEXTS = 3, 6
"""so many accepted texts of one entry make a piece a hint for it, so many a word"""
SIZES = (2, 3, 4)
"""characters of a piece"""

Accepted = Mapping[str, Collection[str]]
"""plain text → the keys of the entries that staff put it to"""


@dataclass(frozen=True, slots=True)
class Lesson:
    """What one word speaks for from now on."""

    weights: Weights
    texts: int
    """accepted texts that hold it"""


def learn(accepted: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> Vocabulary:
    """The vocabulary as this courtyard speaks it.

    Args:
        accepted: texts, each with the key of the entry that staff put it to; a text with two
            wishes stands there twice.
    """
    found = lessons(accepted, vocabulary)
    return vocabulary.taught({word: lesson.weights for word, lesson in found.items()})


def lessons(accepted: Iterable[tuple[str, str]], vocabulary: Vocabulary) -> dict[str, Lesson]:
    """The words that these texts teach, beside those of the vocabulary or in place of them."""
    held: dict[str, set[str]] = defaultdict(set)
    for text, key in accepted:
        held[plain(text)].add(key)
    return {**_new_words(held, vocabulary), **_misleading(held, vocabulary)}


def _new_words(accepted: Accepted, vocabulary: Vocabulary) -> dict[str, Lesson]:
    """Pieces that four of five texts put to one entry, from what no known word covers."""

    def pieces(text: str) -> set[str]:
        return _pieces(_unread(text, vocabulary))

    found: dict[str, Lesson] = {}
    for piece, (texts, keys) in _counted(accepted, pieces).items():
        key, number = keys.most_common(1)[0]
        if number >= HINT_TEXTS and 5 * number >= 4 * texts and piece not in vocabulary.weights:
            found[piece] = Lesson({key: STRONG if number >= WORD_TEXTS else HINT}, texts)
    return found


def _unread(text: str, vocabulary: Vocabulary) -> str:
    """A plain text with a space for every character of a word that is known."""
    signs = list(text)
    for word in vocabulary.words(text):
        for start, end in word.found.spans:
            signs[start:end] = " " * (end - start)
    return "".join(signs)


def _misleading(accepted: Accepted, vocabulary: Vocabulary) -> dict[str, Lesson]:
    """Words of which most texts were put to something else."""

    def words(text: str) -> set[str]:
        return {word.found.word for word in vocabulary.words(text)}

    found: dict[str, Lesson] = {}
    for word, (texts, keys) in _counted(accepted, words).items():
        weights = vocabulary.weights[word]
        wrong = {key for key in weights if texts >= HINT_TEXTS and 2 * keys[key] < texts}
        if wrong:
            less = {key: HINT if key in wrong else weight for key, weight in weights.items()}
            found[word] = Lesson(less, texts)
    return found


def _counted(
    accepted: Accepted, pieces: Callable[[str], set[str]]
) -> dict[str, tuple[int, Counter[str]]]:
    """How many texts hold each piece, and how many of them were put to each entry."""
    texts: Counter[str] = Counter()
    of_key: dict[str, Counter[str]] = defaultdict(Counter)
    for text, keys in accepted.items():
        for piece in pieces(text):
            texts[piece] += 1
            of_key[piece].update(keys)
    return {piece: (number, of_key[piece]) for piece, number in texts.items()}


def _pieces(text: str) -> set[str]:
    return {
        part[at : at + size]
        for part in essence(text).split()
        for size in SIZES
        for at in range(len(part) - size + 1)
    }
