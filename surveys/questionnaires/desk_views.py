"""The desk's pages of questionnaires: make, reword, open, read the figures."""

from flask import Blueprint, Response, flash, g, request, url_for

from surveys.accounts import access, lists
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.long_lists import View
from surveys.courtyards import service as courtyards
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import (
    cards,
    forms,
    kinds,
    library,
    listing,
    received,
    rules,
    service,
    versions,
)
from surveys.questionnaires.models import Questionnaire
from surveys.questionnaires.service import Asked
from surveys.rounds import service as rounds
from surveys.web import printed_address

A_PAGE = 20
"""questionnaires of the list"""
PAGES = Blueprint("questionnaires", __name__)


@PAGES.get("/desk/courtyard/<courtyard_id>/questionnaires")
def ours(courtyard_id: str) -> Response:
    """All questionnaires of a courtyard, and the templates to make one from."""
    return _ours(access.fetch(Courtyard, courtyard_id, May.LOOK), forms.NewForm())


@PAGES.post("/desk/courtyard/<courtyard_id>/questionnaires")
def create(courtyard_id: str) -> Response:
    """Make one from a template."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.RUN)
    form = forms.NewForm()
    form.template.choices = {one.key: one.title for one in library.offered(courtyard.id)}
    if not form.validate_on_submit():
        return _ours(courtyard, form, 422)
    try:
        made = library.create(courtyard, str(form.template.data), by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        form.template.errors = [say(fault)]
        return _ours(courtyard, form, fault.status)
    flash(_("做好了。看一遍题目，改好了再开放。"))
    return hx.see_other(_address(made.id))


@PAGES.get("/desk/questionnaire/<questionnaire_id>")
def desk(questionnaire_id: str) -> Response:
    """One questionnaire: where it stands, its questions, its times."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    return _desk(asked, forms.TimesForm.of(asked.questionnaire, asked.courtyard.zone))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/times")
def set_times(questionnaire_id: str) -> Response:
    """Set when it opens and closes by itself, and until when answers are kept."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    form = forms.TimesForm()
    questionnaire, zone = asked.questionnaire, asked.courtyard.zone
    if not form.validate_on_submit():
        return _desk(asked, form, status=422)
    try:
        service.set_times(questionnaire, *form.times(questionnaire, zone), by=access.me(), at=g.at)
    except Invalid as fault:
        return _desk(asked, form, fault)
    flash(_("时间存好了。"))
    return hx.see_other(_address(asked.id))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/open")
def open_now(questionnaire_id: str) -> Response:
    """Take answers from now on, to the questions as they stand on the page."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    seen = request.form.get("seen", "")
    try:
        service.open_now(asked.questionnaire, seen=seen, by=access.me(), at=g.at)
    except (Invalid, Refused) as fault:
        return _desk_again(asked, fault)
    flash(_("开放了。居民扫院里的码就能答。"))
    return hx.see_other(_address(asked.id))


@PAGES.post("/desk/questionnaire/<questionnaire_id>/close")
def close_now(questionnaire_id: str) -> Response:
    """Take no answers from now on."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    try:
        service.close_now(asked.questionnaire, by=access.me(), at=g.at)
    except Refused as fault:
        flash(say(fault), "mind")
    else:
        flash(_("截止了。先前收到的纸质答卷还可以接着录。"))
    return hx.see_other(_address(asked.id))


def _address(questionnaire_id: str) -> str:
    return url_for("questionnaires.desk", questionnaire_id=questionnaire_id)


def fetch_asked(questionnaire_id: str, act: May) -> Asked:
    """A questionnaire as it is asked, for who may do `act` where it is asked."""
    access.fetch(Questionnaire, questionnaire_id, act)
    return service.find(questionnaire_id)


def _ours(courtyard: Courtyard, form: forms.NewForm, status: int = 200) -> Response:
    templates = library.offered(courtyard.id)
    form.template.choices = {template.key: template.title for template in templates}
    here = url_for("questionnaires.ours", courtyard_id=courtyard.id)
    narrowed = {"q": None, "state": rules.STATES}
    view = View.read(here, request.args, listing.SORTS, narrowed, a_page=A_PAGE)
    every = listing.lines(courtyard.id, g.at)
    found = listing.wanted_of(every, view)
    return hx.render(
        "questionnaires/ours.html",
        status=status,
        courtyard=courtyard,
        lines=view.shown(found),
        found=len(found),
        every=len(every),
        view=view,
        round=rounds.current(courtyard.id),
        templates=templates,
        form=form,
        may_run=access.allows(courtyard.id, May.RUN),
    )


def _desk_again(asked: Asked, fault: SurveysError) -> Response:
    """The page with what was typed in the questions, and why that was not carried out."""
    return _desk(asked, forms.TimesForm.of(asked.questionnaire, asked.courtyard.zone), fault)


def _desk(
    asked: Asked,
    times: forms.TimesForm,
    fault: SurveysError | None = None,
    *,
    status: int = 200,
) -> Response:
    state = asked.state(g.at)
    return hx.render(
        "questionnaires/desk.html",
        status=fault.status if fault else status,
        asked=asked,
        courtyard=asked.courtyard,
        zone=asked.courtyard.zone,
        state=state,
        has_changes=bool(versions.pending(asked)),
        received=received.count(asked.id),
        minutes=kinds.minutes(asked.questions),
        kinds=kinds.KINDS,
        when=cards.conditions(asked.every_question),
        identities=rules.IDENTITY,
        times=times,
        roll=courtyards.size(asked.courtyard.id)[0],
        address=printed_address(url_for("questionnaires.first", questionnaire_id=asked.id)),
        fault=say(fault) if fault else None,
        log=lists.acts_on(asked.id, 6),
        may={act.value: access.allows(asked.courtyard.id, act) for act in May},
    )
