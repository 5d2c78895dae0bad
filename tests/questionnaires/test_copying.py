"""One questionnaire copied to many courtyards: where to, once, quickly, each its own."""

import time
from datetime import timedelta

import pytest
from flask import Flask

from surveys.accounts.models import Place
from surveys.accounts.rules import RoleKind
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.courtyards.models import Courtyard
from surveys.errors import Invalid, Refused
from surveys.questionnaires import answering, copying, identity, service
from surveys.questionnaires.answering import Sender
from surveys.questionnaires.models import Questionnaire, Version
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.questionnaires.asking import SECRET, WANTED, current, made, opened_now
from tests.questionnaires.test_races import statements
from tests.questionnaires.test_tags import at_once
from tests.world import AT, World, add_courtyard, add_place, sign_in

MANY = 200


def begin(courtyard: str, name: str = "2026") -> str:
    """Id of a round that has begun there."""
    row = Round(id=new_id(), courtyard_id=courtyard, name=name, method="M", created_at=AT)
    db.session.add(row)
    db.session.commit()
    return row.id


def yards(world: World, count: int, *, area: str = "") -> list[str]:
    """Ids of courtyards with a round each, beside that of the world or in an area of their own."""
    street = db.session.get_one(Place, world.street)
    above = add_place(area, "community", street) if area else None
    above = above or db.session.get_one(Place, world.community)
    made_ids = [add_courtyard(f"Yard {n}", f"{area[:2]}{n:05d}", above, 1, 1) for n in range(count)]
    db.session.commit()
    for courtyard in made_ids:
        begin(courtyard)
    return made_ids


def roles(world: World, place: str = "") -> list[tuple[RoleKind, str]]:
    """An organizer's of the street, or of another place."""
    return [(RoleKind.ORGANIZER, db.session.get_one(Place, place or world.street).path)]


def copy(world: World, q: str, chosen: list[str], **more: bool) -> int:
    """How many copies were made by the street's organizer."""
    by = world.accounts["organizer"]
    found = service.find(q)
    return copying.copy(found, chosen, roles(world), by=by, at=clock.now(), **more)


def copies(q: str) -> list[Questionnaire]:
    """The copies of a questionnaire."""
    db.session.rollback()
    return list(db.session.scalars(db.select(Questionnaire).where(Questionnaire.origin_id == q)))


def why(world: World, q: str) -> dict[str, str | None]:
    """Why each courtyard cannot take one, by id; None where it can."""
    return {y.courtyard.id: y.why for y in copying.yards(service.find(q), roles(world))}


def test_each_copy_is_its_own_and_knows_the_first_one(world: World) -> None:
    q, by = made(world, "lift"), world.accounts["organizer"]
    identity.set_identity(q, "household", by=by, at=AT)
    assert copy(world, q.id, yards(world, 3)) == 3
    first = service.find(q.id)
    for one in copies(q.id):
        asked = service.find(one.id)
        assert asked.version.digest == first.version.digest
        assert asked.version.number == 1
        assert (one.title, one.keeps, one.identity) == (q.title, q.keeps, "household")
        assert asked.state(clock.now()) == "draft"
        assert one.round_id != q.round_id
        assert one.courtyard_id != q.courtyard_id


def test_it_is_said_before_which_courtyards_cannot_take_one(world: World) -> None:
    q = made(world).id
    one, two = yards(world, 2)
    elsewhere = db.session.scalars(db.select(Courtyard.id).where(Courtyard.name == "Other")).one()
    copy(world, q, [one])
    assert why(world, q) == {
        world.courtyard: copying.ORIGIN_HERE,
        one: copying.HAS_ONE,
        two: None,
        elsewhere: copying.NO_ROUND,
    }
    with pytest.raises(Refused, match="原因"):
        copy(world, q, [elsewhere, world.courtyard])
    with pytest.raises(Invalid, match="至少选一个"):
        copy(world, q, [])
    with pytest.raises(Invalid, match="至少选一个"):
        copy(world, q, ["nowhere"])


def test_pressing_twice_and_copying_a_copy_make_none_twice(world: World) -> None:
    q = made(world).id
    chosen = yards(world, 3)
    assert copy(world, q, chosen[:2]) == 2
    assert copy(world, q, chosen[:2]) == 0
    assert copy(world, copies(q)[0].id, chosen) == 1
    assert len(copies(q)) == 3
    assert {one.origin_id for one in copies(q)} == {q}


def test_the_next_round_takes_another_one(world: World) -> None:
    q, (yard,) = made(world).id, yards(world, 1)
    copy(world, q, [yard])
    first = db.session.scalars(db.select(Round).where(Round.courtyard_id == yard)).one()
    first.ended_at = AT + timedelta(days=1)
    begin(yard, "2027")
    assert why(world, q)[yard] is None
    assert copy(world, q, [yard]) == 1


def test_somebody_who_runs_one_area_copies_into_no_other(world: World) -> None:
    (near,), (far,) = yards(world, 1), yards(world, 1, area="Far")
    q = made(world).id
    here = roles(world, world.community)
    found = [y.courtyard.id for y in copying.yards(service.find(q), here)]
    assert near in found
    assert far not in found
    by = world.accounts["organizer"]
    assert copying.copy(service.find(q), [near, far], here, by=by, at=AT) == 1


