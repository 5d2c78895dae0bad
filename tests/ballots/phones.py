"""Residents' phones and staff's browsers at a ballot, for the tests of its pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import event

from surveys.base import clock
from surveys.base.db import db
from surveys.courtyards import slips
from surveys.courtyards.models import Courtyard, HouseholdCode
from surveys.web import config_of
from tests.ballots.stage import WHILE_OPEN, Stage
from tests.manners import Browser, Page
from tests.world import AT, World, sign_in


class Clock:
    """The clock of the pages, set by the test."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.at = WHILE_OPEN
        patch.setattr(clock, "now", lambda: self.at)

    def is_now(self, at: datetime) -> None:
        """From here on it is `at`."""
        self.at = at


def give_slips(app: Flask, world: World) -> None:
    """Every household has its code."""
    courtyard = db.session.get_one(Courtyard, world.courtyard)
    slips.ensure_codes(courtyard, config_of(app).secret, AT)


def hold_slip(browser: Browser, stage: Stage, n: int) -> None:
    """This phone has scanned the slip of the n-th household."""
    found = db.select(HouseholdCode.id).where(HouseholdCode.household_id == stage.household(n).id)
    with browser.session_transaction() as session:
        session["code"] = db.session.scalar(found)
        session.setdefault("device", "a phone of the tests")


def at_desk(app: Flask, stage: Stage, kind: str) -> Browser:
    """A browser of its own, signed in with the account of this role."""
    found = app.test_client()
    assert isinstance(found, Browser)
    sign_in(found, stage.who(kind))
    return found


def pick(browser: Browser, stage: Stage, *names: str, go: str = "look") -> Page:
    """Tick these items on the menu, as it is now, and press a button."""
    address = f"/v/{stage.ballot.id}"
    form = browser.see(f"{address}?again=1").form(address)
    return browser.send(address, {**form, "item": stage.ids(*names), "go": go})


def send(browser: Browser, looked: Page) -> Page:
    """Send what the look-back page lists."""
    address = next(f.get("action") for f in looked.all("form") if f.cssselect("[name=submission]"))
    form = {**looked.form(address), "go": "send"}
    return browser.send(address, form)


def vote(browser: Browser, stage: Stage, *names: str) -> Page:
    """The whole way: tick, look back, send; the receipt."""
    return send(browser, pick(browser, stage, *names))


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that is sent to the database meanwhile."""
    seen: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA", "ROLLBACK", "COMMIT")):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
