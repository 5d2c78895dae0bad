"""What is read while it is sent: it goes on when the request that began it has ended."""

from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager
from contextvars import copy_context

from surveys.base.db import reading


class Apart:
    """Pieces made in a context of their own, whoever asks for the next one and from where."""

    def __init__(
        self, pieces: Iterator[bytes], opened: Callable[[], AbstractContextManager[object]]
    ) -> None:
        """`opened` gives what must stand open while pieces are made: the app's context."""
        self._context = copy_context()
        self._pieces = _within(pieces, opened)

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return self._context.run(next, self._pieces)

    def close(self) -> None:
        """Nobody wants the rest."""
        self._context.run(self._pieces.close)


def _within(
    pieces: Iterator[bytes], opened: Callable[[], AbstractContextManager[object]]
) -> Generator[bytes, None, None]:
    with opened(), reading():
        yield from pieces
