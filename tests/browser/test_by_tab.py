"""The Tab key: what the walk finds amiss, past the head of a page at once, and all the way back.

(Every page is walked by Tab in `tests/browser/test_manners_in_browser.py`.)
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.scene import Scene
from tests.browser.tabs import by_tab, reached
from tests.browser.test_manners_in_browser import RULER, page_alone

pytestmark = pytest.mark.browser

__all__ = ["page_alone"]
RING = "<style>:focus-visible {outline: 3px solid #000; outline-offset: 3px}</style>"
LINKS = f"{RING}<p><a href=x>A</a></p><p><a href=y>B</a></p>"
STUCK = f"{LINKS}<input onkeydown='event.preventDefault()'>"


@pytest.mark.parametrize(
    ("told", "bad"),
    [
        ("jumps ahead", f"{LINKS}<p><a href=z tabindex=2>C</a></p>"),
        (
            "comes after what stands below it",
            f"<p style='margin-top:200px'>{LINKS}<a href=z style='position:absolute;top:0'>C</a>",
        ),
        ("shows no ring", f"{LINKS}<style>a:focus {{outline: none}}</style>"),
        ("shows no ring", f"{LINKS}<style>a:focus {{outline: 3px solid #eee}}</style>"),
        ("ring cut off", f"<div style='overflow:hidden;width:9px;height:9px'>{LINKS}</div>"),
        ("is covered", f"{LINKS}<p style='position:fixed;inset:-20px;background:#fff'>over</p>"),
        ("never reached", f"{LINKS}<button tabindex=-1>C</button>"),
        ("never comes round", STUCK),
        ("does not let Tab go on", STUCK),
    ],
)
def test_the_walk_finds_what_is_amiss(page_alone: Page, told: str, bad: str) -> None:
    page_alone.set_content(f"<!doctype html>{bad}")
    page_alone.evaluate(RULER)
    assert told in " / ".join(by_tab(page_alone))


def test_the_walk_finds_nothing_where_all_is_well(page_alone: Page) -> None:
    kinds = "<input type=radio name=r aria-label=1><input type=radio name=r aria-label=2>"
    page_alone.set_content(
        f"<!doctype html>{LINKS}{kinds}<form>{kinds}<input type=date><textarea></textarea></form>"
        "<details><summary>More</summary><a href=z>C</a></details><button disabled>D</button>"
    )
    page_alone.evaluate(RULER)
    assert by_tab(page_alone) == []


def test_two_keys_lead_past_the_head_of_a_page(scene: Scene) -> None:
    phone, desk = scene.phone(household=1), scene.desktop()
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    for window in (phone, desk):
        window.has_scripts()
        window.page.keyboard.press("Tab")
        expect(window.page.get_by_role("link", name="跳到正文")).to_be_focused()
        window.page.keyboard.press("Enter")
        window.page.keyboard.press("Tab")
        expect(window.page.locator("main :focus")).to_have_count(1)


def test_the_way_back_is_the_way_there(scene: Scene) -> None:
    phone, desk = scene.phone(household=2), scene.desktop("organizer")
    phone.see(f"/v/{scene.ballot}")
    desk.see(f"/desk/courtyard/{scene.world.courtyard}/ledger")
    for window in (phone, desk):
        window.has_scripts()
        window.page.evaluate(RULER)
        there = reached(window.page)
        assert reached(window.page, key="Shift+Tab") == there[::-1]
