"""`python3 run.py bench`: every figure of docs/measurements.md, made again on this machine.

Each section is one module with a NAME and a function `measure(house)`; a new one is a line here.
"""

import argparse
import os
import platform
import signal
import sqlite3
import statistics
import sys
import tempfile
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from bench import (
    counting,
    figures,
    flows,
    keying,
    live,
    meeting,
    memory,
    needs,
    recount,
    roll,
    statements,
    tables,
    understanding,
    votes,
    weight,
)
from bench.figures import Figure
from bench.house import FULL, QUICK, House, Size
from bench.place import place, postgres_server, postgres_settings
from surveys import serving
from surveys.config import ROOT

Section = Callable[[House], list[Figure]]
SECTIONS: Mapping[str, Section] = {
    module.NAME: module.measure
    for module in (
        flows,
        votes,
        live,
        meeting,
        statements,
        recount,
        counting,
        needs,
        understanding,
        roll,
        tables,
        weight,
        keying,
        memory,
    )
}
"""in the order in which they run; memory last, since it is that of a server that has worked"""
LEAST_IDLE = 0.9
"""share of idle processors below which figures come with a warning"""


def say(sentence: str) -> None:
    """Tell whoever waits, apart from the figures."""
    print(sentence, file=sys.stderr, flush=True)


def measure(size: Size, sections: Sequence[str]) -> tuple[list[Figure], list[str]]:
    """All figures, and a sentence for each that could not be had."""
    found: list[Figure] = []
    faults: list[str] = []
    for database in ["sqlite", *(["postgresql"] if postgres_server() else [])]:
        with place(database) as here:
            house = House(here, size)
            try:
                for name in sections:
                    say(f"{database}: {name} …")
                    _measure_one(name, house, found, faults)
            finally:
                house.close()
    return found, faults


def _measure_one(name: str, house: House, found: list[Figure], faults: list[str]) -> None:
    try:
        found += SECTIONS[name](house)
    except Exception as fault:  # whatever it was, the other sections still have their figures
        traceback.print_exc()
        faults.append(f"{name} on {house.database}: {fault!r}"[:400])


def machine() -> dict[str, object]:
    """What the figures were measured on."""
    return {
        "at": time.strftime("%Y-%m-%d %H:%M %z"),
        "processors": os.cpu_count(),
        "processor": _processor(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "postgresql": postgres_settings(),
        "server": f"gunicorn, {serving.workers} workers × {serving.threads} {serving.worker_class}",
        "fsync_ms": _fsync_ms(),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


def _idle_share() -> float:
    """How much of all processors did nothing in the last two seconds: near 1, or others are at it.

    Figures taken beside other work are no figures of this product.
    """
    before = _jiffies()
    time.sleep(2)
    spent = [b - a for a, b in zip(before, _jiffies(), strict=True)]
    return (spent[3] + spent[4]) / max(1, sum(spent))


def _jiffies() -> list[int]:
    """Time that all processors spent on users, nice ones, the system, nothing, waiting …"""
    return [int(n) for n in Path("/proc/stat").read_text("ascii").splitlines()[0].split()[1:]]


def _fsync_ms() -> float:
    """Median of writing 4 KiB to the disk that the databases lie on, in milliseconds."""
    (ROOT / "instance").mkdir(exist_ok=True)
    taken = []
    with tempfile.TemporaryFile(dir=ROOT / "instance") as file:
        for _ in range(200):
            begun = time.perf_counter()
            file.write(bytes(4096))
            file.flush()
            os.fsync(file.fileno())
            taken.append((time.perf_counter() - begun) * 1000)
    return statistics.median(taken)


def read_arguments(words: Sequence[str]) -> argparse.Namespace:
    """What the person asked for."""
    parser = argparse.ArgumentParser(prog="python3 run.py bench", description=__doc__)
    add = parser.add_argument
    add("--json", metavar="FILE", type=Path, help="write the JSON there, not to stdout")
    add("--quick", action="store_true", help="short runs, for a look; not for publishing")
    add("--only", metavar="NAME", action="append", choices=list(SECTIONS), help="this section")
    add("--strict", action="store_true", help="exit 1 on a missed target")
    for name in SECTIONS:
        add(f"--{name}", dest="only", action="append_const", const=name, help=argparse.SUPPRESS)
    return parser.parse_args(words)


def _end(number: int, frame: object) -> None:
    """Told to end: unwind, so that servers stop and databases are removed."""
    raise KeyboardInterrupt


def main(words: Sequence[str]) -> int:
    """Measure, print a table and JSON; 1 where a figure could not be had."""
    signal.signal(signal.SIGTERM, _end)
    options = read_arguments(words)
    idle = _idle_share()
    if idle < LEAST_IDLE:
        say(f"the processors are {idle:.0%} idle: something else is at work, figures will be low")
    sections = [name for name in SECTIONS if not options.only or name in options.only]
    found, faults = measure(QUICK if options.quick else FULL, sections)
    runs = {"idle_before": idle, "sizes": "quick" if options.quick else "full"}
    document = figures.document(found, {**machine(), **runs}, faults)
    if options.json:
        options.json.write_text(document + "\n", encoding="utf-8")
        print(figures.table(found))
    else:
        print(document)
        say(figures.table(found))
    for fault in faults:
        say(f"not measured: {fault}")
    missed = any(figure.verdict == "FAIL" for figure in found)
    return 1 if faults or (options.strict and missed) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
