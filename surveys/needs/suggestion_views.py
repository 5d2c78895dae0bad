"""One suggestion on the desk: the words as they were written, and whether others may read them."""

from collections.abc import Callable

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.lists import acts_on
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, SurveysError
from surveys.needs import forms, ledger, public, withholding
from surveys.needs.ledger_views import PAGES
from surveys.needs.models import Suggestion
from surveys.questionnaires.rules import CHANNELS


@PAGES.get("/desk/suggestion/<suggestion_id>")
def suggestion(suggestion_id: str) -> Response:
    """Its words, what others read of them, where it is, and what was done with it."""
    return _show(access.fetch(Suggestion, suggestion_id, May.LOOK))


@PAGES.post("/desk/suggestion/<suggestion_id>/withhold")
def withhold(suggestion_id: str) -> Response:
    """Show it to nobody else."""
    found = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    reason = request.form.get("reason", "")
    return _act(found, lambda who: withholding.withhold(found, reason, by=who, at=g.at))


@PAGES.post("/desk/suggestion/<suggestion_id>/release")
def release(suggestion_id: str) -> Response:
    """Let everybody read it again."""
    found = access.fetch(Suggestion, suggestion_id, May.KEY_IN)
    return _act(found, lambda who: withholding.release(found, by=who, at=g.at))


def _act(found: Suggestion, act: Callable[[str], None]) -> Response:
    try:
        act(access.me())
    except Invalid as fault:
        return _show(found, fault)
    flash(_("存好了"), "done")
    return hx.see_other(f"/desk/suggestion/{found.id}")


def _show(found: Suggestion, fault: SurveysError | None = None) -> Response:
    courtyard = access.fetch(Courtyard, found.courtyard_id, May.LOOK)
    form = forms.WithholdForm()
    if fault:
        form.reason.errors = [say(fault)]
    else:
        form.reason.data = found.withheld_reason
    return hx.render(
        "needs/suggestion.html",
        status=422 if fault else 200,
        courtyard=courtyard,
        said=ledger.said_of(found),
        pieces=public.pieces(found.text),
        shown=public.shown(found),
        needs=ledger.needs_of([found.id]).get(found.id, []),
        may_sort=access.allows(courtyard.id, May.KEY_IN),
        form=form,
        fault=fault,
        channels=CHANNELS,
        trail=acts_on(found.id),
    )
