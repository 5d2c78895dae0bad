"""The register of deliveries at the desk: owners are ticked, and one line is noted for them all."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots.forms import blame
from surveys.base import clock, hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused
from surveys.owners import delivering, service
from surveys.owners.delivering import Reached
from surveys.owners.desk_views import home, page
from surveys.owners.models import DeliveryWay, OwnersVote
from surveys.owners.views import PAGES
from surveys.owners.vote_forms import DeliveryForm


@PAGES.get("/desk/owners/<vote_id>/deliveries")
def deliveries(vote_id: str) -> Response:
    """Who has the ballot, and who does not yet."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    if vote.frozen_at is None:
        flash(_("还是草稿，表决票还没定下来。"), "mind")
        return home(vote)
    today = clock.day(g.at, courtyards.find(vote.courtyard_id).zone)
    way = DeliveryWay.POSTED if _shown() is Reached.FAILED else DeliveryWay.HAND
    return _page(vote, DeliveryForm(way=way.value, on_day=today, to_whom=_("本人")))


@PAGES.post("/desk/owners/<vote_id>/deliveries")
def note_deliveries(vote_id: str) -> Response:
    """Note one line for everybody who was ticked."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    form = DeliveryForm()
    if form.validate_on_submit():
        try:
            by, ticked = access.me(), form.ticked()
            made = delivering.note(vote, ticked, form.noted(), by=by, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("记下了 %(n)d 位。", n=made))
            return hx.see_other(_address(vote))
    return _page(vote, form, form.ticked(), status=422)


@PAGES.post("/desk/owners/<vote_id>/deliveries/take-back")
def take_back_delivery(vote_id: str) -> Response:
    """Take a wrong line back; it stays readable."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    delivering.take_back(vote, request.form.get("line", ""), by=access.me(), at=g.at)
    flash(_("撤回了。"))
    return hx.see_other(_address(vote))


def _page(
    vote: OwnersVote, form: DeliveryForm, ticked: list[str] | None = None, status: int = 200
) -> Response:
    doorsteps = delivering.doorsteps(vote)
    shown = _shown()
    building = request.args.get("building", "")
    seen = [
        one
        for one in doorsteps
        if (shown is None or one.reached is shown)
        and (not building or any(unit.building == building for unit in one.listed.units))
    ]
    all_of_them = [one.listed.owner.id for one in seen] if request.args.get("tick") else []
    return page(
        "desk_deliveries",
        vote,
        status,
        form=form,
        doorsteps=seen,
        ticked=set(ticked or all_of_them),
        numbers=delivering.numbers(vote),
        shown=shown.value if shown else "",
        building=building,
        buildings=service.buildings_of(vote),
        may_note=delivering.may_be_noted(vote, g.at),
        address=url_for("owners.deliveries", vote_id=vote.id),
    )


def _shown() -> Reached | None:
    """Whose lines are asked for; None: everybody's."""
    asked = request.args.get("show", "")
    return Reached(asked) if asked in set(Reached) else None


def _address(vote: OwnersVote) -> str:
    show, building = request.args.get("show"), request.args.get("building")
    return url_for("owners.deliveries", vote_id=vote.id, show=show, building=building)
