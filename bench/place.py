"""Where it is measured: databases and servers of the bench's own, removed when it is done."""

import http.client
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import make_url

from bench import floor
from surveys.base.db import db
from surveys.config import ROOT, from_environment
from surveys.factory import create_app

READY_SECONDS = 30
STOP_SECONDS = 20


class NoServer(Exception):
    """A server did not come up."""


@dataclass(frozen=True, slots=True)
class Served:
    """A running server: gunicorn with the product's own settings."""

    port: int
    pid: int

    @property
    def processes(self) -> list[int]:
        """The master and its workers."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text("ascii").split()
        return [self.pid, *map(int, children)]

    def cpu_s(self) -> float:
        """Processor time that all its processes have used so far, in seconds."""
        return sum(_cpu_s(pid) for pid in self.processes)

    def pss_bytes(self) -> int:
        """Memory of all its processes, pages they share counted once."""
        return sum(pss_bytes(pid) for pid in self.processes)


@dataclass(frozen=True, slots=True)
class Place:
    """One installation: a folder, a database brought to the newest migration, and the app on it."""

    database: str
    """"sqlite" or "postgresql" """
    folder: Path
    environment: Mapping[str, str]
    """settings of the product, for this process and for the servers alike"""
    app: Flask

    @contextmanager
    def product(self) -> Iterator[Served]:
        """Serve the product here."""
        with _gunicorn("app:app", self.environment) as served:
            yield served

    @contextmanager
    def floor(self) -> Iterator[Served]:
        """Serve the floor on a database of its own, on the same disk or server."""
        with _database(self.database, self.folder, "floor") as url:
            engine = floor.engine_of(url)
            floor.FLOOR.create(engine)
            engine.dispose()
            environment = {**self.environment, floor.ADDRESS: url}
            with _gunicorn("bench.floor:from_environment()", environment) as served:
                yield served


@contextmanager
def place(database: str) -> Iterator[Place]:
    """An installation on `database` ("sqlite" or "postgresql").

    It lies in the checkout's `instance/`, on the disk that the product itself would write to.
    """
    (ROOT / "instance").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="bench-", dir=ROOT / "instance"))
    try:
        with _database(database, folder, "bench") as url:
            environment = {
                "SURVEYS_INSTANCE": str(folder),
                "SURVEYS_DATABASE_URL": url,
                "SURVEYS_PUBLIC_URL": "http://127.0.0.1:8000",
            }
            app = create_app(from_environment(environment))
            try:
                with app.app_context():
                    upgrade()
                yield Place(database, folder, environment, app)
            finally:
                with app.app_context():
                    db.session.remove()
                    db.engine.dispose()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def postgres_server() -> str | None:
    """Address of the server to make databases on, if there is one."""
    return os.environ.get("TEST_POSTGRES_URL") or None


def postgres_settings() -> dict[str, str]:
    """What of the server's settings decides how fast it is."""
    server = postgres_server()
    if server is None:
        return {}
    names = ("server_version", "fsync", "synchronous_commit", "shared_buffers")
    with psycopg.connect(_plain(server)) as connection:
        rows = [connection.execute(f"SHOW {name}").fetchone() for name in names]
    return {name: str(row[0]) for name, row in zip(names, rows, strict=True) if row}


@contextmanager
def _database(kind: str, folder: Path, name: str) -> Iterator[str]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3"
        return
    server = postgres_server()
    if server is None:
        raise NoServer("no PostgreSQL: TEST_POSTGRES_URL is not set")
    database = f"surveys_bench_{secrets.token_hex(6)}"
    _on_server(server, f"CREATE DATABASE {database}")
    try:
        url = make_url(server).set(drivername="postgresql+psycopg", database=database)
        yield url.render_as_string(hide_password=False)
    finally:
        _on_server(server, f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")


def _on_server(server: str, statement: str) -> None:
    with psycopg.connect(_plain(server), autocommit=True) as connection:
        connection.execute(statement.encode())


def _plain(server: str) -> str:
    return make_url(server).set(drivername="postgresql").render_as_string(hide_password=False)


@contextmanager
def _gunicorn(app: str, environment: Mapping[str, str]) -> Iterator[Served]:
    port = _free_port()
    gunicorn = [sys.executable, "-m", "gunicorn", "-c", "python:surveys.serving"]
    process = subprocess.Popen(
        [*gunicorn, "-b", f"127.0.0.1:{port}", app], cwd=ROOT, env={**os.environ, **environment}
    )
    try:
        _wait_until_ready(process, port)
        yield Served(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _wait_until_ready(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + READY_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NoServer(f"the server ended by itself with status {process.returncode}")
        if _answers(port):
            return
        time.sleep(0.05)
    raise NoServer(f"the server did not answer within {READY_SECONDS} seconds")


def _answers(port: int) -> bool:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
        except (OSError, http.client.HTTPException):
            return False


def pss_bytes(pid: int) -> int:
    """Memory of one process; pages shared with others counted in part."""
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines()
    line = next(line for line in lines if line.startswith("Pss:"))
    return int(line.split()[1]) * 1024


def _cpu_s(pid: int) -> float:
    """User and system time: the 14th and 15th field, counted behind the name in brackets."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
