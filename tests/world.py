"""A small courtyard and its people, made straight in the tables, for tests of any room."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from argon2 import PasswordHasher

from surveys.accounts.models import Account, Place, Role
from surveys.accounts.rules import RoleKind
from surveys.base import clock
from surveys.base.db import db, new_id
from surveys.courtyards.models import Courtyard, Household
from surveys.rounds.models import Round, Step
from tests.manners import Browser

AT = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # 10 in the morning in Zhengzhou
PASSWORD = "a password of the tests"
_HASH = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


@dataclass
class World:
    """Ids rather than rows, since rows belong to a session."""

    street: str
    community: str
    courtyard: str
    code: str
    round: str
    households: list[str]
    accounts: dict[str, str] = field(default_factory=dict)


def add_place(name: str, level: str, parent: Place | None = None) -> Place:
    """A node of the tree below `parent`."""
    place = Place(id=new_id(), name=name, level=level, parent_id=parent.id if parent else None)
    place.path = f"{parent.path if parent else ''}{place.id}/"
    db.session.add(place)
    return place


def add_account(name: str, kind: RoleKind, place_id: str) -> str:
    """An account with one role; its password is PASSWORD."""
    (account_id,) = _add_accounts([(name, kind, place_id)])
    return account_id


def _add_accounts(wanted: list[tuple[str, RoleKind, str]]) -> list[str]:
    """Accounts by name, role and the place of it: in two statements, since this is done often."""
    ids = [new_id() for _ in wanted]
    db.session.add_all(
        Account(id=id_, name=name, title=name, password_hash=_HASH, created_at=AT)
        for id_, (name, _kind, _place) in zip(ids, wanted, strict=True)
    )
    db.session.flush()
    db.session.add_all(
        Role(account_id=id_, place_id=place_id, kind=kind)
        for id_, (_name, kind, place_id) in zip(ids, wanted, strict=True)
    )
    return ids


def add_courtyard(name: str, code: str, community: Place, buildings: int, rooms: int) -> str:
    """A courtyard with `buildings` of `rooms` households each, in one stairwell each."""
    place = add_place(name, "courtyard", community)
    stairwells = [
        add_place("1", "stairwell", add_place(f"{b}", "building", place))
        for b in range(1, buildings + 1)
    ]
    db.session.flush()
    db.session.add(
        Courtyard(
            id=place.id, name=name, code=code, phone="0000-0000000", committee="C", created_at=AT
        )
    )
    db.session.flush()
    db.session.add_all(
        Household(
            id=new_id(),
            courtyard_id=place.id,
            place_id=stairwell.id,
            building=f"{b}",
            stairwell="1",
            room=f"{r // 10 + 1}{r % 10:02d}",
            area_dm2=8867,
            position=(b - 1) * rooms + r,
        )
        for b, stairwell in enumerate(stairwells, 1)
        for r in range(1, rooms + 1)
    )
    return place.id


def make_world(*, buildings: int = 2, rooms: int = 12) -> World:
    """A street, a community, a courtyard with a round, and one account of each role."""
    street = add_place("Street", "street")
    community = add_place("Community", "community", street)
    courtyard = add_courtyard("Courtyard", "7KQ4HX2", community, buildings, rooms)
    round_ = Round(id=new_id(), courtyard_id=courtyard, name="2026", method="M", created_at=AT)
    db.session.add(round_)
    db.session.flush()
    for n, name in enumerate("ABCDEF", 1):
        db.session.add(
            Step(courtyard_id=courtyard, round_id=round_.id, position=n, key=name, name=name)
        )
    world = World(
        street=street.id,
        community=community.id,
        courtyard=courtyard,
        code="7KQ4HX2",
        round=round_.id,
        households=[
            h.id
            for h in db.session.scalars(
                db.select(Household)
                .where(Household.courtyard_id == courtyard)
                .order_by(Household.position)
            )
        ],
    )
    elsewhere = add_place("Elsewhere", "community", street)
    add_courtyard("Other", "M3TV8NC", elsewhere, 1, 12)
    people = [(kind.value, kind, community.id) for kind in RoleKind]
    people.append(("stranger", RoleKind.ORGANIZER, elsewhere.id))
    names = [name for name, _kind, _place in people]
    world.accounts.update(zip(names, _add_accounts(people), strict=True))
    db.session.commit()
    return world


def sign_in(browser: Browser, account_id: str) -> None:
    """Sign this browser in without the form, for tests that are not about signing in."""
    with browser.session_transaction() as session:
        session["account"] = [account_id, 0, int(clock.now().timestamp())]


@contextmanager
def speaking_for(browser: Browser, code_id: str) -> Iterator[Browser]:
    """This browser holds the household's slip."""
    with browser.session_transaction() as session:
        session["code"] = code_id
        session["device"] = "a phone"
    yield browser
