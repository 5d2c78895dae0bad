"""What tests of questionnaires have in common: one that is open, and somebody who answers it."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Courtyard, Household, HouseholdCode
from surveys.questionnaires import answering, kept, rules, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.models import Questionnaire, Response, Version
from surveys.questionnaires.rules import Given, Question
from surveys.questionnaires.service import Asked
from tests.world import AT, World

SECRET = b"a secret of the tests, 32 bytes!"
WANTED = {"q3": ("a", "b")}
"""the least that the needs questionnaire takes: its one required question"""


def made(world: World, template: str = "needs", at: datetime = AT) -> Questionnaire:
    """A questionnaire from a template, not yet opened."""
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    return service.create(courtyard, template, by=world.accounts["organizer"], at=at)


def opened(world: World, template: str = "needs", at: datetime = AT) -> str:
    """Id of a questionnaire that is open."""
    questionnaire = made(world, template, at)
    service.open_now(questionnaire, by=world.accounts["organizer"], at=at)
    return questionnaire.id


def opened_now(world: World, template: str = "needs") -> str:
    """Id of a questionnaire that is open by the real clock, for tests of pages."""
    return opened(world, template, clock.now() - timedelta(minutes=5))


def a_slip(household_id: str) -> str:
    """Id of a household's code, as a phone that scanned its slip holds it."""
    code = HouseholdCode(
        courtyard_id=_courtyard_of(household_id),
        household_id=household_id,
        generation=1,
        long_hash=f"long {household_id}",
        short_hash=f"short {household_id}",
        made_at=AT,
    )
    db.session.add(code)
    db.session.commit()
    return code.id


def _courtyard_of(household_id: str) -> str:
    return db.session.get_one(Household, household_id).courtyard_id


def responses(questionnaire_id: str) -> list[Response]:
    """Everything that was sent, whether it counts or not."""
    db.session.rollback()
    return list(
        db.session.scalars(
            db.select(Response)
            .where(Response.questionnaire_id == questionnaire_id, Response.sent_at.is_not(None))
            .order_by(Response.sent_at)
        )
    )


def current(questionnaire_id: str) -> list[Response]:
    """What counts now."""
    return [r for r in responses(questionnaire_id) if r.superseded_at is None]


def answers_of(response: Response) -> dict[str, tuple[str, ...]]:
    """What stands in one response."""
    asked: Asked = service.find(response.questionnaire_id)
    return kept.given_in(response, asked.every_question)


def sent_by_phones(
    world: World, questionnaire_id: str, count: int, given: Given, *, nobodys: bool = False
) -> None:
    """So many answers sent now: by the first households of the roll, or by phones of nobody."""
    asked = service.find(questionnaire_id)
    for n in range(count):
        household = None if nobodys else world.households[n]
        sender = Sender(f"{'nobody' if nobodys else 'phone'} {n}", household)
        answering.send(asked, sender, given, f"sheet {n}", at=clock.now(), secret=SECRET)


def opened_with(world: World, questions: Sequence[Question]) -> str:
    """Id of a questionnaire of these questions, open by the real clock."""
    questionnaire = made(world, at=clock.now() - timedelta(minutes=5))
    put(questionnaire.id, questions)
    service.open_now(questionnaire, by=world.accounts["organizer"], at=questionnaire.created_at)
    return questionnaire.id


def put(questionnaire_id: str, questions: Sequence[Question]) -> None:
    """These are its questions, of the version that nobody has answered yet."""
    version = service.find(questionnaire_id).version
    version.questions = rules.write_questions(questions)
    version.digest = rules.digest(questions)
    db.session.commit()


def put_anew(questionnaire_id: str, questions: Sequence[Question]) -> None:
    """A new version of its questions, after some have answered."""
    before = service.find(questionnaire_id).version
    db.session.add(
        Version(
            questionnaire_id=questionnaire_id,
            number=before.number + 1,
            questions=rules.write_questions(questions),
            digest=rules.digest(questions),
            made_at=clock.now(),
        )
    )
    db.session.commit()
