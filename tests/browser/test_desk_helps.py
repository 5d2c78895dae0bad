"""What the desk does for whoever works at it all day: keys that can be looked up, nothing lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


def test_the_keys_of_a_page_are_listed_from_what_they_press(scene: Scene) -> None:
    desk = scene.desktop()
    yard = f"/desk/courtyard/{scene.world.courtyard}"
    desk.see(f"{yard}/ledger")
    listed = desk.page.locator("dialog#keys")
    desk.key("?")
    expect(listed).to_be_visible()
    rows = listed.locator("div p")
    assert {"X", "J", "N"} <= set(rows.locator("kbd").all_text_contents())
    expect(rows.filter(has_text="找一件诉求")).to_have_text("/ 找一件诉求")
    desk.key("x")
    desk.reads("没归类：还有 4 条")  # nothing is pressed behind it
    desk.key("Escape")
    expect(listed).to_be_hidden()
    desk.see(f"{yard}/suggestions")
    desk.key("/")
    expect(desk.page.get_by_label("找原话")).to_be_focused()
    desk.key("Escape")
    desk.page.locator("h1").click()
    desk.key("0")
    boxes = desk.page.locator("[name=ticked]")
    expect(desk.page.locator("[name=ticked]:checked")).to_have_count(boxes.count())


def test_what_was_typed_and_not_sent_survives_a_reload_but_not_the_sending(scene: Scene) -> None:
    desk = scene.desktop()
    here = f"/desk/courtyard/{scene.world.courtyard}/suggestions"
    desk.see(here)
    desk.page.locator("#text").fill("王大爷说，三单元的灯又不亮了")
    desk.page.reload()
    expect(desk.page.locator("#text")).to_have_value("王大爷说，三单元的灯又不亮了")
    desk.reads("上回写了还没交的字")
    desk.press("记下")
    desk.reads("记下了，是第")
    expect(desk.page.locator("#text")).to_have_value("")
    desk.page.reload()
    expect(desk.page.locator("#text")).to_have_value("")
    expect(desk.page.locator("#typed-before")).to_be_hidden()


def test_what_was_typed_is_gone_for_who_signs_in_next(scene: Scene) -> None:
    desk = scene.desktop()
    here = f"/desk/courtyard/{scene.world.courtyard}/suggestions"
    desk.see(here)
    desk.page.locator("#text").fill("只给我自己看的")
    desk.press("退出")
    assert (
        desk.page.evaluate("Object.keys(sessionStorage).filter((k) => k.startsWith('typed'))") == []
    )
