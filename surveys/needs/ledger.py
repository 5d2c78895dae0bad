"""What the ledger shows: which suggestion waits, and who stands behind each need. Only asks."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    Subquery,
    and_,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import aliased

from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.courtyards.models import Household
from surveys.needs.models import Lane, Need, Placement, ProposedWish, Suggestion, Support
from surveys.rounds import service as rounds
from surveys.rounds.models import Round

root_id = func.coalesce(Need.merged_into_id, Need.id)
"""the need that a need counts under: itself, or the one it was merged into"""


class Counts(NamedTuple):
    """How far the sorting of a round has come."""

    suggestions: int = 0
    sorted: int = 0
    """put to a need, or set aside"""
    needs: int = 0


@dataclass(frozen=True, slots=True)
class Behind:
    """Who stands behind something: households counted once, however often they said it."""

    households: int = 0
    """distinct households"""
    suggestions: int = 0
    anonymous: int = 0
    """suggestions without a door: nobody knows how many households these are"""
    by_building: Mapping[str, int] = field(default_factory=dict)
    """distinct households, each of which lives in one building; empty where it was not asked for"""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the ledger."""

    need: Need
    merged: Sequence[Need]
    behind: Behind

    @property
    def lane(self) -> Lane:
        """Where it goes; a need in the menu takes those merged with it along."""
        in_menu = any(need.lane is Lane.MENU for need in self.merged)
        return Lane.MENU if in_menu and self.need.lane is Lane.OPEN else Lane(self.need.lane)

    @property
    def categories(self) -> set[str]:
        """Keys in the catalogue of everything that was merged here."""
        return {need.category for need in (self.need, *self.merged) if need.category}

    def titled(self, words: str) -> bool:
        """Whether its title, or one merged here, has `words` in it."""
        return any(words.lower() in need.title.lower() for need in (self.need, *self.merged))


class Said(NamedTuple):
    """A suggestion and the building it came from, if it has a door."""

    suggestion: Suggestion
    building: str | None


def ledger_round(courtyard_id: str) -> Round | None:
    """The round whose ledger is kept: the one that is on, else the newest."""
    found = rounds.rounds_of(courtyard_id)
    return next((r for r in found if r.ended_at is None), found[0] if found else None)


def counts(courtyard_id: str) -> Counts:
    """How far the sorting has come in the courtyard's ledger."""
    round_ = ledger_round(courtyard_id)
    return counts_of(round_) if round_ else Counts()


def counts_of(round_: Round) -> Counts:
    """How far the sorting of a round has come; one statement."""
    needs = select(func.count()).where(Need.round_id == round_.id, Need.merged_into_id.is_(None))
    row = db.session.execute(
        select(func.count(), func.count().filter(is_unsorted()), needs.scalar_subquery()).where(
            Suggestion.round_id == round_.id, Suggestion.superseded_at.is_(None)
        )
    ).one()
    return Counts(row[0], row[0] - row[1], row[2])


def _is_placed() -> ColumnElement[bool]:
    return exists(select(1).where(Placement.suggestion_id == Suggestion.id))


def is_unsorted() -> ColumnElement[bool]:
    """Whether nobody has sorted a suggestion that still stands."""
    return and_(
        Suggestion.superseded_at.is_(None), Suggestion.set_aside_at.is_(None), ~_is_placed()
    )


def voices(which: ColumnElement[bool]) -> Subquery:
    """Everybody who stands behind the needs of `which`, by the need that theirs counts under.

    A row for every suggestion put there, and one for every household that says 我家也是: the need
    (`root`), the household if there is a door, the suggestion if it is one.
    """
    said = (
        select(root_id.label("root"), Suggestion.household_id, Suggestion.id.label("suggestion_id"))
        .select_from(Placement)
        .join(Need, Need.id == Placement.need_id)
        .join(Suggestion, Suggestion.id == Placement.suggestion_id)
        .where(which, Suggestion.superseded_at.is_(None))
    )
    too = (
        select(root_id, Support.household_id, literal(None, String))
        .select_from(Support)
        .join(Need, Need.id == Support.need_id)
        .where(which)
    )
    return union_all(said, too).subquery("voices")


def _behind(which: ColumnElement[bool]) -> dict[str, Behind]:
    """Who stands behind each need of `which` that is not merged; one statement for all."""
    voice = voices(which).c
    said = func.count(voice.suggestion_id.distinct())
    homes = func.count(voice.household_id.distinct())
    nowhere = said.filter(voice.household_id.is_(None))
    rows = db.session.execute(select(voice.root, homes, said, nowhere).group_by(voice.root))
    return {root: Behind(*numbers) for root, *numbers in rows}


