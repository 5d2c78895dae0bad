"""What a phone does besides walking on: taps twice, goes back, waits too long, enlarges."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.base.db import db
from tests.browser import cdns
from tests.browser.conftest import Clock, serving
from tests.browser.scene import Scene
from tests.browser.window import Window

pytestmark = pytest.mark.browser

WATCH = """() => {
  window.changes = [];
  new MutationObserver((seen) => seen.forEach((one) => {
    window.changes.push(one.type === 'attributes' ? one.attributeName : one.type);
  })).observe(document, {subtree: true, childList: true, characterData: true, attributes: true});
}"""


def pick_and_look(phone: Window, *names: str) -> None:
    phone.follow("去点单")
    phone.tick(*names)
    phone.press("看一遍再交")
    phone.heads("看一遍，对了就交")
    phone.has_scripts()


def answer_and_look(phone: Window, scene: Scene) -> None:
    phone.see(f"/q/{scene.questionnaire}/3")
    phone.tick("楼道灯和路灯")
    phone.press("下一题")
    phone.reads("第 4 题，共 10 题")
    phone.see(f"/q/{scene.questionnaire}/look")
    phone.heads("看一遍，没错就交上")
    phone.has_scripts()


def test_a_poll_that_finds_nothing_new_changes_no_node(scene: Scene) -> None:
    phone = scene.phone()
    phone.see(f"/v/{scene.ballot}")
    expect(phone.page.locator("#live")).to_be_visible()  # fetched once by itself
    wall = Window(scene.served.wall(), touch=False)
    wall.see(f"/screen/{scene.ballot}")
    expect(wall.page.locator("#board")).to_be_visible()
    for window in (phone, wall):
        window.has_scripts()
        window.page.evaluate(WATCH)
    with (
        phone.page.expect_response(lambda answer: "/live/" in answer.url) as on_the_phone,
        wall.page.expect_response(lambda answer: "/live/" in answer.url) as on_the_wall,
    ):
        pass
    assert on_the_phone.value.status == on_the_wall.value.status == 204
    phone.page.wait_for_timeout(200)
    for window in (wall, phone):
        # htmx marks what asks with a class while it asks; nothing else moves
        assert set(window.page.evaluate("window.changes")) <= {"class"}
    with scene.served.app.app_context():
        scene.stage.cast(0, "Drains")
        db.session.remove()
    expect(wall.page.locator(".turnout b")).to_have_text("1", timeout=3_000)
    expect(phone.page.locator("#live .figure b")).to_have_text("1")
    assert phone.page.evaluate("window.changes.length"), "it moved without a reload"


def test_a_slow_cdn_neither_holds_up_the_page_nor_brings_a_second_htmx(
    chromium: Browser, tmp_path: Path, moving_clock: Clock
) -> None:
    with cdns.slow(4) as (cdn, answered), serving(tmp_path, chromium, cdn=cdn) as served:
        phone = Window(served.phone(), touch=True)
        with phone.page.expect_response(lambda answer: "/htmx.js" in answer.url):
            phone.see("/")
            phone.heads("找到您的院子")
        phone.page.wait_for_timeout(300)
        assert not answered.is_set()
        phone.page.evaluate("window.htmx.first = true")
        assert answered.wait(10)
        phone.page.wait_for_timeout(300)
        assert phone.page.evaluate("window.htmx.first")
        assert served.complaints == []


@pytest.mark.parametrize(("script", "household"), [(True, 4), (False, 5)])
def test_a_double_tap_sends_one_vote_and_one_response(
    scene: Scene, script: bool, household: int
) -> None:
    phone = scene.phone(household=household, script=script)
    pick_and_look(phone, "Drains")
    _tap_twice(phone.page)
    phone.heads("收到了")
    assert scene.entries(household) == 1
    answer_and_look(phone, scene)
    _tap_twice(phone.page)
    phone.heads("收到了")
    assert len(scene.responses(household)) == 1


def _tap_twice(page: Page) -> None:
    button = page.get_by_role("button", name="没错，交上")
    button.scroll_into_view_if_needed()
    box = button.bounding_box()
    assert box
    spot = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _tap in range(2):
        page.touchscreen.tap(*spot)


def test_back_after_sending_does_no_harm(scene: Scene) -> None:
    phone = scene.phone(household=6)
    pick_and_look(phone, "Drains", "Lamps")
    phone.press("没错，交上")
    phone.heads("收到了")
    phone.page.go_back()
    phone.heads("看一遍，对了就交")
    phone.press("没错，交上")
    phone.heads("收到了")
    assert scene.entries(6) == 1
    answer_and_look(phone, scene)
    phone.press("没错，交上")
    phone.heads("收到了")
    phone.page.go_back()
    phone.page.reload()
    phone.heads("收到了")
    assert len(scene.responses(6)) == 1


def test_the_next_family_sees_nothing_of_the_last_one_by_going_back(scene: Scene) -> None:
    phone = scene.phone(household=14)
    pick_and_look(phone, "Drains", "Lamps")
    phone.press("没错，交上")
    phone.heads("收到了")
    phone.press("换下一家用这部手机")
    phone.heads("输入条子上的字")
    phone.see(scene.slips[15])
    phone.press("是我家")
    phone.follow("去点单")
    phone.heads("您家想先改什么")
    with phone.page.expect_navigation():
        # to the menu of the family before; later, since leaving would break off the answer
        phone.page.evaluate("setTimeout(() => history.go(-6))")
    phone.heads("您家想先改什么")
    assert phone.page.locator("[name=item]").count() > 1
    assert phone.page.locator("[name=item]:checked").count() == 0


def test_a_page_kept_whole_is_gone_once_the_phone_was_handed_on(scene: Scene) -> None:
    phone = scene.phone(household=13)
    pick_and_look(phone, "Drains")
    phone.page.evaluate("sessionStorage.next = Date.now() + 1000")
    shown_again = "dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))"
    phone.page.evaluate(f"setTimeout(() => {shown_again})")
    phone.page.wait_for_url("**/c/*")


@pytest.mark.parametrize(("script", "household"), [(True, 7), (False, 8)])
def test_a_page_left_lying_too_long_is_sent_again_with_one_tap(
    scene: Scene, script: bool, household: int
) -> None:
    phone = scene.phone(household=household, script=script)
    pick_and_look(phone, "Lamps")
    _make_stale(phone.page)
    phone.press("没错，交上")
    phone.heads("再点一下就交上")
    assert scene.entries(household) == 0
    phone.press("接着交")
    phone.heads("收到了")
    assert scene.entries(household) == 1
    phone.see(f"/q/{scene.questionnaire}/1")
    phone.write("这个院子，您最不满意哪里？", "楼道灯\n第二行 <b>")
    _make_stale(phone.page)
    phone.press("下一题")
    phone.press("接着交")
    phone.reads("第 2 题，共 10 题")
    phone.press("上一题")
    expect(phone.page.locator("textarea")).to_have_value("楼道灯\n第二行 <b>")


def _make_stale(page: Page) -> None:
    page.locator("[name=csrf_token]").evaluate_all("all => all.forEach(t => t.value = 'old')")


def test_the_running_line_counts_and_warns(scene: Scene) -> None:
    phone = scene.phone(household=9)
    phone.follow("去点单")
    line = phone.page.locator(".tally")
    expect(line).to_contain_text("已选 0 项")
    phone.tick("Drains", "Lamps")
    expect(line).to_contain_text("已选 2 项 · 共 12.2 万元")
    expect(line).to_contain_text("还能选 1 项")
    phone.tick("Benches")
    expect(line).to_contain_text("选满了")
    phone.tick("Bicycle shed")
    expect(line).to_contain_text("已选 4 项")
    expect(line).to_have_class("tally over")
    assert line.evaluate("e => getComputedStyle(e).position") == "sticky"
    phone.press("看一遍再交")
    phone.reads("还交不了：多选了 1 项")
    expect(phone.page.get_by_role("checkbox", checked=True)).to_have_count(4)
    phone.tick("Bicycle shed")
    expect(line).not_to_have_class("tally over")


def test_big_letters_are_remembered_and_nothing_runs_off_the_side(scene: Scene) -> None:
    phone = scene.phone(household=10)
    phone.press("大字")
    expect(phone.page.get_by_role("button", name="小字")).to_be_visible()
    pages = (
        f"/c/{scene.world.code}",
        f"/q/{scene.questionnaire}/2",
        f"/v/{scene.ballot}",
        f"/say/{scene.world.code}",
    )
    for address in pages:
        phone.see(address)
        phone.has_scripts()  # and with them the style
        expect(phone.page.get_by_role("button", name="小字")).to_be_visible()
        size = phone.page.locator("main p").first.evaluate("e => getComputedStyle(e).fontSize")
        assert float(size.removesuffix("px")) >= 27  # second text; body is 30
        assert phone.page.evaluate("document.documentElement.scrollWidth") <= 360, address
    phone.press("小字")
    expect(phone.page.get_by_role("button", name="大字")).to_be_visible()
