"""The doors of a courtyard as somebody goes from one to the next: what is known of each so far."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from sqlalchemy import ColumnElement, Subquery, case, false, func, select

from surveys.accounts.models import Account
from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.base.words import N_
from surveys.courtyards import listing
from surveys.courtyards.models import Household, Visit

WHOLE = "*"
"""instead of a building's name: all of them"""


@dataclass(frozen=True, slots=True)
class Heard:
    """That a household has answered already."""

    how: str
    """message id of the channel"""
    by: str = ""
    """message id of who answered in its place, if anybody"""


def _nobody(_household_ids: Collection[str]) -> Mapping[str, Heard]:
    return {}


@dataclass(frozen=True, slots=True)
class Subject:
    """What one knocks about: a questionnaire that takes answers."""

    id: str
    title: str
    keyed_at: str
    """address where an answer is keyed in"""
    answered: ColumnElement[bool] = field(default_factory=false, compare=False)
    """the condition of a household that has answered"""
    heard: Callable[[Collection[str]], Mapping[str, Heard]] = _nobody
    """ids of households → how those of them that have answered did"""


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


_ORDER = ("", "absent", "met", "refused", "answered")
LEFT = ("", "absent")
"""one should go there: nobody knocked so far, or nobody was there"""
STATES: Mapping[str, Sequence[str]] = {
    "left": LEFT,
    **{outcome or "untried": (outcome,) for outcome in _ORDER},
}
"""how the list may be narrowed: by what is known last of a door"""
STATE_WORDS = {
    "left": N_("还没见到人"),
    "untried": N_("还没去"),
    "absent": N_("没人"),
    "met": N_("见到了"),
    "refused": N_("不愿答"),
    "answered": N_("答了"),
}


@dataclass(frozen=True, slots=True)
class Tally:
    """How far a stairwell is, or a building, or the whole courtyard."""

    building: str = ""
    stairwell: str = ""
    households: int = 0
    heard: int = 0
    """households that have answered"""
    left: int = 0
    """doors that are still to be knocked at"""

    def __add__(self, other: "Tally") -> "Tally":
        """Both together, called as the first but for the stairwell."""
        return Tally(
            self.building,
            "",
            self.households + other.households,
            self.heard + other.heard,
            self.left + other.left,
        )


@dataclass(frozen=True, slots=True)
class Stairwell:
    """Doors of one stairwell: those where nobody was met yet first."""

    building: str
    stairwell: str
    doors: Sequence[Doorstep]


Place = tuple[str, str]
"""building and stairwell"""


def tallies(courtyard_id: str, subject: Subject | None) -> list[Tally]:
    """Stairwell by stairwell in order; in three statements."""
    every = _by_place(courtyard_id)
    heard = _by_place(courtyard_id, subject.answered) if subject else {}
    about, answered = (subject.id, subject.answered) if subject else (None, false())
    knocks = last_outcomes(courtyard_id, about, answered)
    found = []
    for place, households in every.items():
        silent = households - heard.get(place, 0)
        met = sum(n for outcome, n in knocks.get(place, {}).items() if outcome not in LEFT)
        found.append(Tally(*place, households, households - silent, silent - met))
    return found


def _by_place(courtyard_id: str, *which: ColumnElement[bool]) -> dict[Place, int]:
    """How many doors for which this holds there are where, in order."""
    rows = db.session.execute(
        select(Household.building, Household.stairwell, func.count())
        .where(Household.courtyard_id == courtyard_id, *which)
        .group_by(Household.building, Household.stairwell)
        .order_by(func.min(Household.position))
    )
    return {(building, stairwell): n for building, stairwell, n in rows}


def last_outcomes(
    courtyard_id: str, about: str | None, answered: ColumnElement[bool]
) -> dict[Place, Counter[str]]:
    """What is known last of the doors that have not answered, where anybody knocked or called.

    Args:
        about: id of the only thing that it may have been about; None: about anything.
        answered: the condition of a household that has answered.
    """
    last = _last_visits(courtyard_id, about)
    rows = db.session.execute(
        select(Household.building, Household.stairwell, last.c.outcome, func.count())
        .join(last, last.c.household_id == Household.id)
        .where(~answered)
        .group_by(Household.building, Household.stairwell, last.c.outcome)
    )
    found: dict[Place, Counter[str]] = {}
    for building, stairwell, outcome, number in rows:
        found.setdefault((building, stairwell), Counter())[outcome] = number
    return found


