"""At the desk: one questionnaire beside its copies in other courtyards."""

from flask import Response

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.questionnaires import comparing
from surveys.questionnaires.desk_views import PAGES, fetch_asked


@PAGES.get("/desk/questionnaire/<questionnaire_id>/compare")
def compare(questionnaire_id: str) -> Response:
    """One table a question: rows are the courtyards that one may look at."""
    asked = fetch_asked(questionnaire_id, May.LOOK)
    return hx.render(
        "questionnaires/compare.html",
        courtyard=asked.courtyard,
        asked=asked,
        comparison=comparing.compare(asked, access.roles()),
    )
