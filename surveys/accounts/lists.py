"""What the pages of accounts and places show. `within` are paths of places one administers."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select

from surveys.accounts import rules
from surveys.accounts.models import Account, Place, PlaceLevel, Role
from surveys.accounts.rules import ROLE_NAMES, May, RoleKind
from surveys.base import audit
from surveys.base.audit import AuditEntry
from surveys.base.db import db
from surveys.base.long_lists import View
from surveys.base.words import N_
from surveys.errors import Forbidden, NotFound

INDENT = "\N{IDEOGRAPHIC SPACE}"
MOST_PLACES = 30
"""to pick from without looking for one"""
PAGE = 50
SHOWN = (*rules.PLANTED, "courtyard")


@dataclass(frozen=True, slots=True)
class Post:
    """A role as it is shown: what it is called, and where."""

    id: str
    kind: str
    place_id: str
    place: str

    @property
    def name(self) -> str:
        """Message id of the post."""
        return ROLE_NAMES[RoleKind(self.kind)]


@dataclass(frozen=True, slots=True)
class Person:
    """An account with its posts inside what the viewer administers."""

    account: Account
    posts: Sequence[Post]


@dataclass(frozen=True, slots=True)
class Line:
    """One act in words: message id and parameters."""

    at: datetime
    who: str | None
    """title of the account; None where no account did it"""
    say: str
    params: dict[str, object]


def _inside(within: Iterable[str]) -> ColumnElement[bool]:
    return or_(*(Place.path.startswith(path, autoescape=True) for path in within))


# --- accounts ------------------------------------------------------------------------------------


def people(within: Sequence[str], view: View) -> tuple[list[Person], int]:
    """One page of the accounts that hold a post inside; and how many there are on all pages.

    Args:
        view: sorted by `title`, `name` or `state` (those in use first); narrowed by `q`, part of a
            name or title, and by `post`, a kind of role held inside.
    """
    held = select(Role.account_id).join(Place).where(_inside(within))
    if kind := view.asked.get("post"):
        held = held.where(Role.kind == kind)
    wanted: list[ColumnElement[bool]] = [Account.id.in_(held)]
    if word := rules.tidy(view.asked.get("q", "")):
        title = Account.title.icontains(word, autoescape=True)
        name = Account.name.contains(rules.sign_in_name(word), autoescape=True)
        wanted.append(or_(title, name))
    total = db.session.scalar(select(func.count(Account.id)).where(*wanted)) or 0
    order = view.clauses(
        {
            "title": [Account.title],
            "name": [Account.name],
            "state": [Account.disabled_at.is_not(None), Account.must_change_password],
        },
        ties=[Account.name],
    )
    asked = select(Account).where(*wanted).order_by(*order).limit(view.a_page)
    found = db.session.scalars(asked.offset(view.within(total).skip)).all()
    posts = _posts([account.id for account in found], within)
    return [Person(account, posts.get(account.id, [])) for account in found], total


def person(account_id: str, within: Sequence[str]) -> Person:
    """One account with its posts inside.

    Raises:
        NotFound: there is none, or it holds no post inside.
    """
    account = db.session.get(Account, account_id)
    posts = _posts([account_id], within).get(account_id)
    if account is None or not posts:
        raise NotFound
    return Person(account, posts)


def wholly_inside(account_id: str, within: Sequence[str]) -> bool:
    """Whether every post of the account lies inside."""
    held = db.session.scalars(
        select(Place.path)
        .join(Role, Role.place_id == Place.id)
        .where(Role.account_id == account_id)
    )
    return all(path.startswith(tuple(within)) for path in held)


def own_person(account_id: str, within: Sequence[str]) -> Account:
    """The account, if all its posts lie inside: only then may its password or its doors change.

    Raises:
        NotFound: there is none, or it holds no post inside.
        Forbidden: it holds a post outside too, so that somebody above must do it.
    """
    found = person(account_id, within)
    if not wholly_inside(account_id, within):
        raise Forbidden(N_("这个账号在您管的范围以外也有职务，请找上一级管理员。"))
    return found.account


def role_inside(account_id: str, role_id: str, within: Sequence[str]) -> Role:
    """One post of the account, if it lies inside.

    Raises:
        NotFound: it does not, or there is none.
    """
    role = db.session.get(Role, role_id)
    if role is None or role.account_id != account_id:
        raise NotFound
    place = db.session.get_one(Place, role.place_id)
    if not place.path.startswith(tuple(within)):
        raise NotFound
    return role


def posted_at(place_id: str) -> list[tuple[Account, Post]]:
    """Who holds a post on this very place, by name."""
    found = db.session.execute(
        select(Account, Role, Place.name)
        .join(Role, Role.account_id == Account.id)
        .join(Place, Place.id == Role.place_id)
        .where(Place.id == place_id)
        .order_by(Account.name, Role.kind)
    )
    return [(account, Post(role.id, role.kind, place_id, name)) for account, role, name in found]


def _posts(account_ids: Sequence[str], within: Sequence[str]) -> dict[str, list[Post]]:
    found: dict[str, list[Post]] = {}
    for role, name in db.session.execute(
        select(Role, Place.name)
        .join(Place, Place.id == Role.place_id)
        .where(Role.account_id.in_(account_ids), _inside(within))
        .order_by(Place.path, Role.kind)
    ):
        found.setdefault(role.account_id, []).append(Post(role.id, role.kind, role.place_id, name))
    return found


def called(name: str) -> Account:
    """The account of this name.

    Raises:
        NotFound: there is none.
    """
    kept = rules.sign_in_name(name)
    account = db.session.scalar(select(Account).where(Account.name == kept))
    if account is None:
        raise NotFound(N_("没有叫“%(name)s”的账号。"), name=kept)
    return account


def may_at(account: Account, place_id: str, act: May) -> bool:
    """Whether an account may do `act` at a place, whoever asks: for commands."""
    place = db.session.get_one(Place, place_id)
    held = db.session.execute(
        select(Role.kind, Place.path)
        .join(Place, Place.id == Role.place_id)
        .where(Role.account_id == account.id)
    )
    return rules.may([(RoleKind(kind), path) for kind, path in held], place.path, act)


def alone_at(place_id: str) -> list[str]:
    """Titles of the accounts in use that both keep accounts and run things at a place, by title.

    Whoever does could make a second account, and be both people that four eyes belong to.
    """
    path = db.session.get_one(Place, place_id).path
    held: dict[tuple[str, str], set[May]] = {}
    for account_id, title, kind in db.session.execute(
        select(Account.id, Account.title, Role.kind)
        .join(Role, Role.account_id == Account.id)
        .where(Role.place_id.in_(path.split("/")), Account.disabled_at.is_(None))
    ):
        held.setdefault((title, account_id), set()).update(rules.ALLOWED[RoleKind(kind)])
    both = {May.ADMINISTER, May.RUN}
    return sorted(title for (title, _id), acts in held.items() if both <= acts)


def everybody() -> list[dict[str, Any]]:
    """Every account with its posts, for a program to read, by name."""
    posts: dict[str, list[dict[str, str]]] = {}
    for role, place in db.session.execute(
        select(Role, Place.name).join(Place, Place.id == Role.place_id).order_by(Place.path)
    ):
        posts.setdefault(role.account_id, []).append({"kind": role.kind, "place": place})
    return [
        {
            "name": account.name,
            "title": account.title,
            "state": "disabled" if account.disabled_at else "open",
            "posts": posts.get(account.id, []),
        }
        for account in db.session.scalars(select(Account).order_by(Account.name))
    ]


# --- places --------------------------------------------------------------------------------------


def levels() -> list[PlaceLevel]:
    """The levels of the tree, the widest first."""
    return list(db.session.scalars(select(PlaceLevel).order_by(PlaceLevel.position)))


def levels_below(place: Place) -> list[PlaceLevel]:
    """The levels that may be added below `place` by hand."""
    every = levels()
    keys = [level.key for level in every]
    return [level for level in every[keys.index(place.level) + 1 :] if level.key in rules.PLANTED]


def tops(within: Sequence[str]) -> list[Place]:
    """The places that `within` names, none of them inside another."""
    highest = [p for p in within if not any(p != q and p.startswith(q) for q in within)]
    return list(
        db.session.scalars(select(Place).where(Place.path.in_(highest)).order_by(Place.name))
    )


def beginning(within: Sequence[str]) -> Place | None:
    """The one place inside where everything is still to begin: nothing stands below it, nobody
    organizes there. None where work has begun, or where there are several places.
    """
    found = tops(within)
    if len(found) != 1 or found[0].level not in rules.PLANTED or below(found[0]):
        return None
    organized = select(Role.id).join(Place).where(_inside(within), Role.kind == RoleKind.ORGANIZER)
    return found[0] if db.session.scalar(organized.limit(1)) is None else None


def any_place() -> bool:
    """Whether the tree has begun."""
    return db.session.scalar(select(Place.id).limit(1)) is not None


def place_called(name_or_id: str | None) -> Place | None:
    """The one place of this name or id, the only top place for None; None where it is not one."""
    wanted = (
        or_(Place.id == name_or_id, Place.name == name_or_id)
        if name_or_id
        else Place.parent_id.is_(None)
    )
    found = db.session.scalars(select(Place).where(wanted, Place.level.in_(SHOWN)).limit(2)).all()
    return found[0] if len(found) == 1 else None


def holds_a_top(within: Iterable[str]) -> bool:
    """Whether one of the paths is that of a place with none above it."""
    return any(path.count("/") == 1 for path in within)


def below(place: Place) -> list[Place]:
    """What stands right below a place, down to courtyards, by name."""
    return list(
        db.session.scalars(
            select(Place)
            .where(Place.parent_id == place.id, Place.level.in_(SHOWN))
            .order_by(Place.name)
        )
    )


def above(place: Place, within: Sequence[str]) -> list[Place]:
    """The places above `place` as far as they lie inside, the widest first."""
    ids = place.path.split("/")[:-2]
    found = db.session.scalars(select(Place).where(Place.id.in_(ids)).order_by(Place.path))
    return [p for p in found if p.path.startswith(tuple(within))]


def places_inside(within: Sequence[str]) -> list[tuple[Place, int]]:
    """Every place inside down to courtyards, as a tree told in order: each with its depth."""
    found = db.session.scalars(
        select(Place).where(_inside(within), Place.level.in_(SHOWN)).order_by(Place.name)
    ).all()
    children: dict[str | None, list[Place]] = {}
    ids = {place.id for place in found}
    for place in found:
        children.setdefault(place.parent_id if place.parent_id in ids else None, []).append(place)
    told: list[tuple[Place, int]] = []
    waiting = [(place, 0) for place in reversed(children.get(None, []))]
    while waiting:
        place, depth = waiting.pop()
        told.append((place, depth))
        waiting += [(child, depth + 1) for child in reversed(children.get(place.id, []))]
    return told


def places_offered(
    within: Sequence[str], words: str = "", kept: str | None = None
) -> dict[str, str]:
    """The places inside to pick from, id → what it is called; of many only what is looked for.

    Args:
        words: in their names; where nothing is looked for, many are told without courtyards.
        kept: id of the place that is chosen already.
    """
    every, sought = places_inside(within), words.strip().casefold()
    if sought:
        names = {place.id: place.name for place, _depth in every}
        found = [p for p, _depth in every if p.id == kept or sought in p.name.casefold()]
        return {
            p.id: " / ".join(filter(None, (names.get(str(p.parent_id)), p.name))) for p in found
        }
    few = len(every) <= MOST_PLACES
    return {
        place.id: INDENT * depth + place.name
        for place, depth in every
        if few or place.id == kept or place.level != "courtyard"
    }


def are_many(within: Sequence[str]) -> bool:
    """Whether there are so many places inside that one looks for the one that is meant."""
    inside = select(Place.id).where(_inside(within), Place.level.in_(SHOWN))
    return len(db.session.scalars(inside.limit(MOST_PLACES + 1)).all()) > MOST_PLACES


# --- who did what --------------------------------------------------------------------------------


def latest_acts(courtyard_id: str, most: int = 20) -> list[Line]:
    """The newest acts in a courtyard in words, newest first."""
    return _lines(audit.latest(courtyard_id, most))


def acts_in(courtyard_id: str, view: View, acts: Collection[str]) -> tuple[list[Line], int]:
    """A page of the acts in a courtyard in words, and how many there are; see `audit.listed`."""
    found, total = audit.listed(courtyard_id, view, acts)
    return _lines(found), total


def who_acted(courtyard_id: str) -> list[tuple[str, str]]:
    """Id and title of each account that did something in a courtyard, by title."""
    ids = audit.who_acted(courtyard_id)
    asked = select(Account.id, Account.title).where(Account.id.in_(ids)).order_by(Account.title)
    return [(found, title) for found, title in db.session.execute(asked)]


def acts_about(account_id: str, within: Sequence[str], most: int = 20) -> list[Line]:
    """The newest acts about an account in words, but for posts outside: they are others' matter."""
    entries = audit.about(account_id, most)
    places = {str(entry.facts["place_id"]) for entry in entries if "place_id" in entry.facts}
    inside = set(db.session.scalars(select(Place.id).where(Place.id.in_(places), _inside(within))))
    return _lines([e for e in entries if e.facts.get("place_id") in {None, *inside}])


def acts_on(
    subject_id: str, most: int = 20, also: Collection[str] = (), acts: Collection[str] = ()
) -> list[Line]:
    """The newest acts on one row of any room, and on those that became part of it, in words.

    Args:
        acts: only these; every act where none is named.
    """
    return _lines(audit.about(subject_id, most, also, acts))


def _lines(entries: Sequence[AuditEntry]) -> list[Line]:
    ids = {entry.account_id for entry in entries if entry.account_id}
    accounts = db.session.execute(select(Account.id, Account.title).where(Account.id.in_(ids)))
    titles = {account_id: title for account_id, title in accounts}  # noqa: C416 - rows, not pairs
    return [Line(e.at, titles.get(e.account_id or ""), e.say, e.params) for e in entries]
