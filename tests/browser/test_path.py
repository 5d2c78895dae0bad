"""The whole path, as it should be and without scripts; and what scripts do, whatever the CDN does.

With `--long` the whole path is walked with the CDN dead and hanging, too.
"""

from collections.abc import Iterator
from pathlib import Path as Folder
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.ballots.stage import WHILE_OPEN
from tests.browser import cdns
from tests.browser.conftest import Clock, serving
from tests.browser.path import WITHIN_3_S, Path
from tests.browser.scene import Scene, make_scene
from tests.browser.window import Window
from tests.world import AT

pytestmark = pytest.mark.browser

WAYS = [
    pytest.param((cdns.working, True), id="as it should be"),
    pytest.param((cdns.dead, False), id="without scripts"),
    pytest.param((cdns.dead, True), id="the CDN is dead", marks=pytest.mark.long),
    pytest.param((cdns.hanging, True), id="the CDN hangs", marks=pytest.mark.long),
]


@pytest.fixture(params=WAYS)
def path(
    request: pytest.FixtureRequest, tmp_path: Folder, chromium: Browser, moving_clock: Clock
) -> Iterator[Path]:
    """A walk that is about to begin."""
    found, script = request.param
    with found() as cdn, serving(tmp_path, chromium, cdn=cdn) as served:
        yield Path(served, moving_clock, script=script)


def test_from_the_code_on_the_wall_to_the_result_on_the_wall(path: Path) -> None:
    path.organizer_asks()
    path.resident_answers(path.clerk_prints())
    path.residents_speak()
    path.clerk_sorts()
    path.organizer_makes_the_menu()
    path.organizer_opens_the_ballot()
    path.households_vote()
    path.one_changes_its_mind()
    path.one_mistypes()
    path.one_votes_on_paper()
    path.time_passes()
    path.staff_seal_and_publish()
    path.result_agrees()
    path.nothing_amiss()


@pytest.fixture(params=[cdns.dead, cdns.hanging], ids=["dead", "hanging"])
def lame(
    request: pytest.FixtureRequest, tmp_path: Folder, chromium: Browser, moving_clock: Clock
) -> Iterator[Scene]:
    """A courtyard in full swing, and a CDN that is of no use."""
    moving_clock.move(WHILE_OPEN - AT)
    with request.param() as cdn, serving(tmp_path, chromium, cdn=cdn) as served:
        yield make_scene(served)
        assert served.complaints == []
        assert served.hosts == {urlsplit(served.address).netloc, urlsplit(cdn).netloc}


def test_a_cdn_that_is_of_no_use_takes_nothing_from_phone_and_wall(lame: Scene) -> None:
    wall = Window(lame.served.wall(), touch=False)
    wall.see(f"/screen/{lame.ballot}")
    turnout = wall.page.locator(".turnout b")
    expect(turnout).to_have_text("0")
    wall.page.evaluate("window.stands = 'here all the time'")
    phone = lame.phone(household=0)
    phone.follow("去点单")
    phone.heads("您家想先改什么")
    phone.has_htmx()
    phone.tick("Drains")
    expect(phone.page.locator(".tally")).to_contain_text("已选 1 项")
    phone.press("看一遍再交")
    phone.press("没错，交上")
    phone.heads("收到了")
    expect(turnout).to_have_text("1", timeout=WITHIN_3_S)
    assert wall.page.evaluate("window.stands") == "here all the time"


def test_a_cdn_that_is_of_no_use_takes_no_key_from_the_desk(lame: Scene) -> None:
    desk = lame.desktop()
    desk.see(f"/desk/courtyard/{lame.world.courtyard}/ledger")
    desk.reads("没归类：还有 4 条")
    desk.has_htmx()
    desk.page.keyboard.press("x")
    desk.reads("没归类：还有 3 条")
    desk.see(f"/desk/questionnaire/{lame.questionnaire}/key-in")
    desk.heads("录答卷")
    desk.has_htmx()
    desk.page.keyboard.press("Enter")
    expect(desk.page.locator("[data-key]").first).to_be_focused()
