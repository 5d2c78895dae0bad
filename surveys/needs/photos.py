"""Pictures of a need: kept once, shown to staff, taken away with a trace.

What was taken away by mistake can be taken back for some hours; then it is gone for good.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import delete, select

from surveys.accounts.rules import one_line
from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.pictures import Picture
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.needs import keeping, undoing
from surveys.needs.ledger import root_id
from surveys.needs.models import Need, NeedPhoto
from surveys.needs.rules import CAPTION_MOST, PHOTOS_MOST

TOO_MANY = N_("一件最多 %(most)d 张照片。请少选几张，或者先拿掉几张。")


def of(need: Need) -> list[NeedPhoto]:
    """The pictures of a need and of those merged into it, in the order of coming."""
    return list(
        db.session.scalars(
            select(NeedPhoto)
            .join(Need, Need.id == NeedPhoto.need_id)
            .where(root_id == need.id, NeedPhoto.removed_at.is_(None))
            .order_by(NeedPhoto.added_at, NeedPhoto.id)
        )
    )


@retrying
def add_photos(
    need: Need, pictures: Sequence[Picture], caption: str = "", *, by: str, at: datetime
) -> int:
    """Keep pictures of a need; one that is there already is not kept again.

    Returns: how many are new.

    Raises:
        Invalid: none was sent, or the caption is too long.
        Refused: there would be too many, or the need was merged into another.
    """
    if not pictures:
        raise Invalid(N_("还没有选照片。"))
    said = one_line(caption, CAPTION_MOST)
    keeping.lock_needs([need.id])
    keeping.check_root(need)
    held = set(
        db.session.scalars(
            select(NeedPhoto.digest).where(
                NeedPhoto.need_id == need.id, NeedPhoto.removed_at.is_(None)
            )
        )
    )
    fresh = {p.digest: p for p in pictures if p.digest not in held}
    if len(held) + len(fresh) > PHOTOS_MOST:
        raise Refused(TOO_MANY, most=PHOTOS_MOST)
    if not fresh:
        db.session.rollback()  # sent twice
        return 0
    db.session.execute(  # one that was taken away comes again
        delete(NeedPhoto).where(NeedPhoto.need_id == need.id, NeedPhoto.digest.in_(fresh))
    )
    for picture in fresh.values():
        _keep(need, picture, said, by, at)
    keeping.note("need.photos", need, by, at, title=need.title, n=len(fresh))
    db.session.commit()
    return len(fresh)


def remove_photo(photo: NeedPhoto, *, by: str, at: datetime) -> None:
    """Take a picture away; it may be taken back (`undoing`) until it is forgotten."""
    keeping.lock_needs([photo.need_id])
    db.session.refresh(photo, with_for_update=True)
    if photo.removed_at is not None:
        db.session.rollback()  # sent twice
        return
    need = db.session.get_one(Need, photo.need_id)
    photo.removed_at = at
    keeping.note(undoing.PHOTO_REMOVED, need, by, at, title=need.title, photo=photo.id)
    db.session.commit()


def forget_removed(at: datetime) -> int:
    """Delete the pictures that were taken away and cannot be taken back any more; how many."""
    gone = db.session.execute(
        delete(NeedPhoto).where(NeedPhoto.removed_at <= at - undoing.REACH).returning(NeedPhoto.id)
    ).all()
    db.session.commit()
    return len(gone)


def _keep(need: Need, picture: Picture, caption: str, by: str, at: datetime) -> None:
    db.session.add(
        NeedPhoto(
            courtyard_id=need.courtyard_id,
            need_id=need.id,
            digest=picture.digest,
            caption=caption,
            width=picture.width,
            height=picture.height,
            jpeg=picture.jpeg,
            added_by=by,
            added_at=at,
        )
    )


audit.words(
    {
        "need.photos": N_("给“%(title)s”加了 %(n)s 张照片"),
        undoing.PHOTO_REMOVED: N_("拿掉了“%(title)s”的一张照片"),
    }
)
