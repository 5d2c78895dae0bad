"""The desk by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


def test_the_ledger_is_sorted_by_keyboard_alone(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    desk.reads("没归类：还有 4 条")
    expect(desk.page.locator("blockquote")).to_contain_text("楼道灯坏了半年")
    desk.key("j")
    expect(desk.page.locator("blockquote")).to_contain_text("返味")
    desk.key("k")
    expect(desk.page.locator("blockquote")).to_contain_text("楼道灯坏了半年")
    desk.key("n")
    expect(desk.page.get_by_label("诉求的名字")).to_be_focused()
    desk.write("诉求的名字", "楼道的灯")
    desk.key("Enter")
    desk.reads("没归类：还有 3 条")
    desk.key("u")
    desk.reads("没归类：还有 4 条")
    desk.key("j")
    expect(desk.page.locator("blockquote")).to_contain_text("返味")
    desk.key("1")  # what it is most like
    desk.reads("没归类：还有 3 条")
    desk.page.route("**/aside", lambda route: route.abort())
    desk.key("x")
    expect(desk.page.locator("#lost")).to_be_visible()
    desk.reads("没归类：还有 3 条")
    desk.page.unroute_all()
    desk.key("x")
    desk.reads("没归类：还有 2 条")