def by_building(stairwells: Iterable[Tally]) -> dict[str, Tally]:
    """The same building by building."""
    found: dict[str, Tally] = {}
    for tally in stairwells:
        found[tally.building] = found.get(tally.building, Tally(tally.building)) + tally
    return found


def _last_visits(courtyard_id: str, about: str | None) -> Subquery:
    """What came of the last visit or call at each door: `household_id`, `outcome`."""
    turn = func.row_number().over(
        partition_by=Visit.household_id, order_by=(Visit.at.desc(), Visit.id)
    )
    every = select(Visit.household_id, Visit.outcome, turn.label("turn")).where(
        Visit.courtyard_id == courtyard_id, *_stands(about)
    )
    visits = every.subquery()
    return select(visits.c.household_id, visits.c.outcome).where(visits.c.turn == 1).subquery()


def _stands(about: str | None) -> list[ColumnElement[bool]]:
    stands: list[ColumnElement[bool]] = [Visit.taken_back_at.is_(None)]
    return stands if about is None else [*stands, Visit.about == about]


def _outcome(subject: Subject | None, last: Subquery) -> ColumnElement[str]:
    """What `Doorstep.outcome` is, for the database."""
    known = func.coalesce(last.c.outcome, "")
    return case((subject.answered, "answered"), else_=known) if subject else known


def page(
    courtyard_id: str, building: str, subject: Subject | None, view: View
) -> tuple[list[Doorstep], int]:
    """A page of the doors of a building in order, and how many there are on all pages.

    Args:
        building: its name, or `WHOLE`.
        view: narrowed by `state`, a key of `STATES`, and by `q`, a door as somebody types it,
            which is looked for in the whole courtyard.
    """
    typed, asked = view.asked.get("q", ""), select(Household)
    wanted = [Household.courtyard_id == courtyard_id, *listing.sought(typed)]
    if not typed and building != WHOLE:
        wanted.append(Household.building == building)
    if state := view.asked.get("state"):
        last = _last_visits(courtyard_id, subject.id if subject else None)
        asked = asked.outerjoin(last, last.c.household_id == Household.id)
        wanted.append(_outcome(subject, last).in_(STATES[state]))
    asked = asked.where(*wanted)
    total = db.session.scalar(asked.with_only_columns(func.count())) or 0
    some = asked.order_by(Household.position).limit(view.a_page)
    homes = db.session.scalars(some.offset(view.within(total).skip))
    return _known(homes.all(), subject), total


def of_household(household: Household, subject: Subject | None) -> Doorstep:
    """One door."""
    return _known([household], subject)[0]


def _known(homes: Sequence[Household], subject: Subject | None) -> list[Doorstep]:
    """These doors with what is known of each."""
    ids, lines = [home.id for home in homes], dict[str, list[Line]]()
    found = (
        select(Visit, Account.title)
        .join(Account, Account.id == Visit.by)
        .where(Visit.household_id.in_(ids), *_stands(subject.id if subject else None))
        .order_by(Visit.at.desc(), Visit.id)
    )
    for visit, by in db.session.execute(found):
        line = Line(visit.id, visit.way, visit.outcome, visit.note, by, visit.at)
        lines.setdefault(visit.household_id, []).append(line)
    heard = subject.heard(ids) if subject else {}
    return [Doorstep(home, lines.get(home.id, ()), heard.get(home.id)) for home in homes]


def unanswered(courtyard_id: str, subject: Subject | None) -> list[Doorstep]:
    """The doors of a courtyard that have not answered, in order, for paper: without their lines."""
    homes = select(Household).where(Household.courtyard_id == courtyard_id)
    if subject:
        homes = homes.where(~subject.answered)
    return [Doorstep(home) for home in db.session.scalars(homes.order_by(Household.position))]


def by_stairwell(doors: Iterable[Doorstep]) -> list[Stairwell]:
    """Stairwell by stairwell in order."""

    def where(door: Doorstep) -> tuple[str, str]:
        return door.household.building, door.household.stairwell

    return [
        Stairwell(*place, sorted(found, key=lambda door: _ORDER.index(door.outcome)))
        for place, found in groupby(doors, key=where)
    ]
