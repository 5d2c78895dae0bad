"""Words are looked for in a sentence: 下水道, or with something between, as in 灯…不亮."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from surveys.needs.rules import GAP

GAP_MOST = 7
"""characters that may stand where a word has its gap"""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Found:
    """A word of the list that stands in a text, and where: one span, or two with a gap between."""

    word: str
    spans: tuple[Span, ...]

    @property
    def start(self) -> int:
        """Where it begins."""
        return self.spans[0][0]

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.spans[-1][1]

    @property
    def length(self) -> int:
        """How many characters speak."""
        return sum(end - start for start, end in self.spans)


class Words:
    """A list of words to look for, all at once."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words: set[str] = set()
        self._tails: dict[str, list[str]] = defaultdict(list)
        for word in dict.fromkeys(words):
            head, gap, tail = word.partition(GAP)
            if gap:
                self._tails[head].append(tail)
            else:
                self._words.add(word)
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for word in self._words | self._tails.keys():
            self._lengths[word[0]].add(len(word))

    def found(self, plain_text: str) -> list[Found]:
        """The words in a plain text, longest first; none lies whole inside those before it."""
        taken = bytearray(len(plain_text))
        kept = []
        for found in sorted(self._all(plain_text), key=lambda f: (-f.length, f.start, f.word)):
            if any(0 in taken[start:end] for start, end in found.spans):
                for start, end in found.spans:
                    taken[start:end] = b"\1" * (end - start)
                kept.append(found)
        return kept

    def _all(self, text: str) -> Iterator[Found]:
        for start, sign in enumerate(text):
            for length in self._lengths.get(sign, ()):
                end = start + length
                word = text[start:end]
                if end <= len(text) and word in self._words:
                    yield Found(word, ((start, end),))
                for tail in self._tails.get(word, ()):
                    at = text.find(tail, end, end + GAP_MOST + len(tail))
                    if at >= 0:
                        yield Found(word + GAP + tail, ((start, end), (at, at + len(tail))))
