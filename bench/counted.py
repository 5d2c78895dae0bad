"""Statements counted where they are sent: on the engine, whatever page sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from sqlalchemy import Engine, event

CONTROL = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
"""what opens and ends a transaction asks for nothing, and is sent unseen on PostgreSQL"""


@dataclass(slots=True)
class Statements:
    """The statements sent so far, without those that open or end a transaction."""

    sent: list[str] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.sent)


@contextmanager
def statements(engine: Engine) -> Iterator[Statements]:
    """Within: every statement sent over `engine` is noted."""
    found = Statements()

    def note(
        connection: object,
        cursor: object,
        statement: str,
        parameters: object,
        context: object,
        executemany: bool,
    ) -> None:
        if not statement.lstrip().upper().startswith(CONTROL):
            found.sent.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