def _behind_by_building(which: ColumnElement[bool]) -> dict[str, Behind]:
    """The same, and in which buildings they live: about twice the work for the database."""
    voice = voices(which).c
    rows = db.session.execute(
        select(
            voice.root,
            Household.building,
            func.count(voice.household_id.distinct()),
            func.count(voice.suggestion_id.distinct()),
        )
        .outerjoin(Household, Household.id == voice.household_id)
        .group_by(voice.root, Household.building)
    )
    return gathered([(key, building, homes, said) for key, building, homes, said in rows])


def gathered(rows: Sequence[tuple[str, str | None, int, int]]) -> dict[str, Behind]:
    """Rows of (key, building, distinct households, suggestions) as one `Behind` for each key."""
    by_key: dict[str, list[tuple[str | None, int, int]]] = {}
    for key, building, homes, said in rows:
        by_key.setdefault(key, []).append((building, homes, said))
    return {
        key: Behind(
            households=sum(homes for _, homes, _ in parts),
            suggestions=sum(said for _, _, said in parts),
            anonymous=sum(said for building, _, said in parts if building is None),
            by_building={building: homes for building, homes, _ in parts if building is not None},
        )
        for key, parts in by_key.items()
    }


def rows(round_id: str, *, by_building: bool = False) -> list[Row]:
    """The lines of a round's ledger, most households first.

    Args:
        by_building: tell also in which buildings they live.
    """
    which = Need.round_id == round_id
    return _rows(which, _behind_by_building(which) if by_building else _behind(which))


def rows_of(need_ids: Collection[str]) -> list[Row]:
    """The lines of these needs, none of them merged, most households first."""
    which = root_id.in_(need_ids)
    return _rows(which, _behind(which)) if need_ids else []


def _rows(which: ColumnElement[bool], known: Mapping[str, Behind]) -> list[Row]:
    merged: dict[str, list[Need]] = {}
    roots = []
    for need in db.session.scalars(select(Need).where(which).order_by(Need.created_at, Need.id)):
        if need.merged_into_id:
            merged.setdefault(need.merged_into_id, []).append(need)
        else:
            roots.append(need)
    found = [Row(n, merged.get(n.id, []), known.get(n.id, Behind())) for n in roots]
    return sorted(found, key=lambda row: (-row.behind.households, -row.behind.suggestions))


def row_of(need: Need) -> Row:
    """The ledger's line of one need that is not merged, and in which buildings they live."""
    which = or_(Need.id == need.id, Need.merged_into_id == need.id)
    (found,) = _rows(which, _behind_by_building(which))
    return found


def unsorted(round_id: str, number: int, most: int) -> list[Said]:
    """Suggestions that nobody has sorted, as they are to be looked at.

    Those that say several things come last: by then most of what they say has its need, and where
    all of it has, they go along with others.

    Args:
        number: of the one to begin with, or 0. Past the last, it begins with the first again.
    """
    asked = _said().where(Suggestion.round_id == round_id, is_unsorted())
    early, late = asked.where(~_says_several()), asked.where(_says_several())
    on = Suggestion.number >= number
    rest = [late.where(on)] if _is_late(round_id, number) else [early.where(on), late]
    return _first(rest, most) or _first([early, late], most)


def _first(queries: Sequence[Select[Suggestion, str | None]], most: int) -> list[Said]:
    """Of one query after the other. Asked at once, in this order, it is slow on PostgreSQL."""
    found: list[Said] = []
    for query in queries:
        if len(found) < most:
            found += _listed(query.limit(most - len(found)))
    return found


def unsorted_before(round_id: str, number: int) -> int | None:
    """Number of the unsorted suggestion that is looked at before this one."""
    asked = select(func.max(Suggestion.number)).where(
        Suggestion.round_id == round_id, is_unsorted()
    )
    before = Suggestion.number < number
    early, late = asked.where(~_says_several()), asked.where(_says_several(), before)
    if not _is_late(round_id, number):
        return db.session.scalar(early.where(before))
    return db.session.scalar(late) or db.session.scalar(early)


def _says_several() -> ColumnElement[bool]:
    return exists(select(1).where(ProposedWish.suggestion_id == Suggestion.id))


