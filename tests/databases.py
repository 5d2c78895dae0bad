"""Real databases for the tests: a SQLite file and a PostgreSQL database, both from the migrations.

Only databases named surveys_test_<random> are made, and they are dropped again.
"""

import os
import secrets
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import event, make_url
from sqlalchemy.exc import ProgrammingError

from surveys.base.db import db
from surveys.config import Config
from surveys.factory import create_app

STANDING = (
    "place_level",
    "menu_class",
    "catalogue_entry",
    "catalogue_word",
    "catalogue_state",
)
"""tables that the migrations fill, those that others point to first"""


def config(folder: Path, url: str, **changes: object) -> Config:
    """Settings of a test's own: everything in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    settings: dict[str, object] = {
        "instance": folder,
        "database_url": url,
        "secret": b"a secret of the tests, 32 bytes!",
        "link_key_dirs": (folder / "keys-a", folder / "keys-b"),
        "public_url": "https://xbd.example",
        "testing": True,
        "live_kept_ms": 0,
    }
    return Config(**{**settings, **changes})  # type: ignore[arg-type]


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Do not wait for the disk: what a test writes need not survive the machine."""
    connection.execute("PRAGMA synchronous=OFF")


class SqliteDatabase:
    """A file, brought back to its first state by copying the migrated original."""

    name = "sqlite"

    def __init__(self, folder: Path) -> None:
        self.file = folder / "test.sqlite3"
        self.original = folder / "original.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def migrated(self, app: Flask) -> None:
        """Remember the state after the migrations."""
        with app.app_context():
            event.listen(db.engine, "connect", _hurry)
            upgrade()
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        shutil.copy(self.file, self.original)

    def clean(self, app: Flask) -> None:
        """Go back to that state."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self.original, self.file)

    def drop(self) -> None:
        """The folder is temporary: nothing to do."""


class PostgresDatabase:
    """A database of its own on the server at TEST_POSTGRES_URL, emptied between tests."""

    name = "postgresql"

    def __init__(self, server: str) -> None:
        server_url = make_url(server).set(drivername="postgresql")
        self.server = server_url.render_as_string(hide_password=False)
        self.database = f"surveys_test_{secrets.token_hex(6)}"
        self._on_server(f"CREATE DATABASE {self.database}")
        self._on_server(f"ALTER DATABASE {self.database} SET synchronous_commit = off")
        self.url = server_url.set(
            drivername="postgresql+psycopg", database=self.database
        ).render_as_string(hide_password=False)

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def migrated(self, app: Flask) -> None:
        """Run the migrations once, and remember the standing data."""
        with app.app_context():
            upgrade()
            db.session.execute(db.text("CREATE SCHEMA original"))
            for table in STANDING:
                db.session.execute(db.text(f"CREATE TABLE original.{table} AS TABLE {table}"))
            db.session.commit()

    def clean(self, app: Flask) -> None:
        """Empty every table, past the guards that keep rows, and put the standing data back.

        Deleting a few rows is much quicker than TRUNCATE, which makes new files for every table;
        going past triggers that way takes a superuser.
        """
        with app.app_context():
            db.session.remove()
            tables = list(db.metadata.tables)
            try:
                db.session.execute(db.text("SET LOCAL session_replication_role = replica"))
                db.session.execute(db.text("; ".join(f'DELETE FROM "{t}"' for t in tables)))
            except ProgrammingError:
                db.session.rollback()
                db.session.execute(db.text(f"TRUNCATE {', '.join(tables)} CASCADE"))
            back = (f"INSERT INTO {t} SELECT * FROM original.{t}" for t in STANDING)
            db.session.execute(db.text("; ".join(back)))
            db.session.commit()

    def drop(self) -> None:
        """Leave the server as it was."""
        self._on_server(f"DROP DATABASE IF EXISTS {self.database} WITH (FORCE)")


Database = SqliteDatabase | PostgresDatabase


def postgres_server() -> str | None:
    """Address of the server to make test databases on, if there is one."""
    return os.environ.get("TEST_POSTGRES_URL") or None


@contextmanager
def a_database(kind: str, folder: Path, **settings: object) -> Iterator[tuple[Database, Flask]]:
    """A migrated database of `kind` ("sqlite" or "postgresql") and the app on it."""
    server = postgres_server()
    database: Database = (
        PostgresDatabase(str(server)) if kind == "postgresql" else SqliteDatabase(folder)
    )
    app = create_app(config(folder, database.url, **settings))
    try:
        database.migrated(app)
        yield database, app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        database.drop()
