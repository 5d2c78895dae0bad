"""What was written in answer to one question, without whose it is."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, func, select

from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.questionnaires.models import Answer, Response
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing


@dataclass(frozen=True, slots=True)
class Text:
    """One text."""

    text: str
    channel: str
    sent_at: datetime


def latest(asked: Asked, question: str, *, sift: Sift = EVERYTHING, most: int) -> list[Text]:
    """So many texts, the newest ones."""
    found = _texts(_of(asked, question, "", sift))
    return _read(found.order_by(Response.sent_at.desc(), Answer.id).limit(most))


def page(asked: Asked, question: str, view: View, sift: Sift) -> tuple[list[Text], int]:
    """A page of the texts that hold all of the words asked for, and how many there are on all.

    Args:
        view: sorted by `at` or `channel`; narrowed by `q`, words.
        sift: what else it is narrowed by, as its address says.
    """
    wanted = _of(asked, question, view.asked.get("q", ""), sift)
    joined = select(func.count()).select_from(Answer).join(Response, _SENT_IN).where(*wanted)
    total = db.session.scalar(joined) or 0
    order = view.clauses(
        {"at": [Response.sent_at], "channel": [Response.channel]},
        ties=[Response.sent_at.desc(), Answer.id],
    )
    found = _texts(wanted).order_by(*order).offset(view.within(total).skip).limit(view.a_page)
    return _read(found), total


_SENT_IN = Response.id == Answer.response_id


def _texts(wanted: list[ColumnElement[bool]]) -> Select[str | None, str, datetime | None]:
    asked = select(Answer.text, Response.channel, Response.sent_at)
    return asked.join(Response, _SENT_IN).where(*wanted)


def _read(found: Select[str | None, str, datetime | None]) -> list[Text]:
    return [
        Text(text, channel, sent_at)
        for text, channel, sent_at in db.session.execute(found)
        if text is not None and sent_at is not None
    ]


def _of(asked: Asked, question: str, words: str, sift: Sift) -> list[ColumnElement[bool]]:
    held = [Answer.text.icontains(word, autoescape=True) for word in words.split()]
    return [
        Answer.question == question,
        Answer.text.is_not(None),
        *held,
        *passing(asked.id, sift),
    ]
