"""朗读 in a real browser, sentence by sentence. Chromium of the tests has no voice of its own:
one that notes what it is told, and ends a sentence when the test says so, is put in its place."""

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.scene import Scene
from tests.browser.tour import Stop, Tour
from tests.browser.window import Window

pytestmark = pytest.mark.browser

VOICE = """(langs) => {
  const voices = langs.map((lang) => ({lang, name: lang, localService: true}));
  let waiting = [];
  window.told = [];
  window.SpeechSynthesisUtterance = function (text) { this.text = text; };
  const voice = {
    getVoices: () => voices,
    speak: (words) => { if (words.text) { told.push(words.text); waiting.push(words); } },
    cancel: () => { waiting = []; },
  };
  Object.defineProperty(window, "speechSynthesis", {value: voice});
  window.finish = () => waiting.shift().onend();
  window.isSpeaking = () => waiting.length > 0;
}"""


def give_voice(page: Page, *langs: str) -> None:
    page.add_init_script(f"({VOICE})({list(langs)})")


@pytest.fixture
def phone(scene: Scene) -> Window:
    """A household's phone that can speak Chinese."""
    found = scene.phone(household=3)
    give_voice(found.page, "en-US", "zh-CN")
    found.see(f"/q/{scene.questionnaire}/1")
    return found


def button(phone: Window) -> Locator:
    return phone.page.locator("[data-read]")


def told(page: Page) -> list[str]:
    return list(page.evaluate("told"))


def marked(page: Page) -> str:
    return "".join(page.locator("mark.said").all_text_contents()).strip()


def test_one_sentence_after_the_other_is_read_and_marked(phone: Window) -> None:
    phone.hit(button(phone))
    expect(phone.page.locator("mark.said").first).to_be_visible()
    heading = phone.page.locator("h1").text_content()
    for n in range(4):
        assert len(told(phone.page)) == n + 1
        assert marked(phone.page) == told(phone.page)[n]
        phone.page.evaluate("finish()")
    assert any(one in str(heading) for one in told(phone.page))


def test_a_tap_pauses_and_the_next_one_goes_on_with_the_same_sentence(phone: Window) -> None:
    phone.hit(button(phone))
    expect(button(phone)).to_have_text("停一停")
    phone.page.evaluate("finish()")
    second = told(phone.page)[1]
    phone.hit(button(phone))
    expect(button(phone)).to_have_text("接着读")
    assert not phone.page.evaluate("isSpeaking()")
    assert marked(phone.page) == ""
    phone.hit(button(phone))
    assert told(phone.page)[2] == second == marked(phone.page)


def test_at_the_end_the_page_is_as_it_was(phone: Window) -> None:
    main = phone.page.locator("main")
    before = main.inner_html()
    phone.hit(button(phone))
    expect(button(phone)).to_have_text("停一停")
    while phone.page.evaluate("isSpeaking()"):
        phone.page.evaluate("finish()")
    expect(button(phone)).to_have_text("朗读")
    assert main.inner_html() == before


def test_what_is_exchanged_meanwhile_stops_only_what_is_gone(phone: Window) -> None:
    phone.hit(button(phone))
    expect(button(phone)).to_have_text("停一停")
    settled = "document.dispatchEvent(new Event('htmx:afterSettle'))"
    phone.page.evaluate(
        f"{{ const h = document.querySelector('h1').parentNode; h.innerHTML += ''; {settled}; }}"
    )
    expect(button(phone)).to_have_text("停一停")
    assert marked(phone.page) == told(phone.page)[0]
    phone.page.evaluate(
        f"{{ document.querySelector('main').innerHTML = '<p>别的。</p>'; {settled}; }}"
    )
    expect(button(phone)).to_have_text("朗读")
    assert not phone.page.evaluate("isSpeaking()")


@pytest.mark.parametrize("langs", [[], ["en-US"], ["ja-JP"]], ids=str)
def test_without_a_chinese_voice_nothing_is_offered(scene: Scene, langs: list[str]) -> None:
    phone = scene.phone()
    give_voice(phone.page, *langs)
    phone.see("/")
    phone.has_scripts()
    expect(button(phone)).to_be_hidden()


AT_REST = """new Promise((done) => setTimeout(  // after what scripts do on `pageshow`
  () => done(document.querySelector("main").innerHTML), 50))"""
REST = """() => {
  const marks = [];
  while (isSpeaking()) {
    const lit = [...document.querySelectorAll("mark.said")];
    const now = lit.map((mark) => mark.textContent).join("").trim();
    if (now !== told[told.length - 1]) marks.push(`${now} / ${told[told.length - 1]}`);
    finish();
  }
  return marks;
}"""


def read_aloud(tour: Tour, page: Page, stop: Stop) -> list[str]:
    tour.go(page, stop)
    expect(page.locator("[data-read]")).to_be_visible()
    before = page.evaluate(AT_REST)
    page.locator("[data-read]").click()
    page.wait_for_function("told.length > 0")
    faults = [f"{stop.path}: {one}" for one in page.evaluate(REST)]
    whole = "".join("".join(told(page)).split())
    for heading in page.locator("main h1:not(.away)").all_inner_texts():
        if "".join(heading.split()) not in whole:
            faults.append(f"{stop.path}: the heading is not read: {heading}")
    if page.locator("main").inner_html() != before:
        faults.append(f"{stop.path}: reading changed the page")
    return faults


@pytest.mark.long
def test_every_page_for_residents_can_be_read_aloud(tour: Tour, chromium: Browser) -> None:
    page = chromium.new_page(locale="zh-CN")
    give_voice(page, "zh-CN")
    stops = [stop for stop in tour.of("resident") if not stop.path.startswith("/desk/")]
    found = [fault for stop in stops for fault in read_aloud(tour, page, stop)]
    page.close()
    assert found == []
