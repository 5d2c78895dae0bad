"""Questionnaires saved as templates: where they are there, who keeps them, what they carry over."""

from collections.abc import Callable

import pytest
from flask import Flask

from surveys.accounts.models import Place
from surveys.accounts.rules import May, RoleKind
from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from surveys.errors import Forbidden, Invalid, NotFound
from surveys.questionnaires import library, rules, service, shipped
from surveys.questionnaires.models import SavedTemplate
from surveys.rounds import service as rounds
from tests.manners import Browser
from tests.questionnaires.asking import made, opened_now
from tests.questionnaires.test_tags import at_once
from tests.world import AT, World, add_account, add_courtyard, sign_in


@pytest.fixture
def next_door(world: World) -> str:
    """Another courtyard of the community, with a round."""
    community = db.session.get_one(Place, world.community)
    courtyard = add_courtyard("Next", "K5WD8NC", community, 1, 4)
    db.session.commit()
    yard = db.session.get_one(Courtyard, courtyard)
    rounds.begin(yard, "yizheng-sanyi", "2026", by=world.accounts["organizer"], at=AT)
    return courtyard


def saved(world: World, place: str, title: str = "咱们的问卷", template: str = "lift") -> str:
    """Id of a template that was saved at a place."""
    asked = service.find(made(world, template).id)
    at_place = db.session.get_one(Place, place)
    by = world.accounts["organizer"]
    return library.save(asked, at_place, title, by=by, at=AT).id


def titles(courtyard: str) -> list[str]:
    """The saved templates that are there for a courtyard."""
    return [kept.saved.title for kept in library.at_courtyard(courtyard)]


def test_it_is_there_at_and_below_its_place_and_nowhere_else(world: World, next_door: str) -> None:
    saved(world, world.street, "街道的")
    saved(world, world.community, "社区的")
    saved(world, world.courtyard, "本院的")
    assert titles(world.courtyard) == ["街道的", "社区的", "本院的"]
    assert titles(next_door) == ["街道的", "社区的"]
    elsewhere = db.session.scalars(db.select(Courtyard).where(Courtyard.name == "Other")).one()
    assert titles(elsewhere.id) == ["街道的"]


def test_what_is_made_from_it_asks_the_very_same(world: World, next_door: str) -> None:
    template = saved(world, world.community)
    yard, by = db.session.get_one(Courtyard, next_door), world.accounts["organizer"]
    q = library.create(yard, library.SAVED + template, by=by, at=AT)
    found = service.find(q.id)
    ships = shipped.template("lift")
    assert ships is not None
    assert found.every_question == ships.questions
    assert (q.title, q.intro, q.keeps) == ("咱们的问卷", ships.intro, ships.head["keeps"])
    assert (q.kept_until - AT).days == ships.kept_days
    assert library.create(yard, library.SAVED + template, by=by, at=AT).id == q.id


def test_questions_that_are_switched_off_come_along(world: World) -> None:
    template = saved(world, world.courtyard, template="needs")
    kept = db.session.get_one(SavedTemplate, template)
    assert [q.key for q in rules.read_questions(kept.questions) if q.off] == ["q11"]


def test_one_of_another_place_is_not_to_be_had(world: World, next_door: str) -> None:
    template = saved(world, world.courtyard)
    yard, by = db.session.get_one(Courtyard, next_door), world.accounts["organizer"]
    for key in (library.SAVED + template, library.SAVED, "nothing", ""):
        with pytest.raises(Invalid):
            library.create(yard, key, by=by, at=AT)


def test_a_name_stands_once_at_a_place_and_is_free_again_when_retired(world: World) -> None:
    first = saved(world, world.community)
    assert saved(world, world.community) == first
    with pytest.raises(Invalid, match="换个名字"):
        saved(world, world.community, template="plan")
    other = saved(world, world.community, "另一份", "plan")
    by = world.accounts["organizer"]
    row = db.session.get_one(SavedTemplate, first)
    with pytest.raises(Invalid, match="换个名字"):
        library.rename(db.session.get_one(SavedTemplate, other), row.title, by=by, at=AT)
    library.retire(row, by=by, at=AT)
    assert titles(world.courtyard) == ["另一份"]
    assert saved(world, world.community, template="plan") == first
    assert titles(world.courtyard) == ["另一份", "咱们的问卷"]
    library.rename(row, "改了名", by=by, at=AT)
    assert "改了名" in titles(world.courtyard)


