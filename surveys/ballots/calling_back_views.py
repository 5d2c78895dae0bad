"""The households to call back: their list, on the desk and on paper, and what they said."""

from flask import Blueprint, Response, flash, g, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import calling_back
from surveys.ballots.desk_views import page
from surveys.ballots.forms import CallBackForm
from surveys.ballots.models import Answer, Ballot
from surveys.base import hx
from surveys.base.forms import blame
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused

CALLING = Blueprint("calling", __name__)


@CALLING.get("/desk/ballot/<ballot_id>/call-back")
def drawn(ballot_id: str) -> Response:
    """Who was drawn, and what was said so far."""
    return _list(access.fetch(Ballot, ballot_id, May.OVERSEE), CallBackForm())


@CALLING.post("/desk/ballot/<ballot_id>/call-back")
def answer(ballot_id: str) -> Response:
    """Note what one household said."""
    ballot = access.fetch(Ballot, ballot_id, May.CONFIRM)
    form, by = CallBackForm(), access.me()
    if not form.validate_on_submit():
        return _list(ballot, form, status=422)
    said, note = Answer(form.answer.data), form.note.data or ""
    try:
        calling_back.answer(ballot, form.drawn.data or "", said, note, by=by, at=g.at)
    except (Invalid, Refused) as fault:
        blame(form, fault)
        return _list(ballot, form, status=fault.status)
    flash(_("记下了。"))
    return hx.see_other(url_for("ballots.calling.drawn", ballot_id=ballot_id))


@CALLING.get("/desk/ballot/<ballot_id>/call-back/print")
def print_list(ballot_id: str) -> Response:
    """The list on paper, to be ticked at the door or by the telephone."""
    ballot = access.fetch(Ballot, ballot_id, May.OVERSEE)
    return page("call_back_print", ballot, drawn=calling_back.listed(ballot))


def _list(ballot: Ballot, form: CallBackForm, status: int = 200) -> Response:
    return page(
        "desk_call_back",
        ballot,
        status,
        drawn=calling_back.listed(ballot),
        called_back=calling_back.numbers(ballot),
        may_answer=access.allows(ballot.courtyard_id, May.CONFIRM),
        form=form,
    )
