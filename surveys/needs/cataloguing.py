"""Whoever administers a top place keeps the catalogue: adds an entry, changes one, retires one.

Every act raises the catalogue's revision, and waits there for the act before.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, func, select

from surveys.accounts.rules import tidy
from surveys.base import audit
from surveys.base.db import ID_LENGTH, db, new_id
from surveys.base.words import N_
from surveys.errors import Invalid, NotFound, Refused
from surveys.needs import catalogue
from surveys.needs.models import CatalogueEntry, CatalogueState, CatalogueWord, LearntWord, Need
from surveys.needs.rules import NAME_MOST, UNIT_MOST, WHAT_MOST, spoken_words

REVISIONS = 2**53


@dataclass(frozen=True, slots=True)
class Draft:
    """What was typed about an entry."""

    name: str
    class_key: str
    unit: str
    what: str
    words: str
    """residents' words in one line, parted by 、 or spaces"""


def add(draft: Draft, *, by: str, at: datetime) -> CatalogueEntry:
    """A new entry, behind all others.

    Raises:
        Invalid: something cannot stand so, or there is an entry of that name.
    """
    _lock()
    words = _checked(draft)
    last = db.session.scalar(select(func.max(CatalogueEntry.position))) or 0
    entry = CatalogueEntry(key=new_id(), position=last + 1, name=tidy(draft.name))
    _write(entry, draft, words)
    audit.note("catalogue.add", by=by, at=at, subject_id=entry.key, name=entry.name)
    _commit()
    return entry


def change(key: str, draft: Draft, *, by: str, at: datetime) -> None:
    """Other words for an entry.

    Raises:
        NotFound: there is none of this key.
        Invalid: something cannot stand so, or another entry has that name.
    """
    _lock()
    entry = _found(key)
    words = _checked(draft, but=key)
    was = {"name": entry.name, "what": entry.what, "unit": entry.unit, "class": entry.class_key}
    was["words"] = "、".join(_words_of(key))
    _write(entry, draft, words)
    audit.note("catalogue.change", by=by, at=at, subject_id=key, name=entry.name, was=was)
    _commit()


def retire(key: str, *, by: str, at: datetime) -> None:
    """Offer an entry no longer; needs that have it keep it."""
    _lock()
    entry = _found(key)
    if entry.retired_at is None:
        entry.retired_at = at
        audit.note("catalogue.retire", by=by, at=at, subject_id=key, name=entry.name)
    _commit()


def restore(key: str, *, by: str, at: datetime) -> None:
    """Offer a retired entry again."""
    _lock()
    entry = _found(key)
    if entry.retired_at is not None:
        entry.retired_at = None
        audit.note("catalogue.restore", by=by, at=at, subject_id=key, name=entry.name)
    _commit()


def remove(key: str, *, by: str, at: datetime) -> None:
    """Take an entry out for good, with its words and what was learnt about it.

    Raises:
        NotFound: there is none of this key.
        Refused: needs have it.
    """
    _lock()
    entry = _found(key)
    many = db.session.scalar(select(func.count()).where(Need.category == key)) or 0
    if many:
        raise Refused(
            N_("有 %(n)d 件诉求用着“%(name)s”，删不了。不想再用，点“停用”，用着的照旧。"),
            n=many,
            name=entry.name,
        )
    for table in (CatalogueWord, LearntWord):
        db.session.execute(delete(table).where(table.entry_key == key))
    db.session.delete(entry)
    audit.note("catalogue.remove", by=by, at=at, subject_id=key, name=entry.name)
    _commit()


# Parts of acts: none of them commits, but for the end of every act


def _lock() -> CatalogueState:
    """Whoever changes the catalogue waits here for the one before."""
    return db.session.scalars(
        select(CatalogueState).with_for_update().execution_options(populate_existing=True)
    ).one()


def _commit() -> None:
    """The end of every act. The number says that something changed, never the same one twice:
    neither after this nor after a backup was put back."""
    _lock().revision = 2 + secrets.randbelow(REVISIONS)
    catalogue._forget()
    db.session.commit()


def _found(key: str) -> CatalogueEntry:
    entry = db.session.get(CatalogueEntry, key, populate_existing=True)
    if entry is None:
        raise NotFound
    return entry


def _words_of(key: str) -> Sequence[str]:
    asked = select(CatalogueWord.word).where(CatalogueWord.entry_key == key)
    return db.session.scalars(asked.order_by(CatalogueWord.id)).all()


def _checked(draft: Draft, but: str | None = None) -> list[str]:
    """The words of a draft; whatever cannot stand is refused before anything is changed."""
    name = tidy(draft.name)
    if not name:
        raise Invalid(N_("这一项要有个名字，如“楼道照明”。"))
    for text, most in ((name, NAME_MOST), (draft.unit, UNIT_MOST), (draft.what, WHAT_MOST)):
        if len(tidy(text)) > most:
            raise Invalid(N_("写得太长了，最多 %(most)d 个字。"), most=most)
    if draft.class_key not in catalogue.CLASSES:
        raise Invalid(N_("请选是哪一类。"))
    same = select(CatalogueEntry.key).where(CatalogueEntry.name == name)
    if db.session.scalar(same) not in {None, but}:
        raise Invalid(N_("目录里已经有“%(name)s”了。"), name=name)
    return spoken_words(tidy(draft.words))


def _write(entry: CatalogueEntry, draft: Draft, words: Sequence[str]) -> None:
    entry.name, entry.class_key = tidy(draft.name), draft.class_key
    entry.unit, entry.what = tidy(draft.unit), tidy(draft.what)
    db.session.add(entry)
    db.session.flush()
    db.session.execute(delete(CatalogueWord).where(CatalogueWord.entry_key == entry.key))
    db.session.add_all(
        CatalogueWord(id=f"{n:04d}{new_id()}"[:ID_LENGTH], entry_key=entry.key, word=word)
        for n, word in enumerate(words)  # read in the order of their ids
    )
    db.session.flush()


audit.words(
    {
        "catalogue.add": N_("目录里添了“%(name)s”"),
        "catalogue.change": N_("改了目录里的“%(name)s”"),
        "catalogue.retire": N_("目录里的“%(name)s”停用了"),
        "catalogue.restore": N_("目录里的“%(name)s”又用起来了"),
        "catalogue.remove": N_("从目录里删了“%(name)s”"),
    }
)
