"""A walk around a page by the Tab key, with real presses."""

from pathlib import Path

from playwright.sync_api import Page

TABS = Path(__file__).with_name("tabs.js").read_text("utf-8")
PARTS_OF_DATES = 40
"""more presses than there are controls: Tab goes through a date part by part"""


def walk(page: Page, *, key: str = "Tab") -> None:
    """Press on from the top until the walk comes round; `measure.js` is on the page."""
    page.evaluate(TABS)
    expected = int(page.evaluate("tabs.begin()"))
    for n in range(expected + PARTS_OF_DATES):
        page.keyboard.press(key)
        if n >= expected and page.evaluate("tabs.isRound()"):
            return


def by_tab(page: Page) -> list[str]:
    """What is amiss for whoever goes by Tab, at the size that the window has.

    Tab goes as one reads, reaches every control, stays nowhere and comes round; what it reaches
    shows a ring and is not under something that sticks.
    """
    walk(page)
    return list(page.evaluate("tabs.faults()"))


def reached(page: Page, *, key: str = "Tab") -> list[str]:
    """What the key leads to, in turn."""
    walk(page, key=key)
    return [str(one) for one in page.evaluate("tabs.words()")]
