"""Take the pictures of docs/screenshots again: `.venv/bin/python -m tests.screenshots`.

The demonstration is loaded into a folder of its own and served; phones are photographed at 360×780
over their whole length, the desk at 1366×768, the wall at 1920×1080, paper sheet by sheet.
"""

import io
import logging
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
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
from tests.house.grounds import Grounds, grounds

FOLDER = ROOT / "docs" / "screenshots"
COLOURS = 64
PAPER = {"width": 900, "height": 1200}


@dataclass(frozen=True)
class Shot:
    """One picture: the name of its file, what it shows, and the stop that it is taken at."""

    name: str
    shows: str
    stop: Stop


def main() -> None:
    """Take every picture and write the list of them."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.png"):
        old.unlink()
    with tempfile.TemporaryDirectory() as folder, grounds(Path(folder)) as house:
        slip = _prepared(house)
        with touring(house) as tour, sync_playwright() as driver:
            chromium = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
            taken = [*_walk(tour, chromium, slip), *_round(tour, chromium)]
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
        self.page = _window(chromium, PHONE)
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
    pages = {kind: _window(chromium, size) for kind, size in sizes.items()}
    for shot in _shots(tour.house.values, tour.house.codes):
        kind = shot.name.partition("-")[0]
        page = pages[kind]
        tour.go(page, shot.stop)
        page.wait_for_load_state("networkidle")
        _keep(_picture(page, kind), shot.name)
        yield shot.name, shot.shows


def _picture(page: Page, kind: str) -> bytes:
    """The whole length of a phone's page, one screen of the others, the first sheet of paper."""
    if kind == "paper":
        return page.locator(".a4, .fill-in").first.screenshot()
    return page.screenshot(full_page=kind == "phone")


def _shots(values: dict[str, str], codes: dict[str, str]) -> Iterator[Shot]:
    yield from _phone(values, codes["resident.courtyard"])
    yield from _wall(values)
    yield from _desk(values)
    yield from _paper(values)


def _phone(values: dict[str, str], code: str) -> Iterator[Shot]:
    ballot, need = f"/v/{values['ballot_id']}", f"/need/{values['need_id']}"
    posted = f"/menu/{values['menu_id']}"
    for name, shows, path, who in (
        ("front", "The first page: type the code of the courtyard", "/", "nobody"),
        (
            "courtyard-stranger",
            "The courtyard's page on a phone without a slip",
            f"/c/{code}",
            "nobody",
        ),
        (
            "menu-stranger",
            "The menu on a phone without a slip: to read, not to pick",
            ballot,
            "nobody",
        ),
        ("door", "Typing what a slip says", f"/c/{code}/door", "nobody"),
        ("voted", "This household has picked: the receipt, or pick anew", ballot, "resident"),
        (
            "entries",
            "Each vote that came for this household, and how",
            f"{ballot}/mine",
            "resident",
        ),
        ("receipt-lookup", "Looking up a receipt", "/r/", "resident"),
        ("say", "A box for whatever one has to say", f"/say/{code}", "resident"),
        (
            "said",
            "What was said has a number",
            f"/say/{code}/{values['suggestion_id']}",
            "resident",
        ),
        ("needs", "What everybody asks for, and 我家也是", f"/needs/{code}", "resident"),
        ("need", "One need: who stands behind it, and where it led to", need, "resident"),
        ("became", "What became of a sentence", f"/s/{values['suggestion_id']}", "resident"),
        ("mine", "All that this household has said", f"/mine/{code}", "resident"),
        ("menu-posted", "A menu posted for comment, and what changed", posted, "resident"),
        (
            "needs",
            "What everybody asks for, and one's own household with them",
            f"/needs/{code}",
            "resident",
        ),
        (
            "need",
            "One need: how many, in whose words, and where it has led to",
            f"/need/{values['need_id']}",
            "resident",
        ),
        (
            "what-became",
            "What became of one suggestion",
            f"/s/{values['suggestion_id']}",
            "nobody",
        ),
        ("what-we-said", "Everything that a household has said", f"/mine/{code}", "resident"),
        (
            "result",
            "The published result, with the reason for each item",
            f"/result/{values['published_id']}",
            "resident",
        ),
        (
            "doors",
            "From door to door: one tap a visit, those not met yet first",
            f"/desk/courtyard/{values['courtyard_id']}/visits",
            "clerk",
        ),
        ("works", "What was chosen, and how far it is", f"/works/{code}", "nobody"),
        ("records", "The public record of a courtyard", f"/record/{code}", "nobody"),
        (
            "record",
            "One ballot's record: rules, totals, the chain in words, how to check it",
            f"/record/{code}/{values['published_id']}",
            "nobody",
        ),
        ("not-found", "No such page", "/no", "nobody"),
    ):
        yield Shot(f"phone-{name}", shows, Stop(path, who, "resident"))


def _wall(values: dict[str, str]) -> Iterator[Shot]:
    for name, shows, path in (
        (
            "code",
            "The big screen: the code, and how many have come in",
            f"/screen/{values['ballot_id']}",
        ),
        (
            "budget",
            "The big screen: the budget fills item by item to the line 到此为止",
            f"/screen/{values['ballot_id']}/bars",
        ),
        ("result", "The big screen: the result, frozen", f"/screen/{values['published_id']}"),
    ):
        yield Shot(f"wall-{name}", shows, Stop(path, "nobody", "wall"))


