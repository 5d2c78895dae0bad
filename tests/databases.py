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
from typing import ClassVar

import psycopg
from flask import Flask
from flask_migrate import upgrade
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from psycopg.errors import InsufficientPrivilege
from sqlalchemy import event, make_url

from surveys.base.db import db
from surveys.config import Config
from surveys.factory import create_app

MIGRATED = "migrated"
"""name of the state after the migrations"""


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


class _Compiled(BytecodeCache):
    """What templates were compiled to, for every app of this process."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        """Where the template is the same, what it was compiled to."""
        if found := self.held.get(bucket.key):
            bucket.bytecode_from_string(found)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Hold it."""
        self.held[bucket.key] = bucket.bytecode_to_string()


_compiled = _Compiled()


def an_app(settings: Config) -> Flask:
    """The app, which compiles no template that another one of this process compiled."""
    app = create_app(settings)
    if not settings.pseudo_locale:  # constants are worded while a template is compiled
        app.jinja_env.bytecode_cache = _compiled
    return app


def _hurry(connection: sqlite3.Connection, _record: object) -> None:
    """Do not wait for the disk: what a test writes need not survive the machine."""
    connection.execute("PRAGMA synchronous=OFF")


class SqliteDatabase:
    """A file, brought back to a state that was kept by copying the file of that state."""

    name = "sqlite"
    _first: ClassVar[bytes] = b""
    """what the file was after the migrations, which run once in a process"""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.file = folder / "test.sqlite3"
        self.url = f"sqlite:///{self.file}"

    def migrated(self, app: Flask) -> None:
        """Run the migrations, and keep the state after them."""
        with app.app_context():
            event.listen(db.engine, "connect", _hurry)
            if SqliteDatabase._first:
                self.file.write_bytes(SqliteDatabase._first)
            else:
                upgrade()
        self.keep(app, MIGRATED)
        SqliteDatabase._first = self._kept(MIGRATED).read_bytes()

    def keep(self, app: Flask, state: str) -> None:
        """Remember what is in the database now as `state`."""
        with app.app_context():
            db.session.remove()
            with db.engine.connect() as connection:
                connection.exec_driver_sql("ROLLBACK")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            db.engine.dispose()
        shutil.copy(self.file, self._kept(state))

    def go_back(self, app: Flask, state: str) -> None:
        """Have that state again."""
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copy(self._kept(state), self.file)

    def _kept(self, state: str) -> Path:
        return self.folder / f"{state}.sqlite3"

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
        own = server_url.set(database=self.database)
        self.url = own.set(drivername="postgresql+psycopg").render_as_string(hide_password=False)
        self._hand = psycopg.connect(own.render_as_string(hide_password=False), autocommit=True)
        """goes past the guards that keep rows, which takes a superuser"""
        try:
            self._hand.execute("SET session_replication_role = replica")
        except InsufficientPrivilege:
            self._is_superuser = False
        else:
            self._is_superuser = True

    def _on_server(self, statement: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as connection:
            connection.execute(statement)

    def migrated(self, app: Flask) -> None:
        """Run the migrations, and keep the state after them."""
        with app.app_context():
            upgrade()
        self.keep(app, MIGRATED)

    def keep(self, app: Flask, state: str) -> None:
        """Remember what is in the database now as `state`: a schema of copies, and how to go back.

        A function keeps its plans. Deleting a few rows is much quicker than TRUNCATE, which makes
        new files for every table, and what nobody changed may stay.
        """
        with app.app_context():
            db.session.remove()
        tables = [table.name for table in db.metadata.sorted_tables]
        filled = [table for table in tables if self._has_rows(table)]
        copies = [f"CREATE TABLE {state}.{t} AS TABLE {t}" for t in filled]
        go_back = (
            f"CREATE FUNCTION {state}.go_back() RETURNS void LANGUAGE plpgsql AS "
            f"$$ BEGIN {'; '.join(self._steps(state, tables, set(filled)))}; END $$"
        )
        self._hand.execute("; ".join([f"CREATE SCHEMA {state}", *copies, go_back]))

    def _steps(self, state: str, tables: list[str], filled: set[str]) -> Iterator[str]:
        """Statements that make every table what it was; `tables` with those pointed to first."""
        if not self._is_superuser:  # all at once, in spite of what points to what
            yield f"TRUNCATE {', '.join(tables)} CASCADE"
        for t in tables:
            kept = f"{state}.{t}"
            if t not in filled:
                yield f"IF EXISTS (TABLE {t}) THEN DELETE FROM {t}; END IF"
            else:
                count = f"(SELECT count(*) FROM {t}) <> (SELECT count(*) FROM {kept})"
                again = f"DELETE FROM {t}; INSERT INTO {t} TABLE {kept}"
                yield f"IF {count} OR EXISTS (TABLE {t} EXCEPT TABLE {kept}) THEN {again}; END IF"

    def _has_rows(self, table: str) -> bool:
        return self._hand.execute(f"SELECT FROM {table} LIMIT 1").fetchone() is not None

    def go_back(self, app: Flask, state: str) -> None:
        """Have that state again."""
        with app.app_context():
            db.session.remove()
        self._hand.execute(f"SELECT {state}.go_back()")

    def drop(self) -> None:
        """Leave the server as it was."""
        self._hand.close()
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
    app = an_app(config(folder, database.url, **settings))
    try:
        database.migrated(app)
        yield database, app
    finally:
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        database.drop()
