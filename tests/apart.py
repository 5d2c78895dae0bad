"""Event loops beside the browser's: its driver holds one in the thread that runs the tests."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


def apart(call: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """What `call` returns or raises in a thread of its own, where a new event loop may run."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(call, *args, **kwargs).result()
