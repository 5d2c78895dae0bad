"""Owners' slips at the desk, where a vote is held online: printed once, and again for one owner."""

from flask import Response, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import say
from surveys.courtyards import qr
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused
from surveys.owners import codes, service
from surveys.owners.code_forms import RenewForm
from surveys.owners.models import OwnersVote
from surveys.owners.views import PAGES
from surveys.web import config_of, printed_address


@PAGES.get("/desk/owners/<vote_id>/slips")
def slips_page(vote_id: str) -> Response:
    """Which slips are still to be printed, and who printed which."""
    return _page(access.fetch(OwnersVote, vote_id, May.PRINT), RenewForm(formdata=None))


def _page(vote: OwnersVote, form: RenewForm, status: int = 200, **more: object) -> Response:
    return hx.render(
        "owners/slips.html",
        None,
        status,
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        buildings=service.by_building(codes.not_printed(vote)),
        printed=codes.printed(vote),
        form=form,
        **more,
    )


@PAGES.post("/desk/owners/<vote_id>/slips")
def print_owner_slips(vote_id: str) -> Response:
    """The slips of whole buildings that were never printed, eight a page."""
    vote = access.fetch(OwnersVote, vote_id, May.PRINT)
    chosen = None if "all" in request.form else request.form.getlist("building")
    secret = config_of().secret
    try:
        slips = codes.print_slips(vote, chosen, secret=secret, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _page(vote, RenewForm(formdata=None), fault.status, fault=fault)
    return _sheets(vote, slips)


@PAGES.post("/desk/owners/<vote_id>/slips/one")
def renew_owner_slip(vote_id: str) -> Response:
    """A new slip for one owner; the old one is void."""
    vote = access.fetch(OwnersVote, vote_id, May.PRINT)
    form = RenewForm()
    if not form.validate_on_submit():
        return _page(vote, form, 422)
    number, reason = int(form.number.data or 0), form.reason.data or ""
    secret = config_of().secret
    try:
        slip = codes.renew(vote, number, reason, secret=secret, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        form.number.errors = [say(fault)]
        return _page(vote, form, fault.status)
    return _sheets(vote, [slip])


def _sheets(vote: OwnersVote, slips: list[codes.Slip]) -> Response:
    pictures = [qr.svg_uri(printed_address(f"/o/{slip.code}").upper()) for slip in slips]
    return hx.render(
        "owners/slip_sheets.html",
        courtyard=courtyards.find(vote.courtyard_id),
        vote=vote,
        slips=list(zip(slips, pictures, strict=True)),
    )
