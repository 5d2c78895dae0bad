"""At the desk: one questionnaire copied to many courtyards, and where its copies are."""

from itertools import groupby

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.errors import Invalid, Refused, SurveysError
from surveys.questionnaires import copying, received, service
from surveys.questionnaires.desk_views import PAGES, fetch_asked
from surveys.questionnaires.service import Asked


@PAGES.get("/desk/questionnaire/<questionnaire_id>/copies")
def copies(questionnaire_id: str) -> Response:
    """Where this questionnaire is asked: the first one and all its copies."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    found = copying.family_of(asked, access.roles())
    return hx.render(
        "questionnaires/copies.html",
        courtyard=asked.courtyard,
        asked=asked,
        origin=copying.origin_of(asked.questionnaire),
        copies=[(one, service.state_of(one.questionnaire, g.at)) for one in found],
        counts=received.counts([one.questionnaire.id for one in found]),
        nothing=received.Received(),
        may_run=access.allows(asked.courtyard.id, May.RUN),
    )


@PAGES.get("/desk/questionnaire/<questionnaire_id>/copy")
def copy_to(questionnaire_id: str) -> Response:
    """Choose the courtyards."""
    return _choose(fetch_asked(questionnaire_id, May.RUN), frozenset())


@PAGES.post("/desk/questionnaire/<questionnaire_id>/copy")
def copy_now(questionnaire_id: str) -> Response:
    """Copy it to those chosen; or only tick all, or all of one area."""
    asked = fetch_asked(questionnaire_id, May.RUN)
    chosen = frozenset(request.form.getlist("courtyard"))
    if "tick" in request.form:
        return _choose(asked, chosen | _ticked(asked, request.form["tick"]))
    try:
        made = copying.copy(
            asked,
            chosen,
            access.roles(),
            with_times="times" in request.form,
            by=access.me(),
            at=g.at,
        )
    except (Invalid, Refused) as fault:
        return _choose(asked, chosen, fault)
    flash(_("复制到了 %(n)d 个院子。", n=made) if made else _("选的院子都已经有了，没有再做。"))
    return hx.see_other(url_for("questionnaires.copies", questionnaire_id=asked.id))


def _ticked(asked: Asked, wanted: str) -> frozenset[str]:
    """The courtyards that can take one: all, or those of one area."""
    found = (yard for yard in copying.yards(asked, access.roles()) if yard.why is None)
    return frozenset(yard.courtyard.id for yard in found if wanted in {"all", yard.area_id})


def _choose(asked: Asked, chosen: frozenset[str], fault: SurveysError | None = None) -> Response:
    found = copying.yards(asked, access.roles())
    areas = groupby(found, key=lambda yard: (yard.area_id, yard.area))
    return hx.render(
        "questionnaires/copy_to.html",
        status=fault.status if fault else 200,
        courtyard=asked.courtyard,
        asked=asked,
        state=asked.state(g.at),
        areas=[(area_id, name, list(yards)) for (area_id, name), yards in areas],
        takers=sum(yard.why is None for yard in found),
        chosen=chosen,
        with_times="times" in request.form,
        fault=_(fault.msgid, **fault.params) if fault else None,
    )
