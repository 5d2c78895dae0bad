"""Answers as tables for other programs: in words, in codes, and what the codes mean.

Answers are read in pieces, in the order in which they came, so that any number takes no more
memory. What of a household stands in a row, whoever asks must say: its building, or its door.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from surveys.base import clock
from surveys.base.db import db
from surveys.base.tables import Value
from surveys.base.words import N_
from surveys.courtyards.models import Household
from surveys.questionnaires.answers import part_of
from surveys.questionnaires.conditions import picked_key
from surveys.questionnaires.kinds import KINDS
from surveys.questionnaires.models import Answer, Response, Tag, Version
from surveys.questionnaires.rules import ASIDE, CHANNELS, RELATIONS, Question
from surveys.questionnaires.service import Asked
from surveys.questionnaires.sifting import EVERYTHING, Sift, passing

PIECE = 1_000
"""answers read at once"""
Parts = dict[str, list[str]]
"""question → the parts of its answer, in their order"""
Write = Callable[[str], str]
"""a message id in the reader's language"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One answer that counts, with where and how it came."""

    sent_on: date
    channel: str
    building: str
    stairwell: str
    room: str
    tag: str
    version: int
    relation: str
    parts: Parts


def number_of(asked: Asked, sift: Sift = EVERYTHING) -> int:
    """How many answers an export holds."""
    found = select(func.count()).select_from(Response).where(*passing(asked.id, sift))
    return db.session.scalar(found) or 0


def answers(asked: Asked, sift: Sift = EVERYTHING) -> Iterator[Sent]:
    """Every answer that counts and passes, in the order in which they came."""
    after: tuple[Any, str] | None = None
    while True:
        rows = db.session.execute(_piece(passing(asked.id, sift), after)).all()
        if not rows:
            return
        parts = _parts([row.id for row in rows])
        for row in rows:
            yield _sent(row, asked.courtyard.zone, parts.get(row.id, {}))
        after = (rows[-1].sent_at, rows[-1].id)


def _piece(conditions: Sequence[ColumnElement[bool]], after: tuple[Any, str] | None) -> Any:
    wanted = (
        select(
            Response.id,
            Response.sent_at,
            Response.channel,
            Response.relation,
            Household.building,
            Household.stairwell,
            Household.room,
            Tag.name.label("tag"),
            Version.number.label("version"),
        )
        .join(Version, Version.id == Response.version_id)
        .outerjoin(Household, Household.id == Response.household_id)
        .outerjoin(Tag, Tag.id == Response.tag_id)
        .where(*conditions)
        .order_by(Response.sent_at, Response.id)
        .limit(PIECE)
    )
    if after is None:
        return wanted
    at, last = after
    return wanted.where(or_(Response.sent_at > at, (Response.sent_at == at) & (Response.id > last)))


def _parts(response_ids: Sequence[str]) -> dict[str, Parts]:
    rows = db.session.execute(
        select(Answer.response_id, Answer.question, Answer.choice, Answer.text)
        .where(Answer.response_id.in_(response_ids))
        .order_by(Answer.response_id, Answer.question, Answer.place)
    )
    found: dict[str, Parts] = {}
    for response_id, question, choice, text in rows:
        held = found.setdefault(response_id, {}).setdefault(question, [])
        held.append(part_of(choice, text))
    return found


def _sent(row: Any, zone: str, parts: Parts) -> Sent:
    return Sent(
        sent_on=clock.day(row.sent_at, zone),
        channel=row.channel,
        building=row.building or "",
        stairwell=row.stairwell or "",
        room=row.room or "",
        tag=row.tag or "",
        version=row.version,
        relation=row.relation,
        parts=parts,
    )


