"""The desk's page on which a whole menu is drafted out of the ledger."""

from flask import Response, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import SurveysError
from surveys.menus import drafting, forms, service
from surveys.menus.menu_views import FAULTS, PAGES
from surveys.rounds import service as rounds


@PAGES.get("/desk/courtyard/<courtyard_id>/menus/draft")
def drafting_page(courtyard_id: str) -> Response:
    """The ledger's needs, those with enough households behind them ticked."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = forms.DraftForm(formdata=None, title=_("改造菜单（起草）"))
    return _page(courtyard, form, None)


@PAGES.post("/desk/courtyard/<courtyard_id>/menus/draft")
def draft(courtyard_id: str) -> Response:
    """One menu out of everything that is ticked."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form, round_ = forms.DraftForm(), rounds.current(courtyard.id)
    ticked = set(request.form.getlist("need"))
    if round_ is None or not form.validate_on_submit():
        return _page(courtyard, form, ticked)
    title, budget_fen, by = (
        form.title.data or "",
        form.budget.data or 0,
        access.me(),
    )
    try:
        made = service.draft(round_, title, budget_fen, ticked, by=by, at=g.at)
    except FAULTS as fault:
        return _page(courtyard, form, ticked, fault)
    return hx.see_other(f"/desk/menu/{made.id}/costs")


def _page(
    courtyard: Courtyard,
    form: forms.DraftForm,
    ticked: set[str] | None,
    fault: SurveysError | None = None,
) -> Response:
    round_ = rounds.current(courtyard.id)
    rows = drafting.offered(round_) if round_ else []
    if ticked is None:
        ticked = {r.need.id for r in rows if r.behind.households >= drafting.LEAST_BEHIND}
    return hx.render(
        "menus/draft.html",
        status=422 if fault or form.errors else 200,
        courtyard=courtyard,
        round_=round_,
        rows=rows,
        ticked=ticked,
        least_behind=drafting.LEAST_BEHIND,
        form=form,
        fault=fault,
    )
