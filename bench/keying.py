"""Filled sheets of paper keyed in at the desk: a real Chromium, the keyboard alone."""

import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median
from time import perf_counter

from flask.sessions import SecureCookieSessionInterface
from playwright.sync_api import Page, sync_playwright

from bench import figures, phones, seed
from bench.figures import Figure
from bench.house import House
from surveys.accounts.models import Role
from surveys.accounts.rules import RoleKind
from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards.models import Household
from surveys.questionnaires import received, rules, service
from surveys.questionnaires.rules import Choice, Question
from tests.find_browser import on_this_machine

NAME = "keying"
MOST_S = 10
SHEETS = 50
KEY_MS = 200  # a key of an average skilled typist: the keystroke-level model, Card et al. 1980
FLAGS = ("--no-sandbox", "--disable-gpu")


def _choices(number: int) -> tuple[Choice, ...]:
    return tuple(Choice(f"c{n}", f"第 {n} 样") for n in range(1, number + 1))


def _question(number: int, kind: str, choices: int = 0, **more: object) -> Question:
    asked = f"q{number}"
    return Question(asked, kind, f"第 {number} 件事", choices=_choices(choices), **more)  # type: ignore[arg-type]


QUESTIONS = (
    _question(1, "single", 4, required=True),
    _question(2, "single", 6),
    _question(3, "several", 9, most=3),
    _question(4, "several", 12, most=3),
    _question(5, "rank", 6, most=3),
    _question(6, "scale", 5),
    _question(7, "scale", 5),
    _question(8, "yesno", 2),
    _question(9, "dropdown", 4),
    _question(10, "matrix", 3, rows=_choices(4)),
    _question(11, "number", lowest="0", highest="200", unit="元"),
    _question(12, "long"),
)
"""twelve, as on paper: words are on every fifth sheet only"""


@dataclass(frozen=True, slots=True)
class Stage:
    """The questionnaire, the clerk's cookie and the doors of the sheets."""

    questionnaire_id: str
    cookie: str
    doors: Sequence[str]


def measure(house: House) -> list[Figure]:
    """Seconds and keys a sheet, from the first key to the next empty sheet.

    The script types as fast as the page takes it, and the time that a person needs for the keys
    is added: no less than a person at that speed would take, since then the page works meanwhile.
    It is measured once, on SQLite: the database does not matter to it.
    """
    if house.database != "sqlite":
        return []
    stage = _stage(house)
    lots = random.Random(5)
    sheets = [typed(door, n, lots) for n, door in enumerate(stage.doors)]
    with _window(house.product.port, stage) as page:
        waited = [_key_in(page, sheet) for sheet in sheets]
    with house.database_open():
        kept = received.responses_count(stage.questionnaire_id)[0]
    if kept != SHEETS:
        raise RuntimeError(f"{kept} of {SHEETS} sheets were kept")
    return _figures(sheets, waited)


def _figures(sheets: Sequence[Sequence[str]], waited: Sequence[float]) -> list[Figure]:
    keys = [sum(len(text) + 1 for text in sheet) + 1 for sheet in sheets]
    every = [s + n * KEY_MS / 1000 for s, n in zip(waited, keys, strict=True)]
    numbers = [s for s, sheet in zip(every, sheets, strict=True) if not sheet[-1]]
    words = [s for s, sheet in zip(every, sheets, strict=True) if sheet[-1]]
    target, details = figures.at_most(MOST_S), {"key_ms": KEY_MS, "sheets": len(sheets)}
    return [
        Figure(NAME, "a sheet of 12 questions, median", median(every), "s", "", target, details),
        Figure(NAME, "the slowest without words", max(numbers), "s", "", target),
        Figure(NAME, "the slowest with words", max(words), "s"),
        Figure(NAME, "keys a sheet, median, the last Enter included", median(keys), "keys"),
        Figure(NAME, "waiting for the page, a sheet, median", median(waited), "s"),
        Figure(NAME, "waiting for the page, a sheet, longest", max(waited), "s"),
    ]


def typed(door: str, number: int, lots: random.Random) -> list[str]:
    """What stands on one sheet, field by field in its order."""
    numbers = lots.sample(range(1, 7), 3)
    return [
        door,
        str(lots.randint(1, 4)),
        str(lots.randint(1, 6)),
        "".join(map(str, numbers)),
        f"{lots.randint(1, 9)} {lots.randint(10, 12)}",
        "".join(map(str, numbers)),
        str(lots.randint(1, 5)),
        str(lots.randint(1, 5)),
        str(lots.randint(1, 2)),
        str(lots.randint(1, 4)),
        "".join(str(lots.randint(0, 3)) for _row in range(4)),
        str(lots.randint(1, 20) * 10),
        "deng bu liang" if number % 5 == 0 else "",
    ]


def _key_in(page: Page, fields: Sequence[str]) -> float:
    """Type one sheet; how many seconds the browser and the server took over it."""
    begun = perf_counter()
    for text in fields:
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement && document.activeElement.id === 'door'")
    return perf_counter() - begun


@contextmanager
def _window(port: int, stage: Stage) -> Iterator[Page]:
    """A desktop with the clerk signed in, at an empty sheet."""
    base = f"http://127.0.0.1:{port}"
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=on_this_machine(), args=[*FLAGS])
        context = chromium.new_context(base_url=base, locale="zh-CN")
        context.route("**/*", lambda to: to.continue_() if base in to.request.url else to.abort())
        context.add_cookies([{"name": phones.COOKIE, "value": stage.cookie, "url": base}])
        page = context.new_page()
        page.goto(f"/desk/questionnaire/{stage.questionnaire_id}/key-in")
        yield page
        chromium.close()


def _stage(house: House) -> Stage:
    with house.database_open():
        seeded = seed.seed(SHEETS)
        role = Role(account_id=seeded.account_id, place_id=seeded.courtyard_id)
        role.kind = RoleKind.CLERK
        db.session.add(role)
        questionnaire = seed.open_questionnaire(seeded)
        version = service.find(questionnaire.id).version
        version.questions = rules.write_questions(QUESTIONS)
        version.digest = rules.digest(QUESTIONS)
        homes = [db.session.get_one(Household, one) for one in seeded.households]
        doors = [f"{home.building}-{home.stairwell}-{home.room}" for home in homes]
        db.session.commit()
        serializer = SecureCookieSessionInterface().get_signing_serializer(house.place.app)
        if serializer is None:
            raise ValueError("the app has no secret")
        signed_in = {"account": [seeded.account_id, 0, int(clock.now().timestamp())]}
        return Stage(questionnaire.id, str(serializer.dumps(signed_in)), doors)
