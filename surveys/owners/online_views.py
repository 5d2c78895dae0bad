"""Administrators say whether owners may vote online at a place, with the sentence that says so."""

from flask import Response, flash, g, url_for

from surveys.accounts import access
from surveys.accounts.models import Place
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.errors import Invalid
from surveys.owners import online
from surveys.owners.online_forms import OnlineForm
from surveys.owners.views import PAGES


@PAGES.route("/desk/admin/place/<place_id>/online", methods=["GET", "POST"])
def online_rule(place_id: str) -> Response:
    """The rule of a place; without one that of the nearest place above holds, or none at all."""
    place = access.fetch(Place, place_id, May.ADMINISTER)
    form = OnlineForm.of(online.rules_at(place.id))
    if form.validate_on_submit():
        allowed, basis, by = form.how.data == "yes", form.basis.data or "", access.me()
        try:
            online.set_rule(place, is_allowed=allowed, basis=basis, by=by, at=g.at)
        except Invalid as fault:
            form.basis.errors = [say(fault)]
        else:
            flash(_("存好了。已经开了的票不变。"), "done")
            return hx.see_other(url_for("owners.online_rule", place_id=place_id))
    rule, where = online.rule_and_place(place.id)
    return hx.render(
        "owners/online.html",
        status=422 if form.errors else 200,
        place=place,
        form=form,
        own=online.rules_at(place.id),
        rule=rule,
        where=where,
    )


@PAGES.post("/desk/admin/place/<place_id>/online/drop")
def drop_online_rule(place_id: str) -> Response:
    """Let the rule of the place above hold here again."""
    place = access.fetch(Place, place_id, May.ADMINISTER)
    online.drop_rule(place, by=access.me(), at=g.at)
    flash(_("改回跟上一级走了。"), "done")
    return hx.see_other(url_for("owners.online_rule", place_id=place_id))