def _desk(values: dict[str, str]) -> Iterator[Shot]:
    yard = f"/desk/courtyard/{values['courtyard_id']}"
    asked, ballot = (
        f"/desk/questionnaire/{values['questionnaire_id']}",
        f"/desk/ballot/{values['ballot_id']}",
    )
    for name, shows, path, who in (
        ("sign-in", "Signing in", "/desk/sign-in", "nobody"),
        ("courtyard", "A courtyard's page: what to do next", yard, "organizer"),
        ("roll", "The roll of households", f"{yard}/roll", "organizer"),
        (
            "questionnaires",
            "Questionnaires, and the templates for new ones",
            f"{yard}/questionnaires",
            "organizer",
        ),
        ("questionnaire", "One questionnaire", asked, "organizer"),
        (
            "editor",
            "Its questions, the card of one open, a phone beside it",
            f"{asked}/edit?open=q5",
            "organizer",
        ),
        ("versions", "The versions that were asked", f"{asked}/versions", "organizer"),
        ("answers", "What was answered, with its denominators", f"{asked}/answers", "organizer"),
        (
            "cross",
            "Two questions beside each other",
            f"{asked}/cross?of=q3&by=*building",
            "clerk",
        ),
        ("export", "Answers as Excel or CSV", f"{asked}/export", "organizer"),
        ("tags", "Links and posters, and how many came by each", f"{asked}/tags", "organizer"),
        ("copy", "One questionnaire to many courtyards", f"{asked}/copy", "organizer"),
        (
            "from-a-file",
            "A questionnaire made of Excel or of pasted text",
            f"{yard}/questionnaires/file",
            "organizer",
        ),
        ("keyed-answers", "Keying in a filled sheet", f"{asked}/key-in", "clerk"),
        (
            "ledger",
            "The ledger: suggestions on the left, needs on the right",
            f"{yard}/ledger",
            "clerk",
        ),
        ("suggestions", "All suggestions, searched", f"{yard}/suggestions", "clerk"),
        ("needs", "The ledger as a table: who leads, what is overdue", f"{yard}/needs", "clerk"),
        ("catalogue", "The catalogue and its words", "/desk/admin/catalogue", "administrator"),
        ("draft", "A menu drafted out of the ledger", f"{yard}/menus/draft", "organizer"),
        ("need", "One need and who stands behind it", f"/desk/need/{values['need_id']}", "clerk"),
        (
            "menu",
            "A menu: costed items made of needs",
            f"/desk/menu/{values['menu_id']}",
            "organizer",
        ),
        ("ballot", "A ballot while it is open", ballot, "organizer"),
        ("keyed-ballot", "Keying in a paper ballot", f"{ballot}/key-in", "clerk"),
        ("keyed-table", "Keying in a whole table of votes at once", f"{ballot}/table", "clerk"),
        (
            "confirm",
            "A second account confirms what was keyed in",
            f"{ballot}/confirm",
            "supervisor",
        ),
        ("extend", "Putting off the close of a ballot", f"{ballot}/extend", "organizer"),
        (
            "call-back",
            "The households that were drawn to be called back, and what they said",
            f"/desk/ballot/{values['published_id']}/call-back",
            "supervisor",
        ),
        (
            "result",
            "The sealed result at the desk",
            f"/desk/ballot/{values['published_id']}/result",
            "organizer",
        ),
        ("orders", "What was chosen: who accepts it", f"{yard}/orders", "organizer"),
        ("audit", "Who did what", f"{yard}/audit", "organizer"),
    ):
        yield Shot(f"desk-{name}", shows, Stop(path, who, "desk"))


def _paper(values: dict[str, str]) -> Iterator[Shot]:
    yard = f"/desk/courtyard/{values['courtyard_id']}"
    slips_stop = Stop(f"{yard}/slips", "organizer", "paper", ticks=1, press="form .main")
    yield Shot("paper-slips", "Slips, eight on a sheet: one for each household", slips_stop)
    for name, shows, path in (
        ("poster", "The poster for the gate", f"{yard}/poster"),
        ("ballot", "A ballot to fill in by hand", f"/desk/ballot/{values['ballot_id']}/print"),
        ("doors", "The doors to knock at, stairwell by stairwell", f"{yard}/visits/print"),
        (
            "call-back",
            "The households to call back, to be ticked at the door",
            f"/desk/ballot/{values['published_id']}/call-back/print",
        ),
        (
            "questionnaire",
            "A questionnaire to fill in by hand",
            f"/desk/questionnaire/{values['questionnaire_id']}/print",
        ),
    ):
        yield Shot(f"paper-{name}", shows, Stop(path, "organizer", "paper"))


def _window(chromium: Browser, size: dict[str, int]) -> Page:
    context = chromium.new_context(
        viewport={"width": size["width"], "height": size["height"]}, locale="zh-CN"
    )
    context.set_default_timeout(60_000)
    return context.new_page()


def _keep(picture: bytes, name: str) -> None:
    """Write a picture with few colours: there are few in it."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(FOLDER / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main()
