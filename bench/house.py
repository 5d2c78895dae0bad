"""What every section is given: an installation, its servers, and how much to do."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import Engine

from bench.load import Laps, Run, Work, drive
from bench.place import Place, Served
from bench.wire import Wire
from surveys.base.db import db
from surveys.config import Config

WARM_UP = 64
"""pieces of work before the clock starts: every thread opens its database connection"""


@dataclass(frozen=True, slots=True)
class Size:
    """How much is done in one run, and how many runs there are."""

    runs: int
    flows: int
    votes: int
    inserts: int
    polls: int


FULL = Size(runs=3, flows=1200, votes=1200, inserts=3000, polls=6000)
QUICK = Size(runs=3, flows=300, votes=300, inserts=800, polls=1500)


@dataclass
class House:
    """One database's part of the bench. Servers start when a section first asks for them."""

    place: Place
    size: Size
    _until_the_end: ExitStack = field(default_factory=ExitStack)

    @property
    def database(self) -> str:
        """ "sqlite" or "postgresql"."""
        return self.place.database

    @property
    def config(self) -> Config:
        """The settings of this installation."""
        found: Config = self.place.app.extensions["surveys_config"]
        return found

    @cached_property
    def product(self) -> Served:
        """The product, served."""
        return self._until_the_end.enter_context(self.place.product())

    @cached_property
    def floor(self) -> Served:
        """The floor, served."""
        return self._until_the_end.enter_context(self.place.floor())

    @contextmanager
    def database_open(self) -> Iterator[Engine]:
        """Within: services may be called. After it no connection of ours holds anything."""
        with self.place.app.app_context():
            try:
                yield db.engine
            finally:
                db.session.remove()

    def close(self) -> None:
        """Stop the servers."""
        self._until_the_end.close()


def alternating(
    house: House, measured: Sequence[tuple[Served, Work, Sequence[Sequence[int]]]]
) -> list[list[Run]]:
    """Each of the measured loads `size.runs` times, in turn, so that all meet the same weather.

    Args:
        measured: the server, the work, and the numbers of the pieces of each run; the first
            numbers are those of the warm-up.
    """
    for served, work, numbers in measured:
        drive(served.port, work, numbers[0])
    runs: list[list[Run]] = [[] for _ in measured]
    for run in range(1, house.size.runs + 1):
        for found, (served, work, numbers) in zip(runs, measured, strict=True):
            found.append(_one_run(served, work, numbers[run]))
    return runs


def _one_run(served: Served, work: Work, numbers: Sequence[int]) -> Run:
    before = served.cpu_s()
    run = drive(served.port, work, numbers)
    return replace(run, server_cpu_s=served.cpu_s() - before)


def parts(size: Size, each: int, warm_up: int = WARM_UP) -> list[range]:
    """The numbers of the warm-up's pieces and of each run's, no number twice."""
    bounds = [0, warm_up, *(warm_up + each * n for n in range(1, size.runs + 1))]
    return [range(a, b) for a, b in zip(bounds, bounds[1:], strict=False)]


def rates(runs: Sequence[Run]) -> list[float]:
    """Pieces of work a second, run by run."""
    return [run.per_s for run in runs]


def laps_ms(runs: Sequence[Run], step: str) -> list[float]:
    """How long one step took, in all runs together."""
    return [ms for run in runs for ms in run.laps.ms[step]]


async def insert_one(wire: Wire, laps: Laps, number: int) -> None:
    """The floor of everything that writes."""
    await laps.timed("insert", wire.post("/insert", b""), 204)


async def ask_constant(wire: Wire, laps: Laps, number: int) -> None:
    """The floor of everything that only reads."""
    await laps.timed("constant", wire.get("/constant"), 200)
