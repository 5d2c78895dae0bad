"""A draft is there for thirty days after its last answer, whatever happens to page or server."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.factory import create_app
from surveys.questionnaires import answering, retention, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.models import Answer, AnswerPhoto, Response
from surveys.web import config_of
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, WANTED, current, opened, opened_now
from tests.world import AT, World

DAY = timedelta(days=1)


def keep(q: str, n: int, value: tuple[str, ...], at: datetime, device: str = "a phone") -> None:
    """Keep the answer to one question on this phone."""
    asked = service.find(q)
    answering.save(asked, Sender(device), asked.questions[n], value, at=at, secret=SECRET)


def given(q: str, device: str = "a phone") -> dict[str, tuple[str, ...]]:
    """What this phone would find."""
    db.session.rollback()
    return dict(answering.standing(service.find(q), Sender(device)).given)


def rows(q: str, device: str = "a phone") -> int:
    """Rows of answers that are kept of this phone."""
    kept = db.select(Answer.id).join(Response, Response.id == Answer.response_id)
    return len(db.session.scalars(kept.where(Response.device == device)).all())


def a_photo(world: World, q: str, response_id: str | None, at: datetime) -> str:
    """Id of a photo, held by a response or by none."""
    photo = AnswerPhoto(
        courtyard_id=world.courtyard,
        questionnaire_id=q,
        response_id=response_id,
        holder="a phone",
        question="q1",
        jpeg=b"a picture",
        digest="0" * 64,
        width=1,
        height=1,
        added_at=at,
    )
    db.session.add(photo)
    db.session.commit()
    return photo.id


@pytest.mark.parametrize(("days", "is_there"), [(29, True), (30, False), (31, False)])
def test_a_draft_is_kept_for_thirty_days(world: World, days: int, is_there: bool) -> None:
    q = opened(world)
    keep(q, 2, ("a",), AT)
    assert retention.forget_drafts(AT + days * DAY) == (0 if is_there else 1)
    assert (given(q) == {"q3": ("a",)}) is is_there
    assert rows(q) == (1 if is_there else 0)


def test_the_thirty_days_begin_anew_with_every_answer(world: World) -> None:
    q = opened(world)
    keep(q, 2, ("a",), AT)
    keep(q, 0, ("修路",), AT + 20 * DAY)
    assert retention.forget_drafts(AT + 49 * DAY) == 0
    assert given(q) == {"q1": ("修路",), "q3": ("a",)}
    assert retention.forget_drafts(AT + 50 * DAY) == 1


def test_what_was_sent_is_no_draft_and_stays_for_its_promised_time(world: World) -> None:
    q = opened(world)
    keep(q, 2, ("a",), AT)
    answering.send_draft(service.find(q), Sender("a phone"), "one", at=AT)
    asked = service.find(q)
    answering.send(asked, Sender("another"), WANTED, "two", at=AT, secret=SECRET)
    assert retention.forget_drafts(AT + 100 * DAY) == 0
    assert len(current(q)) == 2


def test_the_photos_of_a_forgotten_draft_go_with_it_and_those_that_nobody_holds(
    world: World,
) -> None:
    q = opened(world)
    keep(q, 2, ("a",), AT)
    (draft,) = db.session.scalars(db.select(Response))
    a_photo(world, q, draft.id, AT)
    a_photo(world, q, None, AT)
    fresh = a_photo(world, q, None, AT + 20 * DAY)
    assert retention.forget_drafts(AT + 31 * DAY) == 1
    assert list(db.session.scalars(db.select(AnswerPhoto.id))) == [fresh]


def test_photos_are_deleted_with_the_answers_on_the_promised_day(world: World) -> None:
    q = opened(world)
    asked = service.find(q)
    sent = answering.send(asked, Sender("a phone"), WANTED, "one", at=AT, secret=SECRET)
    a_photo(world, q, sent.id, AT)
    until = asked.questionnaire.kept_until
    assert retention.expired(until) == [q]
    assert retention._forget(q, until) == 1
    db.session.commit()
    assert not db.session.scalars(db.select(AnswerPhoto.id)).all()
    a_photo(world, q, None, AT)
    assert retention.expired(until) == [q]


def test_many_are_forgotten_in_turns(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    q = opened(world)
    for n in range(5):
        keep(q, 2, ("a",), AT, f"phone {n}")
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 2)
    assert [retention.forget_drafts(AT + 40 * DAY) for _ in range(4)] == [2, 2, 1, 0]


def test_a_phone_that_saves_while_drafts_are_forgotten_loses_nothing(
    app: Flask, world: World
) -> None:
    q = opened(world)
    for n in range(8):
        keep(q, 2, ("a",), AT, f"phone {n}")
    db.session.rollback()
    late = AT + 40 * DAY

    def act(n: int) -> None:
        with app.app_context():
            try:
                if n % 2:
                    retention.forget_drafts(late)
                else:
                    keep(q, 0, ("修路",), late, f"phone {n // 2}")
            finally:
                db.session.remove()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(16)))
    for n in range(8):
        assert given(q, f"phone {n}") in [
            {"q1": ("修路",)},
            {"q1": ("修路",), "q3": ("a",)},
        ]


def test_a_page_whose_token_ran_out_gives_everything_back_and_keeps_it_then(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    address = f"/q/{q}/1"
    form = browser.see(address).form(address)
    page = browser.send(address, {**form, "a-q1": "下水道堵", "csrf_token": "long ago"})
    assert page.says("填的都还在")
    page = browser.send(address, page.form(address))
    assert page.says("第2题")
    assert browser.see(address).form(address)["a-q1"] == "下水道堵"


def test_a_draft_outlives_the_server(app: Flask, world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
    browser.send(f"/q/{q}/3", {**form, "a-q3": "b"})
    held = browser.get_cookie("stool")
    assert held is not None
    anew = create_app(config_of(app))
    anew.test_client_class = Browser
    phone = anew.test_client()
    assert isinstance(phone, Browser)
    phone.set_cookie("stool", held.value)
    with anew.app_context():
        try:
            assert phone.see(f"/q/{q}").says("上次答的都还在")
            assert phone.see(f"/q/{q}/3").form(f"/q/{q}/3")["a-q3"] == "b"
        finally:
            db.session.remove()
            db.engine.dispose()


def test_a_draft_outlives_a_new_wording_of_the_questions(world: World, browser: Browser) -> None:
    q = opened_now(world)
    form = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
    browser.send(f"/q/{q}/3", {**form, "a-q3": "b"})
    asked = service.find(q)
    asked.version.questions = asked.version.questions.replace("哪里最不满意", "哪里最不称心")
    db.session.commit()
    assert browser.see(f"/q/{q}/3").form(f"/q/{q}/3")["a-q3"] == "b"
