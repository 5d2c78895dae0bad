"""A tour of the demonstration: every page of the route map, served, and who goes there."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.browser.cdns import free_port
from tests.house.grounds import Grounds

SURFACES = ("resident", "wall", "desk", "paper")
"""classes on the root of a page: what it is made for"""
STAFF = ("organizer", "administrator", "clerk", "supervisor", "nobody")
"""who is tried in turn for a page of the desk; `nobody` may sign in"""


@dataclass(frozen=True)
class Stop:
    """One page: its address, who opens it, and the surface that it is made for."""

    path: str
    who: str
    surface: str
    ticks: int = 0
    """so many boxes are ticked, from the first"""
    press: str = ""
    """and then the button that this selects is pressed: the page is what comes next"""


@dataclass(frozen=True)
class Tour:
    """The demonstration on a port of this machine, and the stops worth making there."""

    house: Grounds
    address: str
    stops: list[Stop]

    def of(self, surface: str) -> list[Stop]:
        """The stops at pages of this surface."""
        return [stop for stop in self.stops if stop.surface == surface]

    def go(self, page: Page, stop: Stop) -> None:
        """Open the page as the visitor that it is for."""
        page.context.clear_cookies()
        held = self.house.visitor(stop.who).get_cookie("stool")
        if held is not None:
            url = self.address
            page.context.add_cookies([{"name": "stool", "value": held.value, "url": url}])
        page.goto(self.address + stop.path)
        for n in range(stop.ticks):
            page.get_by_role("checkbox").nth(n).check()
        if stop.press:
            with page.expect_navigation():
                page.locator(stop.press).click()


@contextmanager
def touring(house: Grounds) -> Iterator[Tour]:
    """Serve the demonstration for as long as the tour takes."""
    house.app.config["SESSION_COOKIE_SECURE"] = False  # the printed address is https, this is not
    port = free_port()
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Tour(house, f"http://127.0.0.1:{port}", list(stops_of(house)))
    finally:
        server.shutdown()
        thread.join()


def stops_of(house: Grounds) -> Iterator[Stop]:
    """Every page of the route map once, seen by the first who may; and some that others see."""
    courtyard, ballot = house.codes["resident.courtyard"], house.values["ballot_id"]
    slip = house.codes["courtyards.household"]
    for path in (f"/c/{courtyard}", f"/v/{ballot}", f"/h/{slip}", "/no"):
        yield Stop(path, "nobody", "resident")
    for ticks in (0, 3, 8):  # too few, just right, too many
        yield Stop(f"/v/{ballot}?again=1", "resident", "resident", ticks, "[value=look]")
    seen: set[str] = set()
    for path in house.pages():
        if path.lower() not in seen:  # an address in capitals may show the same page
            for stop in _stop(house, path):
                seen.add(path.lower())
                yield stop


def _stop(house: Grounds, path: str) -> Iterator[Stop]:
    for who in STAFF if path.startswith("/desk") else _of_the_house(path):
        with house.visitor(who).get(path) as answer:
            is_page = answer.mimetype == "text/html"
            surface = _surface(answer.get_data(as_text=True)) if is_page else ""
        if answer.status_code == 200 or who in {"resident", "host"}:
            if surface:
                yield Stop(path, who, surface)
            return


def _of_the_house(path: str) -> tuple[str]:
    """Who opens a page that wants no account: the remote is for the phone that took it."""
    return ("host",) if path.startswith("/host/") else ("resident",)


def _surface(source: str) -> str:
    """The surface of a page; nothing for a part of one."""
    head = source[:300]
    return next((one for one in SURFACES if f'class="{one}' in head), "")
