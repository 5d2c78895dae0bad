"""One's own answers, read again by the code that came with the thanks."""

from dataclasses import dataclass

from sqlalchemy import exists, select
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.base.words import N_
from surveys.courtyards.models import Courtyard
from surveys.errors import NotFound
from surveys.questionnaires.answering import copy_hash
from surveys.questionnaires.kept import given_in
from surveys.questionnaires.models import Questionnaire, Response, Version
from surveys.questionnaires.rules import Given
from surveys.questionnaires.service import Asked, at_place


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer beside the questions as they stood when it was sent."""

    asked: Asked
    response: Response
    given: Given
    is_older: bool
    """the questions were changed since"""


_LATER = aliased(Version)
_NEWER = exists().where(
    _LATER.questionnaire_id == Version.questionnaire_id, _LATER.number > Version.number
)


def by_code(code: str, secret: bytes) -> Copy:
    """One's own answer.

    Raises:
        NotFound: no answer that was sent has this code.
    """
    row = db.session.execute(
        select(Response, Questionnaire, Version, Courtyard, _NEWER)
        .join(Questionnaire, Questionnaire.id == Response.questionnaire_id)
        .join(Version, Version.id == Response.version_id)
        .join(Courtyard, Courtyard.id == Response.courtyard_id)
        .where(Response.copy_hash == copy_hash(secret, code), Response.sent_at.is_not(None))
    ).first()
    if row is None:
        raise NotFound(N_("没有这份答卷。请看看网址是不是抄全了。"))
    response, questionnaire, version, courtyard, is_older = row
    asked = at_place(questionnaire, version, courtyard)
    return Copy(asked, response, given_in(response, asked.questions), is_older)
