"""The front door: the courtyard's code typed or scanned, and the page behind it."""

from flask import Blueprint, Response, g, request, url_for

from surveys.base import hx
from surveys.base.language import say
from surveys.courtyards import device
from surveys.courtyards import service as courtyards
from surveys.errors import SurveysError
from surveys.resident import service
from surveys.resident.following_views import FOLLOWING
from surveys.web import printed_address

PAGES = Blueprint("resident", __name__)
PAGES.register_blueprint(FOLLOWING)


@PAGES.get("/")
def front() -> Response:
    """A field for the courtyard's code, as printed on the poster."""
    typed = request.args.get("code", "")
    if not typed.strip():
        return hx.render("base/front.html", typed="", fault=None)
    try:
        courtyard = courtyards.by_code(typed)
    except SurveysError as error:
        fault = say(error)
        return hx.render("base/front.html", status=422, typed=typed, fault=fault)
    return hx.see_other(url_for("resident.courtyard", code=courtyard.code))


@PAGES.get("/C/<code>")
@PAGES.get("/c/<code>")
def courtyard(code: str) -> Response:
    """What is open here now: one big button, then results and what was done at once."""
    found = courtyards.by_code(code)
    if request.path != f"/c/{found.code}":
        return hx.lead_to(url_for("resident.courtyard", code=found.code), 301)
    phone = device.current()
    household = phone.household_in(found.id)
    return hx.render(
        "resident/courtyard.html",
        courtyard=found,
        household=household,
        today=service.today(found, household, phone.draft_key(found.id), g.at),
        address=printed_address(f"/c/{found.code}"),
    )


@PAGES.get("/<string(length=7):code>")
def typed_address(code: str) -> Response:
    """The poster's short address: the host and the code, nothing between."""
    return courtyard(code)
