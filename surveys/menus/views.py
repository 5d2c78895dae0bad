"""The desk's pages of menus: made out of needs, costed, ruled, looked at as residents see them."""

from flask import Response, flash, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import SurveysError
from surveys.menus import (
    cost_views,
    draft_views,
    forms,
    item_views,
    listing,
    money,
    posting_views,
    service,
)
from surveys.menus.menu_views import FAULTS, PAGES, act, page
from surveys.menus.models import Menu
from surveys.menus.sheet import sheet
from surveys.rounds import service as rounds

__all__ = ["PAGES", "cost_views", "draft_views", "item_views", "posting_views"]


@PAGES.get("/desk/courtyard/<courtyard_id>/menus")
def menus(courtyard_id: str) -> Response:
    """The courtyard's menus, and the way to a new one."""
    return _menus(access.fetch(Courtyard, courtyard_id, May.LOOK))


@PAGES.post("/desk/courtyard/<courtyard_id>/menus")
def create(courtyard_id: str) -> Response:
    """A new menu, empty."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form, round_ = forms.MenuForm(), rounds.current(courtyard.id)
    if round_ is None or not form.validate_on_submit():
        return _menus(courtyard, form)
    try:
        who = access.me()
        made = service.create(round_, form.title.data or "", form.budget.data or 0, by=who, at=g.at)
    except FAULTS as fault:
        return _menus(courtyard, form, fault)
    return hx.see_other(f"/desk/menu/{made.id}")


@PAGES.get("/desk/menu/<menu_id>")
def one(menu_id: str) -> Response:
    """A menu: its items, its rules, and the needs that are in no item yet."""
    return page(access.fetch(Menu, menu_id, May.LOOK))


@PAGES.post("/desk/menu/<menu_id>/rules")
def set_rules(menu_id: str) -> Response:
    """Budget and rules of picking."""
    menu = access.fetch(Menu, menu_id, May.RUN)
    form = forms.rules_form(service.classes())()

    def change(who: str) -> None:
        service.set_rules(menu, form.title.data or "", form.rules, by=who, at=g.at)

    return act(menu, change, form)


@PAGES.post("/desk/menu/<menu_id>/funding")
def set_funding(menu_id: str) -> Response:
    """Where the money is expected to come from."""
    menu, form = access.fetch(Menu, menu_id, May.RUN), forms.funding_form()

    def change(who: str) -> None:
        money.set_funding(menu, form.money, by=who, at=g.at)

    return act(menu, change, form)


@PAGES.post("/desk/menu/<menu_id>/copy")
def copy(menu_id: str) -> Response:
    """Another menu like this one, which may be changed."""
    menu, form = access.fetch(Menu, menu_id, May.RUN), forms.CopyForm()
    if not form.validate_on_submit():
        return page(menu, form)
    try:
        made = service.copy(menu, form.copy_title.data or "", by=access.me(), at=g.at)
    except FAULTS as fault:
        return page(menu, form, fault)
    flash(_("照着做好了，这一份可以改。"), "done")
    return hx.see_other(f"/desk/menu/{made.id}")


@PAGES.get("/desk/menu/<menu_id>/preview")
def preview(menu_id: str) -> Response:
    """The menu as a resident's phone shows it."""
    menu = access.fetch(Menu, menu_id, May.LOOK)
    courtyard = access.fetch(Courtyard, menu.courtyard_id, May.LOOK)
    households, _buildings, _area = courtyards.size(courtyard.id)
    return hx.render(
        "menus/preview.html",
        courtyard=courtyard,
        sheet=sheet(menu),
        households=households,
        sources=money.SOURCES,
    )


def _menus(
    courtyard: Courtyard, form: forms.MenuForm | None = None, fault: SurveysError | None = None
) -> Response:
    return hx.render(
        "menus/menus.html",
        status=422 if fault or (form and form.errors) else 200,
        courtyard=courtyard,
        menus=service.of_courtyard(courtyard.id),
        sums=listing.sums(courtyard.id),
        round_=rounds.current(courtyard.id),
        form=form or forms.MenuForm(formdata=None),
        fault=fault,
        may_run=access.allows(courtyard.id, May.RUN),
    )
