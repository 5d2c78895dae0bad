"""What was written in answer to one question, without whose it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from surveys.base.db import db
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing


@dataclass(frozen=True, slots=True)
class Text:
    """One text."""

    text: str
    channel: str
    sent_at: datetime


def latest(
    asked: Asked,
    question: str,
    *,
    words: str = "",
    sift: Sift = EVERYTHING,
    most: int,
    page: int = 1,
) -> list[Text]:
    """The texts that hold all of these words, newest first, so many a page."""
    rows = db.session.execute(
        select(Answer.text, Response.channel, Response.sent_at)
        .join(Response, Response.id == Answer.response_id)
        .where(*_of(asked, question, words, sift))
        .order_by(Response.sent_at.desc(), Answer.id)
        .limit(most)
        .offset((page - 1) * most)
    )
    return [
        Text(text, channel, sent_at)
        for text, channel, sent_at in rows
        if text is not None and sent_at is not None
    ]


def number_of(asked: Asked, question: str, *, words: str = "", sift: Sift = EVERYTHING) -> int:
    """How many there are of them."""
    found = select(func.count()).select_from(Answer)
    joined = found.join(Response, Response.id == Answer.response_id)
    return db.session.scalar(joined.where(*_of(asked, question, words, sift))) or 0


def _of(asked: Asked, question: str, words: str, sift: Sift) -> list[ColumnElement[bool]]:
    held = [Answer.text.icontains(word, autoescape=True) for word in words.split()]
    return [
        Answer.question == question,
        Answer.text.is_not(None),
        *held,
        *passing(asked.id, sift),
    ]
