"""A whole menu is drafted out of the ledger in one act."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask

from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.errors import Invalid, NotFound, Refused
from surveys.menus import drafting, listing, service
from surveys.menus.models import Menu
from surveys.needs import keeping
from surveys.needs import service as needs
from surveys.needs.models import Lane, Need
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.world import AT, World, sign_in

Need_ = Callable[..., Need]


@pytest.fixture
def round_(world: World) -> Round:
    """The round of the world."""
    return db.session.get_one(Round, world.round)


@pytest.fixture
def by(world: World) -> str:
    """Who makes menus."""
    return world.accounts["organizer"]


@pytest.fixture
def need(round_: Round, by: str, world: World) -> Need_:
    """A need, of a line of the catalogue, with the households of these numbers behind it."""
    made: list[Need] = []

    def named(title: str, category: str | None, *households: int) -> Need:
        at = AT + timedelta(seconds=len(made))
        made.append(needs.new_need(round_, title, category, by=by, at=at))
        for n in households:
            said = needs.add_suggestion(
                round_, title, household_id=world.households[n], channel="visit", by=by, at=AT
            )
            needs.place(said, [made[-1].id], by=by, at=AT)
        return made[-1]

    return named


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def test_needs_become_items_most_households_first(round_: Round, by: str, need: Need_) -> None:
    bench = need("没处坐", "bench", 0)
    dark = need("楼道太黑", "stair-light", 1, 2)
    odd = need("想要一口水井", None, 3, 4, 5)
    lamp = need("灯不亮", "stair-light", 2, 6, 7, 8)
    ids = [bench.id, dark.id, odd.id, lamp.id]
    menu = service.draft(round_, "起草", 40_000_000, ids, by=by, at=AT)
    found = sorted(service.items_of(menu), key=lambda item: item.position)
    assert [item.name for item in found] == ["楼道照明", "想要一口水井", "适老化休息座椅"]
    light = found[0]
    assert (light.class_key, light.unit, light.quantity_milli) == ("basic", "盏", 1000)
    assert {n.title for n in service.needs_by_item(menu)[light.id]} == {"楼道太黑", "灯不亮"}
    assert service.behind(menu)[light.id].households == 5, "each household once"
    assert listing.unpriced(menu.id) == [item.name for item in service.items_of(menu)]
    assert {n.lane for n in (bench, dark, odd, lamp)} == {Lane.MENU}


def test_it_is_one_act_with_one_line_in_the_trail(round_: Round, by: str, need: Need_) -> None:
    ids = [need("没处坐", "bench").id, need("灯不亮", "stair-light").id]
    service.draft(round_, "起草", 1, ids, by=by, at=AT)
    acts = list(db.session.scalars(db.select(AuditEntry.act).where(AuditEntry.act.like("menu.%"))))
    assert acts == ["menu.draft"]


def test_sent_twice_it_makes_one_menu(round_: Round, by: str, need: Need_) -> None:
    ids = [need("没处坐", "bench").id]
    service.draft(round_, "起草", 1, ids, by=by, at=AT)
    with pytest.raises(Invalid, match="已经有叫“起草”的菜单了"):
        service.draft(round_, "起草", 1, ids, by=by, at=AT)
    db.session.rollback()
    assert db.session.scalar(db.select(db.func.count()).select_from(Menu)) == 1


def test_two_people_draft_at_once_and_one_menu_comes_of_it(
    app: Flask, round_: Round, by: str, need: Need_
) -> None:
    ids, round_id, gate = [need("没处坐", "bench").id], round_.id, Barrier(2)
    told: list[str] = []
    db.session.rollback()

    def go() -> None:
        with app.app_context():
            found = db.session.get_one(Round, round_id)
            db.session.rollback()
            gate.wait()
            try:
                told.append(service.draft(found, "起草", 1, ids, by=by, at=AT).title)
            except Invalid as fault:
                told.append(fault.msgid)
            db.session.remove()

    people = [Thread(target=go) for _ in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    assert sorted(told) == sorted(["起草", "已经有叫“%(title)s”的菜单了，换个名字。"])
    assert db.session.scalar(db.select(db.func.count()).select_from(Menu)) == 1


def test_needs_that_go_elsewhere_are_not_offered_to_a_menu(
    round_: Round, by: str, need: Need_
) -> None:
    gone, stays = need("楼道灯", "stair-light", 0), need("没处坐", "bench")
    gone.lane, gone.lane_note = Lane.DECLINED, "不归这里管"
    db.session.commit()
    assert [row.need.id for row in drafting.offered(round_)] == [stays.id]
    menu = service.create(round_, "空的", 1, by=by, at=AT)
    assert [row.need.id for row in service.unanswered(menu)] == [stays.id]
    with pytest.raises(Refused, match="“楼道灯”已经另有去处"):
        service.draft(round_, "起草", 1, [gone.id], by=by, at=AT)


def test_needs_of_the_same_title_and_line_keep_names_apart(
    round_: Round, by: str, need: Need_
) -> None:
    ids = [need("楼道照明", None, 0).id, need("灯不亮", "stair-light", 1, 2).id]
    menu = service.draft(round_, "起草", 1, ids, by=by, at=AT)
    assert {item.name for item in service.items_of(menu)} == {"楼道照明", "楼道照明（2）"}


def test_a_draft_of_nothing_or_of_strange_needs_is_refused(
    round_: Round, by: str, need: Need_, world: World
) -> None:
    other = Round(courtyard_id=world.courtyard, name="2025", method="M", created_at=AT, ended_at=AT)
    db.session.add(other)
    db.session.flush()
    foreign = Need(
        courtyard_id=world.courtyard, round_id=other.id, title="F", category=None, created_at=AT
    )
    db.session.add(foreign)
    db.session.commit()
    with pytest.raises(Invalid, match="一件也没勾"):
        service.draft(round_, "起草", 1, [], by=by, at=AT)
    with pytest.raises(NotFound):
        service.draft(round_, "起草", 1, [foreign.id], by=by, at=AT)
    with pytest.raises(NotFound):
        service.draft(round_, "起草", 1, ["no such need"], by=by, at=AT)
    fixed = need("灯不亮", "stair-light")
    keeping.quick_fix(fixed, keeping.Fix(AT.date(), "换了"), by=by, at=AT)
    assert drafting.offered(round_) == []
    with pytest.raises(Refused, match="另有去处"):
        service.draft(round_, "起草", 1, [fixed.id], by=by, at=AT)
    db.session.rollback()
    assert service.of_courtyard(world.courtyard) == []


def test_the_page_ticks_what_many_households_asked_for(
    desk: Browser, world: World, need: Need_
) -> None:
    lamp, bench = need("灯不亮", "stair-light", 0, 1, 2), need("没处坐", "bench", 0)
    here = f"/desk/courtyard/{world.courtyard}/menus/draft"
    page = desk.see(here)
    assert page.says("3 户以上的先替您勾好了")
    assert [box.get("value") for box in page.all("[name=need][checked]")] == [lamp.id]
    form = page.form(here) | {"need": [bench.id], "budget": "约40万"}
    page = desk.send(here, form)
    assert page.status == 422
    assert [box.get("value") for box in page.all("[name=need][checked]")] == [bench.id]
    page = desk.send(here, page.form(here) | {"title": "起草一", "budget": "40万"})
    assert page.one("h1").text == "填价钱"
    assert page.says("适老化休息座椅")
    assert not page.says("楼道照明")
    menu = service.of_courtyard(world.courtyard)[0]
    assert desk.see(f"/desk/menu/{menu.id}").says("还没填价钱：适老化休息座椅")


def test_nothing_ticked_is_said_on_the_page(desk: Browser, world: World, need: Need_) -> None:
    need("没处坐", "bench")
    here = f"/desk/courtyard/{world.courtyard}/menus/draft"
    page = desk.send(here, desk.see(here).form(here) | {"budget": "40万"})
    assert page.status == 422
    assert page.says("一件也没勾")
