"""The driver: so many connections at once, each doing one piece of work after the other."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass, field

from bench.wire import Answer, Wire

CONNECTIONS = 16


class Unexpected(Exception):
    """The server answered otherwise than the measurement needs: no figure can be had."""


@dataclass(slots=True)
class Laps:
    """How long each step of a piece of work took, in milliseconds, by the name of the step."""

    ms: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    async def timed(self, step: str, answer: Awaitable[Answer], expected: int) -> Answer:
        """Await an answer, note how long it took, and insist on its status.

        Raises:
            Unexpected: another status came.
        """
        begun = time.perf_counter()
        found = await answer
        self.ms[step].append((time.perf_counter() - begun) * 1000)
        if found.status != expected:
            raise Unexpected(f"{step}: {found.status} instead of {expected}\n{_said(found)}")
        return found


Work = Callable[[Wire, Laps, int], Awaitable[None]]
"""one piece of work over one connection: its number among all is given"""


@dataclass(frozen=True, slots=True)
class Run:
    """One measured run."""

    pieces: int
    seconds: float
    laps: Laps
    server_cpu_s: float = 0.0
    """processor time that the server used meanwhile, where it was noted"""

    @property
    def cpu_ms(self) -> float:
        """Processor time of the server for one piece, in milliseconds."""
        return 1000 * self.server_cpu_s / self.pieces

    @property
    def per_s(self) -> float:
        """Pieces of work a second, of all connections together."""
        return self.pieces / self.seconds


def drive(port: int, work: Work, numbers: Sequence[int], connections: int = CONNECTIONS) -> Run:
    """Do the pieces of work of these numbers over kept-alive connections, and time them all.

    Connections are opened before the clock starts.

    Raises:
        Unexpected: an answer was not as the measurement needs it.
    """
    return asyncio.run(_drive(port, work, numbers, connections))


async def _drive(port: int, work: Work, numbers: Sequence[int], connections: int) -> Run:
    laps = Laps()
    left = iter(numbers)
    wires = [Wire("127.0.0.1", port) for _ in range(connections)]
    async with asyncio.TaskGroup() as opening:
        for wire in wires:
            opening.create_task(wire.__aenter__())
    begun = time.perf_counter()
    try:
        async with asyncio.TaskGroup() as group:
            for wire in wires:
                group.create_task(_one_after_the_other(wire, work, laps, left))
        seconds = time.perf_counter() - begun
    except* Unexpected as faults:
        raise _first(faults) from None
    finally:
        for wire in wires:
            await wire.__aexit__()
    return Run(len(numbers), seconds, laps)


async def _one_after_the_other(wire: Wire, work: Work, laps: Laps, left: Iterator[int]) -> None:
    for number in left:
        await work(wire, laps, number)


def _first(faults: BaseExceptionGroup[Unexpected]) -> BaseException:
    found: BaseException = faults
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _said(answer: Answer) -> str:
    """The beginning of what a page says, for whoever looks for the fault."""
    text = answer.body.decode("utf-8", "replace")
    main = text.partition("<main")[2] or text
    return main[:400]
