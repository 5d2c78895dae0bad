"""The result of a questionnaire on one printed sheet, for the wall."""

from flask import Response, g

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.overview import coverage, sheet
from surveys.overview.coverage_views import COVERAGE
from surveys.questionnaires import figures, service
from surveys.questionnaires.models import Questionnaire


@COVERAGE.get("/desk/questionnaire/<questionnaire_id>/sheet")
def posted(questionnaire_id: str) -> Response:
    """What everybody may read of it; warns while answers still come in."""
    questionnaire = access.fetch(Questionnaire, questionnaire_id, May.PRINT)
    asked = service.find(questionnaire_id)
    found = coverage.of_questionnaire(questionnaire)
    shown = figures.for_everybody(figures.exact(asked))
    buildings = sheet.buildings(found.buildings)
    told, more = sheet.told(shown, len(buildings))
    return hx.render(
        "overview/sheet.html",
        asked=asked,
        courtyard=asked.courtyard,
        zone=asked.courtyard.zone,
        state=asked.state(g.at),
        now=g.at,
        figures=shown,
        whole=found.whole,
        buildings=buildings,
        told=told,
        more=more,
    )
