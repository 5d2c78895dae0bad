"""The register of deliveries at the desk: owners are ticked, and one line is noted for them all."""

from urllib.parse import urlencode

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import clock, hx, show
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused
from surveys.owners import delivering, service
from surveys.owners.delivering import Reached
from surveys.owners.desk_views import home, page
from surveys.owners.models import DeliveryWay, OwnersVote
from surveys.owners.service import Listed
from surveys.owners.views import PAGES
from surveys.owners.vote_forms import DeliveryForm

A_PAGE = 60
"""owners"""


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


@PAGES.post("/desk/owners/<vote_id>/deliveries/take-back-batch")
def take_back_batch(vote_id: str) -> Response:
    """Take back all that oneself noted at one go just now."""
    vote = access.fetch(OwnersVote, vote_id, May.KEY_IN)
    line = request.form.get("line", "")
    done = delivering.take_back_batch(vote, line, by=access.me(), at=g.at)
    flash(_("撤回了 %(n)d 位的。", n=done))
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
    view = View.read(
        url_for("owners.deliveries", vote_id=vote.id),
        request.args,
        ["number", "name"],
        {"q": None, "show": set(Reached), "building": set(service.buildings_of(vote))},
        a_page=A_PAGE,
    )
    seen = view.arranged(
        (one for one in seen if view.asked.get("q", "") in words_of(one.listed)),
        {"number": lambda one: one.listed.owner.number, "name": lambda one: one.listed.names},
    )
    on_page = view.shown(seen)
    all_of_them = [one.listed.owner.id for one in on_page] if request.args.get("tick") else []
    may_note = delivering.may_be_noted(vote, g.at)
    return page(
        "desk_deliveries",
        vote,
        status,
        form=form,
        doorsteps=on_page,
        found=len(seen),
        view=view,
        batch=delivering.last_batch(vote, access.me(), g.at) if may_note else [],
        ticked=set(ticked or all_of_them),
        numbers=delivering.numbers(vote),
        shown=shown.value if shown else "",
        building=building,
        buildings=service.buildings_of(vote),
        may_note=may_note,
        address=url_for("owners.deliveries", vote_id=vote.id),
    )


def words_of(listed: Listed) -> str:
    """What an owner is found by: the number, a name, a door."""
    doors = [show.door(unit) for unit in listed.units]
    rooms = ["-".join((unit.building, unit.stairwell, unit.room)) for unit in listed.units]
    return "\n".join([str(listed.owner.number), *listed.names, *doors, *rooms])


def _shown() -> Reached | None:
    """Whose lines are asked for; None: everybody's."""
    asked = request.args.get("show", "")
    return Reached(asked) if asked in set(Reached) else None


def _address(vote: OwnersVote) -> str:
    kept = {name: request.args.get(name) for name in ("show", "building", "q", "sort", "page")}
    asked = urlencode({name: value for name, value in kept.items() if value})
    return url_for("owners.deliveries", vote_id=vote.id) + (f"?{asked}" if asked else "")
