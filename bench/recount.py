"""How long the live bars take to be counted anew, which one poll in a while does for everybody."""

import time
from statistics import median

from bench import seed
from bench.figures import Figure
from bench.house import House
from bench.load import Unexpected
from surveys.ballots import asking
from surveys.ballots.models import Showing
from surveys.results import live

NAME = "recount"
SIZES = (600, 10_000)
STEP = 10
"""households between two counts, more than the bars wait for"""


def measure(house: House) -> list[Figure]:
    """Milliseconds of one recount, in this process, at 600 and at 10,000 votes."""
    with house.database_open():
        seeded = seed.seed(SIZES[-1] + STEP * (house.size.runs + 1) * len(SIZES))
        ballot_id = seed.open_ballot(seeded, house.config, Showing.LIVE).id
    found, filled = [], 0
    for size in SIZES:
        seconds = []
        for votes in range(size, size + STEP * house.size.runs, STEP):
            seconds.append(_recounted(house, ballot_id, seeded.households[filled:votes]))
            filled = votes
        name = f"live bars counted anew at {size:,} votes"
        runs = [each * 1000 for each in seconds]
        found.append(Figure(NAME, name, median(runs), "ms", house.database, None, {"runs": runs}))
    return found


def _recounted(house: House, ballot_id: str, households: tuple[str, ...]) -> float:
    with house.database_open():
        seed.fill(asking.find(ballot_id), households, house.config)
    with house.database_open():
        begun = time.perf_counter()
        moved = live.refresh(ballot_id, seed.keys_of(house.config))
        seconds = time.perf_counter() - begun
    if not moved:
        raise Unexpected("the bars did not move though enough votes had come")
    return seconds
