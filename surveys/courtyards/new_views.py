"""The desk: a new courtyard, with its doors if they are known; looked at before it is made."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.forms import blame
from surveys.accounts.models import Place
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import forms, roll, rules, service
from surveys.courtyards.headed import Reading
from surveys.courtyards.rules import RollRow
from surveys.courtyards.views import PAGES
from surveys.errors import Forbidden, Invalid
from surveys.web import config_of

_BACK, _SAVE = "back", "save"


@PAGES.route("/desk/courtyard/new", methods=["GET", "POST"])
def new() -> Response:
    """Make a courtyard in a community that one runs or administers."""
    places = service.places_for_courtyards(access.roles())
    if not places:
        raise Forbidden
    form = forms.CourtyardForm()
    form.offer(places)
    if request.method == "GET" and len(places) == 1:
        form.committee.data = places[0].name
    go = request.form.get("go")
    if go == _BACK or not form.validate_on_submit():
        return _ask(form)
    parent = next(place for place in places if place.id == form.parent.data)
    try:
        if go == _SAVE:
            return _make(form, parent, _unpacked(parent))
        service.new_name(form.name.data or "", parent)
    except Invalid as error:
        blame(form.name, error)
        return _ask(form)
    return _read(form, parent)


def _ask(form: forms.CourtyardForm, **more: object) -> Response:
    status = 422 if form.errors or more else 200
    return hx.render("courtyards/new.html", status=status, form=form, **more)


def _read(form: forms.CourtyardForm, parent: Place) -> Response:
    """What is to be looked at: the doors. Without any the courtyard is made at once."""
    if form.file.data and form.doors.data:
        form.file.errors = [_("写了门牌，就不用再交表；两样留一样。")]
        return _ask(form)
    if form.doors.data:
        reading = form.reading()
        return _look(form, parent, reading) if reading else _ask(form)
    if not form.file.data:
        return _make(form, parent, [])
    try:
        reading = roll.read_file(form.file.data.read())
    except Invalid as error:
        blame(form.file, error)
        return _ask(form)
    if reading.faults:
        return _ask(form, faults=reading.faults, sheet=reading.sheet)
    return _look(form, parent, reading)


def _look(form: forms.CourtyardForm, parent: Place, reading: Reading[RollRow]) -> Response:
    rows = reading.rows
    return hx.render(
        "courtyards/new_check.html",
        form=form,
        parent=parent,
        sheet=reading.sheet,
        stairwells=rules.by_stairwell(rows),
        households=len(rows),
        buildings=len({row.building for row in rows}),
        packed=roll.pack(rows, "", courtyard_id=_salt(parent), secret=config_of().secret),
    )


def _unpacked(parent: Place) -> list[RollRow]:
    packed = request.form.get("packed", "")
    rows, _seen = roll.unpack(packed, courtyard_id=_salt(parent), secret=config_of().secret)
    return rows


def _salt(parent: Place) -> str:
    return f"new in {parent.id}"


def _make(form: forms.CourtyardForm, parent: Place, rows: list[RollRow]) -> Response:
    typed = {name: form[name].data or "" for name in ("name", "phone", "committee")}
    zone, by = config_of().default_zone, access.me()
    try:
        made = service.create_courtyard(
            **typed, parent_place=parent, zone=zone, rows=rows, by=by, at=g.at
        )
    except Invalid as error:
        blame(form.name, error)
        return _ask(form)
    if not rows:
        flash(_("建好了。接下来把花名册交上来。"), "done")
        return hx.see_other(url_for("courtyards.roll_page", courtyard_id=made.id))
    flash(_("建好了，%(n)d 户都在花名册里。", n=len(rows)), "done")
    return hx.see_other(f"/desk/courtyard/{made.id}")
