"""The register as a file: looked at, saved, and taken out again."""

from io import BytesIO

from flask import Response, flash, g, request, send_file, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx, tables
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from surveys.owners import adding_up, register_file, register_whole, registering
from surveys.owners.register_forms import RegisterFileForm
from surveys.owners.register_views import show
from surveys.owners.views import PAGES
from surveys.web import config_of


@PAGES.post("/desk/courtyard/<courtyard_id>/owners/check")
def check_register(courtyard_id: str) -> Response:
    """Read a file and show what it would change, or every wrong cell. Saves nothing."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = RegisterFileForm()
    if not form.validate_on_submit():
        return show(courtyard, 422, form=form)
    try:
        reading = register_file.read_file(form.file.data.read())
    except Invalid as fault:
        return show(courtyard, 422, file_fault=fault)
    if reading.faults:
        return show(courtyard, 422, cell_faults=reading.faults, sheet=reading.sheet)
    plan = registering.plan_import(courtyard.id, reading.rows)
    packed = register_file.pack(
        reading.rows, plan.fingerprint, courtyard_id=courtyard.id, secret=config_of().secret
    )
    roll = {home.door for home in courtyards.rows_of(courtyard.id)}
    whole = adding_up.of_rows(plan.after, register_whole.stated(courtyard.id), roll)
    return hx.render(
        "owners/register_check.html",
        courtyard=courtyard,
        plan=plan,
        whole=whole,
        gaps=adding_up.gaps(whole.sums),
        warnings=adding_up.warnings(whole),
        sheet=reading.sheet,
        packed=packed,
    )


@PAGES.post("/desk/courtyard/<courtyard_id>/owners")
def save_register(courtyard_id: str) -> Response:
    """Save the register that was looked at."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    by, packed = access.me(), request.form.get("packed", "")
    try:
        rows, seen = register_file.unpack(
            packed, courtyard_id=courtyard.id, secret=config_of().secret
        )
        plan = registering.import_rows(courtyard.id, rows, seen=seen, by=by, at=g.at)
    except (Invalid, Refused) as fault:
        return show(courtyard, fault.status, file_fault=fault)
    say = _("业主名册已经和这张表一样。")
    if plan.changes:
        say = _(
            "存好了：新增 %(new)d 套，改 %(changed)d 套。",
            new=len(plan.new),
            changed=len(plan.changed),
        )
    flash(say, "done")
    return hx.see_other(url_for("owners.register_page", courtyard_id=courtyard_id))


@PAGES.get("/desk/courtyard/<courtyard_id>/owners/template.xlsx")
def register_template(courtyard_id: str) -> Response:
    """A register to fill in: three rows as an example, or the doors and areas of the roll."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    if "roll" in request.args:
        data = register_file.prefilled(courtyards.rows_of(courtyard.id))
    else:
        data = register_file.to_xlsx(register_file.EXAMPLE)
    return _workbook(data, _("业主名册样表-%(name)s.xlsx", name=courtyard.name))


@PAGES.post("/desk/courtyard/<courtyard_id>/owners/export.xlsx")
def export_register(courtyard_id: str) -> Response:
    """The present register; what comes out can go in again. That it was taken out is noted."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    rows = registering.take_out(courtyard.id, by=access.me(), at=g.at)
    return _workbook(register_file.to_xlsx(rows), _("业主名册-%(name)s.xlsx", name=courtyard.name))


def _workbook(data: bytes, name: str) -> Response:
    return send_file(BytesIO(data), tables.XLSX, as_attachment=True, download_name=name)
