"""The questionnaires that ship: short, plain, without faults, and answered to their end."""

import re
from collections.abc import Mapping
from itertools import chain

import pytest

from surveys.base import clock
from surveys.questionnaires import answering, kinds, logic, rules, service, shipped
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.rules import Given, Question
from surveys.questionnaires.shipped import Template
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, answers_of, current, opened_now
from tests.world import World, sign_in

SIX = ["needs", "services", "lift", "plan", "after_meeting", "satisfaction"]
MOST = 12
OFFICIAL = re.compile("贵户|予以|进行|实施|相关|有关部门|落实|开展|该项|鉴于|满意度调研")
TEMPLATES = {template.key: template for template in shipped.offered() if template.questions}


def asked_of(template: Template) -> list[Question]:
    """The questions of a template that take an answer."""
    return [q for q in rules.asked(template.questions) if q.type not in rules.ASIDE]


def test_six_are_offered_in_the_order_in_which_a_round_needs_them() -> None:
    assert [key for key in TEMPLATES if key in SIX] == SIX


@pytest.mark.parametrize("key", SIX)
def test_each_is_short_and_its_conditions_hold_together(key: str) -> None:
    template = TEMPLATES[key]
    assert 4 <= len(asked_of(template)) <= MOST
    assert logic.faults(template.questions) == []
    plain = shipped.templates()[key]
    assert all(0 < len(plain[name]) <= most for name, most in service.LONGEST.items())


@pytest.mark.parametrize("key", SIX)
def test_each_fits_a_small_phone(key: str) -> None:
    for question in TEMPLATES[key].questions:
        assert len(question.title) <= 22, question.title
        assert len(question.help) <= 26, question.help
        assert all(len(c.name) <= 12 for c in (*question.choices, *question.rows))


@pytest.mark.parametrize("key", SIX)
def test_the_choices_of_a_question_suit_its_type(key: str) -> None:
    for question in TEMPLATES[key].questions:
        holds, keys = kinds.KINDS[question.type].holds, [c.key for c in question.choices]
        assert len(set(keys)) == len(keys)
        assert bool(keys) is (holds in {"choices", "ranks", "cells"})
        assert bool(question.rows) is (holds == "cells")
        assert question.type != "scale" or keys == ["1", "2", "3", "4", "5"]
        assert question.most is None or question.type in {"several", "rank"}
        alone = [choice.alone for choice in question.choices]
        assert not any(alone[:-1])
        assert not any(alone) or question.type == "several"


@pytest.mark.parametrize("key", SIX)
def test_one_long_answer_of_each_becomes_suggestions(key: str) -> None:
    texts = [q.type for q in TEMPLATES[key].questions if q.takes_suggestions]
    assert texts == ["long"]


def test_the_survey_of_needs_asks_first_what_displeases_and_allows_three_wishes() -> None:
    questions = asked_of(TEMPLATES["needs"])
    assert questions[0].takes_suggestions
    assert [question.most for question in questions if question.most] == [3]


@pytest.mark.parametrize("key", SIX)
def test_each_speaks_as_people_do(key: str) -> None:
    plain = shipped.templates()[key]
    said = [plain[name] for name in service.LONGEST]
    for q in TEMPLATES[key].questions:
        said += [q.title, q.help, *(c.name for c in chain(q.choices, q.rows))]
    assert [words for words in said if OFFICIAL.search(words)] == []


WAYS: list[tuple[str, Mapping[str, tuple[str, ...]], list[str]]] = [
    (
        "lift",
        {"q2": ("1",), "q3": ("5",)},
        ["q1", "q2", "q3", "q5", "q6", "q8", "q10", "q11", "q12"],
    ),
    ("lift", {"q2": ("2",), "q3": ("1",)}, ["q1", "q2", "q3", "q5", "q8", "q10", "q11", "q12"]),
    (
        "lift",
        {"q2": ("6",), "q3": ("2",)},
        ["q1", "q2", "q3", "q4", "q7", "q8", "q9", "q10", "q11", "q12"],
    ),
    ("lift", {"q2": ("6",), "q3": ("5",)}, ["q1", "q2", "q3", "q4", "q8", "q10", "q11", "q12"]),
    ("services", {"q2": ("d",), "q7": ("a",)}, ["q1", "q2", "q4", "q5", "q6", "q7", "q8", "q10"]),
    ("services", {"q2": ("a",), "q7": ("c",)}, [*(f"q{n}" for n in range(1, 8)), "q9", "q10"]),
    ("services", {"q2": ("e",)}, ["q1", "q2", "q4", "q5", "q6", "q7", "q10"]),
    ("after_meeting", {"q1": ("1",), "q2": ("yes",)}, ["q1", "q2", "q4"]),
    ("after_meeting", {"q1": ("1",), "q2": ("no",)}, ["q1", "q2", "q3", "q4"]),
]


@pytest.mark.parametrize(("key", "given", "seen"), WAYS)
def test_one_is_asked_only_what_concerns_one(key: str, given: Given, seen: list[str]) -> None:
    shown = rules.shown(rules.asked(TEMPLATES[key].questions), given)
    assert [q.key for q in shown if q.type not in rules.ASIDE] == seen


@pytest.mark.parametrize("key", SIX)
def test_each_is_answered_with_what_must_be_and_read_again(world: World, key: str) -> None:
    asked = service.find(opened_now(world, key))
    given = {q.key: a_reply(q) for q in asked.questions if q.required}
    answering.send(asked, Sender("a phone"), given, "one", at=clock.now(), secret=SECRET)
    assert answers_of(current(asked.id)[0]) == given


@pytest.mark.parametrize("key", SIX)
def test_each_opens_on_a_phone_at_the_desk_and_on_paper(
    world: World, browser: Browser, key: str
) -> None:
    q = opened_now(world, key)
    assert browser.see(f"/q/{q}").says("开始")
    assert browser.see(f"/q/{q}/all").status == 200
    sign_in(browser, world.accounts["organizer"])
    for page in ("", "/preview", "/print", "/answers", "/key-in"):
        assert browser.see(f"/desk/questionnaire/{q}{page}").status == 200, page


def a_reply(question: Question) -> tuple[str, ...]:
    """Some answer to a question."""
    typed = "5" if question.type == "number" else question.choices[0].key
    return kinds.read_answer(question, [typed])
