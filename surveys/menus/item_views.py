"""The desk's pages of one item: typed, changed, moved, taken off, made in another way."""

from collections.abc import Callable

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import SurveysError
from surveys.menus import forms, parts, prefill, service
from surveys.menus.menu_views import FAULTS, PAGES, act, page
from surveys.menus.models import Menu, MenuItem


@PAGES.get("/desk/menu/<menu_id>/item")
def new_item(menu_id: str) -> Response:
    """The form of a new item, filled in from the needs it is to answer."""
    menu = access.fetch(Menu, menu_id, May.RUN)
    ticked = prefill.needs_of(menu, request.args.getlist("need"))
    form = forms.ItemForm(formdata=None, **prefill.fields(ticked, service.classes()))
    return _item_form(menu, None, form, {need.id for need in ticked})


@PAGES.post("/desk/menu/<menu_id>/item")
def add_item(menu_id: str) -> Response:
    """Put a new item on the menu."""
    menu, form = access.fetch(Menu, menu_id, May.RUN), forms.ItemForm()
    need_ids = set(request.form.getlist("need"))

    def change(who: str) -> None:
        service.add_item(menu, form.draft, need_ids, by=who, at=g.at)

    return _save(menu, None, form, need_ids, change)


@PAGES.get("/desk/menu-item/<item_id>")
def item(item_id: str) -> Response:
    """The form of an item."""
    found = access.fetch(MenuItem, item_id, May.RUN)
    menu = access.fetch(Menu, found.menu_id, May.RUN)
    linked = {need.id for need in service.needs_by_item(menu).get(found.id, ())}
    form = forms.ItemForm(formdata=None, **forms.of_item(found))
    return _item_form(menu, found, form if found.is_priced else form.awaiting_price(), linked)


@PAGES.post("/desk/menu-item/<item_id>")
def edit_item(item_id: str) -> Response:
    """Change an item."""
    found, form = access.fetch(MenuItem, item_id, May.RUN), forms.ItemForm()
    menu = access.fetch(Menu, found.menu_id, May.RUN)
    if not found.is_priced:
        form.awaiting_price()
    need_ids = set(request.form.getlist("need"))

    def change(who: str) -> None:
        service.edit_item(found, form.draft, need_ids, by=who, at=g.at)

    return _save(menu, found, form, need_ids, change)


@PAGES.post("/desk/menu-item/<item_id>/remove")
def remove_item(item_id: str) -> Response:
    """Take an item off the menu."""
    found = access.fetch(MenuItem, item_id, May.RUN)
    menu = access.fetch(Menu, found.menu_id, May.RUN)
    return act(menu, lambda who: service.remove_item(found, by=who, at=g.at))


@PAGES.post("/desk/menu-item/<item_id>/move")
def move_item(item_id: str) -> Response:
    """One place up or down in its class."""
    found = access.fetch(MenuItem, item_id, May.RUN)
    menu = access.fetch(Menu, found.menu_id, May.RUN)
    up = request.form.get("to") == "up"
    return act(menu, lambda who: service.move_item(found, up, by=who, at=g.at), say="")


@PAGES.post("/desk/menu-item/<item_id>/vary")
def vary_item(item_id: str) -> Response:
    """Another way of doing the same: of the two at most one is done."""
    found = access.fetch(MenuItem, item_id, May.RUN)
    menu = access.fetch(Menu, found.menu_id, May.RUN)
    try:
        made = service.vary_item(found, by=access.me(), at=g.at)
    except FAULTS as fault:
        return page(menu, None, fault)
    flash(_("照着加好了一种做法，两种里只做一种。改一改名字、做法和价钱。"), "done")
    return hx.see_other(f"/desk/menu-item/{made.id}")


def _save(
    menu: Menu,
    found: MenuItem | None,
    form: forms.ItemForm,
    need_ids: set[str],
    do: Callable[[str], None],
) -> Response:
    if not form.validate_on_submit():
        return _item_form(menu, found, form, need_ids)
    try:
        do(access.me())
    except FAULTS as fault:
        return _item_form(menu, found, form, need_ids, fault)
    flash(_("存好了"), "done")
    return hx.see_other(f"/desk/menu/{menu.id}")


def _item_form(
    menu: Menu,
    found: MenuItem | None,
    form: forms.ItemForm,
    need_ids: set[str],
    fault: SurveysError | None = None,
) -> Response:
    if menu.pinned_at is not None:
        return page(menu)
    return hx.render(
        "menus/item.html",
        status=422 if fault or form.errors else 200,
        courtyard=access.fetch(Courtyard, menu.courtyard_id, May.LOOK),
        menu=menu,
        item=found,
        form=form.offer(service.classes(), parts.large_enough(menu.courtyard_id)),
        rows=prefill.rows(menu, need_ids),
        need_ids=need_ids,
        fault=fault,
    )
