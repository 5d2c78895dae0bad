"""An owners' vote for everybody: its page, the part that moves, and the big screen."""

from typing import Any

from flask import Response, g, make_response, render_template, request

from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.owners import extending, public, service
from surveys.owners.public import Seen
from surveys.owners.views import PAGES

ON_A_WALL = 3
"""motions of a result that a wall has room for"""


@PAGES.get("/owners/<vote_id>")
def public_page(vote_id: str) -> Response:
    """What is voted on, by whom, until when and how; who takes part; then the result."""
    seen = public.seen(vote_id, g.at)
    return hx.render(
        "owners/public.html",
        **_about(seen),
        motions=service.motions_of(seen.vote),
        buildings=service.buildings_of(seen.vote),
        extensions=extending.extensions_of(seen.vote),
    )


@PAGES.get("/owners/<vote_id>/live")
def live_part(vote_id: str) -> Response:
    """Who takes part, as a part: 204 when what is on show already is still true."""
    seen = public.seen(vote_id, g.at)
    if request.args.get("seen") == seen.tag:
        return Response(status=204)
    if request.if_none_match.contains_weak(seen.tag):
        return Response(status=304)
    on_wall = request.args.get("on") == "wall"
    response = make_response(_board(seen) if on_wall else _live(seen))
    response.set_etag(seen.tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@PAGES.get("/owners/<vote_id>/screen")
def screen(vote_id: str) -> Response:
    """The big screen: two gauges while the vote runs, the published result afterwards."""
    seen = public.seen(vote_id, g.at)
    return hx.render("owners/wall.html", **_about(seen), board=_board(seen))


def _about(seen: Seen) -> dict[str, Any]:
    return {
        "seen": seen,
        "vote": seen.vote,
        "state": seen.state.value,
        "gauges": seen.gauges,
        "needed": seen.needed,
        "law": seen.gauges.rules,
        "result": seen.result,
        "courtyard": courtyards.find(seen.vote.courtyard_id),
    }


def _live(seen: Seen) -> str:
    return render_template("owners/_live.html", **_about(seen))


def _board(seen: Seen) -> str:
    """The wall's moving part; a result of many motions is leafed through by `page`."""
    result, first = seen.result, (hx.page_asked() - 1) * ON_A_WALL
    shown = result.motions[first : first + ON_A_WALL] if result else []
    left = len(result.motions) - first - len(shown) if result else 0
    return render_template(
        "owners/_wall.html",
        **_about(seen),
        shown=shown,
        left=max(0, left),
        page=hx.page_asked(),
        fault=_("没有这一页。") if result and not shown else "",
    )
