"""The database: typed base class, instants, random ids, and SQLite's manners.

SQLite is told to keep foreign keys, to be durable at every commit, and to begin a writing
transaction as a writer: one that reads first and writes later dies with "database is locked"
whatever the busy timeout. A request that only reads says so with `reading()`.
"""

import base64
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from enum import StrEnum
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    BigInteger,
    DateTime,
    Dialect,
    Engine,
    ExceptionContext,
    MetaData,
    String,
    Table,
    Text,
    event,
)
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, registry
from sqlalchemy.types import TypeDecorator

from surveys.base.queue import Turn

ID_LENGTH = 13
E = TypeVar("E", bound=StrEnum)
TRIES = 6
"""how often an act is begun anew after it lost a race"""
LOST_RACES = {"23000", "23505", "40001", "40P01"}
"""PostgreSQL: refused by a guard, unique violation, serialization failure, deadlock"""
LOST_RACES_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_BUSY_SNAPSHOT,
    sqlite3.SQLITE_CONSTRAINT_UNIQUE,
    sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    sqlite3.SQLITE_CONSTRAINT_TRIGGER,
}
P = ParamSpec("P")
R = TypeVar("R")
_reading: ContextVar[bool] = ContextVar("reading", default=False)


class Instant(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC in the database."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs its zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Word(TypeDecorator[E]):
    """One of the words of a StrEnum: its member in Python, its text in the database."""

    impl = String
    cache_ok = True

    def __init__(self, words: type[E], length: int) -> None:
        super().__init__(length)
        self.words = words

    def process_bind_param(self, value: E | None, dialect: Dialect) -> str | None:
        return None if value is None else self.words(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> E | None:
        return None if value is None else self.words(value)


class Base(DeclarativeBase):
    """What every table shares: names for constraints, 64-bit integers, instants."""

    registry = registry(
        metadata=MetaData(
            naming_convention={
                "ix": "ix_%(table_name)s_%(column_0_N_name)s",
                "uq": "uq_%(table_name)s_%(column_0_N_name)s",
                "ck": "ck_%(table_name)s_%(constraint_name)s",
                "fk": "fk_%(table_name)s_%(column_0_N_name)s",
                "pk": "pk_%(table_name)s",
            }
        ),
        type_annotation_map={int: BigInteger, str: Text, datetime: Instant},
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

if TYPE_CHECKING:

    class Model(Base):
        """A table of this product."""

        __abstract__ = True

        def __init__(self, **kw: Any) -> None: ...
else:
    Model = db.Model


def new_id() -> str:
    """A random public id: 13 symbols of lower-case base 32, 65 bits of chance."""
    return base64.b32encode(secrets.token_bytes(9)).decode().lower()[:ID_LENGTH]


class WithId:
    """A random primary key that may stand in an address."""

    id: Mapped[str] = mapped_column(String(ID_LENGTH), primary_key=True, default=new_id)


def table_of(model: type[Model]) -> Table:
    """The table of a model, for a hot statement that needs nothing of what the mapper does."""
    return cast(Table, model.__table__)


@contextmanager
def reading() -> Iterator[None]:
    """Within: transactions only read, so on SQLite they do not queue as writers."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Within: a request that only read so far leaves its snapshot behind and writes."""
    db.session.rollback()
    token = _reading.set(False)
    try:
        yield
    finally:
        db.session.rollback()
        _reading.reset(token)


def say_reading(only_reads: bool) -> None:
    """Tell whether what follows in this context only reads; for a request's first moment."""
    _reading.set(only_reads)


def retrying(act: Callable[P, R]) -> Callable[P, R]:
    """Begin an act anew when it lost a race that the database settled.

    For acts that commit once, at their end: what was done before is rolled back, rows are read
    again, and the act then finds what the other one left.
    """

    @wraps(act)
    def begun(*args: P.args, **kwargs: P.kwargs) -> R:
        with _as_writer():
            for lost in range(1, TRIES):
                try:
                    return act(*args, **kwargs)
                except DBAPIError as error:
                    db.session.rollback()
                    if not _lost_a_race(error):
                        raise
                time.sleep(secrets.randbelow(20 * lost) / 1000)
            return act(*args, **kwargs)

    return begun


@contextmanager
def _as_writer() -> Iterator[None]:
    """Within: a request that read first leaves its snapshot behind, keeps its rows, and writes.

    So its place in SQLite's queue of writers is held by the act alone, and not while a page is
    made. Other databases have no such queue: there it goes on in its transaction.
    """
    if not _reading.get() or db.engine.dialect.name != "sqlite":
        yield
        return
    db.session.commit()  # it only read; unlike a rollback this does not forget what was read
    token = _reading.set(False)
    try:
        yield
    except BaseException:
        db.session.rollback()
        raise
    finally:
        _reading.reset(token)


def _lost_a_race(error: DBAPIError) -> bool:
    cause: Any = error.orig
    if isinstance(cause, sqlite3.Error):
        return cause.sqlite_errorcode in LOST_RACES_SQLITE
    return getattr(cause, "sqlstate", None) in LOST_RACES


def keep_values_back(engine: Engine) -> None:
    """Let no error of the database name the values of a row: what is logged is read by others."""

    def forget(context: ExceptionContext) -> None:
        for error in (context.original_exception, context.sqlalchemy_exception):
            if error is not None and error.args:  # PostgreSQL tells them from its second line on
                error.args = (str(error.args[0]).partition("\n")[0], *error.args[1:])

    event.listen(engine, "handle_error", forget)


def mind_sqlite(engine: Engine) -> None:
    """Teach one SQLite engine its manners (see above). Other databases are left alone."""
    if engine.dialect.name != "sqlite":
        return
    file = engine.url.database
    queue = Path(f"{file}.queue") if file and file != ":memory:" else None
    event.listen(engine, "connect", lambda connection, record: _connect(connection, record, queue))
    event.listen(engine, "begin", _begin)
    event.listen(engine, "checkin", _leave)
    event.listen(engine, "close", lambda connection, record: _close(record))


def mind_postgres(engine: Engine) -> None:
    """Let many rows go to PostgreSQL in one statement; its driver would send each by itself."""
    if engine.dialect.name == "postgresql":
        engine.dialect.use_insertmanyvalues_wo_returning = True


def _connect(connection: Any, record: Any, queue: Path | None) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", "synchronous=FULL", "busy_timeout=15000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
    if queue is not None:
        record.info["turn"] = Turn(queue)


def _begin(connection: Any) -> None:
    if _reading.get():
        connection.exec_driver_sql("BEGIN")
        return
    turn = connection.info.get("turn")
    if turn is not None:
        turn.take()
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _leave(connection: Any, record: Any) -> None:
    turn = record.info.get("turn")
    if turn is not None:
        turn.give()


def _close(record: Any) -> None:
    turn = record.info.pop("turn", None)
    if turn is not None:
        turn.close()
