"""Pictures of papers go when they were kept long enough; what was counted stays."""

from datetime import timedelta

import pytest

from surveys.base import audit
from surveys.base.db import db
from surveys.errors import NotFound
from surveys.owners import proofs, retention
from surveys.owners.models import EntryState, Proof
from tests.owners.sheets import Counter, states
from tests.owners.stage import AFTER_CLOSE, FOR, Stage

DAYS = 730


def test_pictures_are_deleted_two_years_after_publication(vote: Stage) -> None:
    Counter(vote).paper(5, FOR, FOR)
    proof = db.session.scalars(db.select(Proof)).one()
    digest = proof.digest
    assert proofs.jpeg_of(proof).startswith(b"\xff\xd8")
    vote.vote.closed_at = vote.vote.sealed_at = vote.vote.published_at = AFTER_CLOSE
    db.session.commit()
    at = AFTER_CLOSE + timedelta(days=DAYS)
    assert retention.expired(at - timedelta(seconds=1), DAYS) == []
    assert retention.expired(at, DAYS) == [vote.vote.id]
    assert retention.forget(vote.vote.id, at) == 1
    assert retention.expired(at, DAYS) == []
    with pytest.raises(NotFound):
        proofs.jpeg_of(proof)
    assert db.session.scalars(db.select(Proof.digest)).one() == digest
    assert states(vote, 5) == [EntryState.CONFIRMED]
    assert "owners.pictures_gone" in [a.act for a in audit.about(vote.vote.id)]


def test_before_publication_nothing_is_deleted(vote: Stage) -> None:
    Counter(vote).paper(5, FOR, FOR)
    assert retention.expired(AFTER_CLOSE + timedelta(days=9 * DAYS), DAYS) == []
