"""At the desk: who may answer a questionnaire."""

from flask import Response, flash, g, request, url_for

from surveys.accounts import access
from surveys.accounts.rules import May
from surveys.base import hx
from surveys.base.language import gettext as _
from surveys.base.language import say
from surveys.errors import Invalid, Refused
from surveys.questionnaires import identity
from surveys.questionnaires.desk_views import PAGES
from surveys.questionnaires.models import Questionnaire


@PAGES.post("/desk/questionnaire/<questionnaire_id>/identity")
def set_identity(questionnaire_id: str) -> Response:
    """Say who may answer, until it opens."""
    questionnaire = access.fetch(Questionnaire, questionnaire_id, May.RUN)
    chosen, by = request.form.get("identity", ""), access.me()
    try:
        identity.set_identity(questionnaire, chosen, by=by, at=g.at)
    except (Invalid, Refused) as fault:
        flash(say(fault), "mind")
    else:
        flash(_("由谁来答，存好了。"))
    return hx.see_other(url_for("questionnaires.desk", questionnaire_id=questionnaire.id))
