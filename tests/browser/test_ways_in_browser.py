"""The ways of voting in a real browser: eyes, thumbs, the running line of points, the whole way."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from surveys.ballots.terms import Terms
from surveys.base.db import db
from surveys.counting.ways import Way
from surveys.menus.models import Menu, MenuItem
from tests.ballots.stage import add_menu, drafted, opened
from tests.ballots.test_ways import TERMS
from tests.browser.conftest import DESK, PHONE
from tests.browser.scene import Scene
from tests.browser.test_manners_in_browser import (
    ENLARGED,
    FINGER_PX,
    LEAST_TEXT_PX,
    MOUSE_PX,
    RULER,
    ZOOMED,
    axe,
    ruler,
    sideways,
)
from tests.browser.window import Window

pytestmark = pytest.mark.browser

ITEMS = (
    ("屋面防水修缮", 12_600_000, "basic", True),
    ("雨污分流与下水管道整修更换", 9_800_000, "basic", False),
    ("楼道照明", 2_400_000, "basic", False),
    ("老年食堂和助餐点", 8_500_000, "raise", False),
)
WITH_FIELDS = [Way.ONE, Way.POINTS, Way.RANK, Way.JUDGE]


@pytest.fixture(scope="module")
def ballots(scene: Scene) -> dict[Way, str]:
    """Ids of open ballots, one of each way, with two items that exclude each other."""
    found = {}
    with scene.served.app.app_context():
        for way in WITH_FIELDS:
            menu = _menu(scene, way)
            terms = TERMS[way] if way is Way.POINTS else Terms(way, least_votes=3)
            ballot = drafted(scene.world, menu, terms=terms, title=f"先改什么 {way}")
            found[way] = opened(scene.served.app, scene.world, ballot).ballot.id
        db.session.remove()
    return found


def _menu(scene: Scene, way: Way) -> Menu:
    menu = add_menu(scene.world, items=ITEMS)
    menu.title = f"菜单 {way}"
    for item in db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == menu.id)):
        item.what, item.benefits, item.upkeep = "全院一起修，工期两个月。", "全院", "每年查一次"
        item.only_one_of = "" if item.must_do or item.name == "楼道照明" else "地下"
    db.session.commit()
    return menu


@pytest.mark.parametrize("way", WITH_FIELDS)
def test_the_menu_of_every_way_suits_old_eyes_and_thumbs(
    scene: Scene, ballots: dict[Way, str], way: Way
) -> None:
    page = scene.phone(household=11).page
    page.goto(f"/v/{ballots[way]}")
    found = list(_as_resident(page))
    page.locator("[value=look]").click()
    page.wait_for_load_state()
    assert "还交不了" in page.inner_text("main")
    found += _as_resident(page)
    assert not found, "\n".join(found)


def _as_resident(page: Page) -> Iterator[str]:
    page.evaluate(RULER)
    yield from axe(page, enhanced=True)
    yield from ruler(page, "targets", FINGER_PX)
    yield from ruler(page, "smallText", LEAST_TEXT_PX)
    yield from sideways(page, ZOOMED)
    page.evaluate("document.documentElement.classList.add('big')")
    yield from sideways(page, PHONE)
    page.evaluate("document.documentElement.classList.remove('big')")
    ruler(page, "enlarge", ENLARGED)
    yield from sideways(page, PHONE)
    page.reload()


@pytest.mark.parametrize("way", WITH_FIELDS)
def test_a_sheet_of_every_way_can_be_keyed_and_hit(
    scene: Scene, ballots: dict[Way, str], way: Way
) -> None:
    page = scene.desktop("clerk").page
    page.goto(f"/desk/ballot/{ballots[way]}/key-in")
    page.evaluate(RULER)
    found = axe(page, enhanced=False) + ruler(page, "targets", MOUSE_PX)
    found += sideways(page, DESK) + sideways(page, ZOOMED)
    assert not found, "\n".join(found)


def test_the_points_that_are_left_follow_every_key(scene: Scene, ballots: dict[Way, str]) -> None:
    phone = scene.phone(household=12)
    phone.see(f"/v/{ballots[Way.POINTS]}")
    line = phone.page.locator(".tally")
    expect(line).to_contain_text("还剩 10 分")
    phone.write("给几分：楼道照明", "４")
    expect(line).to_contain_text("已给 4 分")
    expect(line).to_contain_text("还剩 6 分")
    phone.write("给几分：老年食堂和助餐点", "9")
    expect(line).to_contain_text("多给了 3 分，请减掉")
    expect(line).to_have_class("tally over")
    phone.write("给几分：老年食堂和助餐点", "x")
    expect(line).to_contain_text("还剩 6 分")
    expect(phone.page.get_by_role("button", name="算一算")).to_be_hidden()
    phone.page.get_by_label("给几分：楼道照明").press("Enter")
    phone.press("大字")
    expect(phone.page.get_by_role("button", name="小字")).to_be_visible()
    expect(phone.page.get_by_label("给几分：楼道照明")).to_have_value("４")
    expect(line).to_contain_text("已给 4 分")


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("way", WITH_FIELDS)
def test_a_household_votes_in_every_way_with_a_script_or_without(
    scene: Scene, ballots: dict[Way, str], way: Way, script: bool
) -> None:
    phone = scene.phone(household=14 if script else 15, script=script)
    phone.see(f"/v/{ballots[way]}")
    _mark(phone, way)
    phone.press("看一遍再交")
    phone.heads("看一遍，对了就交")
    phone.reads("楼道照明")
    phone.press("没错，交上")
    phone.heads("收到了")


def _mark(phone: Window, way: Way) -> None:
    if way is Way.ONE:
        phone.tick("楼道照明")
    elif way is Way.POINTS:
        phone.write("给几分：楼道照明", "10")
    elif way is Way.RANK:
        phone.choose("排第几：楼道照明", "第 1")
    else:
        group = phone.page.get_by_role("radiogroup", name="楼道照明")
        phone.hit(group.get_by_role("radio", name="赞成"))
