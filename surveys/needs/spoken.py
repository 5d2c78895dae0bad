"""The words of one courtyard: the catalogue's, those that ship beside, and what was learnt there.

Only asks. Each process keeps the vocabularies that it used last; their words tell them apart, so
that none is ever out of date.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from surveys.base.db import db
from surveys.counting import canon
from surveys.needs import catalogue
from surveys.needs.models import LearntWord
from surveys.needs.proposals import vocabulary
from surveys.needs.proposals.vocabulary import Vocabulary, Weights

KEPT = 8
"""vocabularies in memory, a megabyte each"""

Learnt = tuple[tuple[str, str, int], ...]
"""word, key of the entry, weight"""


@dataclass(frozen=True, slots=True)
class Spoken:
    """A vocabulary, and a name for it."""

    vocabulary: Vocabulary
    digest: str
    """16 characters that are others when a word, a weight or a rule is another"""


_kept: dict[tuple[int, Learnt], Spoken] = {}


def in_courtyard(courtyard_id: str) -> Spoken:
    """The words of a courtyard as they stand now."""
    learnt = tuple(
        (word, key, weight)
        for word, key, weight in db.session.execute(
            select(LearntWord.word, LearntWord.entry_key, LearntWord.weight)
            .where(LearntWord.courtyard_id == courtyard_id, LearntWord.dropped_at.is_(None))
            .order_by(LearntWord.word, LearntWord.entry_key)
        )
    )
    return _spoken(learnt)


def in_catalogue() -> Spoken:
    """The words of the catalogue and those that ship beside it, before anything is learnt."""
    return _spoken(())


def _spoken(learnt: Learnt) -> Spoken:
    name = catalogue.current().revision, learnt
    if name not in _kept:
        while len(_kept) >= KEPT:
            del _kept[next(iter(_kept))]
        _kept[name] = _made(learnt)
    return _kept[name]


def _made(learnt: Learnt) -> Spoken:
    if not learnt:
        entries = catalogue.entries()
        known = [[entry.key, entry.name, *entry.words] for entry in entries]
        return Spoken(vocabulary.of(entries), canon.digest([_engine(), known])[:16])
    base = in_catalogue()
    words = [[word, key, weight] for word, key, weight in learnt]
    return Spoken(
        base.vocabulary.taught(_weights(base.vocabulary, learnt)),
        canon.digest([base.digest, words])[:16],
    )


def _weights(base: Vocabulary, learnt: Learnt) -> Mapping[str, Weights]:
    """What was learnt, on top of what was known; not for entries that are offered no more."""
    found: dict[str, dict[str, int]] = {}
    for word, key, weight in learnt:
        if key in base.topics or key in base.weights.get(word, {}):
            found.setdefault(word, dict(base.weights.get(word, {})))[key] = weight
    return found


@cache
def _engine() -> str:
    """Digest of the rules and of the words that ship beside the catalogue."""
    folder = Path(vocabulary.__file__).parent
    files = sorted([*folder.glob("*.py"), vocabulary.FILE])
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()
