"""Proposals for sorting: how quick and how large, and how far they agree with labels.

The labels are those of tests/needs/labelled; `held` was never looked at while words were chosen,
and nothing but totals of it is printed here.
"""

import csv
import tempfile
from pathlib import Path
from random import Random
from statistics import median

from bench import figures, moves, sorting
from bench.agreement import macro_f1, pairs
from bench.figures import Figure
from bench.house import House
from bench.watch import watched
from surveys.config import ROOT
from surveys.needs.proposals.grouping import place
from surveys.needs.proposals.learning import learn
from surveys.needs.proposals.vocabulary import Vocabulary, shipped

NAME = "needs"
MANY = 5_000
MOST_S, MOST_MB = 5, 300
LEAST_TEXTS = 8
"""labelled texts that make a category count"""
MOST_KEYS, LEAST_AGREEMENT = 250, 0.95
LEAST_MACRO_F1, LEAST_PRECISION, LEAST_PAIRS_F1 = 0.80, 0.90, 0.75
LABELLED = ROOT / "tests" / "needs" / "labelled" / "suggestions.csv"

Row = dict[str, str]


def measure(house: House) -> list[Figure]:
    """Moves on the board; once also the command, the agreement and a clerk who sorts."""
    rows = labelled()
    texts = [row["text"] for row in rows]
    board = moves.measure(house, many(texts))
    if house.database != "sqlite":
        return board
    tune, held = ([row for row in rows if row["part"] == part] for part in ("tune", "held"))
    return [
        *command(house.size.runs, texts),
        *agreements("held", held, shipped(), aim=True),
        *agreements("held, taught by the rest", held, taught(tune), aim=False),
        *agreements("tune", tune, shipped(), aim=False),
        *board,
        *clerk(house, rows),
    ]


def clerk(house: House, rows: list[Row]) -> list[Figure]:
    """What a made-up clerk needs for 700 suggestions, and how the ledger is then."""
    with house.database_open():
        found = sorting.sort(rows)
    name, agreed = f"{sorting.SUGGESTIONS} suggestions sorted", figures.at_least(LEAST_AGREEMENT)
    details = {"shown": found.shown, "second_wishes": found.second_wishes}
    keys = figures.at_most(MOST_KEYS)
    return [
        Figure(NAME, f"{name}: keys", found.keys, "", "", keys, details),
        Figure(NAME, f"{name}: pairs of the ledger, F1", found.agreement, "", "", agreed),
    ]


def labelled() -> list[Row]:
    """Every labelled suggestion."""
    with LABELLED.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def taught(rows: list[Row]) -> Vocabulary:
    """The vocabulary after staff accepted these rows."""
    keys = {topic.name: key for key, topic in shipped().topics.items()}
    wishes = [(row["text"], row[column]) for row in rows for column in ("category", "also")]
    return learn([(text, keys[name]) for text, name in wishes if name], shipped())


def agreements(what: str, rows: list[Row], vocabulary: Vocabulary, *, aim: bool) -> list[Figure]:
    """The totals of one part of the labels, sorted by itself."""
    found = place([row["text"] for row in rows], vocabulary)
    names = [vocabulary.topics[f.key].name if f.key else None for f in found]
    macro = macro_f1([row["category"] or None for row in rows], names, LEAST_TEXTS)
    together = pairs([row["group"] or None for row in rows], [f.group for f in found])
    measured = (
        (f"macro-F1 of categories from {LEAST_TEXTS} texts", macro, LEAST_MACRO_F1),
        ("pairs put together, precision", together.precision, LEAST_PRECISION),
        ("pairs put together, F1", together.f1, LEAST_PAIRS_F1),
    )
    return [
        Figure(NAME, f"{what}: {name}", value, "", target=figures.at_least(least) if aim else None)
        for name, value, least in measured
    ]


def command(runs: int, texts: list[str]) -> list[Figure]:
    """Seconds and the most memory of the command on `MANY` made-up texts, start included."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "many.csv"
        with file.open("w", encoding="utf-8", newline="") as out:
            csv.writer(out).writerows([["text"], *([text] for text in many(texts))])
        measured = [_run(file) for _ in range(runs)]
    seconds, most_bytes = (list(column) for column in zip(*measured, strict=True))
    name = f"flask needs group, {MANY:,} texts"
    return [
        Figure(NAME, name, median(seconds), "s", "", figures.at_most(MOST_S), {"runs": seconds}),
        Figure(NAME, f"{name}, PSS", max(most_bytes) / 1e6, "MB", "", figures.at_most(MOST_MB)),
    ]


def many(texts: list[str]) -> list[str]:
    """Different texts out of some: each is said in another building, and many say two things."""
    chance = Random(MANY)
    return [
        f"{chance.randint(1, 40)}号楼{chance.randint(1, 6)}单元，"
        + "，".join(chance.sample(texts, chance.randint(1, 2)))
        for _ in range(MANY)
    ]


def _run(file: Path) -> tuple[float, int]:
    """Seconds of one run, and the largest PSS that was met while it ran."""
    return watched(["needs", "group", str(file), "--json"], {})
