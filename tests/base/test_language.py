"""Pages speak the reader's language; catalogues need no compiling."""

from pathlib import Path

import pytest

from surveys.base import language
from tests.manners import Browser
from tests.world import World

PO = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\n"

msgid "找到您的院子"
msgstr "Find your courtyard"
"""


@pytest.fixture
def english(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An English catalogue with one text in it."""
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "messages.po").write_text(PO, "utf-8")
    monkeypatch.setattr(language, "CATALOGUES", tmp_path)
    language.catalogue.cache_clear()


def test_a_text_is_said_in_english_and_one_without_translation_stays(english: None) -> None:
    assert language.catalogue("en").gettext("找到您的院子") == "Find your courtyard"
    assert language.catalogue("en").gettext("院码") == "院码"
    language.catalogue.cache_clear()


@pytest.mark.parametrize(
    ("wanted", "lang"),
    [("zh-CN,zh;q=0.9", "zh-CN"), ("en-US,en;q=0.9", "en"), ("fr", "zh-CN"), ("", "zh-CN")],
)
def test_the_browser_asks_for_a_language(
    world: World, browser: Browser, wanted: str, lang: str
) -> None:
    page = browser.see("/", headers={"Accept-Language": wanted})
    assert page.one("html").get("lang") == lang


def test_the_readers_own_choice_goes_before_the_browsers(world: World, browser: Browser) -> None:
    form = {**browser.see("/").form("/language"), "locale": "en"}
    assert browser.send("/language", form).one("html").get("lang") == "en"


def test_letters_stay_large_once_asked_for(world: World, browser: Browser) -> None:
    form = {**browser.see("/").form("/size"), "size": "big"}
    assert "big" in browser.send("/size", form).one("html").get("class")
    assert "big" in browser.see("/").one("html").get("class")


@pytest.mark.parametrize("elsewhere", ["https://other.example/", "//other.example", "/\\other"])
def test_no_form_sends_a_reader_to_another_site(
    world: World, browser: Browser, elsewhere: str
) -> None:
    form = {**browser.see("/").form("/size"), "size": "big", "back": elsewhere}
    assert browser.post("/size", data=form).location == "/"