@pytest.mark.parametrize(("title", "words"), [("", "起个名"), ("长" * 41, "太长")])
def test_a_name_that_cannot_stand_is_said(world: World, title: str, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        saved(world, world.community, title)


def test_one_saves_only_where_one_organizes(world: World) -> None:
    organizer = [(RoleKind.ORGANIZER, path_of(world.community))]
    found = library.places_for(world.courtyard, organizer)
    assert [place.id for place in found] == [world.courtyard, world.community]
    street = [(RoleKind.ORGANIZER, path_of(world.street))]
    assert library.places_for(world.courtyard, street)[-1].id == world.street
    assert library.places_for(world.courtyard, [(RoleKind.CLERK, path_of(world.street))]) == []


Seen = tuple[RoleKind, str, type[Exception] | None, type[Exception] | None]


@pytest.mark.parametrize(
    ("kind", "place", "looking", "running"),
    [
        (RoleKind.ORGANIZER, "community", None, None),
        (RoleKind.ORGANIZER, "street", None, None),
        (RoleKind.ORGANIZER, "courtyard", None, Forbidden),
        (RoleKind.CLERK, "community", None, Forbidden),
        (RoleKind.OBSERVER, "courtyard", None, Forbidden),
        (RoleKind.ORGANIZER, "elsewhere", NotFound, NotFound),
    ],
)
def test_those_below_see_it_and_those_who_organize_its_place_keep_it(
    world: World,
    kind: RoleKind,
    place: str,
    looking: type[Exception] | None,
    running: type[Exception] | None,
) -> None:
    template = saved(world, world.community)
    elsewhere = db.session.scalars(db.select(Place.id).where(Place.name == "Elsewhere")).one()
    at = {**vars(world), "elsewhere": elsewhere}[place]
    roles = [(kind, path_of(at))]
    for act, fault in ((May.LOOK, looking), (May.RUN, running)):
        if fault is None:
            assert library.fetch(template, roles, act).saved.id == template
        else:
            with pytest.raises(fault):
                library.fetch(template, roles, act)


def test_the_desk_saves_finds_makes_renames_and_retires(world: World, browser: Browser) -> None:
    q = opened_now(world, "lift")
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/template"
    page = browser.see(here)
    for words in ("只给Courtyard", "Community下面的院子都能用"):
        assert page.says(words), words
    assert not page.says("Street下面")
    form = {**page.form(here), "place": world.community, "title": "咱们的<b>"}
    page = browser.send(here, form)
    assert page.says("咱们的<b>")
    assert page.says("12题")
    (row,) = db.session.scalars(db.select(SavedTemplate))
    one = f"/desk/template/{row.id}"
    page = browser.see(one)
    for words in ("您家住几楼？", "Q2", "才显示", "记什么"):
        assert page.says(words), words
    page = browser.send(f"{one}/rename", {**page.form(f"{one}/rename"), "title": "电梯摸底"})
    assert page.says("名字改好了")
    ours = f"/desk/courtyard/{world.courtyard}/questionnaires"
    page = browser.see(ours)
    assert page.says("电梯摸底")
    assert page.says("Community存的")
    page = browser.send(ours, {**page.form(ours), "template": library.SAVED + row.id})
    assert page.says("电梯摸底")
    assert page.says("还没开放")
    page = browser.send(f"{one}/retire", browser.see(one).form(f"{one}/retire"))
    assert page.says("停用了，做问卷时不再列出来")
    assert not browser.see(f"/desk/courtyard/{world.courtyard}/templates").says("电梯摸底")


def test_what_was_typed_stays_when_it_is_refused(world: World, browser: Browser) -> None:
    saved(world, world.community)
    q = made(world, "plan").id
    sign_in(browser, world.accounts["organizer"])
    here = f"/desk/questionnaire/{q}/template"
    form = {**browser.see(here).form(here), "place": world.community, "title": "咱们的问卷"}
    page = browser.send(here, form)
    assert page.status == 422
    assert page.form(here)["title"] == "咱们的问卷"
    assert page.form(here)["place"] == world.community
    page = browser.send(here, {**form, "place": world.street})
    assert page.status == 422
    assert page.says("请选一下给谁用")


def test_a_clerk_looks_and_keeps_nothing(world: World, browser: Browser) -> None:
    template = saved(world, world.community)
    below = add_account("below", RoleKind.OBSERVER, world.courtyard)
    db.session.commit()
    for account in (world.accounts["clerk"], below):
        sign_in(browser, account)
        page = browser.see(f"/desk/template/{template}")
        assert page.status == 200
        assert not page.all(f"form[action='/desk/template/{template}/retire']")


def test_eight_presses_at_once_save_one_template(app: Flask, world: World) -> None:
    q, by = made(world, "lift").id, world.accounts["organizer"]

    def save() -> str:
        place = db.session.get_one(Place, world.community)
        return library.save(service.find(q), place, "一份", by=by, at=AT).id

    acts: list[Callable[[], str]] = [save] * 8
    assert len(set(at_once(app, acts))) == 1


def path_of(place_id: str) -> str:
    """The path of a place."""
    return db.session.get_one(Place, place_id).path
