"""The district's catalogue: what may be wished for, in residents' words. Only asks.

Each process keeps the newest one that it has read; one small statement a transaction tells whether
it is still the newest.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import func, select

from surveys.base.db import db
from surveys.base.words import N_
from surveys.needs.models import CatalogueEntry, CatalogueState, CatalogueWord, Need
from surveys.needs.rules import Entry

CLASSES: Mapping[str, str] = {
    "basic": N_("基础类"),
    "improve": N_("完善类"),
    "raise": N_("提升类"),
    "service": N_("服务，不是工程"),
}
"""Where an entry stands: the classes of menu items, and wishes that are no works."""

_KNOWN = "catalogue"


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All of it, as it stood at one revision."""

    revision: int
    offered: tuple[Entry, ...]
    retired: tuple[Entry, ...] = ()
    """offered no longer; needs that have one keep it"""
    by_key: Mapping[str, Entry] = field(init=False)

    def __post_init__(self) -> None:
        found = {entry.key: entry for entry in (*self.retired, *self.offered)}
        object.__setattr__(self, "by_key", found)


_newest: list[Catalogue] = []


def current() -> Catalogue:
    """The catalogue as it stands now."""
    known = db.session().info
    if _KNOWN not in known:
        known[_KNOWN] = _as_of(db.session.scalars(select(CatalogueState.revision)).one())
    found: Catalogue = known[_KNOWN]
    return found


def entries() -> tuple[Entry, ...]:
    """Every entry that is offered, in the catalogue's order."""
    return current().offered


def entry(key: str | None) -> Entry | None:
    """The entry of this key, if there is one; one that is offered no longer as well."""
    return current().by_key.get(key) if key else None


def uses() -> dict[str, int]:
    """How many needs have each entry, in all courtyards; entries that none has are left out."""
    found = select(Need.category, func.count()).where(Need.category.is_not(None))
    return {str(key): many for key, many in db.session.execute(found.group_by(Need.category))}


def _as_of(revision: int) -> Catalogue:
    if not _newest or _newest[0].revision != revision:
        _newest[:] = [_read(revision)]
    return _newest[0]


def _read(revision: int) -> Catalogue:
    words: dict[str, list[str]] = defaultdict(list)
    for key, word in db.session.execute(
        select(CatalogueWord.entry_key, CatalogueWord.word).order_by(CatalogueWord.id)
    ):
        words[key].append(word)
    offered: list[Entry] = []
    retired: list[Entry] = []
    for row in db.session.scalars(
        select(CatalogueEntry).order_by(CatalogueEntry.position, CatalogueEntry.key)
    ):
        (offered if row.retired_at is None else retired).append(_entry(row, words[row.key]))
    return Catalogue(revision, tuple(offered), tuple(retired))


def _entry(row: CatalogueEntry, words: list[str]) -> Entry:
    return Entry(
        key=row.key,
        name=row.name,
        class_key=row.class_key,
        words=tuple(words),
        what=row.what,
        unit=row.unit,
    )


def _forget() -> None:
    """What this session knows of the catalogue is out of date: an act has just changed it."""
    db.session().info.pop(_KNOWN, None)
