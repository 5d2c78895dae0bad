"""Answers in numbers, for the bench: so many responses to twenty questions, written straight in."""

import random
from collections.abc import Iterator
from datetime import timedelta

from sqlalchemy import insert, text

from surveys.base import clock
from surveys.base.db import db, new_id, table_of
from surveys.courtyards.models import Courtyard
from surveys.questionnaires import answers, rules, service
from surveys.questionnaires.models import Answer, Questionnaire, Response, Version
from surveys.questionnaires.rules import Choice, Question, Value
from surveys.rounds import service as rounds

AT_ONCE = 1_000
STEPS = tuple(Choice(str(n), f"第 {n} 级") for n in range(1, 6))
TEN = tuple(Choice(key, f"选项 {key}") for key in "abcdefghij")
QUESTIONS = (
    *(Question(f"s{n}", "single", f"单选 {n}", choices=TEN[:5]) for n in range(8)),
    *(Question(f"k{n}", "scale", f"量表 {n}", choices=STEPS) for n in range(3)),
    *(Question(f"m{n}", "several", f"多选 {n}", most=3, choices=TEN) for n in range(3)),
    Question("r", "rank", "排序", most=3, choices=TEN),
    Question("g", "matrix", "矩阵", choices=STEPS, rows=TEN[:3]),
    Question("n", "number", "数字"),
    Question("d", "date", "日期"),
    *(Question(f"t{n}", "long", f"问答 {n}") for n in range(2)),
)
"""twenty of them"""


def seed(courtyard_id: str, account_id: str, households: list[str], number: int) -> str:
    """Id of an open questionnaire with so many answers that count; a tenth more were replaced."""
    courtyard = db.session.get_one(Courtyard, courtyard_id)
    questionnaire_id, version_id = _questionnaire(courtyard, account_id)
    rng, at = random.Random(number), clock.now() - timedelta(days=20)
    every = number + number // 10
    for begin in range(0, every, AT_ONCE):
        rows: list[dict[str, object]] = []
        parts: list[dict[str, object]] = []
        for n in range(begin, min(begin + AT_ONCE, every)):
            response_id = new_id()
            replaced = at + timedelta(days=19) if n >= number else None
            rows.append(
                {
                    "id": response_id,
                    "courtyard_id": courtyard.id,
                    "questionnaire_id": questionnaire_id,
                    "version_id": version_id,
                    "household_id": households[n % len(households)],
                    "respondent": f"d:{response_id}",
                    "channel": rng.choice(("scan", "scan", "paper", "phone", "visit")),
                    "submission": response_id,
                    "number": f"{n:09d}",
                    "copy_hash": response_id,
                    "begun_at": at,
                    "sent_at": at + timedelta(seconds=n),
                    "superseded_at": replaced,
                    "relation": "",
                    "has_consent": False,
                }
            )
            parts += _parts(questionnaire_id, response_id, rng)
        db.session.execute(insert(table_of(Response)), rows)
        db.session.execute(insert(table_of(Answer)), parts)
        db.session.commit()
    settle()
    return questionnaire_id


def settle() -> None:
    """Let the database know its own tables, as it does by itself after a while."""
    db.session.remove()
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if db.engine.dialect.name == "postgresql":
            connection.execute(text("VACUUM ANALYZE answer, response"))
        else:
            connection.execute(text("ANALYZE"))


def _questionnaire(courtyard: Courtyard, account_id: str) -> tuple[str, str]:
    at = clock.now() - timedelta(days=21)
    if rounds.current(courtyard.id) is None:
        raise LookupError("no round has begun")
    made = service.create(courtyard, "needs", by=account_id, at=at)
    version = db.session.query(Version).filter_by(questionnaire_id=made.id).one()
    version.questions = rules.write_questions(QUESTIONS)
    version.digest = rules.digest(QUESTIONS)
    db.session.get_one(Questionnaire, made.id).opens_at = at
    db.session.commit()
    return made.id, version.id


def _parts(
    questionnaire_id: str, response_id: str, rng: random.Random
) -> Iterator[dict[str, object]]:
    for question in QUESTIONS:
        for columns in answers.columns(question, _drawn(question, rng)):
            yield {
                "id": new_id(),
                "questionnaire_id": questionnaire_id,
                "response_id": response_id,
                "question": question.key,
                **columns,
            }


def _drawn(question: Question, rng: random.Random) -> Value:
    keys = [choice.key for choice in question.choices]
    match question.type:
        case "several" | "rank":
            return tuple(rng.sample(keys, 3))
        case "matrix":
            return tuple(f"{row.key}:{rng.choice(keys)}" for row in question.rows)
        case "number":
            return (str(rng.randint(0, 90)),)
        case "date":
            return (f"20{rng.randint(10, 25)}-{rng.randint(1, 12):02d}-01",)
        case "long":
            return (rng.choice(("楼道灯不亮，晚上黑得很", "下水道堵了，一楼返味", "没有")),)
    return (rng.choice(keys),)
