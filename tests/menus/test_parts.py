"""Items that one building or stairwell alone picks, as they are typed and looked at."""

import pytest

from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.menus import parts, service
from surveys.menus.models import Menu, MenuItem
from surveys.rounds.models import Round
from tests.manners import Browser, Page
from tests.world import AT, World, make_world, sign_in


@pytest.fixture
def yard(app: object) -> World:
    """Buildings of twelve; two households of building 2 have a stairwell of their own."""
    made = make_world(buildings=3, rooms=12)
    for household_id in made.households[22:24]:
        db.session.get_one(Household, household_id).stairwell = "2"
    db.session.commit()
    return made


@pytest.fixture
def menu(yard: World) -> Menu:
    """A menu with nothing on it."""
    round_ = db.session.get_one(Round, yard.round)
    return service.create(round_, "Menu", 40_000_000, by=yard.accounts["organizer"], at=AT)


@pytest.fixture
def desk(browser: Browser, yard: World) -> Browser:
    """The organizer's browser."""
    sign_in(browser, yard.accounts["organizer"])
    return browser


def add(desk: Browser, menu: Menu, **fields: str) -> Page:
    here = f"/desk/menu/{menu.id}/item"
    given = {"name": "Ramp", "quantity": "1", "unit": "set", "unit_cost": "9000"} | fields
    return desk.send(here, {**desk.see(here).form(here), **given})


def only_item() -> MenuItem:
    found: MenuItem = db.session.scalars(db.select(MenuItem)).one()
    return found


def test_buildings_and_stairwells_of_ten_households_are_offered(menu: Menu) -> None:
    offered = parts.large_enough(menu.courtyard_id)
    assert [(part.name, part.households) for part in offered] == [
        ("1", 12),
        ("2", 12),
        ("2 1", 10),  # but not its second stairwell, of two households
        ("3", 12),
    ]


def test_an_item_is_for_the_whole_courtyard_unless_somebody_says_whose(
    desk: Browser, menu: Menu
) -> None:
    page = desk.see(f"/desk/menu/{menu.id}/item")
    assert [option.text for option in page.all("#place option")] == [
        "全院",
        "只有 1 号楼的 12 户",
        "只有 2 号楼的 12 户",
        "只有 2 号楼 1 单元的 10 户",
        "只有 3 号楼的 12 户",
    ]
    add(desk, menu)
    assert (only_item().building, only_item().part) == ("", "")


def test_it_is_kept_shown_and_typed_again(desk: Browser, menu: Menu) -> None:
    page = add(desk, menu, place="2 1")
    assert page.says("限2号楼1单元")
    item = only_item()
    assert (item.building, item.stairwell, item.part) == ("2", "1", "2 1")
    here = f"/desk/menu-item/{item.id}"
    form = desk.see(here).form(here)
    assert form["place"] == "2 1"
    desk.send(here, {**form, "place": "2"})
    assert (only_item().building, only_item().stairwell) == ("2", "")


@pytest.mark.parametrize("place", ["2 2", "9", "2 9", "x" * 60])
def test_of_a_few_households_there_is_no_item_of_their_own(
    desk: Browser, menu: Menu, place: str
) -> None:
    page = add(desk, menu, place=place)
    assert page.status == 422
    assert page.says("会看出谁选了什么")
    assert page.one("#place option[selected]").get("value") == place
    assert db.session.scalars(db.select(MenuItem)).all() == []


def test_what_must_be_done_is_picked_by_nobody(desk: Browser, menu: Menu) -> None:
    page = add(desk, menu, place="2", must_do="y")
    assert page.status == 422
    assert page.says("“谁能选”请改成全院")


def test_a_menu_made_like_another_keeps_whose_each_item_is(menu: Menu, yard: World) -> None:
    by = yard.accounts["organizer"]
    draft = service.Draft("basic", "Ramp", 1000, 900, building="2", stairwell="1")
    service.add_item(menu, draft, by=by, at=AT)
    made = service.copy(menu, "Another", by=by, at=AT)
    (twin,) = service.items_of(made)
    assert twin.part == "2 1"


def test_the_preview_sets_them_apart_and_counts_them_in_no_limit(desk: Browser, menu: Menu) -> None:
    add(desk, menu, name="Lamps")
    add(desk, menu, place="2")
    page = desk.see(f"/desk/menu/{menu.id}/preview")
    assert page.says("只有2号楼的户能选")
    assert len(page.all("[data-cost]")) == 1
    assert len(page.all("[name=item]")) == 2


def test_a_menu_of_one_buildings_items_alone_leaves_the_others_nothing(
    desk: Browser, menu: Menu
) -> None:
    page = add(desk, menu, place="2")
    assert page.says("没有可以选的项")
