"""The chain of a ballot as a reader is told it: votes of one day together, the rest one by one."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

VOTES = "votes"
_TOGETHER = frozenset({"cast", "replace", "override"})


@dataclass(frozen=True, slots=True)
class Told:
    """One event, or all votes that came one after the other on one day."""

    kind: str
    """of the event, or VOTES"""
    day: date
    first: int
    last: int
    """numbers of the events"""
    body: Mapping[str, Any]
    """of the last one"""
    votes: Mapping[str, int]
    """how many of each kind: cast, replace, override"""
    channels: Mapping[str, int]
    """of those that were cast"""

    @property
    def closes_at(self) -> datetime:
        """The new close, where it was put off."""
        return datetime.fromisoformat(self.body["closes_at"])


def told(bodies: Iterable[Mapping[str, Any]]) -> list[Told]:
    """The events of a chain, in order."""
    return list(_each(bodies))


def _each(bodies: Iterable[Mapping[str, Any]]) -> Iterator[Told]:
    for (day, kind), group in groupby(bodies, key=lambda b: (b["day"], _kind(b["kind"]))):
        if kind == VOTES:
            yield _told(kind, day, list(group))
        else:
            yield from (_told(kind, day, [body]) for body in group)


def _kind(kind: str) -> str:
    return VOTES if kind in _TOGETHER else kind


def _told(kind: str, day: str, bodies: list[Mapping[str, Any]]) -> Told:
    return Told(
        kind=kind,
        day=date.fromisoformat(day),
        first=bodies[0]["number"],
        last=bodies[-1]["number"],
        body=bodies[-1],
        votes=Counter(body["kind"] for body in bodies),
        channels=Counter(body["channel"] for body in bodies if body["kind"] == "cast"),
    )
