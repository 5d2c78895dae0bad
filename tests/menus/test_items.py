"""An item waits for its price, is done in one way or another, and costs a household something."""

from dataclasses import replace

import pytest

from surveys.base.db import db
from surveys.errors import Refused
from surveys.menus import listing, pinning, service
from surveys.menus.models import Menu
from surveys.menus.service import Draft
from surveys.rounds.models import Round
from tests.manners import Browser
from tests.menus.test_pages import add, typed
from tests.world import AT, World, sign_in

LIFT = Draft("improve", "加装电梯", 1_000, 50_000_000, unit="部", share_fen=3_000_000, upkeep_fen=0)


@pytest.fixture
def by(world: World) -> str:
    """Who makes menus."""
    return world.accounts["organizer"]


@pytest.fixture
def menu(world: World, by: str) -> Menu:
    """A menu with nothing on it."""
    round_ = db.session.get_one(Round, world.round)
    return service.create(round_, "改造菜单", 40_000_000, by=by, at=AT)


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


def test_another_way_of_doing_it_stands_below_it_in_one_group(menu: Menu, by: str) -> None:
    lift = service.add_item(menu, LIFT, by=by, at=AT)
    service.add_item(menu, replace(LIFT, name="座椅"), by=by, at=AT)
    twin = service.vary_item(lift, by=by, at=AT)
    third = service.vary_item(lift, by=by, at=AT)
    names = [(item.name, item.only_one_of) for item in service.items_of(menu)]
    assert names == [
        ("加装电梯", "加装电梯"),
        ("加装电梯（3）", "加装电梯"),
        ("加装电梯（2）", "加装电梯"),
        ("座椅", ""),
    ]
    assert (twin.share_fen, twin.is_priced, twin.cost_fen) == (3_000_000, False, 0)
    assert listing.unpriced(menu.id) == [third.name, twin.name]


def test_what_is_done_in_any_case_has_no_second_way(menu: Menu, by: str) -> None:
    must = service.add_item(menu, replace(LIFT, must_do=True), by=by, at=AT)
    with pytest.raises(Refused, match="先去掉必做"):
        service.vary_item(must, by=by, at=AT)


def test_a_pinned_menu_gets_no_second_way(menu: Menu, by: str) -> None:
    lift = service.add_item(menu, LIFT, by=by, at=AT)
    pinning._pin(menu, AT)
    db.session.commit()
    with pytest.raises(Refused, match="照着再做一份"):
        service.vary_item(lift, by=by, at=AT)


def test_the_second_way_is_renamed_and_priced_on_its_own_form(desk: Browser, menu: Menu) -> None:
    add(desk, menu)
    lamp = service.items_of(menu)[0]
    here = f"/desk/menu-item/{lamp.id}"
    page = desk.send(f"{here}/vary", desk.see(here).form(f"{here}/vary"))
    assert page.says("两种里只做一种")
    assert page.one("#unit_cost").get("value") == ""
    twin = service.items_of(menu)[1]
    there = f"/desk/menu-item/{twin.id}"
    page = desk.send(there, typed(page, there, name="楼道照明（太阳能）"))
    assert page.says("楼道照明（太阳能）")
    assert page.says("还没填价钱")
    preview = desk.see(f"/desk/menu/{menu.id}/preview")
    assert preview.says("和楼道照明（太阳能）只做一项")
    page = desk.send(there, typed(desk.see(there), there, unit_cost="300"))
    assert not page.says("还没填价钱")


def test_what_a_household_pays_itself_is_typed_and_read(desk: Browser, menu: Menu) -> None:
    page = add(desk, menu, share="约300")
    assert page.status == 422
    assert page.says("受益的每户自己出（元）：“约300”不是钱数")
    page = add(desk, menu, share="300", upkeep_cost="12.5")
    words = "受益的每户自己出 300 元。以后每户每年 12.50 元。"
    assert page.says(words)
    assert desk.see(f"/desk/menu/{menu.id}/preview").says(words)
    item = service.items_of(menu)[0]
    assert desk.see(f"/desk/menu-item/{item.id}").one("#share").get("value") == "300"
