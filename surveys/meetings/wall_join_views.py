"""Where a phone goes that wants to join what a wall shows: told to the wall's templates."""

from functools import lru_cache
from typing import NamedTuple

from markupsafe import Markup

from surveys.courtyards import qr
from surveys.courtyards.models import Courtyard
from surveys.meetings.models import Meeting
from surveys.meetings.views import PAGES
from surveys.web import printed_address


class Join(NamedTuple):
    """A code to scan, which leads to the meeting, and an address to type, to the courtyard."""

    code: Markup
    typed: str


@PAGES.app_template_global()
def wall_join(meeting: Meeting, courtyard: Courtyard) -> Join:
    """The one code of a wall: scanned once, the phone follows the meeting from item to item."""
    typed = printed_address(f"/{courtyard.code}").split("//", 1)[-1]
    return Join(_code(printed_address(f"/m/{meeting.id}").upper()), typed)


@lru_cache(maxsize=64)
def _code(address: str) -> Markup:
    """In the markup itself: a wall that is swapped must not wait for an image."""
    return Markup(qr.svg(address))  # noqa: S704 - made of modules
