"""我有话要说: what a resident says on the courtyard's page; and the desk's pages of the ledger."""

from collections.abc import Sequence

from flask import Response, flash, g, request

from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import device
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused, SurveysError, TooOften
from surveys.needs import (
    catalogue_views,
    ledger,
    need_views,
    photo_views,
    public_views,
    saying,
    service,
    suggestion_views,
    support,
    table_views,
    word_views,
)
from surveys.needs.ledger import Row
from surveys.needs.ledger_views import PAGES
from surveys.needs.rules import TEXT_MOST
from surveys.needs.wording import KINDS, LANES

__all__ = [
    "PAGES",
    "catalogue_views",
    "need_views",
    "photo_views",
    "public_views",
    "suggestion_views",
    "table_views",
    "word_views",
]


@PAGES.get("/say/<code>")
@PAGES.get("/SAY/<code>")
def say(code: str) -> Response:
    """The box for what one has to say."""
    return _say(courtyards.by_code(code))


@PAGES.post("/say/<code>")
def said(code: str) -> Response:
    """Show what is like it, if anything is; else keep it, and thank with its number."""
    courtyard, text = courtyards.by_code(code), request.form.get("text", "")
    go, need_id = request.form.get("go", "send"), request.form.get("need")
    if go == "here":
        return _say(courtyard)
    try:
        if go != "keep" and not need_id:
            rows = saying.similar(saying.check(courtyard, text), text)
            if rows or go == "look":
                return _look(courtyard, rows)
        return _keep(courtyard, text, need_id)
    except (Invalid, Refused, TooOften, NotFound) as fault:
        return _say(courtyard, fault)


def _keep(courtyard: Courtyard, text: str, need_id: str | None) -> Response:
    phone = device.current()
    kept, is_new = saying.say(
        courtyard,
        text,
        household=phone.household_in(courtyard.id),
        device=phone.draft_key(courtyard.id),
        at=g.at,
        need_id=need_id,
    )
    if not is_new:
        flash(
            _(
                "这句话说过了，是第 %(number)d 条，没有再记一遍。要是又出了事，写上哪天的，再交。",
                number=kept.number,
            ),
            "mind",
        )
    return hx.see_other(f"/say/{courtyard.code}/{kept.id}")


@PAGES.get("/say/<code>/<suggestion_id>")
def thanks(code: str, suggestion_id: str) -> Response:
    """Received, with its number and its code; by the code, whoever holds it reads what was said."""
    courtyard = courtyards.by_code(code)
    kept = service.find_said(courtyard.id, suggestion_id)
    needs = ledger.needs_of([kept.id]).get(kept.id, [])
    household = device.current().household_in(courtyard.id)
    page = hx.render(
        "needs/said.html", courtyard=courtyard, suggestion=kept, needs=needs, household=household
    )
    page.headers["Cache-Control"] = "no-store"  # the next family goes back to no code
    return page


def _say(courtyard: Courtyard, fault: SurveysError | None = None) -> Response:
    unread = isinstance(fault, TooOften | NotFound)
    return hx.render(
        "needs/say.html",
        status=fault.status if fault and unread else 422 if fault else 200,
        courtyard=courtyard,
        household=device.current().household_in(courtyard.id),
        hand=device.current().hand,
        typed=request.form.get("text", ""),
        fault=fault,
        most=TEXT_MOST,
    )


def _look(courtyard: Courtyard, rows: Sequence[Row]) -> Response:
    household = device.current().household_in(courtyard.id)
    return hx.render(
        "needs/similar.html",
        courtyard=courtyard,
        household=household,
        mine=support.mine(household) if household else support.Mine(),
        hand=device.current().hand,
        typed=request.form.get("text", ""),
        rows=rows,
        lanes=LANES,
        kinds=KINDS,
    )
