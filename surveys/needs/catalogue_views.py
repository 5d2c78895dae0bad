"""The catalogue, kept by whoever administers a top place: its entries and residents' words."""

from collections.abc import Callable

from flask import Response, flash, g, url_for

from surveys.accounts import access, lists
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.words import N_
from surveys.errors import Forbidden, Invalid, NotFound, Refused, SurveysError
from surveys.needs import catalogue, cataloguing, forms
from surveys.needs.ledger_views import PAGES


@PAGES.get("/desk/admin/catalogue")
def entries() -> Response:
    """Every entry, by class, with residents' words and how many needs have it."""
    _keeper()
    return hx.render(
        "needs/catalogue.html",
        catalogue=catalogue.current(),
        classes=catalogue.CLASSES,
        uses=catalogue.uses(),
    )


@PAGES.get("/desk/admin/catalogue/new")
def new_entry() -> Response:
    """The form of an entry that is not there yet."""
    _keeper()
    return _page(None)


@PAGES.post("/desk/admin/catalogue/new")
def add_entry() -> Response:
    """Add an entry."""
    _keeper()
    form = forms.EntryForm()
    return _act(
        None, lambda: cataloguing.add(form.draft, by=access.me(), at=g.at), _("添好了。"), form
    )


@PAGES.get("/desk/admin/catalogue/<entry_key>")
def entry(entry_key: str) -> Response:
    """One entry, to be changed, retired or taken out."""
    _keeper()
    return _page(entry_key)


@PAGES.post("/desk/admin/catalogue/<entry_key>")
def change_entry(entry_key: str) -> Response:
    """Change an entry."""
    _keeper()
    form = forms.EntryForm()
    return _act(
        entry_key,
        lambda: cataloguing.change(entry_key, form.draft, by=access.me(), at=g.at),
        _("存好了。"),
        form,
    )


@PAGES.post("/desk/admin/catalogue/<entry_key>/retire")
def retire_entry(entry_key: str) -> Response:
    """Offer an entry no longer."""
    _keeper()
    return _act(
        entry_key, lambda: cataloguing.retire(entry_key, by=access.me(), at=g.at), _("停用了。")
    )


@PAGES.post("/desk/admin/catalogue/<entry_key>/restore")
def restore_entry(entry_key: str) -> Response:
    """Offer it again."""
    _keeper()
    return _act(
        entry_key,
        lambda: cataloguing.restore(entry_key, by=access.me(), at=g.at),
        _("又用起来了。"),
    )


@PAGES.post("/desk/admin/catalogue/<entry_key>/remove")
def remove_entry(entry_key: str) -> Response:
    """Take an entry out that no need has."""
    _keeper()
    return _act(
        entry_key, lambda: cataloguing.remove(entry_key, by=access.me(), at=g.at), _("删掉了。")
    )


def _keeper() -> None:
    """Refuse whoever does not administer a top place: the catalogue is the whole town's."""
    if not lists.holds_a_top(access.administered()):
        raise Forbidden(N_("目录由最上一级的管理员来改。"))


def _act(
    key: str | None, act: Callable[[], object], said: str, form: forms.EntryForm | None = None
) -> Response:
    """Do one act and show the list; or show the entry again with what is wrong."""
    if form is not None and not form.validate_on_submit():
        return _page(key, form)
    try:
        act()
    except (Invalid, Refused) as fault:
        return _page(key, form, fault)
    flash(said, "done")
    return hx.see_other(url_for("needs.entries"))


def _page(
    key: str | None, form: forms.EntryForm | None = None, fault: SurveysError | None = None
) -> Response:
    found = catalogue.current().by_key.get(key) if key else None
    if key and found is None:
        raise NotFound
    return hx.render(
        "needs/entry.html",
        status=422 if fault or (form and form.errors) else 200,
        entry=found,
        retired=found in catalogue.current().retired,
        form=form or (forms.EntryForm.of(found) if found else forms.EntryForm(formdata=None)),
        fault=fault,
        uses=catalogue.uses().get(key or "", 0),
        lines=lists.acts_on(key) if key else [],
    )
