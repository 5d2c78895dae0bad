"""The close of a ballot is put off at the desk."""

from flask import Blueprint, Response, flash, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import extending
from surveys.ballots.desk_views import home, page
from surveys.ballots.forms import ExtendForm
from surveys.ballots.models import Ballot
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.errors import Invalid, Refused

EXTENDING = Blueprint("extending", __name__)


@EXTENDING.route("/desk/ballot/<ballot_id>/extend", methods=["GET", "POST"])
def extend(ballot_id: str) -> Response:
    """Ask until when and why; then put the close off, for everybody to read."""
    ballot = access.fetch(Ballot, ballot_id, May.RUN)
    zone = courtyards.find(ballot.courtyard_id).zone
    form = ExtendForm.of(ballot, zone)
    if form.validate_on_submit():
        by = access.me()
        try:
            extending.extend(ballot, form.later(zone), form.reason.data or "", by=by, at=g.at)
        except (Invalid, Refused) as fault:
            blame(form, fault)
        else:
            flash(_("推迟了。居民的页面和大屏上都写着。"))
            return home(ballot)
    elif not form.is_submitted() and not extending.may_be_extended(ballot, g.at):
        flash(_("截止前才能推迟。"), "mind")
        return home(ballot)
    return page("desk_extend", ballot, 422 if form.is_submitted() else 200, form=form)
