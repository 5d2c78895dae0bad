"""When answers are deleted, the ledger keeps what was wished for and forgets who said it."""

from datetime import datetime

from sqlalchemy import select, update

from surveys.base.db import db
from surveys.needs.models import Suggestion
from surveys.questionnaires import retention
from surveys.questionnaires.models import Answer, Response


def forget(questionnaire_id: str, at: datetime) -> int:
    """Delete a questionnaire's answers and cut their suggestions off from doors; how many answers.

    A need's number of households falls by those that are forgotten: the wish itself stays, as one
    without a door.
    """
    answers = (
        select(Answer.id)
        .join(Response, Response.id == Answer.response_id)
        .where(Response.questionnaire_id == questionnaire_id)
    )
    db.session.execute(
        update(Suggestion)
        .where(Suggestion.answer_id.in_(answers))
        .values(answer_id=None, household_id=None)
        .execution_options(synchronize_session=False)
    )
    count = retention._forget(questionnaire_id, at)
    db.session.commit()
    return count
