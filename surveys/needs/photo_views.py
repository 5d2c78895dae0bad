"""Pictures of a need: sent by staff, shown to staff, taken away again."""

from collections.abc import Iterator
from io import BytesIO

from flask import Response, flash, g, request, send_file
from werkzeug.datastructures import FileStorage

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, pictures
from surveys.base.language import gettext as _
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import forms, photos
from surveys.needs.ledger_views import PAGES, need_of
from surveys.needs.models import NeedPhoto
from surveys.needs.need_views import show
from surveys.needs.rules import PHOTOS_MOST
from surveys.web import reads_first, takes_files

MOST_SENT = 48 * 1024 * 1024
"""bytes of all pictures sent at once"""


@PAGES.post("/desk/need/<need_id>/photos")
@takes_files(MOST_SENT)
@reads_first
def add_photos(need_id: str) -> Response:
    """Keep the pictures sent: all of them, or none and what is wrong with one."""
    need, form = need_of(need_id, May.KEY_IN), forms.PhotosForm()
    if not form.validate_on_submit():
        return show(need, form)
    try:
        found = [pictures.made_anew(f.read(), f.filename or "") for f in _sent()]
        who, caption = access.me(), form.caption.data or ""
        n = photos.add_photos(need, found, caption, by=who, at=g.at)
    except (Invalid, Refused) as fault:
        return show(need, form, fault)
    flash(_("存好了 %(n)d 张照片。", n=n) if n else _("这几张照片已经有了。"), "done")
    return hx.see_other(f"/desk/need/{need.id}#ph")


@PAGES.get("/desk/need-photo/<photo_id>")
def photo(photo_id: str) -> Response:
    """A picture, as it is kept."""
    kept = access.fetch(NeedPhoto, photo_id, May.LOOK)
    if kept.removed_at is not None:
        raise NotFound
    return send_file(BytesIO(kept.jpeg), "image/jpeg", etag=False)


@PAGES.post("/desk/need-photo/<photo_id>/remove")
def remove_photo(photo_id: str) -> Response:
    """Take a picture away."""
    kept = access.fetch(NeedPhoto, photo_id, May.KEY_IN)
    need_id = kept.need_id
    photos.remove_photo(kept, by=access.me(), at=g.at)
    flash(_("照片拿掉了。"), "done")
    return hx.see_other(f"/desk/need/{need_id}")


def _sent() -> Iterator[FileStorage]:
    """The files that were chosen: a browser sends an empty one where none was.

    Raises:
        Refused: more than one need may have; nobody unpacks them all to learn that.
    """
    found = [file for file in request.files.getlist("photos") if file.filename]
    if len(found) > PHOTOS_MOST:
        raise Refused(photos.TOO_MANY, most=PHOTOS_MOST)
    yield from found
