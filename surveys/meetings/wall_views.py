"""The wall of a meeting: one page that follows the remote within a second, and its moving part.

A part is rendered once for each tag, language and process. A poll reads the meeting's row and what
the tag of its picture needs; no vote.
"""

from flask import Response, g, make_response, render_template, request
from markupsafe import Markup

from surveys.base import hx
from surveys.base.language import language_code
from surveys.counting.canon import digest
from surveys.meetings import pictures, rules, service
from surveys.meetings.models import Meeting
from surveys.meetings.views import PAGES, courtyard_of

KEPT = 128
_kept: dict[tuple[str, str], str] = {}
"""boards as they were rendered, by tag and language"""


@PAGES.get("/wall/<meeting_id>")
@PAGES.get("/WALL/<meeting_id>")
def wall(meeting_id: str) -> Response:
    """The wall, for a projector or any phone."""
    meeting = service.find(meeting_id.lower())
    return hx.render(
        "meetings/wall.html",
        part=_part(meeting),
        meeting=meeting,
        courtyard=courtyard_of(meeting),
    )


@PAGES.get("/wall/<meeting_id>/part")
def wall_part(meeting_id: str) -> Response:
    """What the wall shows, as a part: 204 where what it shows already is still true."""
    meeting = service.find(meeting_id)
    if request.args.get("seen") == _tag(meeting):
        return Response(status=204)
    response = make_response(_part(meeting))
    response.headers["Cache-Control"] = "no-store"
    return response


def _tag(meeting: Meeting) -> str:
    """Changes with what is seen, with how often it is asked for, and with the language."""
    if meeting.frozen is not None and meeting.frozen_at is not None:
        seen = f"{meeting.id}:{meeting.frozen_at.isoformat()}"
    else:
        seen = pictures.show(meeting, g.at).tag
    return digest([seen, rules.beat_ms(meeting, g.at), language_code()])[:16]


def _part(meeting: Meeting) -> Markup:
    is_held = meeting.frozen is not None and meeting.frozen_at is not None
    return Markup(  # noqa: S704 - templates escape
        render_template(
            "meetings/_wall.html",
            meeting=meeting,
            tag=_tag(meeting),
            beat_ms=rules.beat_ms(meeting, g.at),
            board=Markup(meeting.frozen if is_held else board(meeting)),  # noqa: S704 - as above
        )
    )


def board(meeting: Meeting, *, still: bool = False) -> str:
    """The picture of the wall as it would be shown now.

    Args:
        still: as it looks when it is held.
    """
    shown = pictures.show(meeting, g.at)
    name = f"meetings/wall/_{shown.name}.html"
    if still:
        return render_template(name, **dict(shown.context, still=True))
    key = (shown.tag, language_code())
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = render_template(name, **shown.context)
    return _kept[key]
