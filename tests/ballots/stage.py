"""A ballot to test on: a menu of six items, its times, and short names for the acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from flask import Flask

from surveys.ballots import casting, drafting, keying, sealing
from surveys.ballots.link_key import LinkKeys
from surveys.ballots.models import Ballot, Channel, Entry, Showing, TieMethod
from surveys.ballots.terms import Terms
from surveys.base.db import db, new_id
from surveys.courtyards.models import Household
from surveys.menus.models import Menu, MenuItem
from surveys.rounds.models import Round
from surveys.web import config_of
from tests.world import AT, World

OPENS = AT
CLOSES = AT + timedelta(days=10)
SEALS = CLOSES + timedelta(days=3)
WHILE_OPEN = AT + timedelta(days=1)
AFTER_CLOSE = CLOSES + timedelta(hours=1)

ITEMS = (
    ("Roof", 12_600_000, "basic", True),
    ("Drains", 9_800_000, "basic", False),
    ("Lamps", 2_400_000, "basic", False),
    ("Bicycle shed", 6_000_000, "improve", False),
    ("Benches", 1_600_000, "improve", False),
    ("Canteen", 8_500_000, "raise", False),
)
BUDGET_FEN = 40_000_000
NOTHING: Mapping[str, int] = {}
_USUAL = Terms()


def add_menu(
    world: World,
    *,
    items: Sequence[tuple[str, int, str, bool]] = ITEMS,
    budget_fen: int = BUDGET_FEN,
    least: int = 1,
    most: int | None = 3,
) -> Menu:
    """A menu of the world's round."""
    menu = Menu(
        id=new_id(),
        courtyard_id=world.courtyard,
        round_id=world.round,
        title="Menu",
        budget_fen=budget_fen,
        least=least,
        most=most,
        created_at=AT,
    )
    db.session.add(menu)
    db.session.flush()
    for position, (name, cost_fen, class_key, must_do) in enumerate(items, 1):
        db.session.add(
            MenuItem(
                id=new_id(),
                courtyard_id=world.courtyard,
                menu_id=menu.id,
                position=position,
                class_key=class_key,
                name=name,
                quantity_milli=1000,
                unit_cost_fen=cost_fen,
                cost_fen=cost_fen,
                must_do=must_do,
            )
        )
    db.session.commit()
    return menu


