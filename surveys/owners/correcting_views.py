"""Corrections of a vote's register at the desk: asked for, looked at by another, kept or not."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards import rules as doors
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused, SurveysError
from surveys.owners import correcting, correcting_forms, service
from surveys.owners.correcting import What
from surveys.owners.correcting_forms import ClaimForm
from surveys.owners.models import Correction, OwnersVote, VoteUnit
from surveys.owners.parties import SOURCE_NAMES
from surveys.owners.views import PAGES
from surveys.web import config_of


@PAGES.get("/desk/owners/<vote_id>/register/corrections")
def corrections(vote_id: str) -> Response:
    """What was corrected and what waits; the unit that was asked for, to be corrected."""
    return _page(access.fetch(OwnersVote, vote_id, May.OVERSEE), request.args.get("door", ""))


def _page(
    vote: OwnersVote, door: str, form: ClaimForm | None = None, status: int = 200
) -> Response:
    fault: SurveysError | None = None
    unit = listed = None
    forms: dict[What, ClaimForm] = {}
    if door:
        try:
            unit = correcting.unit_at(vote, doors.typed_door(door))
        except Invalid as error:
            fault, status = error, 422
        else:
            listed = service.owner_of(vote, unit.vote_owner_id)
            forms = _forms(listed, unit, form)
    return hx.render(
        "owners/corrections.html",
        None,
        status,
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        door=doors.printable(door),
        fault=fault,
        unit=unit,
        listed=listed,
        forms=forms,
        sent=form,
        shown=correcting.corrections_of(vote),
        changeable=correcting.may_change(vote),
        account_id=access.me(),
        may_ask=access.allows(vote.courtyard_id, May.RUN),
        may_confirm=access.allows(vote.courtyard_id, May.CONFIRM),
    )


def _forms(listed: service.Listed, unit: VoteUnit, form: ClaimForm | None) -> dict[What, ClaimForm]:
    """The four forms, with the one that was sent as it was sent."""
    found = correcting_forms.filled(listed, unit.area_dm2, SOURCE_NAMES[unit.source])
    if form is not None:
        found[form.what] = form
    for one in found.values():
        one.offer()
    return found


@PAGES.post("/desk/owners/<vote_id>/register/corrections")
def ask_correction(vote_id: str) -> Response:
    """Ask for a correction of one unit."""
    vote = access.fetch(OwnersVote, vote_id, May.RUN)
    door, what = request.form.get("door", ""), request.form.get("what", "")
    if what not in list(What):
        return _page(vote, door, status=422)
    form = correcting_forms.sent(What(what))
    form.offer()
    if not form.validate_on_submit():
        return _page(vote, door, form, 422)
    try:
        correcting.ask(
            vote,
            doors.typed_door(door),
            form.claim(),
            form.reason.data or "",
            by=access.me(),
            at=g.at,
        )
    except (Invalid, Refused) as fault:
        blame(form, fault)
        return _page(vote, door, form, fault.status)
    flash(_("申请好了，等监督员核对。"), "done")
    return _back(vote_id)


@PAGES.post("/desk/correction/<correction_id>/confirm")
def confirm_correction(correction_id: str) -> Response:
    """Let a correction hold that somebody else asked for."""
    correction = access.fetch(Correction, correction_id, May.CONFIRM)
    try:
        correcting.confirm(correction, secret=config_of().secret, by=access.me(), at=g.at)
    except Refused as fault:
        flash(say(fault), "mind")
    else:
        flash(_("核对好了，名册照这条更正。"), "done")
    return _back(correction.vote_id)


@PAGES.post("/desk/correction/<correction_id>/drop")
def drop_correction(correction_id: str) -> Response:
    """Let a correction not hold."""
    correction = access.fetch(Correction, correction_id, May.OVERSEE)
    try:
        correcting.drop(correction, by=access.me(), at=g.at)
    except Refused as fault:
        flash(say(fault), "mind")
    else:
        flash(_("没有采用，名册不变。"), "done")
    return _back(correction.vote_id)


def _back(vote_id: str) -> Response:
    return hx.see_other(url_for("owners.corrections", vote_id=vote_id))
