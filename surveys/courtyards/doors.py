"""The doors of a courtyard as somebody goes from one to the next: what is known of each so far."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import select

from surveys.accounts.models import Account
from surveys.base.db import db
from surveys.courtyards import rules, service
from surveys.courtyards.models import Household, Visit


@dataclass(frozen=True, slots=True)
class Heard:
    """That a household has answered already."""

    how: str
    """message id of the channel"""
    by: str = ""
    """message id of who answered in its place, if anybody"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What one knocks about: a questionnaire that takes answers."""

    id: str
    title: str
    keyed_at: str
    """address where an answer is keyed in"""
    heard: Mapping[str, Heard] = field(default_factory=dict)
    """household id → how it answered"""


Finder = Callable[[str, datetime], list[Subject]]
"""courtyard id, now → what one may knock about there"""
_FINDERS: list[Finder] = []


def ask(finder: Finder) -> None:
    """Let a room further down say what one may knock about."""
    _FINDERS.append(finder)


def subjects(courtyard_id: str, at: datetime) -> list[Subject]:
    """What one may knock about in this courtyard at `at`."""
    return [subject for finder in _FINDERS for subject in finder(courtyard_id, at)]


@dataclass(frozen=True, slots=True)
class Line:
    """One visit or call that was noted."""

    id: str
    way: str
    outcome: str
    note: str
    by: str
    """title of the account"""
    at: datetime


@dataclass(frozen=True, slots=True)
class Doorstep:
    """A door with the lines about it, newest first, and whether its household has answered."""

    household: Household
    lines: Sequence[Line] = ()
    heard: Heard | None = None

    @property
    def outcome(self) -> str:
        """What is known last: "" nothing, or one of `visiting.OUTCOMES`."""
        if self.heard:
            return "answered"
        return self.lines[0].outcome if self.lines else ""

    @property
    def is_left(self) -> bool:
        """Whether one should go there: nobody was there so far, or nobody knocked."""
        return self.outcome in {"", "absent"}


_ORDER = ("", "absent", "met", "refused", "answered")


@dataclass(frozen=True, slots=True)
class Stairwell:
    """The doors of one stairwell: those where nobody was met yet first."""

    building: str
    stairwell: str
    doors: Sequence[Doorstep]

    @property
    def left(self) -> int:
        """How many doors are still to be knocked at."""
        return sum(door.is_left for door in self.doors)


def of_courtyard(courtyard_id: str, subject: Subject | None) -> list[Doorstep]:
    """Every door in order, with what is known about this subject; without one, about all."""
    return _of(service.households_of(courtyard_id), courtyard_id, subject)


def of_household(household: Household, subject: Subject | None) -> Doorstep:
    """One door."""
    return _of([household], household.courtyard_id, subject)[0]


def _of(
    households: Sequence[Household], courtyard_id: str, subject: Subject | None
) -> list[Doorstep]:
    lines: dict[str, list[Line]] = {}
    found = (
        select(Visit, Account.title)
        .join(Account, Account.id == Visit.by)
        .where(Visit.courtyard_id == courtyard_id, Visit.taken_back_at.is_(None))
        .order_by(Visit.at.desc(), Visit.id)
    )
    if subject is not None:
        found = found.where(Visit.about == subject.id)
    if len(households) == 1:
        found = found.where(Visit.household_id == households[0].id)
    for visit, by in db.session.execute(found):
        line = Line(visit.id, visit.way, visit.outcome, visit.note, by, visit.at)
        lines.setdefault(visit.household_id, []).append(line)
    heard = subject.heard if subject else {}
    return [Doorstep(home, lines.get(home.id, ()), heard.get(home.id)) for home in households]


def by_stairwell(doors: Iterable[Doorstep]) -> list[Stairwell]:
    """Stairwell by stairwell in order."""

    def where(door: Doorstep) -> tuple[str, str]:
        return door.household.building, door.household.stairwell

    return [
        Stairwell(*place, sorted(found, key=lambda door: _ORDER.index(door.outcome)))
        for place, found in groupby(doors, key=where)
    ]


def left_by_building(doors: Iterable[Doorstep]) -> dict[str, int]:
    """How many doors are still to be knocked at, by building in order."""
    left: dict[str, int] = {}
    for door in doors:
        building = door.household.building
        left[building] = left.get(building, 0) + door.is_left
    return left


def matching(doors: Iterable[Doorstep], typed: str) -> list[Doorstep]:
    """The doors that somebody typed: one as 3-2-301, or every 301 of the courtyard."""
    building, stairwell, room = rules.door_sought(typed)
    return [
        door
        for door in doors
        if door.household.room == room
        and building in {"", door.household.building}
        and stairwell in {"", door.household.stairwell}
    ]
