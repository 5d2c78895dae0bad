"""The library at the desk: a questionnaire saved as a template; templates looked at and kept."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May, may
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, SurveysError
from surveys.questionnaires import cards, kinds, library, service
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.library import Kept
from surveys.questionnaires.service import Asked


@PAGES.get("/desk/questionnaire/<questionnaire_id>/template")
def save_as(questionnaire_id: str) -> Response:
    """Choose a name, and who below which place may start from this questionnaire."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    return _save_as(asked, asked.questionnaire.title)


@PAGES.post("/desk/questionnaire/<questionnaire_id>/template")
def save_template(questionnaire_id: str) -> Response:
    """Save a questionnaire as a template."""
    asked, title = fetch_asked(questionnaire_id, May.RUN), request.form.get("title", "")
    places = library.places_for(asked.courtyard.id, access.roles())
    place = next((one for one in places if one.id == request.form.get("place")), None)
    try:
        if place is None:
            raise Invalid(N_("请选一下给谁用。"))
        library.save(asked, place, title, by=access.me(), at=g.at)
    except Invalid as fault:
        return _save_as(asked, title, fault)
    flash(_("存好了。做问卷时，在模板里能选到它。"))
    return hx.see_other(url_for("questionnaires.templates", courtyard_id=asked.courtyard.id))


@PAGES.get("/desk/courtyard/<courtyard_id>/templates")
def templates(courtyard_id: str) -> Response:
    """The saved templates that are there for a courtyard."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    roles = access.roles()
    return hx.render(
        "questionnaires/templates.html",
        courtyard=courtyard,
        kept=[
            (kept, may(roles, kept.place.path, May.RUN))
            for kept in library.at_courtyard(courtyard.id)
        ],
    )


@PAGES.get("/desk/template/<template_id>")
def template(template_id: str) -> Response:
    """What a saved template asks; here it is renamed and retired."""
    return _template(library.fetch(template_id, access.roles(), May.LOOK))


@PAGES.post("/desk/template/<template_id>/rename")
def rename_template(template_id: str) -> Response:
    """Call it something else."""
    kept = library.fetch(template_id, access.roles(), May.RUN)
    typed = request.form.get("title", "")
    try:
        library.rename(kept.saved, typed, by=access.me(), at=g.at)
    except Invalid as fault:
        return _template(kept, fault, typed)
    flash(_("名字改好了。"))
    return hx.see_other(url_for("questionnaires.template", template_id=template_id))


@PAGES.post("/desk/template/<template_id>/retire")
def retire_template(template_id: str) -> Response:
    """Offer it no more."""
    kept = library.fetch(template_id, access.roles(), May.RUN)
    library.retire(kept.saved, by=access.me(), at=g.at)
    flash(_("停用了。照它做好的问卷都不变。"))
    return hx.see_other(url_for("questionnaires.template", template_id=template_id))


def _save_as(asked: Asked, title: str, fault: SurveysError | None = None) -> Response:
    return hx.render(
        "questionnaires/save_as.html",
        status=fault.status if fault else 200,
        courtyard=asked.courtyard,
        asked=asked,
        places=library.places_for(asked.courtyard.id, access.roles()),
        chosen=request.form.get("place", ""),
        title=title,
        longest=service.LONGEST["title"],
        fault=say(fault) if fault else None,
    )


def _template(kept: Kept, fault: SurveysError | None = None, typed: str = "") -> Response:
    start = kept.template
    return hx.render(
        "questionnaires/template.html",
        status=fault.status if fault else 200,
        kept=kept,
        start=start,
        kinds=kinds.KINDS,
        when=cards.conditions(start.questions),
        longest=service.LONGEST["title"],
        typed=typed or kept.saved.title,
        fault=say(fault) if fault else None,
        may_run=may(access.roles(), kept.place.path, May.RUN),
    )
