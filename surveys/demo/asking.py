"""The questionnaires of the demonstration, their answers, and the three hundred suggestions."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime
from random import Random
from typing import Any

from surveys.courtyards.models import Household
from surveys.demo.content import chance, content, in_some_order, one_of
from surveys.demo.scene import Scene
from surveys.needs import saying
from surveys.needs import service as needs
from surveys.questionnaires import answering, keying
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.keying import Sheet
from surveys.questionnaires.rules import KEYED, Given, Question, Value
from surveys.questionnaires.service import Asked

ANSWERING = 118
"""households that answer the survey of needs"""
FIRST, LAST = -44, -36
"""days on which the survey of needs opens and closes"""
CHANNELS = {"scan": 60, "paper": 22, "visit": 13, "phone": 5}
"""of answers without a suggestion; one with a suggestion comes the way that the suggestion came"""
OPINIONS_FROM, OPINIONS_TO = -5, 6

Said = dict[str, Any]
"""one suggestion of `suggestions.json`"""
Answer = tuple[Household, str, Given]
"""who answers, which way it comes, and what"""


def survey_of_needs(scene: Scene) -> None:
    """Let the survey of needs be answered and suggestions be said, day by day, until it closes."""
    asked = _opened(scene, "needs", FIRST, LAST)
    written = _written(scene, asked.questions)
    told = {given["q1"] for _household, _channel, given in written if "q1" in given}
    spoken = [said for said in content("suggestions") if (said["text"],) not in told]
    rng, days = chance("doors of suggestions"), LAST - FIRST
    for passed in range(days):
        for n, answer in enumerate(written[passed::days]):
            _answer(scene, asked, answer, scene.calendar.at(FIRST + passed, 9, 7 * n))
        for n, said in enumerate(spoken[passed::days]):
            _say(scene, said, rng, scene.calendar.at(FIRST + passed, 15, 7 * n))
        needs.take_in(asked.questionnaire, at=scene.calendar.at(FIRST + passed, 22))


def opinions_on_the_plan(scene: Scene) -> None:
    """Open the questionnaire on the plan, which takes answers for some days to come."""
    asked = _opened(scene, "plan", OPINIONS_FROM, OPINIONS_TO)
    plan, rng = content("opinions"), chance("opinions")
    for n, household in enumerate(rng.sample(scene.households, plan["households"])):
        given = _given(rng, asked.questions, plan)
        day = OPINIONS_FROM + n % -OPINIONS_FROM
        answer = (household, one_of(rng, plan["channels"]), given)
        _answer(scene, asked, answer, scene.calendar.at(day, 10, 9 * n))


def _opened(scene: Scene, template: str, first: int, last: int) -> Asked:
    """A questionnaire that is open from 8 o'clock on the first day to 20 o'clock on the last."""
    at, by = scene.calendar.at, scene.organizer
    made = questionnaires.create(scene.courtyard, template, by=by, at=at(first - 1, 10))
    questionnaires.set_times(made, at(first, 8), at(last, 20), by=by, at=at(first - 1, 11))
    return questionnaires.find(made.id)


def _written(scene: Scene, questions: Sequence[Question]) -> list[Answer]:
    """Who answers the survey of needs, and how. A suggestion in it decides which way it came.

    The survey has room for one suggestion of a household, so most are said some other way.
    """
    plan, rng = content("answers"), chance("answers")
    waiting = _writable(rng)
    written: list[Answer] = []
    for household in rng.sample(scene.households, ANSWERING):
        given = _given(rng, questions, plan)
        channel = one_of(rng, CHANNELS)
        mine = waiting[int(household.building)]
        if mine and rng.randrange(100) < plan["answered_percent"]["q1"]:
            said = mine.pop()
            given["q1"], channel = (said["text"],), said["channel"]
        written.append((household, channel, given))
    return written


def _writable(rng: Random) -> dict[int, list[Said]]:
    """The suggestions that may stand in an answer, by building."""
    found: dict[int, list[Said]] = {}
    for said in rng.sample(content("suggestions"), len(content("suggestions"))):
        if said["building"] and said["channel"] in ("scan", *KEYED):
            found.setdefault(said["building"], []).append(said)
    return found


def _given(rng: Random, questions: Sequence[Question], plan: Mapping[str, Any]) -> dict[str, Value]:
    """Answers as `plan` weighs them, to everything but the long questions."""
    given = {}
    for question in questions:
        answered = rng.randrange(100) < plan["answered_percent"][question.key]
        if answered and question.type != "long":
            given[question.key] = _value(rng, question, plan)
    return given


def _value(rng: Random, question: Question, plan: Mapping[str, Any]) -> Value:
    if question.type == "short":
        return (rng.choice(plan["texts"][question.key]),)
    drawn = in_some_order(rng, plan["weights"][question.key])
    if question.type != "several":
        return (drawn[0],)
    alone = {choice.key for choice in question.choices if choice.alone}
    if drawn[0] in alone:
        return (drawn[0],)
    count = int(one_of(rng, plan["how_many"][question.key]))
    picked = [key for key in drawn if key not in alone][:count]
    return tuple(choice.key for choice in question.choices if choice.key in picked)


def _answer(scene: Scene, asked: Asked, answer: Answer, at: datetime) -> None:
    household, channel, given = answer
    submission = answering.new_submission()
    if channel == "scan":
        phone = Sender(secrets.token_hex(32), household.id)
        answering.send(asked, phone, given, submission, at=at, secret=scene.secret)
        return
    sheet = Sheet(household, channel, given, submission)
    keying.key_in(asked, sheet, by=scene.clerk, at=at, secret=scene.secret)


def _say(scene: Scene, said: Said, rng: Random, at: datetime) -> None:
    """Typed on the courtyard's page, or taken down by staff; without a building, without a door."""
    household = rng.choice(scene.of_building(said["building"])) if said["building"] else None
    if said["channel"] == "scan":
        saying.say(
            scene.courtyard,
            said["text"],
            household=household,
            device=secrets.token_hex(32),
            at=at,
        )
        return
    needs.add_suggestion(
        scene.round,
        said["text"],
        household_id=household.id if household else None,
        channel=said["channel"],
        by=scene.clerk,
        at=at,
    )
