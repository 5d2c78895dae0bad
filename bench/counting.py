"""The ways of counting: pure rules on made-up choices, and the command on a file of them."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from random import Random
from statistics import median

from bench import figures
from bench.figures import Figure
from bench.house import House
from bench.load import Unexpected
from surveys.config import ROOT
from surveys.counting import greedy, runoff, shares
from surveys.counting.pabulib_writer import Ballot, written
from surveys.counting.picks import Item
from surveys.counting.rules import Counting, Rule, Score
from surveys.counting.tally import tally
from surveys.counting.ties import by_file_order
from surveys.counting.ways import Marks, Way

NAME = "counting"
MANY, FEW = 20_000, 600
MARKED = 10
"""items that a choice marks"""
MOST_S, MOST_SHARES_S, MOST_ADD_ONE_S, MOST_MB = 0.2, 2, 5, 200
BY_SCORE = {
    "votes": (Way.APPROVE, Counting()),
    "votes, ending": (Way.APPROVE, Counting(Rule.GREEDY_NO_SKIP)),
    "points": (Way.POINTS, Counting(score=Score.POINTS)),
    "Borda": (Way.RANK, Counting(score=Score.BORDA, length=MARKED)),
    "for and against": (Way.JUDGE, Counting()),
}


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that is measured, and the most seconds it may take."""

    name: str
    most_s: float
    work: Callable[[], object]


def measure(house: House) -> list[Figure]:
    """Seconds of each rule after reading, and memory of the whole command; needs no database."""
    if house.database != "sqlite":
        return []
    found = []
    for piece in pieces():
        runs = [_seconds(piece.work) for _ in range(house.size.runs)]
        target = figures.at_most(piece.most_s)
        found.append(Figure(NAME, piece.name, median(runs), "s", "", target, {"runs": runs}))
    return [*found, _command()]


def pieces() -> Iterator[Piece]:
    """Everything that is measured in this process."""
    for votes in (MANY, FEW):
        size = f"{votes:,} votes over 50 items"
        for name, (way, counting) in BY_SCORE.items():
            yield Piece(f"{name}, {size}", MOST_S, by_score(votes, way, counting))
        yield Piece(f"runoff, {size}", MOST_S, by_runoff(votes))
    alone = MOST_SHARES_S, MOST_S
    for votes, most_s in zip((MANY, FEW), alone, strict=True):
        yield Piece(f"equal shares, {votes:,} votes over 50 items", most_s, by_shares(votes, 50))
    for number in (18, 50):
        name = f"equal shares with add-one, {FEW} votes over {number} items"
        yield Piece(name, MOST_ADD_ONE_S, by_shares(FEW, number, Fraction(100)))


def menu(number: int) -> list[Item]:
    """So many items, from a thousand to ninety thousand yuan."""
    chance = Random(number)
    return [Item(f"item{n:02}", chance.randint(10, 900) * 10_000, "x") for n in range(number)]


def half_of_all_fen(items: list[Item]) -> int:
    """A budget for about half of the menu."""
    return sum(item.cost_fen for item in items) // 2


def choices(votes: int, items: list[Item], way: Way) -> list[Marks]:
    """Made-up choices, the same every time; some items are liked much better than others."""
    chance = Random(votes)
    weights = [chance.random() for _ in items]
    made: list[Marks] = []
    for _ in range(votes):
        picked = dict.fromkeys(chance.choices(items, weights, k=MARKED))
        made.append({item.id: _mark(way, n, chance) for n, item in enumerate(picked, 1)})
    return made


def _mark(way: Way, place: int, chance: Random) -> int:
    if way is Way.RANK:
        return place
    if way is Way.POINTS:
        return chance.randint(1, 9)
    return chance.choice((1, 0, -1)) if way is Way.JUDGE else 1


def by_score(votes: int, way: Way, counting: Counting) -> Callable[[], object]:
    """The work of counting by a score."""
    items = menu(50)
    ids, handed = [item.id for item in items], choices(votes, items, way)

    def work() -> object:
        totals = tally(handed, ids, way, counting)
        return greedy.count(items, totals, half_of_all_fen(items), counting, by_file_order)

    return work


def by_runoff(votes: int) -> Callable[[], object]:
    """The work of a runoff."""
    items = menu(50)
    ids = [item.id for item in items]
    handed = [(marks, 1) for marks in choices(votes, items, Way.RANK)]
    return lambda: runoff.count(ids, handed, by_file_order)


def by_shares(votes: int, number: int, unit_fen: Fraction | None = None) -> Callable[[], object]:
    """The work of equal shares, without add-one where there is no unit."""
    items = menu(number)
    handed = choices(votes, items, Way.APPROVE)
    rule = Counting(Rule.EQUAL_SHARES)

    def work() -> object:
        budget_fen = half_of_all_fen(items)
        return shares.count(
            items, handed, Way.APPROVE, budget_fen, rule, by_file_order, unit_fen=unit_fen
        )

    return work


def _seconds(work: Callable[[], object]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _command() -> Figure:
    """The most memory that `flask count` takes for a file of `MANY` votes, and how long."""
    items = menu(50)
    handed = choices(MANY, items, Way.APPROVE)
    budget_fen = half_of_all_fen(items)
    ballot = Ballot(items, {}, Way.APPROVE, handed, Counting(), budget_fen, (), {})
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.pb"
        file.write_text(written(ballot), encoding="utf-8")
        begun = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-m", "flask", "count", file, "--json"],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
        )
        _, status, used = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - begun
    if status:
        raise Unexpected(f"flask count ended with status {status}")
    name = f"flask count, a .pb of {MANY:,} votes"
    target = figures.at_most(MOST_MB)
    return Figure(NAME, name, used.ru_maxrss / 1000, "MB", "", target, {"seconds": seconds})
