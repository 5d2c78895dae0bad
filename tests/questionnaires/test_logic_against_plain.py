"""What is shown and what counts, against a slow plain reading of the same questionnaire.

Random questions with random conditions go out as a workbook and come in again, are answered on
phones and on paper, with answers left over from ways that were left; and are counted.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.errors import Invalid
from surveys.questionnaires import answering, figures, keying, logic, rules, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.conditions import picked_key, thousandths
from surveys.questionnaires.files import workbook, workbook_out
from surveys.questionnaires.keying import Sheet
from surveys.questionnaires.kinds import read_answer
from surveys.questionnaires.models import Response
from surveys.questionnaires.rules import Question, Value
from surveys.questionnaires.service import Asked
from tests.questionnaires import plain
from tests.questionnaires.asking import SECRET, answers_of, current, made
from tests.questionnaires.random_logic import CHOOSING, questionnaires
from tests.world import AT, World

Answers = dict[str, Value]
TYPES = (*CHOOSING, "rank", "matrix", "number", "date", "short", "note")
HEAD = {"title": "问一问", "intro": "", "keeps": "记门牌", "seen_by": "社区"}


def some_answers(asked: list[plain.Json]) -> some.SearchStrategy[Answers]:
    """Answers to any of the questions, those that are hidden too."""
    of = {q["key"]: some.sampled_from([*plain.every_answer(q), ()]) for q in asked}
    return some.fixed_dictionaries(of).map(
        lambda answers: {key: value for key, value in answers.items() if value}
    )


@settings(max_examples=50)
@given(some.data())
def test_what_is_shown_and_counts_is_as_the_plain_reading_says(data: some.DataObject) -> None:
    text = rules.write_questions(data.draw(questionnaires(most=7)))
    asked, parts = plain.questions_of(text), rules.asked(rules.read_questions(text))
    for _ in range(3):
        answers = data.draw(some_answers(asked))
        assert [part.key for part in rules.shown(parts, answers)] == plain.seen(asked, answers)
        assert rules.counted(parts, answers) == plain.counted(asked, answers)
        assert (not rules.missing(parts, answers)) == plain.is_complete(asked, answers)


@settings(max_examples=50)
@given(some.data())
def test_every_answer_of_the_plain_reading_can_be_given(data: some.DataObject) -> None:
    text = rules.write_questions(data.draw(questionnaires(most=4, types=TYPES)))
    asked, parts = plain.questions_of(text), rules.asked(rules.read_questions(text))
    for part, question in zip(parts, asked, strict=True):
        for answer in plain.every_answer(question):
            assert read_answer(part, answer) == answer


@settings(max_examples=50)
@given(questionnaires(most=7))
def test_a_walk_screen_by_screen_is_told_the_truth_of_what_is_to_come(
    questions: tuple[Question, ...],
) -> None:
    parts = rules.asked(questions)
    asked = plain.questions_of(rules.write_questions(questions))
    answers: Answers = {}
    told, number = [logic.ahead(parts, answers, 0)], 0
    for n, question in enumerate(asked):
        if question["type"] in rules.ASIDE:
            continue
        number += 1
        if question["key"] in plain.seen(asked[: n + 1], answers):
            answers[question["key"]] = plain.every_answer(question)[0]
            told.append(logic.ahead(parts, answers, number))
    last = len(told) - 1
    assert all(least <= last - n <= most for n, (least, most) in enumerate(told))
    assert all(after[1] < before[1] for before, after in zip(told, told[1:], strict=False))


# Through the database: each way in which an answer may come

Way = Callable[[Asked, Answers, World, int], Response]


def by_phone(asked: Asked, answers: Answers, world: World, who: int) -> Response:
    """Screen by screen, then sent."""
    sender = Sender(f"phone {who}", world.households[who])
    for question in asked.questions:
        value = answers.get(question.key, ())
        answering.save(asked, sender, question, value, at=AT, secret=SECRET)
    return answering.send_draft(asked, sender, f"draft {who}", at=AT + timedelta(minutes=who))


def on_one_page(asked: Asked, answers: Answers, world: World, who: int) -> Response:
    """All at once."""
    sender = Sender(f"phone {who}", world.households[who])
    at = AT + timedelta(minutes=who)
    return answering.send(asked, sender, answers, f"page {who}", at=at, secret=SECRET)


def on_paper(asked: Asked, answers: Answers, world: World, who: int) -> Response:
    """Keyed in by staff."""
    household = db.session.get_one(Household, world.households[who])
    sheet = Sheet(household, "paper", answers, f"sheet {who}")
    at, by = AT + timedelta(minutes=who), world.accounts["clerk"]
    return keying.key_in(asked, sheet, by=by, at=at, secret=SECRET)[0]


def without_faults(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """The questions, those that nobody could come to see shown to everybody instead."""
    while wrong := {fault.key for fault in logic.faults(questions)}:
        questions = tuple(replace(q, when=None) if q.key in wrong else q for q in questions)
    return questions


def through_a_workbook(questions: tuple[Question, ...]) -> tuple[Question, ...]:
    """Out to Excel and in again."""
    found = workbook.read(workbook_out.to_xlsx(HEAD, questions))
    assert found.faults == ()
    assert found.digest == rules.digest(questions)
    return found.questions


def asked_of(world: World, questions: tuple[Question, ...]) -> Asked:
    """A questionnaire of these questions, open."""
    questionnaire = made(world)
    version = service.find(questionnaire.id).version
    version.questions, version.digest = rules.write_questions(questions), rules.digest(questions)
    service.open_now(questionnaire, by=world.accounts["organizer"], at=AT)
    return service.find(questionnaire.id)


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(some.data())
def test_what_came_out_of_a_workbook_is_answered_and_counted_as_the_plain_reading_says(
    world: World, data: some.DataObject
) -> None:
    questions = without_faults(data.draw(questionnaires(most=6, types=TYPES)))
    asked = asked_of(world, through_a_workbook(questions))
    plainly = plain.questions_of(asked.version.questions)
    counted: list[Answers] = []
    for who, way in enumerate((by_phone, on_one_page, on_paper, on_one_page, by_phone)):
        answers = data.draw(some_answers(plainly))
        if not plain.counted(plainly, answers):
            continue  # a sheet on which nothing counts is taken for a slip of the finger
        if not plain.is_complete(plainly, answers):
            with pytest.raises(Invalid, match="道要答的题没答"):
                way(asked, answers, world, who)
            continue
        response = way(asked, answers, world, who)
        counted.append(plain.counted(plainly, answers))
        assert answers_of(response) == counted[-1]
    assert len(current(asked.id)) == len(counted)
    assert counts_of(asked) == counts_in(counted, asked)


Counts = dict[str, tuple[int, Counter[str]]]
"""how many answered each question, and how often each part of an answer was given"""


def counts_in(counted: list[Answers], asked: Asked) -> Counts:
    """Counted one by one; of texts only how many there are."""
    return {
        question.key: (
            sum(question.key in answers for answers in counted),
            Counter(
                str(thousandths(part)) if question.type == "number" else picked_key(part)
                for answers in counted
                for part in answers.get(question.key, ())
                if question.type != "short"
            ),
        )
        for question in asked.questions
    }


def counts_of(asked: Asked) -> Counts:
    """As the desk is shown it."""
    every = {one.question.key: one for one in figures.exact(asked).questions}
    return {q.key: (every[q.key].answered, +parts_of(every[q.key])) for q in asked.questions}


def parts_of(one: figures.QuestionFigures) -> Counter[str]:
    """How often the desk is shown each part of an answer."""
    columns = [choice.key for choice in one.question.choices]
    found: dict[str, int] = {str(value): number for value, number in one.spread.values}
    found |= dict(one.spread.days)
    found |= {key: line.number or 0 for key, line in zip(columns, one.lines, strict=False)}
    for row, marks in zip(one.question.rows, one.rows, strict=False):
        lines = zip(columns, marks.lines, strict=False)
        found |= {f"{row.key}:{key}": line.number or 0 for key, line in lines}
    return Counter(found)
