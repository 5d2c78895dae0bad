"""What a measurement says: a number with its unit, what it should be, and how it came about."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import median

from bench.load import Run

Detail = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure should be: at least, or at most, `bound`; the bound itself is good."""

    bound: float
    at_most: bool = False

    def met(self, value: float) -> bool:
        """Whether `value` is as it should be."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        return f"{'≤' if self.at_most else '≥'} {plain(self.bound)}"


def at_least(bound: float) -> Target:
    """A figure that should not be smaller."""
    return Target(bound)


def at_most(bound: float) -> Target:
    """A figure that should not be larger."""
    return Target(bound, at_most=True)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured number."""

    section: str
    name: str
    value: float
    unit: str
    database: str = ""
    """"sqlite" or "postgresql"; empty where it does not matter"""
    target: Target | None = None
    details: Detail = field(default_factory=dict)
    """percentiles, the single runs, the share of the floor, by names that carry their unit"""

    @property
    def verdict(self) -> str:
        """Pass or fail; a dash where nothing was aimed at."""
        if self.target is None:
            return "-"
        return "pass" if self.target.met(self.value) else "FAIL"

    def as_data(self) -> dict[str, object]:
        """Everything about it, fit for JSON."""
        return {
            "section": self.section,
            "name": self.name,
            "database": self.database or None,
            "value": rounded(self.value),
            "unit": self.unit,
            "target": str(self.target) if self.target else None,
            "verdict": self.verdict,
            **{name: _rounded_all(value) for name, value in self.details.items()},
        }


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all values do not exceed.

    Raises:
        ValueError: there are no values.
    """
    if not values:
        raise ValueError("no values")
    return sorted(values)[max(0, ceil(share * len(values)) - 1)]


def spread(name: str, latencies_ms: Sequence[float]) -> dict[str, float]:
    """The median and the 99th percentile of `latencies_ms`, by names for a figure's details."""
    return {
        f"{name}_p50_ms": percentile(latencies_ms, 0.50),
        f"{name}_p99_ms": percentile(latencies_ms, 0.99),
    }


def beside(runs: Sequence[Run], floors: Sequence[Run]) -> dict[str, object]:
    """Every run and every run of the floor a second, the share of the one's median in the other's,
    and the processor time of the server for one piece."""
    rates, floor_rates = [run.per_s for run in runs], [run.per_s for run in floors]
    return {
        "share_of_floor": median(rates) / median(floor_rates),
        "floor_per_s": median(floor_rates),
        "runs": rates,
        "floor_runs": floor_rates,
        "server_cpu_ms": median(run.cpu_ms for run in runs),
        "floor_cpu_ms": median(run.cpu_ms for run in floors),
    }


def rounded(value: float) -> float:
    """Four significant digits; whole from a thousand on."""
    if abs(value) >= 1000 or float(value).is_integer():
        return round(value)
    return float(f"{value:.4g}")


def plain(value: float) -> str:
    """The number as it is read in a table."""
    return f"{rounded(value):,g}" if abs(value) < 1000 else f"{round(value):,}"


def _rounded_all(value: object) -> object:
    if isinstance(value, float):
        return rounded(value)
    if isinstance(value, list):
        return [_rounded_all(each) for each in value]
    if isinstance(value, dict):
        return {name: _rounded_all(each) for name, each in value.items()}
    return value


HEADINGS = ("", "figure", "database", "value", "target", "floor", "p50 ms", "p99 ms")


def table(figures: Sequence[Figure]) -> str:
    """The figures as a table for a terminal, one a line."""
    rows = [HEADINGS, *(_row(figure) for figure in figures)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = [
        "  ".join(_aligned(n, cell, width) for n, (cell, width) in enumerate(zip(row, widths)))  # noqa: B905 - the rows are equally long
        for row in rows
    ]
    return "\n".join(line.rstrip() for line in lines)


def _row(figure: Figure) -> tuple[str, ...]:
    share = figure.details.get("share_of_floor")
    return (
        figure.verdict,
        f"{figure.section}: {figure.name}",
        figure.database,
        f"{plain(figure.value)} {figure.unit}",
        str(figure.target or ""),
        f"{share:.0%}" if isinstance(share, float) else "",
        _detail(figure, "_p50_ms"),
        _detail(figure, "_p99_ms"),
    )


def _detail(figure: Figure, ending: str) -> str:
    """The first detail whose name ends so: of the whole, where the parts are given too."""
    found = (v for name, v in figure.details.items() if name.endswith(ending))
    value = next(found, None)
    return plain(value) if isinstance(value, float) else ""


def _aligned(column: int, cell: str, width: int) -> str:
    return cell.ljust(width) if column <= 2 else cell.rjust(width)


def document(figures: Sequence[Figure], machine: Detail, faults: Sequence[str]) -> str:
    """The figures as JSON."""
    body = {
        "machine": machine,
        "figures": [figure.as_data() for figure in figures],
        "not_measured": list(faults),
    }
    return json.dumps(body, ensure_ascii=False, indent=2)
