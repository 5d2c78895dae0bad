"""A table of votes is handed in at the desk: looked through first, then keyed in."""

from io import BytesIO

from flask import Blueprint, Response, flash, g, request, send_file, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import asking, batches, rules, vote_tables
from surveys.ballots.desk_views import home, page
from surveys.ballots.forms import TableForm
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot
from surveys.ballots.rules import State
from surveys.base import hx, tables
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused
from surveys.web import config_of, reads_first

BATCHES = Blueprint("batches", __name__)


@BATCHES.get("/desk/ballot/<ballot_id>/table")
def table(ballot_id: str) -> Response:
    """Where a table of votes is handed in, while any are taken."""
    ballot = access.fetch(Ballot, ballot_id, May.KEY_IN)
    if rules.state(ballot, g.at) not in {State.OPEN, State.CLOSED} or ballot.signed_at:
        flash(_("这次点单现在不录票。"))
        return home(ballot)
    return _page(ballot, TableForm())


@BATCHES.post("/desk/ballot/<ballot_id>/table")
@reads_first
def take(ballot_id: str) -> Response:
    """Name every wrong cell, or say what the table holds; key it in where that was asked for."""
    ballot = access.fetch(Ballot, ballot_id, May.KEY_IN)
    form = TableForm()
    if not form.validate_on_submit():
        return _page(ballot, form, 422)
    data = form.file.data.read()
    try:
        batch = batches.read(ballot, data)
        if batch.faults or request.form.get("go") != "save":
            return _page(ballot, form, 422 if batch.faults else 200, batch=batch)
        made = batches.key_in(
            ballot,
            batch,
            source=batches.fingerprint(data),
            by=access.me(),
            at=g.at,
            keys=LinkKeys(config_of().link_key_dirs),
            secret=config_of().secret,
        )
    except (Invalid, Refused) as fault:
        blame(form, fault)
        return _page(ballot, form, fault.status)
    flash(_("录好了 %(n)d 份。等另一个人一份一份核对。", n=made))
    return hx.see_other(url_for("ballots.keying.key_in", ballot_id=ballot.id))


@BATCHES.get("/desk/ballot/<ballot_id>/table.xlsx")
def example(ballot_id: str) -> Response:
    """An empty table with the columns that are read."""
    ballot = access.fetch(Ballot, ballot_id, May.KEY_IN)
    name = _("录票表-%(title)s.xlsx", title=ballot.title)
    data = BytesIO(vote_tables.example(asking.offer(ballot)))
    return send_file(data, tables.XLSX, as_attachment=True, download_name=name)


def _page(ballot: Ballot, form: TableForm, status: int = 200, **more: object) -> Response:
    offer = asking.offer(ballot)
    most = vote_tables.MOST_VOTES
    return page("desk_table", ballot, status, form=form, offer=offer, most=most, **more)
