"""The public lines of what was chosen, and the desk's page on which they are kept."""

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial

from flask import Blueprint, Response, flash, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.ballots import asking
from surveys.ballots.models import Ballot
from surveys.base import clock, hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused, SurveysError
from surveys.orders import forms, service

PAGES = Blueprint("orders", __name__)


@PAGES.get("/works/<code>")
def works(code: str) -> Response:
    """What was chosen and how far it has come, for everybody."""
    courtyard = courtyards.by_code(code)
    ballots = service.lines_of(courtyard.id, g.at)
    return hx.render(
        "orders/works.html",
        courtyard=courtyard,
        ballots=ballots,
        asked_for=asking.asked_for(ballot for ballot, _lines in ballots),
    )


@PAGES.get("/desk/courtyard/<courtyard_id>/orders")
def orders(courtyard_id: str) -> Response:
    """The desk's page."""
    return _page(access.fetch(Courtyard, courtyard_id, May.LOOK))


@PAGES.post("/desk/ballot/<ballot_id>/order/accept")
def accept(ballot_id: str) -> Response:
    """A body accepts."""
    ballot, form = access.fetch(Ballot, ballot_id, May.RUN), forms.AcceptForm()

    def act(item_id: str, who: str) -> None:
        day = forms.typed_day(form.promised_for)
        service.accept(ballot, item_id, form.who.data or "", day, by=who, at=g.at)

    return _act(ballot, form, act, _("接单记下了，居民看得到。"))


@PAGES.post("/desk/ballot/<ballot_id>/order/put-off")
def put_off(ballot_id: str) -> Response:
    """Another day is promised."""
    ballot, form = access.fetch(Ballot, ballot_id, May.RUN), forms.PutOffForm()

    def act(item_id: str, who: str) -> None:
        day, why = forms.typed_day(form.promised_for), form.reason.data or ""
        service.put_off(ballot, item_id, day, why, by=who, at=g.at)

    return _act(ballot, form, act, _("改了日子，居民看得到为什么。"))


@PAGES.post("/desk/ballot/<ballot_id>/order/finish")
def finish(ballot_id: str) -> Response:
    """It is done."""
    ballot, form = access.fetch(Ballot, ballot_id, May.RUN), forms.FinishForm()

    def act(item_id: str, who: str) -> None:
        service.finish(ballot, item_id, forms.typed_day(form.on), by=who, at=g.at)

    return _act(ballot, form, act, _("记下了，办好了。"))


@PAGES.post("/desk/ballot/<ballot_id>/order/decline")
def decline(ballot_id: str) -> Response:
    """It is not accepted, for a reason."""
    ballot, form = access.fetch(Ballot, ballot_id, May.RUN), forms.DeclineForm()

    def act(item_id: str, who: str) -> None:
        service.decline(ballot, item_id, form.reason.data or "", by=who, at=g.at)

    return _act(ballot, form, act, _("记下了，居民看得到为什么。"))


@PAGES.post("/desk/ballot/<ballot_id>/order/take-back")
def take_back(ballot_id: str) -> Response:
    """One step back."""
    ballot, form = access.fetch(Ballot, ballot_id, May.RUN), forms.OrderForm()

    def act(item_id: str, who: str) -> None:
        service.take_back(ballot, item_id, by=who, at=g.at)

    return _act(ballot, form, act, _("退回一步了。"))


def _act(
    ballot: Ballot, form: forms.OrderForm, act: Callable[[str, str], None], say: str
) -> Response:
    """Do one act with one order; or show the page again with what is wrong, and what was typed."""
    courtyard = access.fetch(Courtyard, ballot.courtyard_id, May.RUN)
    if not form.validate_on_submit():
        return _page(courtyard, form)
    try:
        act(form.item.data or "", access.me())
    except (Invalid, Refused) as fault:
        return _page(courtyard, form, fault)
    flash(say, "done")
    return hx.see_other(f"/desk/courtyard/{courtyard.id}/orders")


def _page(
    courtyard: Courtyard, typed: forms.OrderForm | None = None, fault: SurveysError | None = None
) -> Response:
    if typed:
        _name_apart(typed)
    return hx.render(
        "orders/desk.html",
        status=fault.status if fault else 422 if typed else 200,
        courtyard=courtyard,
        ballots=service.lines_of(courtyard.id, g.at),
        form_of=partial(_form_of, typed, clock.day(g.at, courtyard.zone)),
        typed=typed,
        fault=fault,
        may_run=access.allows(courtyard.id, May.RUN),
    )


_FORMS: Mapping[str, type[forms.OrderForm]] = {
    "accept": forms.AcceptForm,
    "put-off": forms.PutOffForm,
    "finish": forms.FinishForm,
    "decline": forms.DeclineForm,
}
"""what is asked for an act, by the end of its address"""


def _form_of(typed: forms.OrderForm | None, today: date, act: str, item_id: str) -> forms.OrderForm:
    """The form of one act with one item: as it was typed, else fresh."""
    kind = _FORMS[act]
    is_typed = type(typed) is kind and typed.item.data == item_id
    form = typed if typed and is_typed else kind(formdata=None, item=item_id, on=today)
    _name_apart(form)
    return form


def _name_apart(form: forms.OrderForm) -> None:
    """Ids of their own for the fields of one of many forms on the page."""
    for field in form:
        field.id = f"{field.name}-{type(form).__name__}-{form.item.data}"
