"""What the figures are measured against: the least that this server can do with this database.

One view that inserts one row and commits, under the same settings as the product's own database
(SQLite's manners and queue, the size of the pool), and one that returns a constant. No session,
no template, no hook.
"""

import os

from flask import Flask
from sqlalchemy import Column, Engine, MetaData, String, Table, Text, create_engine, insert

from surveys.base.db import ID_LENGTH, mind_sqlite, new_id

ADDRESS = "BENCH_FLOOR_DATABASE_URL"
TEXT = "楼道的灯坏了半年，晚上回家看不见。" * 4

FLOOR = Table(
    "floor",
    MetaData(),
    Column("id", String(ID_LENGTH), primary_key=True),
    Column("text", Text, nullable=False),
)


def engine_of(url: str) -> Engine:
    """An engine with the pool and, on SQLite, the manners of the product's own."""
    engine = create_engine(url, pool_size=16, max_overflow=16)
    mind_sqlite(engine)
    return engine


def create_floor(url: str) -> Flask:
    """The app that does next to nothing."""
    app = Flask("floor")
    engine = engine_of(url)

    @app.post("/insert")
    def insert_one() -> tuple[str, int]:
        with engine.begin() as connection:
            connection.execute(insert(FLOOR).values(id=new_id(), text=TEXT))
        return "", 204

    @app.get("/constant")
    def constant() -> str:
        return "ok"

    return app


def from_environment() -> Flask:
    """The floor on the database that the bench names."""
    return create_floor(os.environ[ADDRESS])
