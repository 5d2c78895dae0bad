"""Photos given as answers: held for whoever sent them, until an answer takes them."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy import ColumnElement, delete, func, or_, select, update

from surveys.base import pictures
from surveys.base.db import db, new_id, retrying
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound
from surveys.questionnaires.models import AnswerPhoto, Response
from surveys.questionnaires.received import current
from surveys.questionnaires.rules import Given, Question
from surveys.questionnaires.service import Asked

MOST_KEPT = 300 * 1024
"""bytes of one photo as it is kept"""
MOST_PIXELS = 50_500_000
"""of one photo as it is sent; phones take 50 million"""
PREVIEW_PX = 400


def made_anew(data: bytes, name: str) -> Picture:
    """A photo as it is kept.

    Raises:
        Invalid: it is no picture, is too large, or cannot be read.
    """
    return pictures.made_anew(data, name[-40:], most_kept=MOST_KEPT, most_pixels=MOST_PIXELS)


def preview(photo: AnswerPhoto) -> bytes:
    """The photo small enough to be looked at between two questions, as a JPEG."""
    from PIL import Image

    with Image.open(BytesIO(photo.jpeg)) as kept:
        kept.thumbnail((PREVIEW_PX, PREVIEW_PX))  # unpacked at a smaller scale
        out = BytesIO()
        kept.save(out, "JPEG", quality=70)
    return out.getvalue()


def one(photo_id: str) -> AnswerPhoto:
    """A photo, for who may see the answer that it belongs to.

    Raises:
        NotFound: it is not there.
    """
    photo = db.session.get(AnswerPhoto, photo_id)
    if photo is None:
        raise NotFound
    return photo


def held(photo_id: str, holder: str) -> AnswerPhoto:
    """A photo that this very device or account has sent.

    Raises:
        NotFound: it is not there, or somebody else's.
    """
    photo = one(photo_id)
    if photo.holder != holder:
        raise NotFound
    return photo


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo of an answer that counts, as the desk sees it."""

    id: str
    question: str
    sent_at: datetime


def of_answers(asked: Asked, *, most: int, page: int) -> tuple[list[Seen], int]:
    """The photos of the answers that count, the newest first; and how many there are of all."""
    found = (
        select(AnswerPhoto.id, AnswerPhoto.question, Response.sent_at)
        .join(Response, Response.id == AnswerPhoto.response_id)
        .where(AnswerPhoto.questionnaire_id == asked.id, current())
    )
    number = db.session.scalar(select(func.count()).select_from(found.subquery())) or 0
    newest = found.order_by(Response.sent_at.desc(), AnswerPhoto.id)
    rows = db.session.execute(newest.limit(most).offset((page - 1) * most))
    return [Seen(key, question, at) for key, question, at in rows if at is not None], number


@retrying
def hold(
    asked: Asked,
    holder: str,
    question: str,
    sent: Sequence[Picture],
    *,
    beside: Collection[str],
    at: datetime,
) -> list[str]:
    """Hold photos for whoever sent them; their ids. The same one twice is one.

    Args:
        beside: ids of photos that stay. Others of this question that no answer took go.
    """
    mine = _of(asked, holder, question)
    known = {digest: key for key, digest in db.session.execute(_IDS.where(mine))}
    ids = []
    for picture in sent:
        if picture.digest not in known:
            known[picture.digest] = _add(asked, holder, question, picture, at)
        ids.append(known[picture.digest])
    db.session.flush()
    untaken = AnswerPhoto.response_id.is_(None) & AnswerPhoto.id.not_in({*beside, *ids})
    _delete(mine & untaken)
    db.session.commit()
    return ids


_QUIETLY = {"synchronize_session": False}
_IDS = select(AnswerPhoto.id, AnswerPhoto.digest)


def _of(asked: Asked, holder: str, question: str) -> ColumnElement[bool]:
    return (
        (AnswerPhoto.questionnaire_id == asked.id)
        & (AnswerPhoto.holder == holder)
        & (AnswerPhoto.question == question)
    )


def _add(asked: Asked, holder: str, question: str, picture: Picture, at: datetime) -> str:
    photo = AnswerPhoto(
        id=new_id(),
        courtyard_id=asked.courtyard.id,
        questionnaire_id=asked.id,
        holder=holder,
        question=question,
        jpeg=picture.jpeg,
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        added_at=at,
    )
    db.session.add(photo)
    return photo.id


def _take(
    asked: Asked,
    holder: str | None,
    response_id: str,
    given: Given,
    questions: Sequence[Question],
    *,
    is_sent: bool,
) -> None:
    """The photos that these answers name are theirs from now on; others of the questions go.

    A draft leaves those of an earlier answer of this phone to that one until it is sent.

    Raises:
        Invalid: one is not there, or somebody else's.
    """
    free = or_(AnswerPhoto.response_id.is_(None), AnswerPhoto.response_id == response_id)
    for question in questions:
        if question.type != "photo":
            continue
        ids = given.get(question.key, ())
        mine = _of(asked, holder or "", question.key)
        named = mine & AnswerPhoto.id.in_(ids)
        if ids and len(db.session.scalars(select(AnswerPhoto.id).where(named)).all()) != len(ids):
            raise Invalid(N_("照片没有收到，请再选一次。"))
        taken = update(AnswerPhoto).where(named if is_sent else named & free)
        db.session.execute(taken.values(response_id=response_id), execution_options=_QUIETLY)
        _delete(mine & free & AnswerPhoto.id.not_in(ids))


def _delete(which: ColumnElement[bool]) -> None:
    db.session.execute(delete(AnswerPhoto).where(which), execution_options=_QUIETLY)
