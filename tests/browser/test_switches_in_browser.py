"""大字 and English pressed in the middle of picking and writing: a real browser loses nothing."""

import pytest
from playwright.sync_api import expect

from tests.browser.scene import Scene

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_ticks_stay_when_the_letters_grow(scene: Scene, script: bool) -> None:
    phone = scene.phone(household=14 + script, script=script)
    phone.see(f"/v/{scene.ballot}")
    phone.tick("Drains", "Benches")
    phone.press("大字")
    expect(phone.page.locator("html")).to_have_class("resident big picking")
    for name in ("Drains", "Benches"):
        expect(phone.page.get_by_role("checkbox", name=name, exact=True)).to_be_checked()
    expect(phone.page.get_by_role("checkbox", name="Lamps", exact=True)).not_to_be_checked()
    phone.press("看一遍再交")
    phone.heads("看一遍，对了就交")
    phone.press("小字")
    phone.heads("看一遍，对了就交")
    phone.reads("Benches")
    phone.press("没错，交上")
    phone.reads("收到了")
    assert scene.entries(14 + script) == 1


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_words_stay_when_the_language_changes(scene: Scene, script: bool) -> None:
    phone = scene.phone(script=script)
    phone.see(f"/q/{scene.questionnaire}/1")
    phone.page.locator("textarea").fill("下水道一下雨就冒水")
    phone.press("English")
    expect(phone.page.locator("html")).to_have_attribute("lang", "en")
    expect(phone.page.locator("textarea")).to_have_value("下水道一下雨就冒水")


def test_the_enter_key_presses_no_switch(scene: Scene) -> None:
    phone = scene.phone(household=16, script=False)
    phone.see(f"/v/{scene.ballot}")
    phone.tick("Drains")
    phone.page.get_by_role("checkbox", name="Drains", exact=True).press("Enter")
    phone.heads("您家想先改什么")
    expect(phone.page.get_by_role("checkbox", name="Drains", exact=True)).to_be_checked()
    assert phone.page.locator("html").get_attribute("class") == "resident picking"
