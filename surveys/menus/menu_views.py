"""The desk's page of one menu, and the act that ends on it."""

from collections.abc import Callable

from flask import Blueprint, Response, flash
from flask_wtf import FlaskForm

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, Refused, SurveysError
from surveys.menus import forms, service
from surveys.menus.models import Menu
from surveys.menus.money import SOURCES
from surveys.menus.sheet import sheet

PAGES = Blueprint("menus", __name__)
FAULTS = (Invalid, Refused, NotFound)


def act(
    menu: Menu, do: Callable[[str], None], form: FlaskForm | None = None, say: str | None = None
) -> Response:
    """Do one act with the menu and show it; or show it again with what is wrong."""
    if form is not None and not form.validate_on_submit():
        return page(menu, form)
    try:
        do(access.me())
    except FAULTS as fault:
        return page(menu, form, fault)
    if say is None:
        flash(_("存好了"), "done")
    return hx.see_other(f"/desk/menu/{menu.id}")


def page(menu: Menu, typed: FlaskForm | None = None, fault: SurveysError | None = None) -> Response:
    """The menu as it stands; with what was typed into one of its forms, and what is wrong."""
    courtyard = access.fetch(Courtyard, menu.courtyard_id, May.LOOK)
    shown = sheet(menu)
    is_rules = isinstance(typed, forms.RulesForm)
    return hx.render(
        "menus/menu.html",
        status=422 if fault or (typed and typed.errors) else 200,
        courtyard=courtyard,
        sheet=shown,
        may_run=access.allows(courtyard.id, May.RUN),
        may_change=access.allows(courtyard.id, May.RUN) and menu.pinned_at is None,
        form=typed if is_rules else _rules_of(shown.menu),
        funding_form=typed if isinstance(typed, forms.FundingForm) else forms.funding_form(menu),
        sources=SOURCES,
        copy_form=typed if isinstance(typed, forms.CopyForm) else _copy_of(menu),
        fault=fault,
    )


def _copy_of(menu: Menu) -> forms.CopyForm:
    return forms.CopyForm(formdata=None, copy_title=_("%(title)s（另一份）", title=menu.title[:70]))


def _rules_of(menu: Menu) -> forms.RulesForm:
    limits = {forms.LIMIT + key: most for key, most in service.limits_of(menu).items()}
    limits |= {forms.CAP + key: cap_fen for key, cap_fen in service.caps_of(menu).items()}
    return forms.rules_form(service.classes())(
        formdata=None,
        title=menu.title,
        budget=menu.budget_fen,
        least=menu.least,
        most=menu.most,
        capped=menu.capped,
        **limits,
    )