# Columns


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its head, and what of an answer stands in it."""

    head: str
    of: Callable[[Sent], Value]


def questions_of(asked: Asked) -> list[Question]:
    """The questions that stand in an export: those asked no longer too, with all their choices."""
    filled = {q.key: q for q in asked.questions if q.type == "place"}
    return [filled.get(q.key, q) for q in asked.every_question if q.type not in ASIDE]


def in_words(asked: Asked, write: Write, *, with_doors: bool) -> list[Column]:
    """One column a question, answers as they read."""
    found = _about(write, with_doors=with_doors)
    for number, question in enumerate(questions_of(asked), 1):
        found.append(Column(f"{number}. {question.title}", _reader(question)))
    return found


def in_codes(asked: Asked, write: Write, *, with_doors: bool) -> list[Column]:
    """One column for whatever is one thing: a choice that may be ticked, a place, a row."""
    found = _about(write, with_doors=with_doors)
    for question in questions_of(asked):
        found.extend(_coded(question))
    return found


def codebook(asked: Asked, write: Write) -> Iterator[Sequence[Value]]:
    """What each column in codes means: column, question, kind, code, words."""
    for number, question in enumerate(questions_of(asked), 1):
        kind = write(KINDS[question.type].name)
        head = (question.key, f"{number}. {question.title}", kind)
        if not question.choices:
            yield (*head, "", question.unit)
        for row in question.rows:
            yield (f"{question.key}/{row.key}", head[1], kind, "", row.name)
        for choice in question.choices:
            yield (*head, choice.key, choice.name)


def heads(columns: Iterable[Column]) -> list[str]:
    """The first row of a table."""
    return [column.head for column in columns]


def row(columns: Iterable[Column], sent: Sent) -> list[Value]:
    """One answer as a row of a table."""
    return [column.of(sent) for column in columns]


def _about(write: Write, *, with_doors: bool) -> list[Column]:
    rooms = [Column(write(N_("室")), lambda sent: sent.room)] if with_doors else []
    channels = {code: write(word) for code, word in CHANNELS.items()}
    relations = {"": "", **{code: write(word) for code, word in RELATIONS.items()}}
    return [
        Column(write(N_("哪天交的")), lambda sent: sent.sent_on),
        Column(write(N_("渠道")), lambda sent: channels[sent.channel]),
        Column(write(N_("楼栋")), lambda sent: sent.building),
        Column(write(N_("单元")), lambda sent: sent.stairwell),
        *rooms,
        Column(write(N_("谁代填")), lambda sent: relations[sent.relation]),
        Column(write(N_("链接标记")), lambda sent: sent.tag),
        Column(write(N_("题目第几版")), lambda sent: sent.version),
    ]


def _reader(question: Question) -> Callable[[Sent], Value]:
    if KINDS[question.type].holds == "number":
        return lambda sent: _number(sent.parts.get(question.key))
    if KINDS[question.type].holds == "photos":
        return lambda sent: len(sent.parts.get(question.key, ()))
    return lambda sent: question.say(tuple(sent.parts.get(question.key, ())))


def _number(parts: list[str] | None) -> Decimal | None:
    return Decimal(parts[0]) if parts else None


def _coded(question: Question) -> Iterator[Column]:
    key = question.key
    yield from _main_columns(question)
    for choice in question.choices:
        if choice.writes:
            yield Column(f"{key}/{choice.key}/text", _beside(key, choice.key))


def _main_columns(question: Question) -> list[Column]:
    key = question.key
    if question.type == "several":
        return [Column(f"{key}/{c.key}", _ticked(key, c.key)) for c in question.choices]
    match KINDS[question.type].holds:
        case "ranks":
            places = range(question.most or len(question.choices))
            return [Column(f"{key}/{place + 1}", _at(key, place)) for place in places]
        case "cells":
            return [Column(f"{key}/{row.key}", _cell(key, row.key)) for row in question.rows]
        case "choices" | "place":
            return [Column(key, _at(key, 0))]
    return [Column(key, _reader(question))]


def _ticked(key: str, choice: str) -> Callable[[Sent], Value]:
    def of(sent: Sent) -> Value:
        if key not in sent.parts:
            return None
        return int(choice in map(picked_key, sent.parts[key]))

    return of


def _at(key: str, place: int) -> Callable[[Sent], Value]:
    """What stands at this place of the answer, without what was written beside a choice."""

    def of(sent: Sent) -> Value:
        parts = sent.parts.get(key, [])
        return picked_key(parts[place]) if place < len(parts) else None

    return of


def _cell(key: str, mark: str) -> Callable[[Sent], Value]:
    def of(sent: Sent) -> Value:
        found = (part.partition(":") for part in sent.parts.get(key, []))
        return next((column for row, _sep, column in found if row == mark), None)

    return of


def _beside(key: str, choice: str) -> Callable[[Sent], Value]:
    def of(sent: Sent) -> Value:
        found = (part.partition("=") for part in sent.parts.get(key, []))
        return next((words for held, _sep, words in found if held == choice and words), None)

    return of
