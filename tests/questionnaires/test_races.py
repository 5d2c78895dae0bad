"""Many at once, and how much a page asks of the database."""

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from flask import Flask
from sqlalchemy import event

from surveys.base.db import db
from surveys.questionnaires import service
from tests.manners import Browser
from tests.questionnaires.asking import a_slip, answers_of, current, opened_now, responses
from tests.world import World, sign_in, speaking_for

THREADS = 16
MOST_TO_SHOW = 6
MOST_TO_SEND = 10


def test_sixteen_taps_at_once_are_one_answer(app: Flask, world: World, browser: Browser) -> None:
    q = opened_now(world)
    address = f"/q/{q}/all"
    form = {**browser.see(address).form(address), "a-q1": "修路", "a-q3": ["a", "b"]}
    statuses = sent_at_once(app, browser, address, [form] * THREADS)
    assert statuses == [303] * THREADS
    (answer,) = responses(q)
    assert answers_of(answer) == {"q1": ("修路",), "q3": ("a", "b")}


def test_sixteen_taps_on_the_look_back_send_one_draft(
    app: Flask, world: World, browser: Browser
) -> None:
    q = opened_now(world)
    one = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
    browser.send(f"/q/{q}/3", {**one, "a-q3": "a"})
    form = browser.see(f"/q/{q}/look").form(f"/q/{q}/look")
    statuses = sent_at_once(app, browser, f"/q/{q}/look", [form] * THREADS)
    assert statuses == [303] * THREADS
    assert len(responses(q)) == 1


def test_sixteen_first_answers_begin_one_draft(app: Flask, world: World, browser: Browser) -> None:
    q = opened_now(world)
    address = f"/q/{q}/3"
    form = {**browser.see(address).form(address), "a-q3": "a"}
    statuses = sent_at_once(app, browser, address, [form] * THREADS)
    assert statuses == [303] * THREADS
    assert browser.see(address).form(address)["a-q3"] == "a"


def test_two_relatives_at_once_leave_one_answer_of_the_household(
    app: Flask, world: World, browser: Browser
) -> None:
    q, slip = opened_now(world), a_slip(world.households[0])
    address = f"/q/{q}/all"
    forms = []
    with speaking_for(browser, slip):
        shown = browser.see(address)
        for n in range(THREADS):
            picked = "abcdefghijkl"[n % 12]
            forms.append({**shown.form(address), "submission": f"{n}", "a-q3": picked})
    statuses = sent_at_once(app, browser, address, forms)
    assert statuses == [303] * THREADS
    assert len(current(q)) == 1
    assert len(responses(q)) == THREADS


def test_a_clerks_double_key_is_one_sheet(app: Flask, world: World, browser: Browser) -> None:
    q = opened_now(world)
    sign_in(browser, world.accounts["clerk"])
    address = f"/desk/questionnaire/{q}/key-in"
    form = {**browser.see(address).form(address), "door": "1-1-101", "a-q3": "1"}
    statuses = sent_at_once(app, browser, address, [form] * THREADS)
    assert statuses == [303] * THREADS
    assert len(responses(q)) == 1


@pytest.mark.parametrize("page", ["", "/1", "/look", "/all"])
def test_showing_a_page_takes_few_statements(world: World, browser: Browser, page: str) -> None:
    q, slip = opened_now(world), a_slip(world.households[0])
    with speaking_for(browser, slip):
        one = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
        browser.send(f"/q/{q}/3", {**one, "a-q3": ["a", "b"]})
        with statements() as seen:
            browser.see(f"/q/{q}{page}")
    assert len(seen) <= MOST_TO_SHOW, seen


def test_sending_everything_takes_few_statements(world: World, browser: Browser) -> None:
    q, slip = opened_now(world), a_slip(world.households[0])
    address = f"/q/{q}/all"
    with speaking_for(browser, slip):
        form = browser.see(address).form(address)
        for text, picked in (("修路", ["a"]), ("修路，装灯", ["a", "b", "c"])):
            with statements() as seen:
                sent = {**form, "a-q4": "1", "a-q1": text, "a-q2": ["a", "b"], "a-q3": picked}
                browser.send(address, sent, follow=False)
            assert len(seen) <= MOST_TO_SEND, seen
    assert len(current(q)) == 1


def test_keeping_and_sending_a_draft_takes_few_statements(world: World, browser: Browser) -> None:
    q, slip = opened_now(world), a_slip(world.households[0])
    with speaking_for(browser, slip):
        form = browser.see(f"/q/{q}/3").form(f"/q/{q}/3")
        for picked in ("a", "b"):
            with statements() as seen:
                browser.send(f"/q/{q}/3", {**form, "a-q3": picked}, follow=False)
            assert len(seen) <= MOST_TO_SEND, seen
        form = browser.see(f"/q/{q}/look").form(f"/q/{q}/look")
        with statements() as seen:
            browser.send(f"/q/{q}/look", form, follow=False)
        assert len(seen) <= MOST_TO_SEND, seen
    assert len(current(q)) == 1


def test_figures_take_as_many_statements_for_one_answer_as_for_many(
    world: World, browser: Browser
) -> None:
    q = opened_now(world)
    asked = service.find(q)
    sign_in(browser, world.accounts["organizer"])
    taken = []
    for _ in range(2):
        with statements() as seen:
            browser.see(f"/desk/questionnaire/{q}/answers")
        taken.append(len(seen))
        for n in range(6):
            form = {**whole(browser, q), "a-q3": "a", "a-q1": f"第{n}条"}
            browser.send(f"/q/{q}/all", form)
    assert taken[0] == taken[1]
    assert asked.id == q


def whole(browser: Browser, questionnaire_id: str) -> dict[str, object]:
    """A fresh page with all questions, as a phone of its own would have it."""
    address = f"/q/{questionnaire_id}/all"
    with browser.session_transaction() as session:
        session.pop("device", None)
    return dict(browser.see(address).form(address))


def sent_at_once(
    app: Flask, browser: Browser, address: str, forms: Sequence[Mapping[str, object]]
) -> list[int]:
    """The forms sent in so many threads, from copies of one browser; the statuses."""
    cookie = browser.get_cookie("stool")
    assert cookie is not None
    db.session.rollback()

    def send(form: Mapping[str, object]) -> int:
        copy = app.test_client()
        copy.set_cookie("stool", cookie.value)
        return copy.post(address, data=dict(form)).status_code

    with ThreadPoolExecutor(len(forms)) as pool:
        return list(pool.map(send, forms))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "ROLLBACK", "COMMIT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
