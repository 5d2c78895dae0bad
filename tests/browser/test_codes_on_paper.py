"""What is printed can be scanned: posters and slips photographed from a real browser."""

import io
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, Page

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import codes, service, slips
from surveys.courtyards.models import Household
from surveys.web import config_of
from tests.browser.conftest import Served, serving
from tests.world import World, make_world

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def paper(
    chromium: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Served, World]]:
    folder: Path = tmp_path_factory.mktemp("paper")
    with serving(folder, chromium, cdn="") as served:
        with served.app.app_context():
            world = make_world()
            courtyard = service.find(world.courtyard)
            slips.ensure_codes(courtyard, config_of().secret, clock.now())
            db.session.remove()
        yield served, world


def sign_in(served: Served, page: Page, account_id: str) -> None:
    """Give the window a signed session, without the form."""
    held = served.app.session_interface.get_signing_serializer(served.app)  # type: ignore[attr-defined]
    session = held.dumps({"account": [account_id, 0, int(clock.now().timestamp())]})
    page.context.add_cookies([{"name": "stool", "value": session, "url": served.address}])


def scanned(picture: bytes) -> set[str]:
    return {found.text for found in zxingcpp.read_barcodes(Image.open(io.BytesIO(picture)))}


@pytest.mark.parametrize("script", [True, False])
def test_the_poster_leads_a_phone_to_the_courtyard(
    paper: tuple[Served, World], script: bool
) -> None:
    served, world = paper
    page = served.desktop(script=script)
    sign_in(served, page, world.accounts["clerk"])
    page.goto(f"/desk/courtyard/{world.courtyard}/poster")
    (found,) = scanned(page.screenshot(full_page=True))
    assert found == f"{served.address}/c/{world.code}".upper()
    phone = served.phone(script=script)
    phone.goto(found)
    assert phone.url == f"{served.address}/c/{world.code}"


def test_poster_and_slips_fit_their_sheets(paper: tuple[Served, World]) -> None:
    served, world = paper
    page = served.desktop()
    sign_in(served, page, world.accounts["clerk"])
    page.goto(f"/desk/courtyard/{world.courtyard}/poster")
    assert _sheets(page) == 1
    _print_everything(page, world)
    assert _sheets(page) == 3  # 24 slips, eight a sheet
    over = page.locator(".slip").evaluate_all(
        "slips => slips.filter(s => s.scrollHeight > s.clientHeight + 1"
        " || s.scrollWidth > s.clientWidth + 1).length"
    )
    assert over == 0


def test_every_slip_on_a_sheet_opens_its_own_household(paper: tuple[Served, World]) -> None:
    served, world = paper
    page = served.desktop()
    sign_in(served, page, world.accounts["clerk"])
    _print_everything(page, world)
    found = scanned(page.locator(".a4").first.screenshot())
    with served.app.app_context():
        homes = [db.session.get_one(Household, one) for one in world.households[:8]]
        longs = [slips.household_code(home, config_of().secret)[0] for home in homes]
        db.session.remove()
    assert found == {f"{served.address}/H/{long}".upper() for long in longs}


@pytest.mark.parametrize("script", [True, False])
def test_a_slip_typed_wrong_then_right_makes_the_phone_speak_for_its_household(
    paper: tuple[Served, World], script: bool
) -> None:
    served, world = paper
    with served.app.app_context():
        home = db.session.get_one(Household, world.households[3])
        _long, short = slips.household_code(home, config_of().secret)
        db.session.remove()
    wrong = short[:4] + ("2" if short[4] != "2" else "3") + short[5:]
    phone = served.phone(script=script)
    phone.goto(f"/c/{world.code}/door")
    phone.fill("#code", codes.grouped(wrong).lower())
    phone.tap("main .button.main")
    assert "有一个字看错了" in phone.inner_text(".errors")
    assert phone.input_value("#code") == codes.grouped(wrong).lower()
    fits = phone.locator("#code").evaluate("box => box.scrollWidth <= box.clientWidth")
    assert fits, "the whole code stays in sight"
    phone.fill("#code", short)
    phone.tap("main .button.main")
    phone.wait_for_url("**/h/*")
    assert "1 号楼 1 单元 104" in phone.inner_text("h1")
    phone.tap("main .button.main")
    phone.wait_for_url(f"**/c/{world.code}")
    assert "1 号楼 1 单元 104" in phone.inner_text("main")


def test_a_reprint_signs_the_old_phone_out(paper: tuple[Served, World]) -> None:
    served, world = paper
    with served.app.app_context():
        home = db.session.get_one(Household, world.households[23])
        long, _short = slips.household_code(home, config_of().secret)
        db.session.remove()
    phone = served.phone()
    phone.goto(f"/h/{long}")
    phone.tap("main .button.main")
    phone.wait_for_url(f"**/c/{world.code}")
    with served.app.app_context():
        service._guard_slips_until(world.courtyard, clock.now() + timedelta(hours=1))
        courtyard = service.find(world.courtyard)
        home = db.session.get_one(Household, world.households[23])
        clerk, supervisor = world.accounts["clerk"], world.accounts["supervisor"]
        now = clock.now()
        wish = slips.ask_reprint(courtyard, home, "丢了", by=clerk, at=now)
        slips.grant_reprint(wish, secret=config_of().secret, by=supervisor, at=now)
        courtyard.slips_guarded_until = None
        db.session.commit()
        db.session.remove()
    phone.reload()
    assert "这部手机还没认门" in phone.inner_text("main")
    phone.goto(f"/h/{long}")
    assert "这张条子换过新的了" in phone.inner_text("main")


def _print_everything(page: Page, world: World) -> None:
    page.goto(f"/desk/courtyard/{world.courtyard}/slips")
    page.click("[name=all]")
    page.wait_for_selector(".slip")


def _sheets(page: Page) -> int:
    return len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True)))