def test_copies_of_an_open_one_open_at_once_where_that_is_wished(world: World) -> None:
    q, (one, two) = opened_now(world), yards(world, 2)
    closes = clock.now() + timedelta(days=9)
    asked, by = service.find(q), world.accounts["organizer"]
    service.set_times(asked.questionnaire, None, closes, by=by, at=clock.now())
    copy(world, q, [one], with_times=True)
    copy(world, q, [two])
    opened, closed = sorted(copies(q), key=lambda copied: copied.courtyard_id != one)
    assert service.find(opened.id).state(clock.now()) == "open"
    assert opened.closes_at == asked.questionnaire.closes_at
    assert service.find(closed.id).state(clock.now()) == "draft"
    assert closed.closes_at is None


def test_copies_open_when_the_first_one_does_and_never_as_one_that_closed(world: World) -> None:
    q, by = made(world), world.accounts["organizer"]
    (one, two) = yards(world, 2)
    opens = clock.now() + timedelta(days=2)
    service.set_times(q, opens, None, by=by, at=clock.now())
    copy(world, q.id, [one], with_times=True)
    assert copies(q.id)[0].opens_at == q.opens_at
    service.set_times(q, None, None, by=by, at=clock.now())
    service.open_now(q, by=by, at=clock.now())
    service.close_now(q, by=by, at=clock.now())
    with pytest.raises(Refused, match="截止"):
        copy(world, q.id, [two], with_times=True)
    assert copy(world, q.id, [two]) == 1


def test_answers_of_copies_do_not_mix(world: World) -> None:
    q, (one, two) = opened_now(world), yards(world, 2)
    copy(world, q, [one, two], with_times=True)
    first, second = (service.find(copied.id) for copied in copies(q))
    answering.send(first, Sender("a phone"), WANTED, "s", at=clock.now(), secret=SECRET)
    assert (len(current(first.id)), len(current(second.id)), len(current(q))) == (1, 0, 0)


def test_eight_presses_at_once_make_each_copy_once(app: Flask, world: World) -> None:
    q, chosen = made(world).id, yards(world, 5)
    counts = at_once(app, [lambda: str(copy(world, q, chosen))] * 8)
    assert sum(map(int, counts)) == 5
    assert len(copies(q)) == 5
    versions = db.select(Version).join(Questionnaire).where(Questionnaire.origin_id == q)
    assert len(db.session.scalars(versions).all()) == 5


def test_two_hundred_courtyards_are_quick_and_take_few_statements(world: World) -> None:
    q, chosen = made(world).id, yards(world, MANY)
    with statements() as for_one:
        copy(world, q, chosen[:1])
    started = time.perf_counter()
    with statements() as for_many:
        assert copy(world, q, chosen) == MANY - 1
    took = time.perf_counter() - started
    assert took < 10, took
    assert len(for_many) <= len(for_one) + 5


def test_the_desk_chooses_sees_why_not_copies_and_lists(world: World, browser: Browser) -> None:
    q, (one, two) = opened_now(world), yards(world, 2)
    add_courtyard("Sleeping", "SLEEPNG", db.session.get_one(Place, world.community), 1, 1)
    db.session.commit()
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/copy"
    page = browser.see(here)
    for words in ("Community", "Yard0", "还没开始一轮改造", "原件就在这里", "2个能收的"):
        assert page.says(words), words
    page = browser.send(here, {**page.form(here), "tick": "all"})
    assert page.form(here)["courtyard"] == [one, two]
    page = browser.send(here, {**page.form(here), "go": "copy", "times": "yes"})
    assert page.says("复制到了2个院子")
    assert len(page.all("tbody tr")) == 3
    assert page.says("原件")
    assert {c.opens_at is not None for c in copies(q)} == {True}
    page = browser.see(here)
    assert page.says("没有能收的院子")
    form = {"csrf_token": page.form()["csrf_token"], "courtyard": [one, two], "go": "copy"}
    assert browser.send(here, form).says("没有再做")
    assert len(copies(q)) == 2


def test_ticking_an_area_keeps_what_was_ticked(world: World, browser: Browser) -> None:
    q, (one, two) = made(world).id, yards(world, 2)
    (far,) = yards(world, 1, area="Far")
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/copy"
    form = browser.see(here).form(here)
    page = browser.send(here, {**form, "courtyard": one, "tick": world.community, "times": "yes"})
    assert page.form(here)["courtyard"] == [one, two]
    assert far not in page.source


def test_of_many_courtyards_some_are_looked_for_and_what_was_ticked_stays(
    world: World, browser: Browser
) -> None:
    q, every = made(world).id, yards(world, 40)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/copy"
    page = browser.see(here)
    assert page.says("40个能收，选上了0个"), "folded, area by area"
    assert len(page.all("main details fieldset")) == 1
    form = {**page.form(here), "courtyard": every[7], "q": "yard 3", "tick": ""}
    page = browser.send(here, form)
    assert len(page.all("input[type=checkbox][name=courtyard]")) == 11
    assert page.says("另外选上了1个")
    page = browser.send(here, {**page.form(here), "tick": "all"})
    assert set(page.form(here)["courtyard"]) == {every[7], every[3], *every[30:]}
    assert browser.send(here, {**page.form(here), "q": "nowhere", "tick": ""}).says("没有找到")
    listed = browser.send(here, {**page.form(here), "go": "copy"})
    assert listed.says("复制到了12个院子")
    assert len(listed.all("tbody tr")) == 13
    found = browser.see(f"/desk/questionnaire/{q}/copies?q=yard 3")
    assert len(found.all("tbody tr")) == 11
    assert found.says("一共13份")


def test_nothing_chosen_is_said(world: World, browser: Browser) -> None:
    q = made(world).id
    yards(world, 1)
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/copy"
    page = browser.send(here, {**browser.see(here).form(here), "go": "copy"})
    assert page.status == 422
    assert page.says("至少选一个")
