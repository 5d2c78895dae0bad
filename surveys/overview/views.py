"""The desk: which courtyard, what to do next in it, and its round."""

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access, lists
from surveys.accounts.rules import May
from surveys.base import clock, hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid
from surveys.overview import service
from surveys.overview.coverage_views import COVERAGE
from surveys.overview.forms import RoundForm
from surveys.rounds import service as rounds
from surveys.rounds.models import Step
from surveys.web import config_of

A_PAGE = 50
"""courtyards of the list"""
PAGES = Blueprint("overview", __name__)
PAGES.register_blueprint(COVERAGE)


@PAGES.get("/desk/")
def desk() -> Response:
    """The courtyards this account may look at; the page itself where there is only one."""
    seen = courtyards.visible(access.roles())
    if len(seen) == 1:
        return hx.see_other(url_for("overview.courtyard", courtyard_id=seen[0].id))
    administers = access.administers_anything()
    if administers and not seen and lists.beginning(access.administered()):
        return hx.see_other(url_for("accounts.begin"))
    narrowed = {"q": None}
    view = View.read(url_for("overview.desk"), request.args, service.SORTS, narrowed, a_page=A_PAGE)
    found = service.courtyards_listed(seen, view)
    return hx.render(
        "overview/desk.html",
        courtyards=view.shown(found),
        found=len(found),
        every=len(seen),
        view=view,
        may_make=bool(courtyards.places_for_courtyards(access.roles())),
        administers=administers,
    )


@PAGES.get("/desk/courtyard/<courtyard_id>")
def courtyard(courtyard_id: str) -> Response:
    """One courtyard: what to do next, not a menu of modules."""
    found = access.fetch(Courtyard, courtyard_id, May.LOOK)
    may = {act for act in May if access.allows(courtyard_id, act)}
    return hx.render(
        "overview/courtyard.html",
        courtyard=found,
        page=service.courtyard_page(found, may, g.at, config_of().answer_days),
        may=may,
        roles_here=access.kinds_at(courtyard_id),
    )


@PAGES.route("/desk/courtyard/<courtyard_id>/rounds", methods=["GET", "POST"])
def begin_round(courtyard_id: str) -> Response:
    """Begin a round from a template."""
    found = access.fetch(Courtyard, courtyard_id, May.RUN)
    now = rounds.current(courtyard_id)
    first = _("%(year)d 年改造", year=clock.day(g.at, found.zone).year)
    form = RoundForm.asking_whether_sure(now is not None, name="" if now else first)
    form.offer({key: t["name"] for key, t in rounds.templates().items()})
    if form.validate_on_submit():
        try:
            rounds.begin(
                found,
                str(form.template.data),
                str(form.name.data),
                by=access.me(),
                at=g.at,
            )
        except Invalid as fault:
            form.name.errors = [say(fault)]
        else:
            flash(_("新的一轮开始了。"))
            return hx.see_other(url_for("overview.courtyard", courtyard_id=courtyard_id))
    return hx.render(
        "overview/round_new.html",
        status=422 if form.is_submitted() else 200,
        courtyard=found,
        form=form,
        now=now,
        templates=rounds.templates(),
        begun=rounds.rounds_of(courtyard_id),
    )


@PAGES.post("/desk/step/<step_id>/close")
def close_step(step_id: str) -> Response:
    """Close one step of the ladder, when what it needs is there."""
    step = access.fetch(Step, step_id, May.LOOK)
    found = access.fetch(Courtyard, step.courtyard_id, May.LOOK)
    rounds.close_step(
        step,
        service.facts(found, rounds.find(step.round_id), g.at),
        by=access.me(),
        held=access.kinds_at(step.courtyard_id),
        at=g.at,
    )
    flash(_("这一步完成了。"))
    return hx.see_other(url_for("overview.courtyard", courtyard_id=step.courtyard_id))
