"""The roll: a workbook of 600 households, from its bytes to the commit."""

import time
from decimal import Decimal
from statistics import median

from bench import figures, seed
from bench.figures import Figure
from bench.house import House
from bench.load import Unexpected
from surveys.base import clock, tables
from surveys.courtyards import roll
from surveys.courtyards import service as courtyards

NAME = "roll"
HOUSEHOLDS = 600
MOST_S = 2
AREA = Decimal("88.67")


def measure(house: House) -> list[Figure]:
    """Seconds from the uploaded file to 600 households in the tables."""
    file = workbook(HOUSEHOLDS)
    runs = [_imported(house, file) for _ in range(house.size.runs)]
    return [
        Figure(
            NAME,
            f"import of {HOUSEHOLDS} households from .xlsx",
            median(runs),
            "s",
            house.database,
            figures.at_most(MOST_S),
            {"runs": runs},
        )
    ]


def workbook(households: int) -> bytes:
    """A roll as a street office keeps it: building, stairwell, room, floor area."""
    rows = [(f"{n // 60 + 1}", f"{n % 60 // 12 + 1}", _room(n), AREA) for n in range(households)]
    return tables.to_xlsx("花名册", roll.HEADERS, rows)


def _room(n: int) -> str:
    """Two flats on each of six floors: 101, 102, 201 …"""
    return f"{n % 12 // 2 + 1}0{n % 2 + 1}"


def _imported(house: House, file: bytes) -> float:
    with house.database_open():
        seeded = seed.seed(0)
        courtyard = courtyards.find(seeded.courtyard_id)
        begun = time.perf_counter()
        reading = roll.read_roll(tables.read(file))
        courtyards.import_roll(courtyard, reading.rows, by=seeded.account_id, at=clock.now())
        seconds = time.perf_counter() - begun
        households, _, _ = courtyards.size(seeded.courtyard_id)
    if households != HOUSEHOLDS:
        raise Unexpected(f"{households} households were imported: {reading.faults[:1]}")
    return seconds
