"""What staff's sorting teaches in a courtyard: words, which can be read and said to mean nothing.

The tick reads the sorting anew some time after it has changed. What staff dropped is not learnt
again; everything else follows from the sorting as it stands, and from nothing else.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select

from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.needs.models import LearntWord, Need, Placement, SortingRead, Suggestion
from surveys.needs.proposals import learning
from surveys.needs.rules import WORD_MOST
from surveys.needs.spoken import in_catalogue

EVERY = timedelta(minutes=5)
"""a courtyard's sorting is read at most so often"""
LATELY = timedelta(days=2)
"""older acts were read long ago; whatever was missed is read with the next one"""

Lessons = Mapping[tuple[str, str], tuple[int, int]]
"""(word, key of the entry) → (weight, texts that hold it)"""


def words(courtyard_id: str) -> list[LearntWord]:
    """What was learnt in a courtyard, dropped words last; from the most sentences first."""
    return list(
        db.session.scalars(
            select(LearntWord)
            .where(LearntWord.courtyard_id == courtyard_id)
            .order_by(LearntWord.dropped_at.is_not(None), LearntWord.texts.desc(), LearntWord.word)
        )
    )


def due(at: datetime) -> list[str]:
    """Courtyards whose sorting has changed since it was read."""
    newest = (
        select(func.max(AuditEntry.at))
        .where(
            AuditEntry.courtyard_id == Courtyard.id,
            AuditEntry.at > at - LATELY,
            or_(
                AuditEntry.act.startswith("suggestion.place"),
                AuditEntry.act.in_(["suggestion.unplace", "need.rename", "ledger.undo"]),
            ),
        )
        .correlate(Courtyard)
        .scalar_subquery()
    )
    read = SortingRead.read_at
    changed = or_(read.is_(None), and_(newest > read, read <= at - EVERY))
    return list(
        db.session.scalars(
            select(Courtyard.id)
            .outerjoin(SortingRead, SortingRead.courtyard_id == Courtyard.id)
            .where(newest.is_not(None), changed)
        )
    )


def learn(courtyard_id: str, *, at: datetime) -> int:
    """Read a courtyard's sorting; how many words are learnt now that were not, or otherwise."""
    db.session.execute(
        select(Courtyard.id).where(Courtyard.id == courtyard_id).with_for_update(key_share=True)
    )
    known = {(row.word, row.entry_key): row for row in words(courtyard_id)}
    found = _lessons(courtyard_id)
    changed = 0
    db.session.merge(SortingRead(courtyard_id=courtyard_id, read_at=at))
    for name, row in known.items():
        if name not in found and row.dropped_at is None:
            db.session.delete(row)
    for (word, key), (weight, texts) in found.items():
        row = known.get((word, key)) or LearntWord(
            courtyard_id=courtyard_id, word=word, entry_key=key
        )
        db.session.add(row)
        changed += row.weight != weight
        row.weight, row.texts = weight, texts
    db.session.commit()
    return changed


def drop(word: LearntWord, *, by: str, at: datetime) -> None:
    """Say that a word means nothing: from now on it counts for nothing and is not learnt again."""
    _mark(word, "word.drop", at, by, at)


def take_up(word: LearntWord, *, by: str, at: datetime) -> None:
    """Say that a dropped word counts after all."""
    _mark(word, "word.take_up", None, by, at)


def _mark(word: LearntWord, act: str, dropped: datetime | None, by: str, at: datetime) -> None:
    db.session.refresh(word, with_for_update=True)
    if (word.dropped_at is None) is not (dropped is None):
        word.dropped_at = dropped
        audit.note(
            act,
            by=by,
            at=at,
            courtyard_id=word.courtyard_id,
            subject_id=word.id,
            word=word.word,
        )
    db.session.commit()


def _lessons(courtyard_id: str) -> Lessons:
    """What the sorting teaches, but for what is known already."""
    vocabulary = in_catalogue().vocabulary
    accepted = db.session.execute(
        select(Suggestion.text, Need.category)
        .join(Placement, Placement.suggestion_id == Suggestion.id)
        .join(Need, Need.id == Placement.need_id)
        .where(
            Suggestion.courtyard_id == courtyard_id,
            Suggestion.superseded_at.is_(None),
            Need.category.in_(vocabulary.topics),
        )
    )
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for word, lesson in learning.lessons(((t, str(k)) for t, k in accepted), vocabulary).items():
        known = vocabulary.weights.get(word, {})
        for key, weight in lesson.weights.items():
            if key in vocabulary.topics and weight != known.get(key) and len(word) <= WORD_MOST:
                found[word, key] = weight, lesson.texts
    return found


audit.words(
    {
        "word.drop": N_("学到的“%(word)s”不算数"),
        "word.take_up": N_("学到的“%(word)s”又算数了"),
    }
)
