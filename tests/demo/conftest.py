"""The demonstration, loaded once on each database by the command that serves it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from click.testing import Result
from flask import Flask

from surveys.base.db import db
from surveys.courtyards.models import Courtyard
from tests.conftest import KINDS
from tests.databases import a_database
from tests.manners import Browser

BASE = "https://xbd.example"


@dataclass
class Demonstration:
    """The app that the demonstration is in, and what was printed at its first start."""

    app: Flask
    addresses: list[dict[str, str]]

    def path(self, start: str) -> str:
        """The first printed path that begins so."""
        paths = (address["url"].removeprefix(BASE) for address in self.addresses)
        return next(path for path in paths if path.startswith(start))

    @property
    def courtyard(self) -> Courtyard:
        """Its courtyard."""
        found: Courtyard = db.session.scalars(db.select(Courtyard)).one()
        return found


def prepare(app: Flask, *words: str) -> Result:
    """Run `flask prepare` as somebody at a terminal does."""
    db.session.remove()
    return app.test_cli_runner().invoke(args=["prepare", *words])


@pytest.fixture(scope="session", params=KINDS)
def _loaded(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Demonstration]:
    folder = tmp_path_factory.mktemp(f"demo-{request.param}")
    with a_database(str(request.param), folder) as (_database, app):
        app.test_client_class = Browser
        with app.app_context():
            told = prepare(app, "--demo", "--json")
        assert told.exit_code == 0, told.output
        yield Demonstration(app, json.loads(told.stdout)["addresses"])


@pytest.fixture
def demo(_loaded: Demonstration) -> Iterator[Demonstration]:
    """The demonstration; tests leave it as they find it."""
    with _loaded.app.app_context():
        yield _loaded
        db.session.remove()


@pytest.fixture
def visitor(demo: Demonstration) -> Browser:
    """Somebody's browser, holding nothing yet."""
    client = demo.app.test_client()
    assert isinstance(client, Browser)
    return client
