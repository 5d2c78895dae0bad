"""After htmx exchanged a part, the focus is where one goes on, and what happened is said."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.scene import Scene
from tests.browser.tabs import by_tab
from tests.browser.test_manners_in_browser import RULER, axe
from tests.browser.test_remote import held
from tests.browser.tour import Stop, touring
from tests.house.grounds import Grounds, grounds

pytestmark = pytest.mark.browser

HEARD = "body > [role=status].away"
"""what a screen reader says by itself"""


def focused(page: Page) -> str:
    """The words of what has the focus; empty where nothing has."""
    return str(
        page.evaluate(
            "document.activeElement === document.body ? '' : "
            "document.activeElement.textContent.trim() || document.activeElement.id"
        )
    )


def is_well_made(page: Page) -> None:
    """The part that came in is as accessible as the page was."""
    page.evaluate(RULER)
    assert axe(page, enhanced=False) == []
    assert by_tab(page) == []


def test_the_ledger_keeps_the_focus_when_a_sentence_is_set_aside(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    button = desk.page.locator("[data-key='x']")
    button.focus()
    words = focused(desk.page)
    left = desk.text("#un")
    desk.key("Enter")
    expect(desk.page.locator("#un")).not_to_have_text(left)
    desk.rests()
    assert focused(desk.page) == words
    expect(desk.page.locator(HEARD)).to_contain_text("刚才")
    is_well_made(desk.page)


def test_a_fault_in_the_ledger_takes_the_focus_to_itself(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    desk.key("n")
    title = desk.page.get_by_label("诉求的名字")
    expect(title).to_be_focused()
    title.evaluate("field => { field.required = false; }")
    title.fill("")
    desk.key("Enter")
    expect(desk.page.locator("main .fault, main .errors").first).to_be_visible()
    desk.rests()
    assert focused(desk.page)
    expect(desk.page.locator(HEARD)).not_to_be_empty()
    is_well_made(desk.page)


def test_the_editor_with_a_fault_is_as_well_made_as_without(scene: Scene) -> None:
    desk = scene.desktop("organizer")
    desk.see(f"/desk/questionnaire/{scene.questionnaire}/edit?open=q1")
    desk.has_scripts()
    title = desk.page.locator("#title")
    title.fill("")
    desk.key("Enter")
    expect(desk.page.locator("#title-fault")).to_be_visible()
    desk.rests()
    expect(title).to_be_focused()
    expect(desk.page.locator(HEARD)).not_to_be_empty()
    assert axe(desk.page, enhanced=False) == []


def test_a_keyed_sheet_that_is_refused_says_so_and_starts_where_one_mends(scene: Scene) -> None:
    desk = scene.desktop()
    desk.see(f"/desk/questionnaire/{scene.questionnaire}/key-in")
    desk.has_scripts()
    desk.page.get_by_role("button", name="存好，录下一份").press("Enter")
    summary = desk.page.locator(".errors[role=alert]")
    expect(summary).to_be_visible()
    assert focused(desk.page)
    link = summary.locator("a").first
    if link.count():
        expect(desk.page.locator(str(link.get_attribute("href")))).to_have_count(1)
    is_well_made(desk.page)


def test_a_look_at_the_ballot_that_is_refused_is_as_well_made(scene: Scene) -> None:
    phone = scene.phone(household=20)
    phone.follow("去点单")
    phone.press("看一遍再交")
    summary = phone.page.locator(".errors[role=alert]")
    expect(summary).to_be_visible()
    phone.has_scripts()
    phone.page.evaluate(RULER)
    assert axe(phone.page, enhanced=True) == []
    assert by_tab(phone.page) == []


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grounds]:
    """The demonstration, with a meeting that is on, to press what one likes."""
    with grounds(tmp_path_factory.mktemp("pressed")) as found:
        yield found


def test_the_remote_keeps_the_focus_on_what_was_pressed(house: Grounds, chromium: Browser) -> None:
    with held(house, chromium) as (phone, _wall):
        phone.wait_for_function("'htmx' in window")
        phone.locator("#remote button[value='show:agenda']").press("Enter")
        pressed = phone.locator("#remote button[value='show:agenda'][aria-pressed]")
        expect(pressed).to_be_focused()
        expect(phone.locator("#remote .htmx-request")).to_have_count(0)
        expect(phone.locator(HEARD)).not_to_be_empty()
        phone.evaluate(RULER)
        assert axe(phone, enhanced=True) == []


@pytest.mark.parametrize(
    ("address", "agree"), [("/m/{meeting_id}", "我也是"), ("/needs/{code}", "我家也是")]
)
def test_who_agrees_by_keyboard_may_take_it_back_with_the_next_key(
    house: Grounds, chromium: Browser, address: str, agree: str
) -> None:
    path = address.format(**house.values, code=house.codes["needs.everybody"])
    with touring(house) as tour, chromium.new_context(locale="zh-CN") as context:
        phone = context.new_page()
        tour.go(phone, Stop(path, "resident", "resident"))
        phone.wait_for_function("'htmx' in window")
        row = phone.locator("li[id]", has=phone.get_by_role("button", name=agree)).nth(1)
        button = phone.locator(f"#{row.get_attribute('id')}").get_by_role("button")
        button.press("Enter")
        expect(button).to_contain_text("收回")
        expect(button).to_be_focused()
        expect(phone.locator(HEARD)).not_to_be_empty()
        button.press("Enter")
        expect(button).to_contain_text(agree)
        expect(button).to_be_focused()
