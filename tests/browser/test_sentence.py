"""One sentence: said on a phone, sorted by keyboard, costed, posted, revised because of it, and
followed from its thanks page to the item of the menu and back."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE
from tests.browser.tour import Stop, Tour, touring
from tests.browser.window import Window
from tests.house.grounds import grounds

pytestmark = pytest.mark.browser

SENTENCE = "快递没处放，都堆在大门口，弄个快递柜吧"
ITEM = "智能快递柜"


@pytest.fixture
def tour(tmp_path: Path) -> Iterator[Tour]:
    """The demonstration, served."""
    with grounds(tmp_path, htmx_cdn_url="") as house, touring(house) as found:
        yield found


class People:
    """Whoever walks about: one window for the phone, one for the desk."""

    def __init__(self, tour: Tour, chromium: Browser) -> None:
        self.tour = tour
        self.code = tour.house.codes["resident.courtyard"]
        self.yard = f"/desk/courtyard/{tour.house.values['courtyard_id']}"
        self.phone = self._window(chromium, PHONE, touch=True)
        self.desk = self._window(chromium, DESK, touch=False)

    def _window(self, chromium: Browser, size: dict[str, int], *, touch: bool) -> Window:
        context = chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=touch,
            is_mobile=touch,
            locale="zh-CN",
            base_url=self.tour.address,
        )
        return Window(context.new_page(), touch=touch)

    def go(self, window: Window, who: str, path: str) -> Page:
        """Open a page as somebody."""
        self.tour.go(window.page, Stop(path, who, "desk"))
        return window.page


@pytest.fixture
def people(tour: Tour, chromium: Browser) -> Iterator[People]:
    """The phone and the desk."""
    found = People(tour, chromium)
    yield found
    found.phone.page.context.close()
    found.desk.page.context.close()


def test_one_sentence_goes_all_the_way_to_the_menu_and_is_found_again(people: People) -> None:
    address = says_it(people)
    sorts_everything(people)
    revises(people, drafts_prices_and_posts(people))
    follows(people, address)


def says_it(people: People) -> str:
    """The resident says it, looks back, sends it; the address under which it can be followed."""
    phone = people.phone
    people.go(phone, "resident", f"/say/{people.code}")
    phone.page.locator("#text").fill(SENTENCE)
    phone.press("交上")
    send_anyway = phone.page.get_by_role("button", name="不一样，照我写的交上")
    link = phone.page.locator("a[href^='/s/']").first
    expect(send_anyway.or_(link).first).to_be_visible()
    if send_anyway.count():
        phone.hit(send_anyway)
    expect(link).to_be_visible()
    return str(link.get_attribute("href"))


def sorts_everything(people: People) -> None:
    """The clerk sorts all that waits without touching the mouse, with fewer keys than sentences."""
    page = people.go(people.desk, "clerk", f"{people.yard}/ledger")
    take_in = page.get_by_role("button", name="收进")
    if take_in.count():
        take_in.first.click()
        people.desk.rests()
    left = int(re.sub(r"\D", "", page.locator("#un").inner_text()))
    keys = 0
    while page.locator("article.words").count():
        sort_one(people.desk)
        keys += 1
    expect(page.locator("main")).to_contain_text("都归好了")
    assert keys < left


def sort_one(desk: Window) -> None:
    """One move, one key: all of several wishes, or the best offer, or there is no wish."""
    left = desk.text("#un")
    offered = ("a", "1", "x")
    desk.key(next(key for key in offered if desk.page.locator(f"[data-key='{key}']").count()))
    expect(desk.page.locator("#un")).not_to_have_text(left)
    desk.rests()


def drafts_prices_and_posts(people: People) -> str:
    """The organizer drafts a menu out of the ledger, types what the item costs and posts it.

    Returns:
        The menu's address on the desk.
    """
    desk = people.desk
    page = people.go(desk, "organizer", f"{people.yard}/menus/draft")
    desk.write("菜单名称", "补充菜单")
    desk.write("预算（元）", "20万")
    for line in page.locator(".ticks label").all():
        line.get_by_role("checkbox").set_checked("快递" in line.inner_text())
    desk.press("起草")
    desk.heads("填价钱")
    menu = page.url.removesuffix("/costs").removeprefix(people.tour.address)
    price(people, menu, "3200")
    post(people, menu)
    return menu


def price(people: People, menu: str, yuan: str) -> None:
    """Every item gets this price for a unit."""
    desk = people.desk
    page = people.go(desk, "organizer", f"{menu}/costs")
    for field in page.locator("[id^='unit_cost-']").all():
        field.fill(yuan)
    desk.press("全部存下")
    desk.heads("补充菜单")


def post(people: People, menu: str, cause: str = "") -> None:
    """It is posted for comment, with the suggestion that caused the change."""
    page = people.go(people.desk, "organizer", f"{menu}/post")
    if cause:
        page.locator("[name^='cause-']").first.fill(cause)
    people.desk.press("贴出来", within="main")
    expect(page.locator("main")).to_contain_text("贴出来了")


def revises(people: People, menu: str) -> None:
    """The price changes because of what was said; the second version names the sentence."""
    page = people.go(people.desk, "clerk", f"{people.yard}/suggestions?q=快递没处放")
    number = re.search(r"\d+", page.locator("tbody tr").first.inner_text())
    assert number
    price(people, menu, "2800")
    post(people, menu, cause=number[0])


def follows(people: People, address: str) -> None:
    """From the thanks page's address to the item, its change and its reason, and back again."""
    phone = people.phone
    page = people.go(phone, "resident", address)
    phone.reads(SENTENCE)
    phone.hit(page.locator("a[href^='/menu/']").first)
    phone.heads("补充菜单")
    phone.reads("条意见：“")
    phone.reads(SENTENCE)
    phone.hit(page.locator("a[href^='/need/']").first)
    phone.reads(SENTENCE)
    page = people.go(phone, "resident", f"/mine/{people.code}")
    phone.hit(page.locator(f"a[href='{address}']"))
    phone.reads(SENTENCE)
