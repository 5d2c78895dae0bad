"""The answers of a response as they are kept: read, written, taken away. Nothing here commits."""

from collections.abc import Collection

from sqlalchemy import delete, insert, select

from surveys.base.db import db, table_of
from surveys.questionnaires import answers
from surveys.questionnaires.kinds import as_typed
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.rules import Given, Question, Value
from surveys.questionnaires.service import Asked

_INSERT = insert(table_of(Answer))


def given_in(response: Response, questions: Collection[Question]) -> dict[str, Value]:
    """The answers of one response, by question."""
    return as_asked(parts_in(response), questions)


def parts_in(response: Response) -> dict[str, Value]:
    """All that is kept of a response, by question, whatever is asked now."""
    parts: dict[str, list[str]] = {}
    rows = select(Answer.question, Answer.choice, Answer.text)
    kept = rows.where(Answer.response_id == response.id).order_by(Answer.place)
    for question, choice, text in db.session.execute(kept):
        parts.setdefault(question, []).append(answers.part_of(choice, text))
    return {question: tuple(found) for question, found in parts.items()}


def as_asked(kept: Given, questions: Collection[Question]) -> dict[str, Value]:
    """What of it answers the questions as they stand."""
    return {q.key: as_typed(q, kept[q.key]) for q in questions if q.key in kept}


def _delete(response_id: str, questions: Collection[str] | None = None) -> None:
    """Take away the answers to these questions; to all of them where none is named."""
    gone = delete(Answer).where(Answer.response_id == response_id)
    if questions is not None:
        gone = gone.where(Answer.question.in_(questions))
    db.session.execute(gone.execution_options(synchronize_session=False))


def _keep_only(response_id: str, asked: Asked, kept: Given, counted: Given) -> None:
    """Leave nothing but what counts: not what is hidden, nor what is no longer asked."""
    changed = {key: counted.get(key, ()) for key in kept if kept[key] != counted.get(key, ())}
    if changed:
        _delete(response_id, list(changed))
    _insert_answers(response_id, asked, changed)


def _insert_answers(response_id: str, asked: Asked, given: Given) -> None:
    """Write the answers of a response in one statement. Does not commit."""
    rows = [
        {"questionnaire_id": asked.id, "response_id": response_id, "question": q.key, **columns}
        for q in asked.questions
        for columns in answers.columns(q, given.get(q.key, ()))
    ]
    if rows:
        db.session.execute(_INSERT, rows)
