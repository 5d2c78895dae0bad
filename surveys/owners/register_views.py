"""The living register at the desk: who owns what, what is stated of the whole, a unit at a time.

Names are for those who run a courtyard and those who key in for them; nobody else is shown them.
"""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May, tidy
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, SurveysError
from surveys.owners import (
    adding_up,
    register,
    register_file,
    register_list,
    register_whole,
    registering,
)
from surveys.owners.register_forms import (
    ChangeUnitForm,
    RegisterFileForm,
    RemoveForm,
    StatedForm,
    UnitForm,
)
from surveys.owners.register_models import Unit
from surveys.owners.views import PAGES

A_PAGE = 50
"""owners on one page"""
MOST_LACKING = 20
"""co-owners who are asked for who votes for them, at once"""


@PAGES.get("/desk/courtyard/<courtyard_id>/owners")
def register_page(courtyard_id: str) -> Response:
    """What keeps a vote from opening, who owns what, and where a file is handed in."""
    return show(access.fetch(Courtyard, courtyard_id, May.KEY_IN))


def show(courtyard: Courtyard, status: int = 200, **more: object) -> Response:
    """The page of the register, with what a refused form has to say."""
    view = View.read(
        f"/desk/courtyard/{courtyard.id}/owners",
        request.args,
        register_list.SORTS,
        {"q": None},
        a_page=A_PAGE,
        anchor="present",
    )
    whole = register_whole.look(courtyard.id)
    holders, found = register_list.page(courtyard.id, view)
    context: dict[str, object] = {
        "whole": whole,
        "faults": adding_up.faults(whole),
        "warnings": adding_up.warnings(whole),
        "lacking": register_list.lacking_a_voter(courtyard.id, MOST_LACKING),
        "view": view,
        "found": found,
        "holders": holders,
        "may_change": access.allows(courtyard.id, May.RUN),
        "form": RegisterFileForm(formdata=None),
        "stated_form": None,
        "names": register_file.NAMES,
        "has_roll": courtyards.size(courtyard.id)[0] > 0,
    }
    if "stated_form" not in more:
        context["stated_form"] = StatedForm.of(register_whole.stated(courtyard.id))
    return hx.render("owners/register.html", None, status, courtyard=courtyard, **(context | more))


@PAGES.post("/desk/courtyard/<courtyard_id>/owners/stated")
def state(courtyard_id: str) -> Response:
    """Write down what the property register states of the whole."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = StatedForm()
    if not form.validate_on_submit():
        return show(courtyard, 422, stated_form=form)
    try:
        registering.state(
            courtyard.id,
            area_dm2=form.area_dm2,
            units=form.units_stated,
            source=tidy(form.source.data or ""),
            gap_reason=tidy(form.gap_reason.data or ""),
            by=access.me(),
            at=g.at,
        )
    except Invalid as fault:
        form.source.errors = [say(fault)]
        return show(courtyard, 422, stated_form=form)
    flash(_("存好了。"), "done")
    return _back(courtyard_id)


@PAGES.post("/desk/courtyard/<courtyard_id>/owners/voter")
def set_voter(courtyard_id: str) -> Response:
    """Write down whom co-owners named to vote for all of them."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    try:
        registering.set_voter(
            courtyard.id,
            request.form.get("owner", ""),
            request.form.get("voter", ""),
            by=access.me(),
            at=g.at,
        )
    except SurveysError as fault:
        return show(courtyard, fault.status, refused=fault)
    flash(_("存好了。"), "done")
    return _back(courtyard_id)


def _back(courtyard_id: str) -> Response:
    return hx.see_other(url_for("owners.register_page", courtyard_id=courtyard_id))


# --- one unit ------------------------------------------------------------------------------------


@PAGES.route("/desk/courtyard/<courtyard_id>/owners/new", methods=["GET", "POST"])
def new_unit(courtyard_id: str) -> Response:
    """Add a unit and whose it is."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = UnitForm()
    form.offer()
    if form.validate_on_submit():
        row, faults = register_file.read_unit(form.typed)
        form.blame(faults)
        if row:
            try:
                registering.add_unit(courtyard.id, row, by=access.me(), at=g.at)
            except Invalid as fault:
                form.room.errors = [say(fault)]
            else:
                flash(_("加好了。"), "done")
                return _back(courtyard_id)
    return _unit_page(courtyard, form)


def _unit_page(courtyard: Courtyard, form: UnitForm, unit: Unit | None = None) -> Response:
    status = 422 if form.errors else 200
    return hx.render(
        "owners/unit.html",
        status=status,
        courtyard=courtyard,
        form=form,
        unit=unit,
        remove_form=RemoveForm(formdata=None),
    )


@PAGES.route("/desk/unit/<unit_id>", methods=["GET", "POST"])
def unit(unit_id: str) -> Response:
    """Put a unit right, or pass it on to who bought it."""
    held = access.fetch(Unit, unit_id, May.RUN)
    courtyard = courtyards.find(held.courtyard_id)
    form = ChangeUnitForm(data=register_file.typed_as(register.row_of(held)))
    form.offer()
    if form.validate_on_submit():
        row, faults = register_file.read_unit(form.typed)
        form.blame(faults)
        if row:
            is_sold = form.why.data == "sold"
            try:
                registering.change_unit(held.id, row, is_sold=is_sold, by=access.me(), at=g.at)
            except Invalid as fault:
                form.room.errors = [say(fault)]
            else:
                flash(_("改好了。"), "done")
                return _back(courtyard.id)
    return _unit_page(courtyard, form, held)


@PAGES.post("/desk/unit/<unit_id>/remove")
def remove_unit(unit_id: str) -> Response:
    """Take a unit out."""
    held = access.fetch(Unit, unit_id, May.RUN)
    form = RemoveForm()
    if form.validate_on_submit():
        registering.remove_unit(held.id, by=access.me(), at=g.at)
        flash(_("去掉了。"), "done")
        return _back(held.courtyard_id)
    flash(_("先勾上，再去掉。"), "mind")
    return hx.see_other(url_for("owners.unit", unit_id=unit_id))
