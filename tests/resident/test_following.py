"""The public page of a need, and the way on from it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from surveys.base.db import db
from surveys.menus import posting
from surveys.menus.models import Menu, MenuItem, MenuItemNeed
from surveys.needs import service
from surveys.needs.keeping import Fix
from surveys.needs.models import Lane, Need, Suggestion
from surveys.orders.models import Order
from surveys.rounds.models import Round
from tests.ballots.phones import Clock
from tests.ballots.stage import add_menu, drafted
from tests.manners import Browser
from tests.needs.phones import hold_slip
from tests.results.sealed import publish, seal, voted
from tests.world import AT, World

Said = Callable[..., Suggestion]


@pytest.fixture
def clerk(world: World) -> str:
    """Who sorts."""
    return world.accounts["clerk"]


@pytest.fixture
def light(world: World, clerk: str) -> Need:
    """A need of the ledger."""
    round_ = db.session.get_one(Round, world.round)
    return service.new_need(round_, "楼道照明", "stair-light", by=clerk, at=AT)


@pytest.fixture
def said(world: World, light: Need, clerk: str) -> Said:
    """A household of a number says something that is put to the need."""

    def put(text: str, household: int | None = 0) -> Suggestion:
        made = service.add_suggestion(
            db.session.get_one(Round, world.round),
            text,
            household_id=None if household is None else world.households[household],
            channel="phone",
            by=clerk,
            at=AT,
        )
        service.place(made, [light.id], by=clerk, at=AT)
        return made

    return put


def test_a_need_shows_a_few_sentences_without_names_numbers_and_doors(
    browser: Browser, light: Need, said: Said
) -> None:
    said("楼道灯坏了，老张的电话 13812345678", 0)
    said("我家 3 号楼 502 门口一直黑着", 1)
    page = browser.see(f"/need/{light.id}")
    assert page.one(".figure b").text == "2"
    assert page.says("楼道灯坏了，＊＊的电话＊＊")
    assert not page.says("13812345678")
    assert not page.says("502")
    assert not page.says("1 号楼")


def test_only_three_are_shown_and_one_of_each_household(
    browser: Browser, light: Need, said: Said
) -> None:
    for n in range(6):
        said(f"楼道里黑得看不见路，第 {n} 回说了", n // 2)
    page = browser.see(f"/need/{light.id}")
    assert len(page.all(".look li")) == 3
    assert not page.says("第1回"), "the same household's second sentence"


def test_what_is_withheld_is_shown_to_nobody(browser: Browser, light: Need, said: Said) -> None:
    kept = said("物业那个人是个混账东西")
    kept.withheld_at, kept.withheld_reason = AT, "骂人"
    db.session.commit()
    page = browser.see(f"/need/{light.id}")
    assert not page.says("混账")
    assert page.one(".figure b").text == "1", "it counts all the same"


def test_where_it_stands_is_said_with_its_reason(browser: Browser, light: Need, clerk: str) -> None:
    light.lane, light.lane_note = Lane.DECLINED, "灯归供电所管，已经转过去"
    db.session.commit()
    page = browser.see(f"/need/{light.id}")
    assert page.says("没有采纳")
    assert page.says("已经转过去")
    service.quick_fix(light, Fix(AT.date(), "当天换好灯泡"), by=clerk, at=AT)
    page = browser.see(f"/need/{light.id}")
    assert page.says("11 月 20 日：当天换好灯泡")


def test_a_merged_need_leads_to_what_it_became(
    browser: Browser, light: Need, world: World, clerk: str
) -> None:
    round_ = db.session.get_one(Round, world.round)
    dark = service.new_need(round_, "楼道太黑", by=clerk, at=AT)
    service.merge(light, {dark.id}, by=clerk, at=AT)
    assert browser.get(f"/need/{dark.id}").location == f"/need/{light.id}"
    assert browser.see("/need/nosuchneed").status == 404


def test_our_home_too_from_its_own_page(
    app: Flask, browser: Browser, world: World, light: Need
) -> None:
    hold_slip(app, browser, world, 3)
    here = f"/need/{light.id}"
    page = browser.send(f"{here}/too", browser.see(here).form(f"{here}/too"))
    assert page.one("h1").text_content() == "楼道照明"
    assert page.says("您家算在里面了")


def answering(need: Need, world: World, name: str) -> Menu:
    """A menu whose item of this name answers the need."""
    menu = add_menu(world)
    item = db.session.scalars(
        db.select(MenuItem).where(MenuItem.menu_id == menu.id, MenuItem.name == name)
    ).one()
    db.session.add(MenuItemNeed(menu_item_id=item.id, need_id=need.id))
    db.session.commit()
    return menu


def test_the_way_on_leads_from_ballot_to_result_to_order(
    app: Flask, browser: Browser, world: World, light: Need, clock: Clock
) -> None:
    menu = answering(light, world, "Lamps")
    stage = voted(app, world, given=[{"Lamps": 1}, {"Lamps": 1}, {"Benches": 1}], menu=menu)
    here = f"/need/{light.id}"
    page = browser.see(here)
    assert page.says("正在点单")
    assert page.all(f"a[href='/v/{stage.ballot.id}']")
    clock.is_now(stage.ballot.closes_at + timedelta(hours=1))
    assert browser.see(here).says("正在计票")
    seal(stage)
    assert not browser.see(here).says("选上了"), "no figure before it is published"
    publish(stage)
    page = browser.see(here)
    assert page.says("点单选上了")
    assert page.all(f"a[href='/works/{world.code}#i-{stage.items['Lamps']}']")
    works = browser.see(f"/works/{world.code}")
    assert works.all(f"a[href='{here}']"), "and back again"
    order = Order(
        courtyard_id=world.courtyard,
        ballot_id=stage.ballot.id,
        item_id=stage.items["Lamps"],
        published_to=AT.date(),
        accepted_by="街道",
        accepted_on=AT.date(),
        promised_for=AT.date() + timedelta(days=30),
        changed_at=AT,
    )
    db.session.add(order)
    db.session.commit()
    assert browser.see(here).says("接单：街道，11月20日答应：12月20日前办好")


def test_a_posted_menu_is_led_to_from_its_need_and_from_the_sentence_that_changed_it(
    browser: Browser, world: World, light: Need, said: Said
) -> None:
    menu, organizer = answering(light, world, "Lamps"), world.accounts["organizer"]
    until = AT.date() + timedelta(days=7)
    kept = said("灯要声控的，别整夜亮")

    def post(**more: Any) -> None:
        seen = posting.pending(menu).seen
        posting.post(menu, until, seen=seen, by=organizer, at=AT, **more)

    post()
    assert browser.see(f"/need/{light.id}").says("菜单第1版贴出来了，还没有点单")
    item = db.session.scalars(db.select(MenuItem).where(MenuItem.name == "Lamps")).one()
    item.what = "声控的"
    db.session.commit()
    post(causes={item.id: {kept.number}})
    page = browser.see(f"/s/{kept.id}")
    assert page.says("照您这句话，改了菜单第2版，11月20日贴出")
    assert browser.see(page.one("a[href*='version=2']").get("href")).all(
        f"a[href='/need/{light.id}']"
    )


def test_a_menu_that_nobody_has_posted_is_not_shown(
    browser: Browser, world: World, light: Need
) -> None:
    drafted(world, answering(light, world, "Lamps"))
    assert not browser.see(f"/need/{light.id}").says("菜单里的")
