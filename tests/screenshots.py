"""Take the pictures of docs/screenshots again: `.venv/bin/python -m tests.screenshots [name …]`.

The demonstration is loaded into a folder of its own and served; phones are photographed at 360×780
over their whole length, the desk at 1366×768, the wall at 1920×1080, paper sheet by sheet. Where
names are given, only those pictures are taken anew.
"""

import logging
import sys
import tempfile
from collections.abc import Collection, Iterator
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from sqlalchemy import select, update

from surveys.ballots import asking
from surveys.base.db import db
from surveys.config import ROOT
from surveys.courtyards import service as courtyards
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard
from surveys.questionnaires.models import Response
from surveys.web import config_of
from tests.browser.conftest import DESK, FLAGS, PHONE, WALL, chromium_path
from tests.browser.tour import Stop, Tour, touring
from tests.camera import of_few_colours, window
from tests.house.grounds import Grounds, grounds
from tests.shots import shots

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 64
WANTED: set[str] = set()
"""names of the pictures to take; every picture where it is empty"""
PAPER = {"width": 900, "height": 1200}


def main(names: Collection[str]) -> None:
    """Take every picture, or those of `names`, and write the list of all."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    WANTED.update(names)
    for old in FOLDER.glob("*.png"):
        if _is_wanted(old.stem):
            old.unlink()
    with tempfile.TemporaryDirectory() as folder, grounds(Path(folder)) as house:
        slip = _prepared(house)
        with touring(house) as tour, sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            taken = [*_walk(tour, chromium, slip), *_round(tour, chromium)]
            taken.append(_new_courtyard(tour, chromium))
            chromium.close()
    lines = [f"| [{name}.png]({name}.png) | {shows} |" for name, shows in taken]
    (FOLDER / "README.md").write_text(HEAD + "\n".join(lines) + "\n", "utf-8")


HEAD = """# What it looks like

Pictures of the demonstration, taken by `.venv/bin/python -m tests.screenshots`.
Everything in them is made up. The walls of a meeting have a list of their own:
[walls](walls/README.md).

| picture | what it shows |
|---|---|
"""


def _prepared(house: Grounds) -> str:
    """The address of a slip of a household not heard of yet; slips may be printed again."""
    with house.app.app_context():
        db.session.execute(update(Courtyard).values(slips_guarded_until=None))
        db.session.commit()
        ballot = asking.find(house.values["ballot_id"])
        roll = courtyards.households_of(house.values["courtyard_id"])
        answered = set(db.session.scalars(select(Response.household_id)))
        door = next(
            home
            for home in roll
            if home.id not in answered and not asking.standing(ballot, home).entries
        )
        long, _short = slips.household_code(door, config_of().secret)
        db.session.remove()
    return f"/h/{long}"


# --- one household, from its slip to its receipts -------------------------------------------------


class Walk:
    """A phone on its way; every picture is kept under its name and told."""

    def __init__(self, tour: Tour, chromium: Browser) -> None:
        self.page = window(chromium, PHONE)
        self.address = tour.address
        self.taken: list[tuple[str, str]] = []

    def see(self, path: str) -> None:
        """Open an address."""
        self.page.goto(self.address + path)

    def press(self, name: str) -> None:
        """Press a button, and see what comes next."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name, exact=True).click()

    def tick(self, *names: str) -> None:
        """Tick or untick; choose an answer."""
        for name in names:
            box = self.page.get_by_role("checkbox", name=name)
            box.or_(self.page.get_by_role("radio", name=name)).click()

    def picture(self, name: str, shows: str, *, whole: bool = True) -> None:
        """The page over its whole length, or what the phone shows of it now."""
        self.page.wait_for_load_state("networkidle")
        _keep(self.page.screenshot(full_page=whole), f"phone-{name}")
        self.taken.append((f"phone-{name}", shows))


