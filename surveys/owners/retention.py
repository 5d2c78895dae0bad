"""How long pictures of papers are kept: signatures and numbers of people's papers are on them.

What counts, and the digest of each picture, stays with the vote: it can be counted again, and a
picture that somebody still holds can be shown to be the one. The picture itself goes.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from surveys.base import audit
from surveys.base.db import db
from surveys.base.words import N_
from surveys.owners.models import OwnersVote, Proof

audit.words({"owners.pictures_gone": N_("到期删除了 %(count)s 张表决票和委托书的照片")})

_NOTHING = b""


def expired(at: datetime, days: int) -> list[str]:
    """Ids of votes published at least `days` days ago whose pictures are still kept."""
    return list(
        db.session.scalars(
            select(OwnersVote.id)
            .where(OwnersVote.published_at <= at - timedelta(days=days))
            .where(
                select(Proof.id)
                .where(Proof.vote_id == OwnersVote.id, func.length(Proof.jpeg) > 0)
                .exists()
            )
        )
    )


def forget(vote_id: str, at: datetime) -> int:
    """Delete the pictures of one vote; how many."""
    vote = db.session.get_one(OwnersVote, vote_id)
    gone = db.session.execute(
        update(Proof)
        .where(Proof.vote_id == vote_id, func.length(Proof.jpeg) > 0)
        .values(jpeg=_NOTHING)
        .returning(Proof.id)
    ).all()
    audit.note(
        "owners.pictures_gone",
        by=None,
        at=at,
        courtyard_id=vote.courtyard_id,
        subject_id=vote_id,
        count=len(gone),
    )
    db.session.commit()
    return len(gone)
