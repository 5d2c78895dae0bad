"""Which household this phone speaks for, remembered in the signed cookie and nowhere else."""

import secrets
from dataclasses import dataclass
from hashlib import sha256

from flask import g, session
from sqlalchemy import bindparam, select

from surveys.base.db import db
from surveys.courtyards.models import Household, HouseholdCode

MOST_TAGS = 6
"""things whose tagged links a phone remembers: the cookie stays short"""


@dataclass(frozen=True, slots=True)
class Device:
    """This phone: a random token of its own, and the household it holds the slip of, if any."""

    token: str
    household: Household | None
    is_new: bool = False
    """made in this very request, so that nothing of it can be anywhere yet"""

    def household_in(self, courtyard_id: str) -> Household | None:
        """The household it speaks for in this courtyard; a slip opens no other courtyard."""
        found = self.household
        return found if found and found.courtyard_id == courtyard_id else None

    @property
    def hand(self) -> str:
        """Names whose turn it is on this phone, in the names of fields: other families' differ."""
        household = self.household.id if self.household else ""
        return "hand-" + sha256(f"hand:{self.token}:{household}".encode()).hexdigest()[:8]

    def draft_key(self, courtyard_id: str) -> str:
        """Hash that names this phone's drafts, apart for each household that uses it."""
        household = self.household_in(courtyard_id)
        return self._key(household.id if household else "")

    @property
    def nameless(self) -> str:
        """Hash that names this phone as one that tells no door; `draft_key` where it holds none."""
        return self._key("")

    def _key(self, household_id: str) -> str:
        return sha256(f"{self.token}:{household_id}".encode()).hexdigest()


def current() -> Device:
    """This phone, read once a request. A slip that was renewed since no longer speaks for it."""
    if "device" not in g:
        is_new = "device" not in session
        g.device = Device(_token(), _held_household(), is_new)
    found: Device = g.device
    return found


def _token() -> str:
    if "device" not in session:
        session.permanent = True
        session["device"] = secrets.token_urlsafe(16)
    return str(session["device"])


def _held_household() -> Household | None:
    held = session.get("code")
    if not held:
        return None
    return db.session.scalar(_HELD, {"code": held})


_HELD = (
    select(Household)
    .join(HouseholdCode, HouseholdCode.household_id == Household.id)
    .where(HouseholdCode.id == bindparam("code"), HouseholdCode.retired_at.is_(None))
)
"""put together once: every page of a phone that speaks for a household asks it"""


def speak_for(code: HouseholdCode) -> None:
    """From now on this phone speaks for the code's household."""
    session.permanent = True
    session["code"] = code.id
    g.pop("device", None)


def came_by(thing_id: str, tag_id: str) -> None:
    """Remember by which tagged link this phone came to a thing; the last one counts.

    It is the phone that came, whoever uses it: the next family's turn forgets nothing of it.
    """
    others = [pair for pair in session.get("tags", ()) if pair[0] != thing_id]
    session.permanent = True
    session["tags"] = [*others, [thing_id, tag_id]][-MOST_TAGS:]


def tag_of(thing_id: str) -> str | None:
    """Id of the tag by which this phone came to a thing, if it came by one."""
    return next((str(tag) for thing, tag in session.get("tags", ()) if thing == thing_id), None)


def bound_for(courtyard_id: str, address: str) -> None:
    """Remember where this phone was going when it was asked for a slip of this courtyard."""
    session["way"] = [courtyard_id, address]


def way_on(courtyard_id: str) -> str | None:
    """Where it was going in this courtyard, said once."""
    held = session.get("way")
    if not held or held[0] != courtyard_id:
        return None
    session.pop("way")
    return str(held[1])


def forget() -> None:
    """This phone speaks for nobody again, and starts its drafts afresh: the next family's turn."""
    for held in ("code", "device", "way"):
        session.pop(held, None)
    g.pop("device", None)
