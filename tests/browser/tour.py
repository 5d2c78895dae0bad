"""A tour of the demonstration: every page of the route map, served, and who goes there."""

import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property

from playwright.sync_api import Page
from werkzeug.serving import make_server

from tests.browser.cdns import free_port
from tests.house.beside import ASKED
from tests.house.grounds import Grounds
from tests.house.sheets import STAFF, Sent

SURFACES = ("resident", "wall", "desk", "paper")
"""classes on the root of a page: what it is made for"""
SEND = """([action, fields, files]) => {
  const form = document.createElement("form");
  const token = document.querySelector("[name=csrf_token]");
  Object.assign(form, {method: "post", action, hidden: true});
  if (Object.keys(files).length) form.enctype = "multipart/form-data";
  for (const [name, value] of Object.entries({csrf_token: token ? token.value : "", ...fields})) {
    for (const one of [value].flat()) {
      const field = form.appendChild(document.createElement("textarea"));
      Object.assign(field, {name, value: one});
    }
  }
  for (const [name, [called, bytes]] of Object.entries(files)) {
    const field = form.appendChild(document.createElement("input")), held = new DataTransfer();
    held.items.add(new File([new Uint8Array(bytes)], called));
    Object.assign(field, {type: "file", name, files: held.files});
  }
  document.body.append(form);
  HTMLFormElement.prototype.submit.call(form);
}"""
"""sends a form past what the browser itself would refuse, with the token of the page"""


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
    sends: Sent | None = None
    """a form of the page that is sent: the page is what comes back, and others may see what it did
    until `Tour.put_back`"""


@dataclass(frozen=True)
class Tour:
    """The demonstration on a port of this machine, and the stops worth making there."""

    house: Grounds
    address: str

    @cached_property
    def stops(self) -> list[Stop]:
        """All of them, found by going everywhere."""
        return list(stops_of(self.house))

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
        if stop.sends:
            files = {name: [called, list(data)] for name, called, data in stop.sends.files}
            with page.expect_navigation():
                page.evaluate(SEND, [stop.sends.action, dict(stop.sends.typed), files])

    def put_back(self) -> None:
        """Undo what was sent."""
        self.house.put_back()


@contextmanager
def touring(house: Grounds) -> Iterator[Tour]:
    """Serve the demonstration for as long as the tour takes."""
    house.app.config["SESSION_COOKIE_SECURE"] = False  # the printed address is https, this is not
    port = free_port()
    server = make_server("127.0.0.1", port, house.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield Tour(house, f"http://127.0.0.1:{port}")
    finally:
        server.shutdown()
        thread.join()


def stops_of(house: Grounds) -> Iterator[Stop]:
    """Every page of the route map once, seen by the first who may; and some that others see."""
    ballot = house.values["ballot_id"]
    for path in (f"/c/{house.codes['resident.courtyard']}", f"/v/{ballot}", "/no"):
        yield Stop(path, "nobody", "resident")
    for ticks in (0, 3, 8):  # too few, just right, too many
        yield Stop(f"/v/{ballot}?again=1", "resident", "resident", ticks, "[value=look]")
    seen: set[str] = set()
    for path in house.pages():
        if path.lower() not in seen:  # an address in capitals may show the same page
            for stop in stops_at(house, path, visitors_of(path)):
                seen.add(path.lower())
                yield stop
    for who, paths in in_other_states(house).items():
        for path in paths:
            yield from stops_at(house, path, [who])


def visitors_of(path: str) -> Iterable[str]:
    """Who is tried in turn: the remote is for the phone that took it, the desk for its staff."""
    if path.startswith("/desk"):
        return STAFF
    return ("host",) if path.startswith("/host/") else ("resident", "nobody")


def stops_at(house: Grounds, path: str, visitors: Iterable[str]) -> Iterator[Stop]:
    """The stop of the first who is shown a page there; none for a part, a file, or elsewhere."""
    for who in visitors:
        with house.visitor(who).get(path) as answer:
            if answer.status_code != 200:
                continue
            is_page = answer.mimetype == "text/html"
            surface = surface_of(answer.get_data(as_text=True)) if is_page else ""
        if surface:
            yield Stop(path, who, surface)
        return


def surface_of(source: str) -> str:
    """The surface of a page; nothing for a part of one."""
    head = source[:300]
    return next((one for one in SURFACES if f'class="{one}' in head), "")


def in_other_states(house: Grounds) -> dict[str, list[str]]:
    """Addresses by who opens them: pages that look otherwise before, after, or for another."""
    named, begun, voting = house.values, house.begun.values, house.voting
    published, closed, held = named["published_id"], named["closed_id"], named["held_id"]
    every = begun["questionnaire_id"]
    return {
        "nobody": [
            f"/h/{house.codes['courtyards.household']}",
            f"/q/{begun['guarded_id']}",
            f"/v/{begun['announced_id']}",
            f"/screen/{begun['announced_id']}",
            f"/owners/{voting.open}",
            f"/owners/{voting.published}",
            f"/owners/{voting.published}/screen",
        ],
        "resident": [f"/q/{closed}", f"/m/{held}", f"/wall/{held}", f"/screen/{published}"],
        "answered": [f"/q/{named['questionnaire_id']}", f"/q/{named['questionnaire_id']}/thanks"],
        "newcomer": [
            f"/m/{begun['meeting_id']}",
            f"/q/{every}/all",
            f"/q/{every}/look",
            *(f"/q/{every}/{n}" for n in range(1, ASKED + 1)),
        ],
        "owner": [f"/owners/{voting.open}/vote"],
        "voted": [f"/owners/{voting.open}/receipt"],
        "beginner": ["/desk/admin/begin"],
        "clerk": [f"/desk/questionnaire/{every}/key-in"],
        "supervisor": [f"/desk/ballot/{published}/call-back"],
        "organizer": [
            *(f"/desk/questionnaire/{every}{more}" for more in ("/edit", "/preview", "/print")),
            f"/desk/questionnaire/{closed}",
            f"/desk/meeting/{held}",
            f"/desk/meeting/{held}/minutes",
            f"/desk/ballot/{published}",
            f"/desk/ballot/{begun['ballot_id']}",
            f"/desk/ballot/{begun['announced_id']}",
            f"/desk/menu/{begun['menu_id']}",
            f"/desk/owners/{voting.open}",
            f"/desk/owners/{voting.draft}",
            f"/desk/owners/{voting.published}",
            f"/desk/owners/{voting.published}/sealing",
        ],
    }
