"""The desk: a roll, handed in as a file or told in words; looked at before it is kept."""

from io import BytesIO

from flask import Response, flash, g, request, send_file, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, tables
from surveys.base.language import gettext as _
from surveys.base.long_lists import View
from surveys.courtyards import forms, listing, roll, service
from surveys.courtyards.headed import Reading
from surveys.courtyards.models import Courtyard
from surveys.courtyards.rules import RollRow
from surveys.courtyards.views import PAGES
from surveys.errors import Invalid, Refused
from surveys.web import config_of

DOORS_A_PAGE = 60
"""of the roll"""


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
        "words": forms.RollWordsForm(formdata=None),
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
    """Read a file, or doors told in words, and show what that would change, or every fault.

    Saves nothing.
    """
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    if "doors" in request.form:
        words = forms.RollWordsForm()
        if words.validate_on_submit() and (reading := words.reading()):
            return _look(courtyard, reading)
        return _roll(courtyard, words=words)
    form = forms.RollFileForm()
    if not form.validate_on_submit():
        return _roll(courtyard, form=form)
    try:
        reading = roll.read_file(form.file.data.read())
    except Invalid as error:
        return _roll(courtyard, file_fault=error)
    if reading.faults:
        return _roll(courtyard, faults=reading.faults, sheet=reading.sheet)
    return _look(courtyard, reading)


def _look(courtyard: Courtyard, reading: Reading[RollRow]) -> Response:
    """What saving these households would change."""
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
    told = _("花名册已经和这张表一样。")
    if plan.new or plan.changed:
        told = _(
            "存好了：新增 %(new)d 户，改面积 %(changed)d 户。",
            new=len(plan.new),
            changed=len(plan.changed),
        )
    flash(told, "done")
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
