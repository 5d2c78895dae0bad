"""The audit trail: who did what, when, to which row. Append-only; it never carries a choice."""

import json
import re
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import Index, String, func, select
from sqlalchemy.orm import Mapped, mapped_column

from surveys.base.db import ID_LENGTH, Model, WithId, db
from surveys.base.long_lists import View

ACTS: dict[str, str] = {}
"""Message ids of the acts by name; every room says its own with `words`."""

_NAMES = re.compile(r"%\((\w+)\)s")


class AuditEntry(WithId, Model):
    """One act. Accounts and courtyards are named by plain id: this room knows no other."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "courtyard_id", "at"), Index(None, "subject_id", "at"))

    at: Mapped[datetime]
    account_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    courtyard_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    act: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[str | None] = mapped_column(String(ID_LENGTH))
    details: Mapped[str] = mapped_column(default="{}")

    @property
    def facts(self) -> dict[str, object]:
        """The details as they were noted."""
        found: dict[str, object] = json.loads(self.details)
        return found

    @property
    def say(self) -> str:
        """Message id of what was done; the act's bare name where no room has worded it."""
        return ACTS.get(self.act, self.act)

    @property
    def params(self) -> dict[str, object]:
        """What `say` asks for, out of the facts; a dash stands for what was not noted."""
        facts = self.facts
        return {name: facts.get(name, "—") for name in named(self.say)}


def words(acts: Mapping[str, str]) -> None:
    """Word a room's acts: act → message id, which may name noted details as `%(name)s`."""
    ACTS.update(acts)


def named(msgid: str) -> set[str]:
    """Which noted details the words of an act name."""
    return set(_NAMES.findall(msgid))


def note(
    act: str,
    *,
    by: str | None,
    at: datetime,
    courtyard_id: str | None = None,
    subject_id: str | None = None,
    **details: object,
) -> None:
    """Add one entry to the trail, in the transaction of the act itself."""
    db.session.add(
        AuditEntry(
            at=at,
            account_id=by,
            courtyard_id=courtyard_id,
            act=act,
            subject_id=subject_id,
            details=_written(details),
        )
    )


def first(act: str, *, by: str, subject_id: str, **details: object) -> datetime | None:
    """When this account first did this very thing to this row, noted with just these details."""
    return db.session.scalar(
        select(func.min(AuditEntry.at)).where(
            AuditEntry.act == act,
            AuditEntry.account_id == by,
            AuditEntry.subject_id == subject_id,
            AuditEntry.details == _written(details),
        )
    )


def _written(details: Mapping[str, object]) -> str:
    return json.dumps(details, ensure_ascii=False, sort_keys=True, default=str)


def latest(courtyard_id: str, most: int = 20) -> list[AuditEntry]:
    """The newest entries of one courtyard, newest first."""
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(AuditEntry.courtyard_id == courtyard_id)
            .order_by(AuditEntry.at.desc(), AuditEntry.id)
            .limit(most)
        )
    )


def listed(
    courtyard_id: str, view: View, acts: Collection[str] = ()
) -> tuple[list[AuditEntry], int]:
    """A page of the entries of one courtyard, and how many there are on all pages.

    Args:
        view: sorted by `at`; narrowed by `who`, the id of an account, and by `q`, words.
        acts: those whose words hold what is searched for; of others the details must.
    """
    wanted = [AuditEntry.courtyard_id == courtyard_id]
    if view.asked.get("who"):
        wanted.append(AuditEntry.account_id == view.asked["who"])
    if words := view.asked.get("q"):
        noted = AuditEntry.details.icontains(words, autoescape=True)
        wanted.append(noted | AuditEntry.act.in_(acts))
    total = db.session.scalar(select(func.count()).select_from(AuditEntry).where(*wanted)) or 0
    order = view.clauses({"at": [AuditEntry.at]}, ties=[AuditEntry.id])
    asked = select(AuditEntry).where(*wanted).order_by(*order).limit(view.a_page)
    return list(db.session.scalars(asked.offset(view.within(total).skip))), total


def who_acted(courtyard_id: str) -> set[str]:
    """Ids of the accounts that did something in a courtyard."""
    asked = select(AuditEntry.account_id).where(AuditEntry.courtyard_id == courtyard_id).distinct()
    return {who for who in db.session.scalars(asked) if who}


def about(
    subject_id: str, most: int = 20, also: Collection[str] = (), acts: Collection[str] = ()
) -> list[AuditEntry]:
    """The newest entries about one row, and about others that became part of it, newest first.

    Args:
        acts: only these; every act where none is named.
    """
    wanted = [AuditEntry.subject_id.in_({subject_id, *also})]
    if acts:
        wanted.append(AuditEntry.act.in_(acts))
    return list(
        db.session.scalars(
            select(AuditEntry)
            .where(*wanted)
            .order_by(AuditEntry.at.desc(), AuditEntry.id)
            .limit(most)
        )
    )
