"""The desk's pages of menus."""

import pytest

from surveys.base.db import db
from surveys.menus import pinning, service
from surveys.menus.models import Menu, MenuItem
from surveys.needs import service as needs
from surveys.rounds.models import Round
from tests.manners import Browser, Page
from tests.world import AT, World, sign_in


@pytest.fixture
def desk(browser: Browser, world: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, world.accounts["organizer"])
    return browser


@pytest.fixture
def menu(world: World) -> Menu:
    """A menu with nothing on it."""
    round_ = db.session.get_one(Round, world.round)
    return service.create(round_, "改造菜单", 40_000_000, by=world.accounts["organizer"], at=AT)


def typed(page: Page, here: str, **fields: str) -> dict[str, object]:
    return {**page.form(here), **fields}


def add(desk: Browser, menu: Menu, **fields: str) -> Page:
    here = f"/desk/menu/{menu.id}/item"
    given = {"name": "楼道照明", "quantity": "72", "unit": "盏", "unit_cost": "186.5"} | fields
    return desk.send(here, typed(desk.see(here), here, **given))


def test_a_menu_is_made_with_its_budget_as_people_type_it(desk: Browser, world: World) -> None:
    here = f"/desk/courtyard/{world.courtyard}/menus"
    assert desk.see(here).says("还没有菜单")
    page = desk.send(here, typed(desk.see(here), here, title="改造菜单", budget="４０万"))
    assert page.one("h1").text == "改造菜单"
    assert page.one(".figure b").text == "40"
    assert desk.see(here).says("0 项，全做要 0 元，预算 40 万元")


@pytest.mark.parametrize("budget", ["约40万", "-3", "1.234", "四十万"])
def test_a_budget_that_is_no_amount_is_named_and_kept(
    desk: Browser, world: World, budget: str
) -> None:
    here = f"/desk/courtyard/{world.courtyard}/menus"
    page = desk.send(here, typed(desk.see(here), here, title="改造菜单", budget=budget))
    assert page.status == 422
    assert page.says(f"预算（元）：“{budget}”")
    assert page.one("#budget").get("value") == budget
    assert page.one("#title").get("value") == "改造菜单"


def test_an_item_is_filled_in_from_the_needs_that_were_ticked(
    desk: Browser, menu: Menu, world: World
) -> None:
    round_, by = db.session.get_one(Round, world.round), world.accounts["clerk"]
    lamp = needs.new_need(round_, "灯不亮", "stair-light", by=by, at=AT)
    here = f"/desk/menu/{menu.id}"
    assert desk.see(here).says("灯不亮")
    page = desk.see(f"{here}/item?need={lamp.id}")
    assert page.one("#name").get("value") == "楼道照明"
    assert page.one("#unit").get("value") == "盏"
    form = typed(page, f"{here}/item", quantity="72", unit_cost="186.5")
    page = desk.send(f"{here}/item", form)
    assert page.says("1.34 万元")
    assert page.says("灯不亮")
    assert not page.says("还没进这份菜单的诉求户数")
    assert desk.see(f"/desk/need/{lamp.id}").says("进菜单")


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("quantity", "约98", "数量：“约98”不是数量"),
        ("quantity", "0", "数量：数量要比 0 大"),
        ("quantity", "1.2345", "最多三位小数"),
        ("unit_cost", "1.005", "单价（元）：“1.005”比分还小"),
        ("unit_cost", "", "单价（元）：请写一个单位多少钱"),
        ("name", "", "项目：项目要有个名字"),
        ("name", "长" * 31, "最多 30 个字"),
        ("class_key", "strange", "没有这一类"),
    ],
)
def test_what_cannot_be_read_is_named_by_its_field_and_nothing_is_saved(
    desk: Browser, menu: Menu, field: str, value: str, says: str
) -> None:
    page = add(desk, menu, **{field: value})
    assert page.status == 422
    assert page.says(says)
    assert page.says("楼道照明") or page.one("#unit").get("value") == "盏"
    assert db.session.scalar(db.select(db.func.count()).select_from(MenuItem)) == 0


