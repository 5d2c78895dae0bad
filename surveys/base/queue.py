"""A fair queue in front of SQLite's one writer.

SQLite's own busy handler sleeps and polls, so under load a few writers starve for most of a
second. Waiting in the kernel for an exclusive lock on a file is first come, first served, across
threads and processes alike, and a process that dies leaves the queue by itself.
"""

import os
import threading
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows has one server process, so a queue of threads is enough there
    fcntl = None  # type: ignore[assignment]


class Turn:
    """One writer's place in the queue: `take` waits, `give` lets the next one in."""

    _threads = threading.Lock()

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle: int | None = None
        self._held = False

    def take(self) -> None:
        """Wait for the turn. Taking a turn that is held does nothing."""
        if self._held:
            return
        if fcntl is None:
            self._threads.acquire()
        else:
            if self._handle is None:
                self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        self._held = True

    def give(self) -> None:
        """Pass the turn on. Giving a turn that is not held does nothing."""
        if not self._held:
            return
        self._held = False
        if fcntl is None:
            self._threads.release()
        elif self._handle is not None:
            fcntl.flock(self._handle, fcntl.LOCK_UN)

    def close(self) -> None:
        """Forget the queue, for a connection that is being closed."""
        self.give()
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None
