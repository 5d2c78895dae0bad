"""A host's phone and the wall in a real browser: followed within a second, cut off, found again."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from surveys.base.db import db
from surveys.meetings import service
from tests.browser.tour import Tour, touring
from tests.house.grounds import Grounds, grounds

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 360, "height": 780}
WALL: ViewportSize = {"width": 1920, "height": 1080}
WITHIN_S = 1.0
"""in which the wall follows"""
SIGN_MS = 15_000


@contextmanager
def held(house: Grounds, chromium: Browser) -> Iterator[tuple[Page, Page]]:
    """The remote on a phone, and the wall."""
    with touring(house) as tour:
        phone, wall = _taken(tour, chromium), chromium.new_context(viewport=WALL).new_page()
        wall.goto(f"{tour.address}/wall/{house.values['meeting_id']}")
        try:
            yield phone, wall
        finally:
            phone.context.close()
            wall.context.close()


def _taken(tour: Tour, chromium: Browser) -> Page:
    phone = chromium.new_context(viewport=PHONE, locale="zh-CN").new_page()
    phone.goto(f"{tour.address}/remote/{tour.house.values['token']}")
    phone.get_by_role("button", name="我来主持").click()
    expect(phone.locator("#remote")).to_be_visible()
    return phone


def _tap(phone: Page, do: str) -> None:
    phone.locator(f"#remote button[value='{do}']").click()


def test_the_wall_follows_and_both_live_through_a_cut(chromium: Browser, tmp_path: Path) -> None:
    with grounds(tmp_path) as house, held(house, chromium) as (phone, wall):
        wall.wait_for_function("'htmx' in window")
        took = []
        for do, picture in (
            ("show:code", "code"),
            ("show:agenda", "agenda"),
            ("count:3", "countdown"),
        ):
            expect(phone.locator(f"#remote button[value='{do}']")).to_be_enabled()
            begun = time.monotonic()
            _tap(phone, do)
            expect(wall.locator(f"#board.show-{picture}")).to_be_visible()
            took.append(time.monotonic() - begun)
            expect(phone.locator("#remote .htmx-request")).to_have_count(0)
        assert sorted(took)[1] <= WITHIN_S, took

        for window in (phone, wall):
            window.context.set_offline(True)
        _tap(phone, "show:blank")
        expect(phone.locator("#lost")).to_be_visible()
        for window in (phone, wall):
            expect(window.locator("[data-cut]")).to_be_visible(timeout=SIGN_MS)
        expect(wall.locator("#board.show-countdown")).to_be_visible()

        for window in (phone, wall):
            window.context.set_offline(False)
            expect(window.locator("[data-cut]")).to_be_hidden(timeout=SIGN_MS)
        _tap(phone, "show:blank")
        expect(wall.locator("#board.show-blank")).to_be_visible()
        expect(phone.locator("#lost")).to_be_hidden()
        with house.app.app_context():
            assert service.find(house.values["meeting_id"]).picture.value == "blank"
            db.session.remove()
