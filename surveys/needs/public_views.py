"""院里的事: what the courtyard has said so far, for anybody, and 我家也是."""

from typing import Any

from flask import Response, g, request

from surveys.accounts.rules import own_path
from surveys.base import hx
from surveys.courtyards import device
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Refused, SurveysError
from surveys.needs import ledger, support
from surveys.needs.ledger_views import PAGES
from surveys.needs.models import Need
from surveys.needs.wording import KINDS, LANES

A_PAGE = 30


@PAGES.get("/needs/<code>")
@PAGES.get("/NEEDS/<code>")
def everybody(code: str) -> Response:
    """The needs of the courtyard, those of the most households first."""
    return _everybody(courtyards.by_code(code))


@PAGES.post("/need/<need_id>/too")
def too(need_id: str) -> Response:
    """我家也是."""
    return _act(support.find(need_id), takes_back=False)


@PAGES.post("/need/<need_id>/not")
def not_ours(need_id: str) -> Response:
    """我家也是, taken back."""
    return _act(support.find(need_id), takes_back=True)


def _act(need: Need, *, takes_back: bool) -> Response:
    courtyard = courtyards.find(need.courtyard_id)
    household = device.current().household_in(courtyard.id)
    if household is None:
        return hx.leave_for(f"/c/{courtyard.code}/door")
    try:
        if takes_back:
            support.withdraw(need, household)
        else:
            support.support(need, household, at=g.at)
    except Refused as fault:
        return _everybody(courtyard, fault)
    if hx.wants_part():
        (row,) = ledger.rows_of([need.id])
        return hx.render("needs/_asked_for.html", row=row, **_words(household))
    back = own_path(request.form.get("to"), otherwise=f"/needs/{courtyard.code}")
    return hx.see_other(f"{back}#n-{need.id}")


def _everybody(courtyard: Courtyard, fault: SurveysError | None = None) -> Response:
    household = device.current().household_in(courtyard.id)
    round_ = ledger.ledger_round(courtyard.id)
    rows = ledger.rows(round_.id) if round_ else []
    pages = max(1, -(-len(rows) // A_PAGE))
    page = min(hx.page_asked(), pages)
    return hx.render(
        "needs/everybody.html",
        status=fault.status if fault else 200,
        courtyard=courtyard,
        round=round_,
        counts=ledger.counts_of(round_) if round_ else ledger.Counts(),
        rows=rows[(page - 1) * A_PAGE : page * A_PAGE],
        page=page,
        pages=pages,
        fault=fault,
        here=f"/needs/{courtyard.code}" + (f"?page={page}" if page > 1 else ""),
        **_words(household, is_open=round_ is not None and round_.ended_at is None),
    )


def _words(household: Household | None, *, is_open: bool = True) -> dict[str, Any]:
    """What a line of the list is worded with, for this phone."""
    return {
        "household": household,
        "mine": support.mine(household) if household else support.Mine(),
        "is_open": is_open,
        "lanes": LANES,
        "kinds": KINDS,
    }
