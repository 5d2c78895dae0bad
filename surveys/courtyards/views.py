"""A phone is told which household it speaks for; the desk keeps courtyards, rolls and slips."""

from collections import Counter
from io import BytesIO

from flask import Blueprint, Response, flash, g, request, send_file, url_for
from flask_wtf import FlaskForm

from surveys.accounts import access, failures
from surveys.accounts.models import Place
from surveys.accounts.rules import May, own_path
from surveys.base import hx, tables
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.courtyards import codes, device, forms, listing, qr, roll, rules, service, slips
from surveys.courtyards.models import Courtyard, HouseholdCode, Reprint
from surveys.courtyards.visit_views import VISITS
from surveys.errors import Forbidden, Invalid, NotFound, Refused, SurveysError, TooOften
from surveys.web import config_of, printed_address

PAGES = Blueprint("courtyards", __name__)
PAGES.register_blueprint(VISITS)

DOORS_A_PAGE = 60
"""of the roll"""
MOST_GUESSES = 20
"""whole codes that were nobody's, from one phone in one courtyard within a quarter of an hour.

A misread symbol fails its check symbol and is not counted. With 50 bits there is nothing to fear
from many phones, so a courtyard behind one address is never locked out together.
"""


@PAGES.app_context_processor
def _courtyards_of_the_desk() -> dict[str, object]:
    """The courtyards that the desk's header offers."""
    if not request.path.startswith("/desk") or access.current_account() is None:
        return {}
    return {"desk_courtyards": service.visible(access.roles())}


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


@PAGES.route("/desk/courtyard/new", methods=["GET", "POST"])
def new() -> Response:
    """Make a courtyard in a community that one runs or administers."""
    account = access.require_account()
    places = service.places_for_courtyards(access.roles())
    if not places:
        raise Forbidden
    form = forms.CourtyardForm()
    form.offer(places)
    if form.validate_on_submit():
        parent = next(place for place in places if place.id == form.parent.data)
        typed = {name: form[name].data or "" for name in ("name", "phone", "committee")}
        zone, by = config_of().default_zone, account.id
        try:
            made = service.create_courtyard(**typed, parent_place=parent, zone=zone, by=by, at=g.at)
        except Invalid as error:
            _blame(form, "name", error)
        else:
            flash(_("建好了。接下来把花名册交上来。"), "done")
            return hx.see_other(url_for("courtyards.roll_page", courtyard_id=made.id))
    return hx.render("courtyards/new.html", status=422 if form.errors else 200, form=form)


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
            _blame(form, "name", error)
        else:
            flash(_("存好了。"), "done")
            return hx.see_other(url_for("courtyards.settings", courtyard_id=courtyard_id))
    status = 422 if form.errors else 200
    return hx.render("courtyards/settings.html", status=status, courtyard=courtyard, form=form)


def _blame(form: FlaskForm, name: str, error: SurveysError) -> None:
    """Show a refusal of a service beside the field that it is about."""
    form[name].errors = [*form[name].errors, _(error.msgid, **error.params)]


# --- the desk: the roll --------------------------------------------------------------------------


@PAGES.get("/desk/courtyard/<courtyard_id>/roll")
def roll_page(courtyard_id: str) -> Response:
    """The roll, door by door, and where a file is handed in."""
    return _roll(access.fetch(Courtyard, courtyard_id, May.LOOK))


def _roll(courtyard: Courtyard, **more: object) -> Response:
    households, buildings, area_dm2 = service.size(courtyard.id)
    blocks = service.buildings_of(courtyard.id)
    view = View.read(
        f"/desk/courtyard/{courtyard.id}/roll",
        request.args,
        ["door", "area"],
        {"q": None, "building": {name for name, _n in blocks}},
        a_page=DOORS_A_PAGE,
        anchor="present",
    )
    homes, total = listing.roll_page(courtyard.id, view)
    context: dict[str, object] = {
        "form": forms.RollFileForm(formdata=None),
        "may_import": access.allows(courtyard.id, May.RUN),
        "homes": homes,
        "total": total,
        "view": view,
        "blocks": blocks,
        "size": {"households": households, "buildings": buildings, "area_dm2": area_dm2},
        "headers": roll.HEADERS,
    }
    status = 422 if more else 200
    return hx.render("courtyards/roll.html", None, status, courtyard=courtyard, **(context | more))


@PAGES.post("/desk/courtyard/<courtyard_id>/roll/check")
def check_roll(courtyard_id: str) -> Response:
    """Read a file and show what it would change, or every wrong cell. Saves nothing."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = forms.RollFileForm()
    if not form.validate_on_submit():
        return _roll(courtyard, form=form)
    try:
        reading = roll.read_file(form.file.data.read())
    except Invalid as error:
        return _roll(courtyard, file_fault=error)
    if reading.faults:
        return _roll(courtyard, faults=reading.faults, sheet=reading.sheet)
    plan = service.plan_import(courtyard, reading.rows)
    packed = roll.pack(
        reading.rows, plan.fingerprint, courtyard_id=courtyard.id, secret=config_of().secret
    )
    return hx.render(
        "courtyards/roll_check.html",
        courtyard=courtyard,
        plan=plan,
        sheet=reading.sheet,
        packed=packed,
    )


@PAGES.post("/desk/courtyard/<courtyard_id>/roll")
def save_roll(courtyard_id: str) -> Response:
    """Save the roll that was looked at."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    by = access.me()
    try:
        rows, seen = roll.unpack(
            request.form.get("packed", ""), courtyard_id=courtyard.id, secret=config_of().secret
        )
        plan = service.import_roll(courtyard, rows, by=by, at=g.at, seen=seen)
    except (Invalid, Refused) as error:
        return _roll(courtyard, file_fault=error)
    say = _("花名册已经和这张表一样。")
    if plan.new or plan.changed:
        say = _(
            "存好了：新增 %(new)d 户，改面积 %(changed)d 户。",
            new=len(plan.new),
            changed=len(plan.changed),
        )
    flash(say, "done")
    return hx.see_other(url_for("courtyards.roll_page", courtyard_id=courtyard_id))


@PAGES.get("/desk/courtyard/<courtyard_id>/roll/template.xlsx")
def roll_template(courtyard_id: str) -> Response:
    """An empty roll to fill in, with three rows as an example."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    name = _("花名册样表-%(name)s.xlsx", name=courtyard.name)
    return _workbook(roll.to_xlsx(roll.EXAMPLE), name)


@PAGES.get("/desk/courtyard/<courtyard_id>/roll/export.xlsx")
def export_roll(courtyard_id: str) -> Response:
    """The present roll; what comes out can go in again."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    name = _("花名册-%(name)s.xlsx", name=courtyard.name)
    return _workbook(roll.to_xlsx(service.rows_of(courtyard.id)), name)


def _workbook(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), tables.XLSX, as_attachment=True, download_name=name)


# --- the desk: paper -----------------------------------------------------------------------------


@PAGES.get("/desk/courtyard/<courtyard_id>/poster")
def poster(courtyard_id: str) -> Response:
    """The poster for the wall, with the courtyard's code."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.PRINT)
    return hx.render("courtyards/poster.html", courtyard=courtyard, printed_on=g.at)


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
        _blame(form, "door", error)
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
