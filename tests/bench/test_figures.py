"""The arithmetic of the bench: percentiles, targets, shares, the table and the JSON."""

import json

import pytest

from bench import figures
from bench.figures import Figure
from bench.load import Laps, Run


@pytest.mark.parametrize(
    ("values", "share", "expected"),
    [
        ([7.0], 0.99, 7.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([4.0, 1.0, 2.0, 3.0], 0.5, 2.0),
        ([float(n) for n in range(1, 101)], 0.99, 99.0),
        ([float(n) for n in range(1, 201)], 0.99, 198.0),
        ([1.0, 2.0], 1.0, 2.0),
    ],
)
def test_a_percentile_is_a_value_that_occurred(
    values: list[float], share: float, expected: float
) -> None:
    assert figures.percentile(values, share) == expected


def test_nothing_measured_has_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        figures.percentile([], 0.5)


@pytest.mark.parametrize(
    ("target", "value", "verdict"),
    [
        (figures.at_least(200), 200, "pass"),
        (figures.at_least(200), 199.9, "FAIL"),
        (figures.at_most(12), 12, "pass"),
        (figures.at_most(12), 13, "FAIL"),
        (None, 1, "-"),
    ],
)
def test_the_bound_itself_is_good(
    target: figures.Target | None, value: float, verdict: str
) -> None:
    assert Figure("s", "n", value, "", "", target).verdict == verdict


def test_a_share_compares_the_medians_of_the_same_run() -> None:
    runs = [_run(per_s) for per_s in (90, 100, 500)]
    floors = [_run(per_s) for per_s in (900, 1000, 1100)]
    found = figures.beside(runs, floors)
    assert found["share_of_floor"] == pytest.approx(0.1)
    assert found["server_cpu_ms"] == pytest.approx(10.0)


def _run(per_s: float) -> Run:
    return Run(pieces=100, seconds=100 / per_s, laps=Laps(), server_cpu_s=1.0)


def test_the_table_has_a_line_for_every_figure() -> None:
    details = {"flow_p50_ms": 61.25, "flow_p99_ms": 140.0, "share_of_floor": 0.218}
    found = Figure("flows", "flows", 231.44, "/s", "sqlite", figures.at_least(200), details)
    line = figures.table([found]).splitlines()[-1]
    for part in ("pass", "231.4 /s", "≥ 200", "22%", "61.25", "140", "sqlite"):
        assert part in line


def test_the_json_says_what_was_not_measured() -> None:
    found = Figure("roll", "import", 0.123456, "s", "sqlite", figures.at_most(2), {"runs": [0.1]})
    held = json.loads(figures.document([found], {"processors": 2}, ["votes: no server"]))
    assert held["figures"][0]["value"] == 0.1235
    assert held["figures"][0]["target"] == "≤ 2"
    assert held["not_measured"] == ["votes: no server"]
