"""Live figures, the big screen, the published result, and the desk's sealing and publishing."""

from flask import Blueprint, Response, flash, g, make_response, render_template, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import asking, calling_back, extending, offers
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.ballots.rules import state
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import language_code, say
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, NotFound, Refused
from surveys.results import live, second_opinion, service
from surveys.results.forms import LotForm
from surveys.results.live import Figures
from surveys.results.record_views import RECORDS
from surveys.results.rules import Sight, Surface, may_see
from surveys.web import config_of, printed_address

PAGES = Blueprint("results", __name__)
PAGES.register_blueprint(RECORDS)

SCREENS = ("code", "bars")
KEPT = 256
_kept: dict[tuple[str, ...], str] = {}
"""moving parts of phone and wall, rendered once for everybody who sees the same"""


def _keys() -> LinkKeys:
    return LinkKeys(config_of().link_key_dirs)


@PAGES.get("/live/<ballot_id>")
def live_part(ballot_id: str) -> Response:
    """The figures as a part: 204 when what is on show already is still true."""
    surface = Surface.WALL if request.args.get("on") == "wall" else Surface.PAGE
    known = request.args.get("seen", "")
    if live.still_true(ballot_id, surface, known, config_of().live_kept_ms):
        return Response(status=204)
    seen = live.figures(ballot_id, surface, g.at)
    if live.count_anew_if_due(seen, _keys()):
        seen = live.figures(ballot_id, surface, g.at)
    live.hold_true(ballot_id, surface, seen.tag)
    if known == seen.tag:
        return Response(status=204)
    if request.if_none_match.contains_weak(seen.tag):
        return Response(status=304)
    show = request.args.get("show", "code")
    response = make_response(_part(seen, surface, show if show in SCREENS else "code"))
    response.set_etag(seen.tag, weak=True)
    response.headers["Cache-Control"] = "no-cache"
    return response


@PAGES.get("/screen/<ballot_id>")
@PAGES.get("/screen/<ballot_id>/<any(code, bars):show>")
def screen(ballot_id: str, show: str = "code") -> Response:
    """The big screen of a ballot: the code and the turnout, the bars, or the result."""
    seen = live.figures(ballot_id, Surface.WALL, g.at)
    board = _part(seen, Surface.WALL, show)
    return hx.render("results/wall.html", seen=seen, board=board)


@PAGES.get("/result/<ballot_id>")
def result(ballot_id: str) -> Response:
    """The published result, for everybody."""
    ballot = asking.find(ballot_id)
    if may_see(state(ballot, g.at), ballot.showing, Surface.PAGE) is not Sight.RESULT:
        raise NotFound
    found, courtyard = service.read(ballot), courtyards.find(ballot.courtyard_id)
    return hx.render(
        "results/result.html",
        found=found,
        opinion=second_opinion.of(ballot, found.count),
        called_back=calling_back.numbers(ballot),
        ballot=ballot,
        courtyard=courtyard,
        record=printed_address(f"/record/{courtyard.code}/{ballot.id}"),
        asked_for=asking.asked_for([ballot]),
    )


@PAGES.get("/desk/ballot/<ballot_id>/result")
def desk_result(ballot_id: str) -> Response:
    """The sealed result before it is published: check it, settle a tie, publish."""
    ballot = access.fetch(Ballot, ballot_id, May.LOOK)
    return _desk_result(ballot, LotForm())


def _desk_result(ballot: Ballot, form: LotForm, status: int = 200) -> Response:
    found = service.read(ballot)
    return hx.render(
        "results/desk_result.html",
        status=status,
        found=found,
        ballot=ballot,
        opinion=second_opinion.of(ballot, found.count),
        waiting=service.waiting_tie(found.count),
        to_draw=service.to_draw(found.count),
        form=form,
        courtyard=courtyards.find(ballot.courtyard_id),
        may_run=access.allows(ballot.courtyard_id, May.RUN),
        may_hold=access.allows(ballot.courtyard_id, May.CONFIRM),
    )


@PAGES.post("/desk/ballot/<ballot_id>/seal")
def seal(ballot_id: str) -> Response:
    """Seal and count."""
    ballot = access.fetch(Ballot, ballot_id, May.SEAL)
    service.seal(ballot, by=access.me(), at=g.at, keys=_keys())
    flash(_("封存好了，也数好了。看一遍，再公布。"))
    return hx.see_other(url_for("results.desk_result", ballot_id=ballot_id))


@PAGES.post("/desk/ballot/<ballot_id>/lot")
def lot(ballot_id: str) -> Response:
    """Write down a lot that was drawn before two witnesses."""
    ballot = access.fetch(Ballot, ballot_id, May.SEAL)
    form = LotForm()
    try:
        service.settle_by_lot(ballot, form.order(), form.witnesses(), by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        form.form_errors = [say(fault)]
        return _desk_result(ballot, form, fault.status)
    flash(_("抽签的次序记下了。"))
    return hx.see_other(url_for("results.desk_result", ballot_id=ballot_id))


@PAGES.post("/desk/ballot/<ballot_id>/publish")
def publish(ballot_id: str) -> Response:
    """Publish the result."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    service.publish(ballot, by=access.me(), at=g.at)
    flash(_("公布了。大屏和居民的手机上都能看到。"))
    return hx.see_other(url_for("results.result", ballot_id=ballot_id))


def _part(seen: Figures, surface: Surface, show: str) -> str:
    """The part of `surface` for these figures, from memory where it was rendered before."""
    key = (seen.tag, surface.value, show, language_code())
    if key not in _kept:
        if len(_kept) >= KEPT:
            _kept.clear()
        _kept[key] = _rendered_part(seen, surface, show)
    return _kept[key]


def _rendered_part(seen: Figures, surface: Surface, show: str) -> str:
    name = "results/_wall.html" if surface is Surface.WALL else "results/_live.html"
    return render_template(
        name,
        seen=seen,
        ballot=seen.ballot,
        offer=offers.offer(seen.ballot),
        show=show,
        counted=service.shown(seen),
        extension=extending.latest(seen.ballot),
        printed_host=printed_address("").split("//", 1)[-1],
        courtyard=courtyards.find(seen.ballot.courtyard_id),
    )
