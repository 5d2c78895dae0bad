"""Posting a menu for comment: the desk's page, and the page that anybody reads."""

from flask import Response, flash, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import clock, hx
from surveys.base.language import gettext as _
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, NotFound, SurveysError
from surveys.menus import forms, posting, rules
from surveys.menus.menu_views import FAULTS, PAGES, page
from surveys.menus.models import Menu
from surveys.menus.money import SOURCES

CAUSE = "cause-"


@PAGES.get("/desk/menu/<menu_id>/post")
def posting_page(menu_id: str) -> Response:
    """What would be posted, what changed since the last time, and the versions so far."""
    menu = access.fetch(Menu, menu_id, May.RUN)
    until = clock.day(g.at, courtyards.find(menu.courtyard_id).zone) + posting.USUAL
    return _post_page(menu, forms.PostForm(formdata=None, comments_until=until))


@PAGES.post("/desk/menu/<menu_id>/post")
def post(menu_id: str) -> Response:
    """Post it."""
    menu, form = access.fetch(Menu, menu_id, May.RUN), forms.PostForm()
    until = form.comments_until.data
    if not form.validate_on_submit() or until is None:
        return _post_page(menu, form)
    try:
        made = posting.post(
            menu,
            until,
            form.note.data or "",
            {key: rules.parse_numbers(typed) for key, typed in _typed_causes().items()},
            seen=request.form.get("seen", ""),
            by=access.me(),
            at=g.at,
        )
    except FAULTS as fault:
        return _post_page(menu, form, fault)
    flash(_("第 %(n)d 版贴出来了，居民在本院的页面上看得到。", n=made.number), "done")
    return hx.see_other(f"/desk/menu/{menu.id}/post")


@PAGES.get("/menu/<menu_id>")
def posted(menu_id: str) -> Response:
    """A posted menu, for anybody: the latest version, or an older one."""
    found = posting.version(menu_id, _number())
    menu = posting.menu_of(found.row)
    courtyard = courtyards.find(menu.courtyard_id)
    versions = posting.versions(menu_id)
    today = clock.day(g.at, courtyard.zone)
    latest = versions[0].number == found.row.number
    return hx.render(
        "menus/posted.html",
        courtyard=courtyard,
        version=found,
        versions=versions,
        latest=latest,
        hears=latest and posting.hears(found.row, menu, today),
        households=courtyards.size(courtyard.id)[0],
        sources=SOURCES,
    )


def _number() -> int | None:
    typed = request.args.get("version")
    if typed is None:
        return None
    try:
        return rules.parse_count(typed)
    except Invalid as fault:
        raise NotFound from fault


def _typed_causes() -> dict[str, str]:
    """Numbers of suggestions as they were typed, by what they changed."""
    return {
        name.removeprefix(CAUSE): typed[:200]
        for name, typed in request.form.items()
        if name.startswith(CAUSE)
    }


def _post_page(menu: Menu, form: forms.PostForm, fault: SurveysError | None = None) -> Response:
    if menu.pinned_at is not None:
        return page(menu, None, fault)
    return hx.render(
        "menus/post.html",
        status=422 if fault or form.errors else 200,
        courtyard=access.fetch(Courtyard, menu.courtyard_id, May.LOOK),
        menu=menu,
        pending=posting.pending(menu),
        versions=posting.versions(menu.id),
        typed_causes=_typed_causes(),
        sources=SOURCES,
        form=form,
        fault=fault,
    )
