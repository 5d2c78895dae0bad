"""A wall's picture as markup: the one place where it is rendered."""

from functools import lru_cache

from flask import render_template
from markupsafe import Markup

from surveys.courtyards import qr
from surveys.courtyards import service as courtyards
from surveys.meetings.pictures import Shown
from surveys.web import printed_address


def board(seen: Shown) -> str:
    """The picture in the reader's language: `<div id="board">` and all within."""
    meeting = seen.scene.meeting
    code = courtyards.find(meeting.courtyard_id).code
    join = {
        "qr": _code(printed_address(f"/m/{meeting.id}")),
        "typed": printed_address(f"/{code}").split("//", 1)[-1],
    }
    return render_template(f"meetings/wall/_{seen.name}.html", join=join, **seen.context)


@lru_cache(maxsize=64)
def _code(address: str) -> Markup:
    """The code in the picture itself: a wall that is swapped must not wait for an image."""
    return Markup(qr.svg(address.upper()))  # noqa: S704 - made of modules
