"""At the desk: slips with a household's code, printed by buildings, renewed and granted anew."""

from collections import Counter

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.forms import blame
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import forms, qr, service, slips
from surveys.courtyards.models import Courtyard, Reprint
from surveys.courtyards.views import PAGES
from surveys.errors import Forbidden, Invalid, Refused
from surveys.web import config_of, printed_address


@PAGES.get("/desk/courtyard/<courtyard_id>/slips")
def slips_page(courtyard_id: str) -> Response:
    """Choose buildings to print; who printed what; reprints that wait."""
    return _slips(access.fetch(Courtyard, courtyard_id, May.LOOK))


def _slips(courtyard: Courtyard, **more: object) -> Response:
    guarded = slips.guarded(courtyard, g.at)
    buildings = service.buildings_of(courtyard.id)
    first = Counter(household.building for household in slips.without_slip(courtyard.id))
    context: dict[str, object] = {
        "door_form": forms.DoorForm.asking_why(guarded, formdata=None),
        "buildings": buildings,
        "printable": list(first.items()) if guarded else buildings,
        "guarded": guarded,
        "wishes": slips.wishes(courtyard.id),
        "printed": slips.printed(courtyard.id),
        "account_id": access.me(),
        "may_print": access.allows(courtyard.id, May.PRINT),
        "may_grant": _may_grant(courtyard.id),
    }
    status = 422 if more else 200
    return hx.render("courtyards/slips.html", None, status, courtyard=courtyard, **(context | more))


def _may_grant(courtyard_id: str) -> bool:
    return any(access.allows(courtyard_id, act) for act in (May.PRINT, May.RUN, May.CONFIRM))


@PAGES.post("/desk/courtyard/<courtyard_id>/slips")
def print_slips(courtyard_id: str) -> Response:
    """The slips of whole buildings, eight a page."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.PRINT)
    chosen = request.form.getlist("building")
    if "all" in request.form:
        chosen = [name for name, _count in service.buildings_of(courtyard.id)]
    try:
        found = slips.print_slips(
            courtyard,
            chosen,
            secret=config_of().secret,
            by=access.me(),
            at=g.at,
        )
    except (Invalid, Refused) as error:
        return _slips(courtyard, fault=error)
    return _sheets(courtyard, found)


@PAGES.post("/desk/courtyard/<courtyard_id>/slips/one")
def renew_slip(courtyard_id: str) -> Response:
    """A new slip for one household; while a ballot is open this only asks for it."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.PRINT)
    by, secret = access.me(), config_of().secret
    guarded = slips.guarded(courtyard, g.at)
    form = forms.DoorForm.asking_why(guarded)
    if not form.validate_on_submit():
        return _slips(courtyard, door_form=form)
    try:
        home = service.household_at(courtyard.id, str(form.door.data))
        if not guarded:
            slip = slips.renew_slip(courtyard, home, secret=secret, by=by, at=g.at)
            return _sheets(courtyard, [slip])
        slips.ask_reprint(courtyard, home, str(form.reason.data), by=by, at=g.at)
    except (Invalid, Refused) as error:
        blame(form.door, error)
        return _slips(courtyard, door_form=form)
    flash(_("申请好了，等另一个人同意。"), "done")
    return hx.see_other(url_for("courtyards.slips_page", courtyard_id=courtyard_id))


@PAGES.post("/desk/reprint/<reprint_id>/grant")
def grant_reprint(reprint_id: str) -> Response:
    """Agree that a household gets a new slip: the old one is void from now on."""
    wish = access.fetch(Reprint, reprint_id, May.LOOK)
    if not _may_grant(wish.courtyard_id):
        raise Forbidden
    by = access.me()
    slips.grant_reprint(wish, secret=config_of().secret, by=by, at=g.at)
    flash(_("同意了，旧条子已经作废。新条子可以印一次。"), "done")
    return hx.see_other(url_for("courtyards.slips_page", courtyard_id=wish.courtyard_id))


@PAGES.post("/desk/reprint/<reprint_id>/print")
def print_reprint(reprint_id: str) -> Response:
    """The slip of a granted reprint, once."""
    wish = access.fetch(Reprint, reprint_id, May.PRINT)
    courtyard = service.find(wish.courtyard_id)
    by = access.me()
    slip = slips.print_reprint(wish, secret=config_of().secret, by=by, at=g.at)
    return _sheets(courtyard, [slip])


def _sheets(courtyard: Courtyard, found: list[slips.Slip]) -> Response:
    pictures = [qr.svg_uri(printed_address(f"/h/{slip.long}").upper()) for slip in found]
    return hx.render(
        "courtyards/sheets.html", courtyard=courtyard, slips=list(zip(found, pictures, strict=True))
    )
