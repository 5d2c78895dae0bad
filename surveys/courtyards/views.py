"""A phone is told which household it speaks for; the desk keeps courtyards and their rolls."""

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access, failures
from surveys.accounts.forms import blame
from surveys.accounts.models import Place
from surveys.accounts.rules import May, own_path
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import codes, device, forms, qr, rules, service, slips
from surveys.courtyards.models import Courtyard, HouseholdCode
from surveys.courtyards.visit_views import VISITS
from surveys.errors import Forbidden, Invalid, NotFound, SurveysError, TooOften
from surveys.web import config_of, printed_address

PAGES = Blueprint("courtyards", __name__)
PAGES.register_blueprint(VISITS)

MOST_OFFERED = 30
"""courtyards in a list to pick from"""
MOST_GUESSES = 20
"""whole codes that were nobody's, from one phone in one courtyard within a quarter of an hour.

A misread symbol fails its check symbol and is not counted. With 50 bits there is nothing to fear
from many phones, so a courtyard behind one address is never locked out together.
"""


@PAGES.app_context_processor
def _courtyards_of_the_desk() -> dict[str, object]:
    """The courtyards that the desk's header offers; where there are many, it searches instead."""
    if not request.path.startswith("/desk") or access.current_account() is None:
        return {}
    found = service.visible(access.roles(), MOST_OFFERED + 1)
    many = len(found) > MOST_OFFERED
    return {"desk_courtyards": [] if many else found, "desk_searches": many}


# --- a household's slip --------------------------------------------------------------------------


@PAGES.route("/h/<code>", methods=["GET", "POST"])
@PAGES.route("/H/<code>", methods=["GET", "POST"])
def household(code: str) -> Response:
    """Ask whether this is the reader's home; remember it on this phone when told so, and lead on to
    what the phone was going to when it was asked."""
    found = slips.find_by_long(code, config_of().secret)
    courtyard = service.find(found.courtyard_id)
    if found.retired_at is not None:
        return _renewed(courtyard)
    home = slips.household_of(found)
    held = device.current().household_in(courtyard.id)
    if request.method == "POST":
        device.speak_for(found)
    if request.method == "POST" or (held and held.id == home.id):
        return hx.see_other(device.way_on(courtyard.id) or f"/c/{courtyard.code}")
    return hx.render(
        "courtyards/home.html",
        courtyard=courtyard,
        help_phone=courtyard.phone,
        household=home,
        held=held,
        action=f"/h/{codes.fold(code)}",
    )


def _renewed(courtyard: Courtyard) -> Response:
    return hx.render(
        "courtyards/renewed.html", status=410, courtyard=courtyard, help_phone=courtyard.phone
    )


@PAGES.route("/c/<code>/door", methods=["GET", "POST"])
@PAGES.route("/C/<code>/door", methods=["GET", "POST"])
def door(code: str) -> Response:
    """The short code of a slip, typed."""
    courtyard = service.by_code(code)
    typed, fault, status = request.form.get("code", ""), None, 200
    if request.method == "POST":
        try:
            found = _typed_code(courtyard, typed)
        except SurveysError as error:
            fault, status = error, 429 if isinstance(error, TooOften) else 422
        else:
            if found.retired_at is not None:
                return _renewed(courtyard)
            long, _short = slips.household_code(slips.household_of(found), config_of().secret)
            return hx.see_other(f"/h/{long}")
    return hx.render(
        "courtyards/door.html",
        status=status,
        courtyard=courtyard,
        help_phone=courtyard.phone,
        typed=rules.printable(typed, most=60),
        fault=fault,
    )


def _typed_code(courtyard: Courtyard, typed: str) -> HouseholdCode:
    subject = f"code:{courtyard.id}:{device.current().token}"
    failures.refuse_if_too_many(subject, MOST_GUESSES, g.at)
    try:
        return slips.find_by_short(courtyard, typed, config_of().secret)
    except NotFound:
        failures.note_failure(subject, g.at)
        raise


@PAGES.post("/device/forget")
def forget() -> Response:
    """This phone speaks for nobody any more: a wrong slip, or the next family's turn."""
    device.forget()
    flash(_("这部手机不再代表哪一家了。"), "done")
    return hx.see_other(own_path(request.form.get("to"), otherwise="/"))


@PAGES.get("/c/<code>/qr.svg")
def qr_svg(code: str) -> Response:
    """The courtyard's QR code."""
    return _picture(qr.svg(_qr_text(service.by_code(code))).encode(), "image/svg+xml")


@PAGES.get("/c/<code>/qr.png")
def qr_png(code: str) -> Response:
    """The courtyard's QR code for documents that take no SVG."""
    return _picture(qr.png_bytes(_qr_text(service.by_code(code))), "image/png")


def _qr_text(courtyard: Courtyard) -> str:
    return printed_address(f"/c/{courtyard.code}").upper()


def _picture(data: bytes, kind: str) -> Response:
    response = Response(data, mimetype=kind)
    response.headers["Cache-Control"] = "public, max-age=3600"
    return response


# --- the desk: courtyards ------------------------------------------------------------------------


@PAGES.get("/desk/go")
def go() -> Response:
    """Where the header's list of courtyards leads."""
    courtyard = access.fetch(Courtyard, request.args.get("to", ""), May.LOOK)
    return hx.see_other(f"/desk/courtyard/{courtyard.id}")


@PAGES.route("/desk/courtyard/<courtyard_id>/settings", methods=["GET", "POST"])
def settings(courtyard_id: str) -> Response:
    """Change a courtyard's name, telephone and signature."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    place = access.fetch(Place, courtyard_id, May.LOOK)
    if not service.may_arrange(access.roles(), place):
        raise Forbidden
    form = forms.SettingsForm(obj=courtyard)
    if form.validate_on_submit():
        typed = {name: form[name].data or "" for name in ("name", "phone", "committee")}
        try:
            service.change_courtyard(courtyard, **typed, by=access.me(), at=g.at)
        except Invalid as error:
            blame(form.name, error)
        else:
            flash(_("存好了。"), "done")
            return hx.see_other(url_for("courtyards.settings", courtyard_id=courtyard_id))
    status = 422 if form.errors else 200
    return hx.render("courtyards/settings.html", status=status, courtyard=courtyard, form=form)


# --- the desk: paper -----------------------------------------------------------------------------


@PAGES.get("/desk/courtyard/<courtyard_id>/poster")
def poster(courtyard_id: str) -> Response:
    """The poster for the wall, with the courtyard's code."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.PRINT)
    return hx.render("courtyards/poster.html", courtyard=courtyard, printed_on=g.at)
