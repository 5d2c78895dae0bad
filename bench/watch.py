"""A command of the product, run in a process of its own and watched while it works."""

import os
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence

from bench.load import Unexpected
from bench.place import pss_bytes
from surveys.config import ROOT


def watched(arguments: Sequence[str], environment: Mapping[str, str]) -> tuple[float, int]:
    """Seconds of `flask` with these arguments, start included, and the largest PSS met.

    Raises:
        Unexpected: it ended with a fault.
    """
    begun, most = time.perf_counter(), 0
    child = subprocess.Popen(
        [sys.executable, "-m", "flask", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        stdout=subprocess.DEVNULL,
    )
    while child.poll() is None:
        most = max(most, _pss_bytes(child.pid))
        time.sleep(0.02)
    if child.returncode:
        raise Unexpected(f"flask {arguments[0]} ended with status {child.returncode}")
    return time.perf_counter() - begun, most


def _pss_bytes(pid: int) -> int:
    try:
        return pss_bytes(pid)
    except (OSError, StopIteration):  # it has just ended
        return 0
