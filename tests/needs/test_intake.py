"""Suggestions come in: out of answers, said on the courtyard's page, taken down by staff."""

from collections.abc import Callable
from contextvars import Context
from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import ledger, service
from surveys.needs.models import Suggestion
from surveys.questionnaires import answering
from surveys.questionnaires import service as questionnaires
from surveys.questionnaires.models import Questionnaire
from surveys.rounds.models import Round
from tests.world import AT, World

Answers = Callable[..., None]
SECRET = b"a secret of the tests, 32 bytes!"


@pytest.fixture
def questionnaire(world: World, courtyard: Courtyard) -> Questionnaire:
    """An open questionnaire whose first question takes suggestions."""
    organizer = world.accounts["organizer"]
    made = questionnaires.create(courtyard, "needs", by=organizer, at=AT)
    questionnaires.open_now(made, by=organizer, at=AT)
    return made


@pytest.fixture
def answer(world: World, questionnaire: Questionnaire) -> Answers:
    """The household of a number (None: a phone without a slip) answers the open question."""
    asked = questionnaires.find(questionnaire.id)

    def send(text: str, household: int | None = 0, at: datetime = AT) -> None:
        home = None if household is None else world.households[household]
        sender = answering.Sender(device=f"{household}".zfill(64), household_id=home)
        given = {"q1": (text,)} | {
            question.key: (question.choices[0].key,)
            for question in asked.questions
            if question.required and question.choices
        }
        answering.send(asked, sender, given, f"{household}{text}", at=at, secret=SECRET)

    return send


def ledger_texts() -> list[tuple[int, str, bool]]:
    rows = db.session.scalars(db.select(Suggestion).order_by(Suggestion.number))
    return [(s.number, s.text, s.superseded_at is not None) for s in rows]


def test_answers_become_suggestions_in_order_of_arrival_once(
    questionnaire: Questionnaire, answer: Answers, world: World
) -> None:
    answer("下水道堵", 0, AT)
    answer("没有灯", None, AT + timedelta(minutes=1))
    assert service.waiting(world.courtyard) == 2
    assert service.take_in(questionnaire, at=AT) == 2
    assert service.take_in(questionnaire, at=AT) == 0
    assert ledger_texts() == [(1, "下水道堵", False), (2, "没有灯", False)]
    assert service.waiting(world.courtyard) == 0


def test_a_suggestion_keeps_its_household_its_channel_and_its_day(
    questionnaire: Questionnaire, answer: Answers, world: World
) -> None:
    answer("下水道堵", 3, datetime.fromisoformat("2026-11-20T18:00:00+00:00"))  # 2 at night there
    service.take_in(questionnaire, at=AT)
    kept = db.session.scalars(db.select(Suggestion)).one()
    assert (kept.household_id, kept.channel) == (world.households[3], "scan")
    assert kept.received_on.isoformat() == "2026-11-21"


def test_a_changed_answer_replaces_its_suggestion(
    questionnaire: Questionnaire, answer: Answers
) -> None:
    answer("下水道堵")
    service.take_in(questionnaire, at=AT)
    answer("是楼道灯坏了", 0, AT + timedelta(hours=1))
    service.take_in(questionnaire, at=AT)
    assert ledger_texts() == [(1, "下水道堵", True), (2, "是楼道灯坏了", False)]


def test_the_same_words_again_keep_their_number_and_their_place(
    questionnaire: Questionnaire, answer: Answers, need: Callable[[str], object], clerk: str
) -> None:
    answer("下水道堵")
    service.take_in(questionnaire, at=AT)
    first = db.session.scalars(db.select(Suggestion)).one()
    drain = service.place_new(first, "下水道", "drain", by=clerk, at=AT)
    answer("下水道堵", 0, AT + timedelta(hours=1))
    assert service.take_in(questionnaire, at=AT) == 0
    assert ledger_texts() == [(1, "下水道堵", False)]
    assert ledger.row_of(drain).behind.households == 1


def test_the_tick_takes_in_what_arrived_lately(
    questionnaire: Questionnaire, answer: Answers
) -> None:
    answer("下水道堵")
    assert service.take_in_all(AT + timedelta(seconds=10)) == 1
    assert service.take_in_all(AT + timedelta(seconds=20)) == 0


def test_two_who_take_in_at_once_number_each_answer_once(
    app: Flask, questionnaire: Questionnaire, answer: Answers
) -> None:
    for n in range(8):
        answer(f"第 {n} 句", n)
    asked_id, start = questionnaire.id, Barrier(4)
    faults: list[BaseException] = []
    db.session.remove()

    def take() -> None:
        with app.app_context():
            start.wait()
            try:
                service.take_in(db.session.get_one(Questionnaire, asked_id), at=AT)
            except BaseException as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=Context().run, args=(take,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    assert [number for number, _, _ in ledger_texts()] == list(range(1, 9))


def test_what_staff_take_down_is_numbered_on(round_: Round, world: World, clerk: str) -> None:
    def taken(text: str) -> Suggestion:
        return service.add_suggestion(
            round_, text, household_id=None, channel="meeting", by=clerk, at=AT
        )

    assert [taken("灯").number, taken("水").number] == [1, 2]


@pytest.mark.parametrize("text", ["", " \n\t", "\x00", "\u202e"])
def test_nothing_said_is_refused(round_: Round, clerk: str, text: str) -> None:
    with pytest.raises(Invalid, match="还没有写"):
        service.add_suggestion(round_, text, household_id=None, channel="phone", by=clerk, at=AT)


def test_too_much_at_once_is_refused_with_how_much_it_was(round_: Round, clerk: str) -> None:
    with pytest.raises(Invalid, match="写了 10000 个字"):
        service.add_suggestion(
            round_, "堵" * 10_000, household_id=None, channel="phone", by=clerk, at=AT
        )


def test_emoji_stay_and_turning_marks_go(round_: Round, clerk: str) -> None:
    kept = service.add_suggestion(
        round_, "灯\x00坏了\u202e 🙏", household_id=None, channel="phone", by=clerk, at=AT
    )
    assert kept.text == "灯坏了 🙏"


def test_another_courtyards_household_and_a_strange_channel_are_refused(
    round_: Round, world: World, clerk: str
) -> None:
    stranger = db.session.scalars(
        db.select(Household.id).where(Household.courtyard_id != world.courtyard)
    ).first()
    with pytest.raises(NotFound):
        service.add_suggestion(
            round_, "灯", household_id=stranger, channel="phone", by=clerk, at=AT
        )
    with pytest.raises(Invalid):
        service.add_suggestion(round_, "灯", household_id=None, channel="fax", by=clerk, at=AT)


def test_an_ended_round_takes_no_more(round_: Round, clerk: str) -> None:
    round_.ended_at = AT
    db.session.commit()
    with pytest.raises(Refused, match="已经结束"):
        service.add_suggestion(round_, "灯", household_id=None, channel="phone", by=clerk, at=AT)
