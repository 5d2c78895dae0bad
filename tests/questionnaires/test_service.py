"""What other rooms ask of questionnaires, and the rules of the data below them."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from surveys.base.db import db
from surveys.courtyards.models import Courtyard, Household
from surveys.errors import Invalid, NotFound, Refused
from surveys.questionnaires import answering, copies, figures, received, service
from surveys.questionnaires.answering import NotOpen, Sender
from surveys.questionnaires.models import Response
from surveys.questionnaires.received import Received
from tests.questionnaires.asking import (
    SECRET,
    WANTED,
    answers_of,
    current,
    made,
    opened,
    responses,
    sent_by_phones,
)
from tests.world import AT, World

LATER = AT + timedelta(days=1)


def test_what_is_open_closed_and_drafted_is_told_apart(world: World) -> None:
    by = world.accounts["organizer"]
    draft, soon, late = made(world), made(world, "plan"), made(world, "satisfaction")
    service.set_times(soon, LATER, AT + timedelta(days=3), by=by, at=AT)
    service.set_times(late, LATER, AT + timedelta(days=2), by=by, at=AT)
    during, after = AT + timedelta(days=1, hours=1), AT + timedelta(days=9)
    assert service.open_ones(world.courtyard, AT) == []
    assert service.open_ones(world.courtyard, during) == [late, soon]
    every = service.of_courtyard(world.courtyard)
    assert service.closed_among(every, during) == []
    assert service.closed_among(every, after) == [soon, late]
    assert {q.id for q in every} == {draft.id, soon.id, late.id}


def test_households_and_nameless_answers_are_counted_apart(world: World) -> None:
    q, empty = opened(world), opened(world, "plan")
    sent_by_phones(world, q, 3, WANTED)
    sent_by_phones(world, q, 2, WANTED, nobodys=True)
    sent_by_phones(world, q, 1, {"q3": ("c",)})
    found = received.counts([q, empty])
    assert found == {q: Received(households=3, anonymous=2)}
    assert found[q].all == 5
    assert received.responses_count(q) == (3, 2)
    assert received.responses_count(empty) == (0, 0)


def test_who_has_answered_is_known_by_door_or_by_phone(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 1, WANTED)
    sent_by_phones(world, q, 1, WANTED, nobodys=True)
    asked = service.find(q).questionnaire
    first, second = (db.session.get_one(Household, h) for h in world.households[:2])
    assert received.has_answered(asked, first, "any phone")
    assert not received.has_answered(asked, second, "phone 0")
    assert received.has_answered(asked, None, "nobody 0")
    assert not received.has_answered(asked, None, "phone 0")


def test_texts_come_from_the_answers_that_count(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 1, {**WANTED, "q1": ("先说的",), "q10": ("不进台账",)})
    asked = service.find(q).questionnaire
    assert [t.text for t in received.texts_to_take_in(asked)] == ["先说的"]
    sent_by_phones(world, q, 1, {**WANTED, "q1": ("后说的",)})
    (text,) = received.texts_to_take_in(asked)
    assert (text.text, text.household_id, text.channel) == ("后说的", world.households[0], "scan")


def test_a_draft_counts_nowhere(world: World) -> None:
    q = opened(world)
    asked, sender = service.find(q), Sender("phone", world.households[0])
    answering.save(asked, sender, asked.questions[0], ("写了",), at=AT, secret=SECRET)
    assert received.counts([q]) == {}
    assert received.texts_to_take_in(asked.questionnaire) == []
    assert figures.exact(asked).questions[0].answered == 0


def test_a_draft_is_the_phones_own_until_it_is_sent(world: World) -> None:
    q = opened(world)
    asked = service.find(q)
    mine, theirs = (Sender(phone, world.households[0]) for phone in ("mine", "theirs"))
    answering.save(asked, mine, asked.questions[0], ("写了",), at=AT, secret=SECRET)
    assert answering.standing(asked, mine).given == {"q1": ("写了",)}
    assert answering.standing(asked, theirs).given == {}
    with pytest.raises(Invalid):
        answering.send_draft(asked, mine, "", at=AT)
    with pytest.raises(Refused):
        answering.send_draft(asked, theirs, "", at=AT)
    assert not responses(q)


def test_at_the_second_of_the_close_nothing_is_taken(world: World) -> None:
    q = opened(world)
    asked, sender = service.find(q), Sender("phone")
    service.set_times(asked.questionnaire, None, LATER, by=world.accounts["organizer"], at=AT)
    just = LATER - timedelta(seconds=1)
    answering.send(asked, sender, WANTED, "s", at=just, secret=SECRET)
    with pytest.raises(NotOpen):
        answering.send(asked, sender, {"q3": ("c",)}, "s", at=LATER, secret=SECRET)
    again = answering.send(asked, sender, WANTED, "s", at=LATER, secret=SECRET)
    assert [r.id for r in current(q)] == [again.id]


def test_a_copy_opens_by_its_code_alone(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 2, WANTED)
    one, other = current(q)
    code = answering.copy_code(SECRET, one.id)
    assert len(code) == 26
    assert copies.by_code(code, SECRET).response.id == one.id
    assert copies.by_code(code.upper(), SECRET).response.id == one.id
    assert code not in (one.id, one.copy_hash, other.copy_hash)
    for wrong in (one.id, one.number, one.copy_hash, code[:-1], "", code + "a"):
        with pytest.raises(NotFound):
            copies.by_code(wrong, SECRET)
    with pytest.raises(NotFound):
        copies.by_code(code, b"another secret of 32 bytes......")


def test_the_database_itself_keeps_one_answer_a_household(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 1, WANTED)
    (first,) = current(q)
    twin = {c.name: getattr(first, c.name) for c in Response.__table__.columns}
    twin |= {"id": "another", "submission": "s", "number": "AAAA-AAAA", "copy_hash": "h"}
    db.session.add(Response(**twin))
    with pytest.raises(IntegrityError):
        db.session.flush()
    db.session.rollback()
    assert [answers_of(r) for r in current(q)] == [WANTED]


def test_numbers_are_of_symbols_that_nobody_takes_for_others(world: World) -> None:
    q = opened(world)
    sent_by_phones(world, q, 12, WANTED)
    numbers = {r.number for r in current(q)}
    assert len(numbers) == 12
    assert not set("".join(numbers)) & set("O0I1Uo")


def test_whoever_taps_twice_makes_one_questionnaire(world: World) -> None:
    by, yard = world.accounts["organizer"], db.session.get_one(Courtyard, world.courtyard)
    first = service.create(yard, "needs", by=by, at=AT)
    assert service.create(yard, "needs", by=by, at=AT).id == first.id
    assert service.create(yard, "plan", by=by, at=AT).id != first.id
    service.open_now(first, by=by, at=AT)
    assert service.create(yard, "needs", by=by, at=AT).id != first.id


def test_no_questionnaire_without_a_round_or_a_template(world: World) -> None:
    by = world.accounts["organizer"]
    yard = db.session.get_one(Courtyard, world.courtyard)
    other = db.session.scalar(db.select(Courtyard).where(Courtyard.id != yard.id))
    assert other is not None
    with pytest.raises(Refused):
        service.create(other, "needs", by=by, at=AT)
    with pytest.raises(Invalid):
        service.create(yard, "nothing", by=by, at=AT)