def _walk(tour: Tour, chromium: Browser, slip: str) -> list[tuple[str, str]]:
    walk = Walk(tour, chromium)
    walk.see(slip)
    walk.picture("slip", "A household's slip was scanned: is this your home?")
    walk.press("是我家")
    walk.picture("courtyard", "Behind the code on the wall: where the round stands, what is open")
    walk.press("大字")
    walk.picture("big-letters", "The same in big letters")
    walk.press("小字")
    _pick(walk, tour.house.values["ballot_id"])
    _answer(walk, tour.house.values["questionnaire_id"])
    walk.page.context.close()
    return walk.taken


def _pick(walk: Walk, ballot: str) -> None:
    walk.see(f"/v/{ballot}")
    walk.tick("下水道改造", "楼道照明", "电动自行车充电棚")
    walk.page.locator("#k1").evaluate("part => part.scrollIntoView()")
    walk.picture("ballot", "The menu: three items picked, the line below adds up", whole=False)
    walk.tick("供水管网", "老年食堂")
    walk.press("看一遍再交")
    walk.picture("ballot-over", "Too much for the budget: what is wrong, in words", whole=False)
    walk.tick("供水管网", "老年食堂")
    walk.press("看一遍再交")
    walk.picture("ballot-look", "A look back before it is sent")
    walk.press("没错，交上")
    walk.picture("receipt", "The receipt: what it proves, what it does not show")


def _answer(walk: Walk, questionnaire: str) -> None:
    walk.see(f"/q/{questionnaire}")
    walk.picture("questionnaire", "A questionnaire: what is kept, who sees it, until when")
    walk.see(f"/q/{questionnaire}/1")
    walk.tick("看过，没太看懂")
    walk.picture("question", "One question a screen")
    walk.press("下一题")
    walk.tick("知道一点")
    walk.press("下一题")
    walk.tick("基本支持但需优化")
    walk.press("下一题")
    walk.picture("question-words", "A question that is answered in words")
    walk.see(f"/q/{questionnaire}/look")
    walk.picture("questionnaire-look", "All answers for a look back")
    walk.press("没错，交上")
    walk.picture("answered", "Received: the number of the response")


# --- everything else ------------------------------------------------------------------------------


def _round(tour: Tour, chromium: Browser) -> Iterator[tuple[str, str]]:
    sizes = {"phone": PHONE, "wall": WALL, "desk": DESK, "paper": PAPER}
    pages = {kind: window(chromium, size) for kind, size in sizes.items()}
    for shot in shots(tour.house.values, tour.house.codes):
        kind = shot.name.partition("-")[0]
        page = pages[kind]
        tour.go(page, shot.stop)
        page.wait_for_load_state("networkidle")
        _keep(_picture(page, kind), shot.name)
        yield shot.name, shot.shows


def _new_courtyard(tour: Tour, chromium: Browser) -> tuple[str, str]:
    """What is looked at before a courtyard is made; it is not made."""
    page = window(chromium, DESK)
    tour.go(page, Stop("/desk/courtyard/new", "organizer", "desk"))
    page.get_by_label("楼院的名字").fill("槐树里 5 号院")
    page.get_by_label("有哪些门牌").fill("1-2 号楼 2 单元 6 层 每层 2 户\n3 号楼 6 层 每层 4 户")
    with page.expect_navigation():
        page.get_by_role("button", name="建好", exact=True).click()
    page.locator("#yard").select_option(tour.house.values["courtyard_id"])
    _keep(page.screenshot(), "desk-new-courtyard")
    return "desk-new-courtyard", "A new courtyard: its doors, told in words, before it is made"


def _picture(page: Page, kind: str) -> bytes:
    """The whole length of a phone's page, one screen of the others, the first sheet of paper."""
    if kind == "paper":
        return page.locator(".a4, .fill-in").first.screenshot()
    return page.screenshot(full_page=kind == "phone")


def _is_wanted(name: str) -> bool:
    return not WANTED or name in WANTED


def _keep(picture: bytes, name: str) -> None:
    if _is_wanted(name):
        of_few_colours(picture, COLOURS).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(sys.argv[1:])
