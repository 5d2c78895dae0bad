"""What became of what was said: by its code, of one household, and the public page of a need."""

from typing import Any

from flask import Blueprint, Response, g, request

from surveys.accounts.rules import tidy
from surveys.base import hx
from surveys.courtyards import device
from surveys.courtyards import service as courtyards
from surveys.errors import NotFound, SurveysError
from surveys.needs import catalogue, ledger, public, support, telling
from surveys.needs.rules import folded
from surveys.needs.telling import Told
from surveys.needs.wording import KINDS, LANES, OUTCOMES
from surveys.resident import following

FOLLOWING = Blueprint("following", __name__)
A_PAGE = 30
TYPED_MOST = 60


@FOLLOWING.get("/s")
@FOLLOWING.get("/S")
def ask() -> Response:
    """A field for the code of a suggestion."""
    typed = request.args.get("code", "")
    if not typed.strip():
        return _ask()
    try:
        told = telling.by_code(typed)
    except NotFound as fault:
        return _ask(typed, fault, status=422)
    return hx.see_other(f"/s/{told.code}")


@FOLLOWING.get("/s/<code>")
@FOLLOWING.get("/S/<code>")
def one(code: str) -> Response:
    """What became of one suggestion, for whoever holds its code."""
    if folded(code) and request.path != f"/s/{folded(code)}":
        return hx.lead_to(f"/s/{folded(code)}", 301)
    try:
        told = telling.by_code(code)
    except NotFound as fault:
        return _ask(code, fault, status=fault.status)
    courtyard = courtyards.find(told.courtyard_id)
    return hx.render(
        "resident/what_became.html",
        courtyard=courtyard,
        told=told,
        way_on=following.way_on([row.need.id for row in told.rows], g.at),
        caused=following.caused_by(told.code),
        **_WORDS,
    )


@FOLLOWING.get("/mine/<code>")
@FOLLOWING.get("/MINE/<code>")
def mine(code: str) -> Response:
    """我家说过的: everything that this phone's household has said, and what became of it."""
    courtyard = courtyards.by_code(code)
    household = device.current().household_in(courtyard.id)
    page, said, total = hx.page_asked(), list[Told](), 0
    if household:
        said, total = telling.of_household(household, skip=(page - 1) * A_PAGE, most=A_PAGE)
    stands = support.mine(household) if household else support.Mine()
    return hx.render(
        "resident/mine.html",
        courtyard=courtyard,
        household=household,
        said=said,
        total=total,
        page=page,
        pages=max(1, -(-total // A_PAGE)),
        too=ledger.rows_of(stands.too - stands.said),
        **_WORDS,
    )


@FOLLOWING.get("/need/<need_id>")
def need(need_id: str) -> Response:
    """One need: how many ask for it, a few of their sentences, and where it has led to."""
    found = support.find(need_id)
    if found.id != need_id:
        return hx.see_other(f"/need/{found.id}")
    courtyard = courtyards.find(found.courtyard_id)
    household = device.current().household_in(courtyard.id)
    (row,) = ledger.rows_of([found.id])
    return hx.render(
        "resident/need.html",
        courtyard=courtyard,
        row=row,
        entry=catalogue.entry(found.category),
        samples=public.samples(found),
        way_on=following.way_on([found.id], g.at).get(found.id, []),
        household=household,
        mine=support.mine(household) if household else support.Mine(),
        is_open=support.is_open(found),
        **_WORDS,
    )


_WORDS: dict[str, Any] = {"lanes": LANES, "outcomes": OUTCOMES, "kinds": KINDS}


def _ask(typed: str = "", fault: SurveysError | None = None, status: int = 200) -> Response:
    return hx.render(
        "resident/ask.html", status=status, typed=tidy(typed)[:TYPED_MOST], fault=fault
    )
