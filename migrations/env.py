"""Runs the numbered migrations on the app's own engine."""

from typing import Any

from alembic import context
from flask import current_app

from surveys.base.db import Instant, Word

engine = current_app.extensions["migrate"].db.engine
metadata = current_app.extensions["migrate"].db.metadata


def render_item(kind: str, item: Any, autogen_context: Any) -> Any:
    """Write instants and words as plain types: a migration imports no app code."""
    if kind == "type" and isinstance(item, Instant):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Word):
        return f"sa.String(length={item.length})"
    return False


def compare_type(
    _context: Any, _column: Any, _metadata_column: Any, _found: Any, type_: Any
) -> Any:
    """An instant is a date-time in the database; leave every other type to the usual comparison."""
    return False if isinstance(type_, Instant) else None


with engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_item=render_item,
        compare_type=compare_type,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()
