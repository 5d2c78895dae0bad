"""The one helper that fetches a row together with permission.

A row of another courtyard is answered like a row that does not exist, so that nobody learns of it;
a row that may be seen, but not used in this way, is answered with a plain refusal.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TypeVar

from flask import g, session
from sqlalchemy import select

from surveys.accounts.models import Account, Place, Role
from surveys.accounts.rules import ALLOWED, May, RoleKind, may
from surveys.base import clock
from surveys.base.db import Model, db
from surveys.base.words import N_
from surveys.errors import Forbidden, NotFound

Row = TypeVar("Row", bound=Model)
SIGNED_IN_FOR = timedelta(days=7)
"""longer than any piece of work, so that no time-out loses what was typed"""


class SignInNeeded(Exception):
    """Nobody is signed in; the web answers with the sign-in page."""


def current_account() -> Account | None:
    """The account that is signed in, read once a request; None for everybody else."""
    if "account" not in g:
        g.account, g.roles = None, []
        held = session.get("account", ())
        if len(held) == 3 and clock.now().timestamp() - held[2] < SIGNED_IN_FOR.total_seconds():
            account = db.session.get(Account, held[0])
            if account and account.disabled_at is None and account.generation == held[1]:
                g.account = account
    found: Account | None = g.account
    return found


def remember(account: Account, at: datetime) -> None:
    """From now on this browser speaks for `account`, until it signs out or a week is up."""
    session["account"] = [account.id, account.generation, int(at.timestamp())]
    for known in ("account", "roles"):
        g.pop(known, None)


def require_account() -> Account:
    """The account that is signed in.

    Raises:
        SignInNeeded: there is none.
    """
    account = current_account()
    if account is None:
        raise SignInNeeded
    return account


def me() -> str:
    """Id of the account that is signed in.

    Raises:
        SignInNeeded: nobody is.
    """
    return require_account().id


def roles() -> Sequence[tuple[RoleKind, str]]:
    """The signed-in account's roles as (kind, path of its place), read once a request."""
    account = require_account()
    if not g.roles:
        g.roles = [
            (RoleKind(kind), path)
            for kind, path in db.session.execute(
                select(Role.kind, Place.path)
                .join(Place, Place.id == Role.place_id)
                .where(Role.account_id == account.id)
            )
        ]
    found: Sequence[tuple[RoleKind, str]] = g.roles
    return found


def fetch(model: type[Row], row_id: str, act: May) -> Row:
    """The row, if the signed-in account may do `act` in the place that it belongs to.

    A row belongs to its `courtyard_id`; a place, and a courtyard, to itself.

    Raises:
        SignInNeeded: nobody is signed in.
        NotFound: no such row, or it lies outside what this account may look at.
        Forbidden: the account may look at it, but not do this.
    """
    held = roles()
    row = db.session.get(model, row_id)
    if row is None:
        raise NotFound
    place = db.session.get(Place, getattr(row, "courtyard_id", row_id))
    if place is None or not may(held, place.path, May.LOOK):
        raise NotFound
    if not may(held, place.path, act):
        raise Forbidden
    return row


def allows(place_id: str, act: May) -> bool:
    """Whether the signed-in account may do `act` at the place; for showing or hiding a button."""
    if current_account() is None:
        return False
    place = db.session.get(Place, place_id)
    return place is not None and may(roles(), place.path, act)


def kinds_at(place_id: str) -> frozenset[RoleKind]:
    """The posts that the signed-in account holds on a place or above it."""
    place = db.session.get(Place, place_id)
    if place is None:
        return frozenset()
    return frozenset(kind for kind, path in roles() if place.path.startswith(path))


def administered() -> list[str]:
    """Paths of the places that the signed-in account administers, with all below them.

    Raises:
        SignInNeeded: nobody is signed in.
        Forbidden: there are none.
    """
    paths = _administered()
    if not paths:
        raise Forbidden(N_("这里是管理员的地方。"))
    return paths


def administers_anything() -> bool:
    """Whether the signed-in account, if any, administers some place."""
    return current_account() is not None and bool(_administered())


def _administered() -> list[str]:
    return [path for kind, path in roles() if May.ADMINISTER in ALLOWED[kind]]
