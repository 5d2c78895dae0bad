"""Several who edit, put out and answer at once: one wins, the others are told, nothing is lost."""

from datetime import timedelta

from flask import Flask

from surveys.base import clock
from surveys.base.db import db
from surveys.questionnaires import service, versions
from surveys.questionnaires.models import Response, Version
from tests.manners import Browser
from tests.questionnaires.asking import made, opened_now
from tests.questionnaires.test_races import sent_at_once
from tests.world import World, sign_in

THREADS = 8


def of(questionnaire_id: str) -> list[Version]:
    """Its versions, by number."""
    db.session.rollback()
    found = db.select(Version).where(Version.questionnaire_id == questionnaire_id)
    return list(db.session.scalars(found.order_by(Version.number)))


def test_of_many_who_save_at_once_one_is_kept_and_the_others_are_told(
    app: Flask, world: World, browser: Browser
) -> None:
    q = made(world).id
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/edit"
    form = browser.see(f"{here}?open=q1").form(here)
    forms = [{**form, "title": f"第{n}位改的"} for n in range(THREADS)]
    statuses = sent_at_once(app, browser, here, forms)
    assert sorted(statuses) == [303, *[409] * (THREADS - 1)]
    (only,) = of(q)
    assert only.number == 1


def test_of_many_who_begin_a_new_version_at_once_there_is_one(
    app: Flask, world: World, browser: Browser
) -> None:
    q = opened_now(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/edit"
    form = browser.see(f"{here}?open=q1").form(here)
    forms = [{**form, "title": f"第{n}位改的"} for n in range(THREADS)]
    statuses = sent_at_once(app, browser, here, forms)
    assert sorted(statuses) == [303, *[409] * (THREADS - 1)]
    assert [version.number for version in of(q)] == [versions.WORKED_ON, 1]


def test_a_version_is_put_out_once_however_often_the_button_is_pressed(
    app: Flask, world: World, browser: Browser
) -> None:
    q = opened_now(world)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/edit"
    form = {**browser.see(f"{here}?open=q1").form(here), "title": "改了"}
    browser.send(here, form)
    again = browser.see(f"{here}?open=q1").form(here)
    statuses = sent_at_once(app, browser, here.replace("edit", "publish"), [again] * THREADS)
    assert sorted(statuses) == [303, *[409] * (THREADS - 1)]
    assert [version.number for version in of(q)] == [1, 2]


def test_who_answers_while_a_version_comes_out_is_counted_with_the_one_that_was_asked(
    app: Flask, world: World, browser: Browser
) -> None:
    q = opened_now(world)
    address = f"/q/{q}/all"
    sheet = {**browser.see(address).form(address), "a-q3": ["a", "b"]}
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/edit"
    form = {**browser.see(f"{here}?open=q3").form(here), "choice-a": "改成别的"}
    browser.send(here, form)
    again = browser.see(f"{here}?open=q3").form(here)
    assert browser.send(address, sheet).status == 200
    browser.send(here.replace("edit", "publish"), again)
    first, second = of(q)
    (answer,) = db.session.scalars(db.select(Response).where(Response.questionnaire_id == q))
    assert answer.version_id == first.id
    assert service.find(q).version.id == second.id
    assert second.made_at > clock.now() - timedelta(minutes=1)
    assert [past.answers for past in versions.history(service.find(q))] == [0, 1]
