"""The same done to all that are ticked in a list; the list comes back as it was, with an undo."""

from collections.abc import Callable

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May, own_path
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound
from surveys.needs import forms, ledger, together
from surveys.needs.ledger_views import PAGES
from surveys.needs.need_views import suggestions_page
from surveys.needs.table_views import show as table_page
from surveys.rounds.models import Round


@PAGES.post("/desk/courtyard/<courtyard_id>/suggestions/together")
def suggestions_together(courtyard_id: str) -> Response:
    """Set aside or withhold all suggestions that are ticked."""
    courtyard, round_ = _opened(courtyard_id)
    ticked, reason = request.form.getlist("ticked"), request.form.get("reason", "")
    acts: dict[str, Callable[[], int]] = {
        "aside": lambda: together.set_aside(round_, ticked, by=access.me(), at=g.at),
        "withhold": lambda: together.withhold(round_, ticked, reason, by=access.me(), at=g.at),
    }
    act = acts.get(request.form.get("do", ""))
    if act is None:
        raise NotFound
    try:
        _tell(act())
    except Invalid as fault:
        return suggestions_page(courtyard, together_fault=fault)
    return _back(courtyard_id, "suggestions")


@PAGES.post("/desk/courtyard/<courtyard_id>/needs/together")
def needs_together(courtyard_id: str) -> Response:
    """Say where all needs go that are ticked."""
    courtyard, round_ = _opened(courtyard_id)
    form, ticked = forms.LaneForm(), request.form.getlist("ticked")
    if not form.validate_on_submit():
        return table_page(courtyard, form)
    note = form.lane_note.data or ""
    try:
        _tell(together.send(round_, ticked, form.sent_to, note, by=access.me(), at=g.at))
    except Invalid as fault:
        return table_page(courtyard, form, fault)
    return _back(courtyard_id, "needs")


def _opened(courtyard_id: str) -> tuple[Courtyard, Round]:
    courtyard = access.fetch(Courtyard, courtyard_id, May.KEY_IN)
    round_ = ledger.ledger_round(courtyard.id)
    if round_ is None:
        raise NotFound
    return courtyard, round_


def _tell(done: int) -> None:
    if done:
        flash(_("一起办好了 %(n)d 条。办错了，按下面的“撤销”。", n=done), "done")
    else:
        flash(_("勾上的先前都办过了，这回什么也没改。"), "mind")


def _back(courtyard_id: str, page: str) -> Response:
    otherwise = f"/desk/courtyard/{courtyard_id}/{page}"
    return hx.see_other(own_path(request.form.get("to"), otherwise=otherwise))