def _is_late(round_id: str, number: int) -> bool:
    """Whether the suggestion of this number is looked at late: there is one, saying several."""
    here = Suggestion.round_id == round_id, Suggestion.number == number
    return bool(db.session.scalar(select(_says_several()).where(*here)))


def _said(*order: ColumnElement[Any]) -> Select[Suggestion, str | None]:
    return (
        select(Suggestion, Household.building)
        .outerjoin(Household, Household.id == Suggestion.household_id)
        .order_by(*(order or (Suggestion.number,)))
    )


def said_of(suggestion: Suggestion) -> Said:
    """One suggestion with its building."""
    return _listed(_said().where(Suggestion.id == suggestion.id))[0]


def _listed(query: Select[Suggestion, str | None]) -> list[Said]:
    return [Said(suggestion, building) for suggestion, building in db.session.execute(query)]


STATES: Mapping[str, ColumnElement[bool]] = {
    "all": Suggestion.superseded_at.is_(None),
    "unsorted": is_unsorted(),
    "sorted": and_(Suggestion.superseded_at.is_(None), _is_placed()),
    "aside": and_(Suggestion.superseded_at.is_(None), Suggestion.set_aside_at.is_not(None)),
    "replaced": Suggestion.superseded_at.is_not(None),
    "withheld": Suggestion.withheld_at.is_not(None),
}
"""how the list of all suggestions may be narrowed"""


class Found(NamedTuple):
    """A page of suggestions, and how many there are on all pages."""

    said: list[Said]
    total: int


def search(round_id: str, view: View) -> Found:
    """A page of the suggestions of a round.

    Args:
        view: sorted by `number`, `day` or `where` (those of no door last); narrowed by `q`, words
            in them or their number, by `state`, a key of `STATES`, and by `channel`.
    """
    which = and_(
        Suggestion.round_id == round_id,
        STATES[view.asked.get("state", "all")],
        _has(view.asked.get("q", "")),
        Suggestion.channel == view.asked["channel"] if "channel" in view.asked else true(),
    )
    order = view.clauses(
        {
            "number": [Suggestion.number],
            "day": [Suggestion.received_on],
            "where": [Household.position],
        },
        ties=[Suggestion.number],
        may_lack=["where"],
    )
    total = _how_many(which)
    asked = _said(*order).where(which).limit(view.a_page)
    return Found(_listed(asked.offset(view.within(total).skip)), total)


def sources(need: Need, words: str = "", *, skip: int, most: int) -> Found:
    """Suggestions put to a need or to one that was merged into it."""
    put = (
        select(Placement.suggestion_id)
        .join(Need, Need.id == Placement.need_id)
        .where(root_id == need.id)
    )
    which = and_(
        Suggestion.round_id == need.round_id,
        Suggestion.id.in_(put),
        Suggestion.superseded_at.is_(None),
        _has(words),
    )
    return listed(which, skip, most)


def _has(words: str) -> ColumnElement[bool]:
    spoken = Suggestion.text.icontains(words, autoescape=True)
    if words.isascii() and words.isdigit() and len(words) < 10:
        return spoken | (Suggestion.number == int(words))
    return spoken


def listed(which: ColumnElement[bool], skip: int, most: int) -> Found:
    """A page of the suggestions for which this holds, the smallest number first."""
    return Found(_listed(_said().where(which).offset(skip).limit(most)), _how_many(which))


def _how_many(which: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count()).select_from(Suggestion).where(which)) or 0


def needs_of(suggestion_ids: Collection[str]) -> dict[str, list[Need]]:
    """The needs that suggestions are put to, by suggestion; merged ones under what they became."""
    root = aliased(Need)
    found: dict[str, list[Need]] = {}
    for suggestion_id, need in db.session.execute(
        select(Placement.suggestion_id, root)
        .join(Need, Need.id == Placement.need_id)
        .join(root, root.id == root_id)
        .where(Placement.suggestion_id.in_(suggestion_ids))
        .order_by(root.title)
    ):
        if need not in found.setdefault(suggestion_id, []):
            found[suggestion_id].append(need)
    return found


def fixed(courtyard_id: str, most: int) -> list[Need]:
    """Needs that were met at once 立行立改, the latest first."""
    return list(
        db.session.scalars(
            select(Need)
            .where(
                Need.courtyard_id == courtyard_id,
                Need.lane == Lane.QUICK_FIX,
                Need.merged_into_id.is_(None),
            )
            .order_by(Need.fixed_on.desc(), Need.id)
            .limit(most)
        )
    )
