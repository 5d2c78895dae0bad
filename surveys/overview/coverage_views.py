"""At the desk: whom a questionnaire has heard from, and the three rates."""

from flask import Blueprint, Response, g, request

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.courtyards import visiting
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound
from surveys.overview import coverage, rates
from surveys.questionnaires import crosstab, rules, service
from surveys.questionnaires.models import Questionnaire

COVERAGE = Blueprint("coverage", __name__)


@COVERAGE.get("/desk/courtyard/<courtyard_id>/coverage")
def show(courtyard_id: str) -> Response:
    """Households heard from and not, by building, stairwell and channel; visits and calls."""
    courtyard = access.fetch(Courtyard, courtyard_id, May.LOOK)
    subjects = coverage.subjects(courtyard_id, g.at)
    chosen = _chosen(subjects)
    if chosen is None:
        return hx.render("overview/coverage_none.html", courtyard=courtyard)
    asked = service.find(chosen.id)
    sees_all = access.allows(courtyard_id, May.KEY_IN)
    age = coverage.that_ships(asked, rates.AGE)
    found = coverage.of_questionnaire(chosen)
    return hx.render(
        "overview/coverage.html",
        courtyard=courtyard,
        subjects=subjects,
        questionnaire=chosen,
        coverage=found,
        took_part=rates.Rate(found.whole.heard, found.whole.roll),
        measured=coverage.measured(chosen, subjects, sees_all=sees_all),
        line=rates.LINE_PERCENT,
        age=age if age in crosstab.crossable(asked) else None,
        channels=rules.CHANNELS,
        ways=visiting.WAYS,
        outcomes=visiting.OUTCOMES,
        sees_all=sees_all,
        may_print=access.allows(courtyard_id, May.PRINT),
    )


def _chosen(subjects: list[Questionnaire]) -> Questionnaire | None:
    """The one that the address names; else the newest that is open, else the newest.

    Raises:
        NotFound: about something else than may be asked about here.
    """
    about = request.args.get("about")
    if about:
        found = next((q for q in subjects if q.id == about), None)
        if found is None:
            raise NotFound
        return found
    return next((q for q in subjects if q.is_open(g.at)), next(iter(subjects), None))
