"""Pictures of papers: a signed ballot, a 委托书, a receipt. Made anew, each kept once a vote."""

from datetime import datetime

from sqlalchemy import select

from surveys.base import pictures
from surveys.base.db import db, new_id
from surveys.owners.models import OwnersVote, Proof

MOST_KEPT = 600 * 1024
"""bytes of one picture: a signature and a cross can still be told"""


def _keep(vote: OwnersVote, data: bytes, name: str, *, by: str | None, at: datetime) -> Proof:
    """Keep a picture, or find the very same one again. The caller holds the lock on the vote.

    Args:
        data: the file as it was sent.
        name: of the file, to say which one is wrong.

    Raises:
        Invalid: it is no picture, is too large, or cannot be read.
    """
    picture = pictures.made_anew(data, name, most_kept=MOST_KEPT)
    kept = db.session.scalar(
        select(Proof).where(Proof.vote_id == vote.id, Proof.digest == picture.digest)
    )
    if kept is not None:
        return kept
    proof = Proof(
        id=new_id(),
        courtyard_id=vote.courtyard_id,
        vote_id=vote.id,
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        jpeg=picture.jpeg,
        added_by=by,
        added_at=at,
    )
    db.session.add(proof)
    db.session.flush()
    return proof
