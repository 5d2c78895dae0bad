"""Who answers a questionnaire: one of three rungs, set until it opens.

Never by the address of a connection: a whole courtyard may stand behind one.
"""

from datetime import datetime

from surveys.base import audit
from surveys.base.db import db, retrying
from surveys.base.words import N_
from surveys.errors import Invalid, Refused
from surveys.questionnaires import rules, service
from surveys.questionnaires.models import Questionnaire

audit.words({"questionnaire.identity": N_("定了问卷“%(title)s”由谁来答")})


@retrying
def set_identity(questionnaire: Questionnaire, identity: str, *, by: str, at: datetime) -> None:
    """Say who may answer.

    Raises:
        Invalid: no such rung.
        Refused: it was opened. What came in under one rule cannot be counted with what comes in
            under another.
    """
    if identity not in rules.IDENTITY:
        raise Invalid(N_("请选一下由谁来答。"))
    db.session.refresh(questionnaire, with_for_update=True)
    if service.state_of(questionnaire, at) in {"open", "closed"}:
        raise Refused(
            N_(
                "已经开放了，由谁来答就不能再改：前后两种规矩收的答卷，合不到一起数。要改，另做一份。"
            )
        )
    if questionnaire.identity == identity:
        db.session.rollback()
        return
    questionnaire.identity = identity
    service._note("questionnaire.identity", questionnaire, by, at, identity=identity)
    db.session.commit()
