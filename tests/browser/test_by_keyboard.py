"""A first morning at the desk without a mouse: from signing in to the printed poster."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from surveys.base.db import db
from tests.browser.conftest import Clock, serving
from tests.browser.window import Window
from tests.world import PASSWORD, make_world

pytestmark = pytest.mark.browser

MOST_TABS = 120
"""from any place of a page to any other"""
NAME = """() => {
  const e = document.activeElement;
  return ((e.labels && e.labels[0]) || e).textContent.trim().replace(/\\s+/g, " ");
}"""


class Keys:
    """A window whose mouse is broken."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.window = Window(page, touch=False)

    def press(self, *keys: str) -> None:
        """One key after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def to(self, name: str, *, by: str = "Tab") -> None:
        """Go on until what has the focus begins with these words."""
        self.window.has_scripts()
        for _ in range(MOST_TABS):
            if str(self.page.evaluate(NAME)).startswith(name):
                return
            self.press(by)
        raise AssertionError(f"Tab never reaches “{name}”")

    def write(self, name: str, text: str) -> None:
        """Type into the field of this label."""
        self.to(name)
        self.press("Control+A")
        self.page.keyboard.type(text)

    def enter(self, name: str) -> None:
        """Follow the link or press the button of this name."""
        self.to(name)
        self.press("Enter")


@pytest.fixture
def keys(tmp_path: Path, chromium: Browser, moving_clock: Clock) -> Iterator[Keys]:
    """The organizer's window before the sign-in."""
    with serving(tmp_path, chromium, cdn="") as served:
        with served.app.app_context():
            make_world()
            db.session.remove()
        page = served.desktop()
        page.add_init_script("window.print = () => { document.title = 'printed'; };")
        page.goto("/desk/")
        yield Keys(page)
        assert served.complaints == []


def test_a_round_a_questionnaire_and_the_poster_need_no_mouse(keys: Keys) -> None:
    keys.write("登录名", "organizer")
    keys.write("密码", PASSWORD)
    keys.press("Enter")
    keys.window.heads("Courtyard")
    begins_a_round(keys)
    opens_a_questionnaire(keys)
    prints_the_poster(keys)


def begins_a_round(keys: Keys) -> None:
    keys.enter("开始新的一轮")
    keys.window.heads("开始一轮改造")
    keys.write("这一轮叫什么", "2026 年改造")
    keys.to("一征三议两公开")
    keys.press("Space")
    keys.to("那一轮到此为止")
    keys.press("Space")
    keys.enter("开始")
    keys.window.reads("新的一轮开始了")


def opens_a_questionnaire(keys: Keys) -> None:
    keys.enter("问卷")
    keys.window.heads("问卷")
    field = keys.page.get_by_role("radio").first
    while not field.evaluate(
        "e => e.form.contains(document.activeElement) && e.type === document.activeElement.type"
    ):
        keys.press("Tab")
    keys.to("改造意愿调查", by="ArrowDown")
    keys.press("Space")
    keys.enter("照这个做一份")
    keys.window.heads("改造意愿调查")
    keys.enter("现在开放")
    keys.window.reads("开放了")


def prints_the_poster(keys: Keys) -> None:
    keys.enter("Courtyard")
    keys.window.heads("Courtyard")
    keys.enter("海报")
    expect(keys.page.locator(".poster")).to_be_visible()
    keys.enter("打印")
    expect(keys.page).to_have_title("printed")