def test_an_item_is_changed_moved_and_taken_off(desk: Browser, menu: Menu) -> None:
    add(desk, menu)
    page = add(desk, menu, name="屋面防水修缮", quantity="2128.30", unit_cost="52.50")
    roof = next(i for i in service.items_of(menu) if i.name == "屋面防水修缮")
    here = f"/desk/menu-item/{roof.id}"
    page = desk.send(f"{here}/move", typed(page, f"{here}/move", to="up"))
    assert page.text.index("屋面防水修缮") < page.text.index("楼道照明")
    form = desk.see(here)
    assert form.one("#quantity").get("value") == "2128.3"
    page = desk.send(here, typed(form, here, unit_cost="1.2万", must_do="y"))
    assert page.says("必做")
    assert page.says("2553.96 万元")
    page = desk.send(f"{here}/remove", desk.see(here).form(f"{here}/remove"))
    assert not page.says("屋面防水修缮")


def test_rules_are_set_and_what_is_impossible_is_said(desk: Browser, menu: Menu) -> None:
    add(desk, menu)
    here = f"/desk/menu/{menu.id}/rules"
    form = typed(desk.see(f"/desk/menu/{menu.id}"), here, least="２", most="3", most_basic="1")
    page = desk.send(here, form)
    assert page.says("规定至少选 2 项，可菜单上只有 1 项能选")
    assert page.says("最多选 1 项")
    assert page.one("#most_basic").get("value") == "1"
    page = desk.send(here, typed(page, here, most="1"))
    assert page.status == 422
    assert page.says("不能比至少选的少")
    assert page.one("#most").get("value") == "1", "what was typed is kept"
    assert desk.send(here, typed(page, here, most="", least="一")).says("“一”不行")


def test_groups_and_caps_are_typed_shown_and_kept_on_faults(desk: Browser, menu: Menu) -> None:
    page = add(desk, menu, only_one_of="大门")
    assert page.says("“大门”里只做一项")
    item = service.items_of(menu)[0]
    assert desk.see(f"/desk/menu-item/{item.id}").one("#only_one_of").get("value") == "大门"
    long = add(desk, menu, name="门禁", only_one_of="门" * 21)
    assert long.says("组名太长了，最多20个字")
    here = f"/desk/menu/{menu.id}/rules"
    page = desk.send(here, typed(desk.see(f"/desk/menu/{menu.id}"), here, cap_basic="20万"))
    assert page.says("一共最多花20万元")
    assert page.one("#cap_basic").get("value") == "200000"
    page = desk.send(here, typed(page, here, cap_basic="约20万"))
    assert page.status == 422
    assert page.says("“约20万”不是钱数")
    assert page.one("#cap_basic").get("value") == "约20万"


def test_the_preview_shows_what_a_phone_would_show(desk: Browser, menu: Menu) -> None:
    add(desk, menu)
    add(desk, menu, name="消防设施", must_do="y")
    page = desk.see(f"/desk/menu/{menu.id}/preview")
    assert page.says("点了不算数")
    assert page.says("1.34 万元")
    assert page.says("约每户 560 元")
    assert page.says("一定做")
    assert len(page.all(".pick input")) == 1


def test_a_pinned_menu_is_read_and_copied(desk: Browser, menu: Menu) -> None:
    add(desk, menu)
    db.session.refresh(menu)
    pinning._pin(menu, AT)
    db.session.commit()
    here = f"/desk/menu/{menu.id}"
    page = desk.see(here)
    assert page.says("不能再改")
    assert not page.all("[name=budget]")
    item = service.items_of(menu)[0]
    assert not desk.see(f"/desk/menu-item/{item.id}").all("[name=quantity]")
    page = desk.send(f"{here}/copy", typed(page, f"{here}/copy", copy_title="第二份"))
    assert page.one("h1").text == "第二份"
    assert page.says("楼道照明")
    assert page.all("[name=budget]")


def test_a_clerk_reads_menus_and_changes_nothing(
    browser: Browser, world: World, menu: Menu
) -> None:
    sign_in(browser, world.accounts["clerk"])
    page = browser.see(f"/desk/menu/{menu.id}")
    assert page.says("每户至少选 1 项")
    assert not page.all("main form")
    assert browser.see(f"/desk/menu/{menu.id}/item").status == 403
    sign_in(browser, world.accounts["stranger"])
    for address in ("", "/item", "/preview"):
        assert browser.see(f"/desk/menu/{menu.id}{address}").status == 404
