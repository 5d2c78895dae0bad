"""Pictures of papers: signed sheets, 委托书, receipts of delivery. Kept once in each vote."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from surveys.base.db import db, new_id
from surveys.base.pictures import Picture
from surveys.errors import NotFound
from surveys.owners.models import OwnersVote, Proof


def _keep(vote: OwnersVote, picture: Picture, by: str | None, at: datetime) -> Proof:
    """The picture as a proof of this vote; the row that is there where it was sent before.

    Never commits. Two at once with the same picture: the act of one is begun anew (`retrying`).
    """
    found = db.session.scalar(
        select(Proof).where(Proof.vote_id == vote.id, Proof.digest == picture.digest)
    )
    if found is not None:
        return found
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


def jpeg_of(proof: Proof) -> bytes:
    """The picture.

    Raises:
        NotFound: it was kept long enough and is gone (`retention`).
    """
    jpeg = db.session.scalar(select(Proof.jpeg).where(Proof.id == proof.id))
    if not jpeg:
        raise NotFound
    return jpeg


def of(ids: Sequence[str | None]) -> dict[str, Proof]:
    """These proofs by id, without their pictures."""
    wanted = {proof_id for proof_id in ids if proof_id}
    found = db.session.scalars(select(Proof).where(Proof.id.in_(wanted)))
    return {proof.id: proof for proof in found}
