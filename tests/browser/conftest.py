"""A served app and a real Chromium: phones with touch, desktop windows, a wall."""

import logging
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from flask import Flask
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    WebError,
    expect,
    sync_playwright,
)
from werkzeug.serving import make_server

from surveys.base import clock
from surveys.base.db import db
from tests.ballots.stage import WHILE_OPEN
from tests.browser.cdns import free_port
from tests.databases import SqliteDatabase, an_app, config
from tests.world import AT

if TYPE_CHECKING:
    from tests.browser.scene import Scene
    from tests.browser.tour import Tour
    from tests.house.grounds import Grounds

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nothing comes from elsewhere
]
PHONE = {"width": 360, "height": 780}
DESK = {"width": 1366, "height": 768}
WALL = {"width": 1920, "height": 1080}


PATIENCE_MS = 20_000
"""for a machine that has other things to do; what must be quick says its own limit"""


def chromium_path() -> str | None:
    """The Chromium that `run.py test` found, or the one on the path."""
    named = os.environ.get("SURVEYS_TEST_CHROMIUM")
    return named or shutil.which("chromium") or shutil.which("google-chrome")


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One real Chromium for the session."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    expect.set_options(timeout=PATIENCE_MS)
    driver: Playwright
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium_path(), args=FLAGS)
        yield browser
        browser.close()


class Watch:
    """What windows fetched, and what Chromium had to say against our pages."""

    def __init__(self) -> None:
        self.hosts: set[str] = set()
        """everything that a window fetched came from these"""
        self.complaints: list[str] = []
        """scripts that fail, breaches of the policy"""

    def over(self, context: BrowserContext) -> None:
        """Keep an eye on these windows."""
        context.on("request", self._note_request)
        context.on("console", self._note_message)
        context.on("weberror", self._note_error)

    def _note_request(self, request: Request) -> None:
        if not request.url.startswith("data:"):
            self.hosts.add(urlsplit(request.url).netloc)

    def _note_message(self, message: ConsoleMessage) -> None:
        said = message.text
        if any(word in said for word in ("Content Security Policy", "integrity", "Uncaught")):
            self.complaints.append(f"{message.page.url if message.page else ''}: {said}")

    def _note_error(self, fault: WebError) -> None:
        self.complaints.append(str(fault.error))


class Served(Watch):
    """The app on a port of this machine, and the windows that look at it."""

    def __init__(self, app: Flask, address: str, chromium: Browser, *, cdn: str) -> None:
        super().__init__()
        self.app = app
        self.address = address
        self.cdn = cdn
        self.chromium = chromium
        self.opened: list[BrowserContext] = []

    def phone(self, *, script: bool = True) -> Page:
        """A resident's phone: 360×780, touch, its own cookies."""
        return self._window(PHONE, script=script, touch=True)

    def desktop(self, *, script: bool = True) -> Page:
        """A clerk's window: 1366×768."""
        return self._window(DESK, script=script)

    def wall(self, *, script: bool = True) -> Page:
        """The projector: 1920×1080."""
        return self._window(WALL, script=script)

    def _window(self, size: dict[str, int], *, script: bool, touch: bool = False) -> Page:
        context = self.chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            has_touch=touch,
            is_mobile=touch,
            java_script_enabled=script,
            locale="zh-CN",
            base_url=self.address,
        )
        context.set_default_timeout(PATIENCE_MS)
        self.over(context)
        self.opened.append(context)
        return context.new_page()

    def close_windows(self) -> None:
        """Close everything that was opened: pages go on asking as long as they are open."""
        for context in self.opened:
            context.close()
        self.opened.clear()


@contextmanager
def serving(folder: Path, chromium: Browser, *, cdn: str) -> Iterator[Served]:
    """Serve a fresh, migrated app whose CDN address is `cdn` (empty: the local copy at once)."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    database = SqliteDatabase(folder)
    settings = replace(
        config(folder, database.url), public_url=address, htmx_cdn_url=cdn, testing=False
    )
    app = an_app(settings)
    database.migrated(app)
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    served = Served(app, address, chromium, cdn=cdn)
    try:
        yield served
    finally:
        served.close_windows()
        server.shutdown()
        thread.join()
        with app.app_context():
            db.engine.dispose()


class Clock:
    """The one clock, for the served app: it starts where it is told, runs, and can be moved."""

    def __init__(self) -> None:
        self.ahead = AT - datetime.now(UTC)

    def now(self) -> datetime:
        """What `surveys.base.clock.now` answers."""
        return datetime.now(UTC) + self.ahead

    def move(self, by: timedelta) -> None:
        """Let so much time go by."""
        self.ahead += by


@pytest.fixture
def moving_clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of everything that is served in this test."""
    hand = Clock()
    monkeypatch.setattr(clock, "now", hand.now)
    return hand


@pytest.fixture(scope="session")
def tour(demo_house: "Grounds") -> Iterator["Tour"]:
    """The demonstration, served to whoever only looks."""
    from tests.browser.tour import touring

    with touring(demo_house) as found:
        yield found


@pytest.fixture(autouse=True)
def _closed(request: pytest.FixtureRequest) -> Iterator[None]:
    yield
    if "scene" in request.fixturenames:
        request.getfixturevalue("scene").served.close_windows()


@pytest.fixture(scope="module")
def scene(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator["Scene"]:
    """A courtyard in full swing, served; nothing amiss is said of its pages while it stands."""
    from tests.browser.scene import make_scene

    hand = Clock()
    hand.move(WHILE_OPEN - AT)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", hand.now)
        folder = tmp_path_factory.mktemp("scene")
        with serving(folder, chromium, cdn="") as served:
            yield make_scene(served)
            assert served.complaints == []
            assert served.hosts == {urlsplit(served.address).netloc}