@dataclass
class Stage:
    """An opened ballot and everything that acting on it takes."""

    world: World
    ballot: Ballot
    keys: LinkKeys
    secret: bytes
    items: dict[str, str]
    """id by name"""

    def ids(self, *names: str) -> list[str]:
        """Ids of items by name."""
        return [self.items[name] for name in names]

    def marks(self, *names: str, given: Mapping[str, int] = NOTHING) -> dict[str, int]:
        """The choice that picks these items, or gives them marks by name."""
        picked = dict.fromkeys(self.ids(*names), 1)
        return picked | {self.items[name]: mark for name, mark in given.items()}

    def names(self, ids: Iterable[str]) -> list[str]:
        """Names of items by id, sorted."""
        by_id = {item_id: name for name, item_id in self.items.items()}
        return sorted(by_id[item_id] for item_id in ids)

    def household(self, n: int = 0) -> Household:
        """The n-th household of the roll."""
        return db.session.get_one(Household, self.world.households[n])

    def who(self, kind: str) -> str:
        """Id of the account of this role."""
        return self.world.accounts[kind]

    def cast(
        self,
        n: int,
        *names: str,
        at: datetime = WHILE_OPEN,
        submission: str | None = None,
        given: Mapping[str, int] = NOTHING,
    ) -> str:
        """The n-th household casts its own vote; the receipt."""
        return casting.cast(
            self.ballot,
            self.household(n),
            self.marks(*names, given=given),
            submission=submission or new_id(),
            at=at,
            keys=self.keys,
            secret=self.secret,
        )

    def with_votes(self, households: int) -> Self:
        """The first households of the roll pick the lamps."""
        for n in range(households):
            self.cast(n, "Lamps")
        return self

    def key_in(
        self,
        n: int,
        *names: str,
        channel: Channel = Channel.PAPER,
        at: datetime = WHILE_OPEN,
        submission: str | None = None,
        given: Mapping[str, int] = NOTHING,
    ) -> Entry:
        """The clerk keys in a vote for the n-th household."""
        return keying.key_in(
            self.ballot,
            self.household(n),
            self.marks(*names, given=given),
            channel=channel,
            submission=submission or new_id(),
            by=self.who("clerk"),
            at=at,
            keys=self.keys,
            secret=self.secret,
        )

    def look(self, entry: Entry, *, at: datetime = WHILE_OPEN) -> dict[str, int]:
        """The supervisor sees what was keyed."""
        by = self.who("supervisor")
        return keying.choice_to_confirm(entry, by=by, at=at, keys=self.keys)

    def confirm(self, entry: Entry, *, at: datetime = WHILE_OPEN) -> None:
        """The supervisor compares and confirms."""
        self.look(entry, at=at)
        keying.confirm(entry, by=self.who("supervisor"), at=at)

    def paper(
        self,
        n: int,
        *names: str,
        channel: Channel = Channel.PAPER,
        at: datetime = WHILE_OPEN,
        given: Mapping[str, int] = NOTHING,
    ) -> Entry:
        """A vote that staff keyed in and confirmed."""
        entry = self.key_in(n, *names, channel=channel, at=at, given=given)
        self.confirm(entry, at=at)
        return entry

    def sign(self, *, at: datetime = AFTER_CLOSE) -> None:
        """The supervisor signs."""
        sealing.sign(self.ballot, by=self.who("supervisor"), at=at)

    def seal(self, *, at: datetime = AFTER_CLOSE) -> sealing.Sealed:
        """The organizer seals, as the results do: in one commit, and the keys go after it."""
        sealed = sealing._seal(self.ballot, by=self.who("organizer"), at=at, keys=self.keys)
        db.session.commit()
        sealing.forget_keys(self.ballot, self.keys)
        return sealed


def keys_of(app: Flask) -> LinkKeys:
    """The folders of link keys of the app."""
    return LinkKeys(config_of(app).link_key_dirs)


def drafted(
    world: World,
    menu: Menu | None = None,
    *,
    opens_at: datetime = OPENS,
    closes_at: datetime = CLOSES,
    seals_at: datetime = SEALS,
    showing: Showing = Showing.TURNOUT,
    tie_method: TieMethod = TieMethod.SEED,
    terms: Terms = _USUAL,
    title: str = "What first?",
) -> Ballot:
    """A draft of the organizer's."""
    return drafting.draft(
        db.session.get_one(Round, world.round),
        menu or add_menu(world),
        title=title,
        opens_at=opens_at,
        closes_at=closes_at,
        seals_at=seals_at,
        showing=showing,
        tie_method=tie_method,
        terms=terms,
        by=world.accounts["organizer"],
        at=AT - timedelta(days=1),
    )


def opened(app: Flask, world: World, ballot: Ballot | None = None) -> Stage:
    """A ballot that takes votes from OPENS on."""
    ballot = ballot or drafted(world)
    keys, secret = keys_of(app), config_of(app).secret
    drafting.open_(ballot, by=world.accounts["organizer"], at=AT, keys=keys, secret=secret)
    return stage_of(app, world, ballot)


def stage_of(app: Flask, world: World, ballot: Ballot) -> Stage:
    """A ballot that was opened by other hands."""
    keys, secret = keys_of(app), config_of(app).secret
    items = db.session.scalars(db.select(MenuItem).where(MenuItem.menu_id == ballot.menu_id))
    return Stage(world, ballot, keys, secret, {item.name: item.id for item in items})
